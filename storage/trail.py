"""The trail of decisions, row by row: written once, in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from storage.codec import dump, load
from storage.desk_tables import decisions
from storage.dialect import alone
from watcher.core.decisions import Action, Decision

_LOCK = 0x5452414C  # of PostgreSQL's advisory locks: numbers are given one after the other
_DOCUMENT = select(decisions.c.document)
_AT_ONCE = 500


def add(connection: Connection, made: Sequence[Decision]) -> tuple[Decision, ...]:
    """The same with their numbers, which have no gaps."""
    alone(connection, _LOCK)
    last = connection.scalar(select(func.max(decisions.c.number))) or 0
    numbered = tuple(replace(decision, number=last + n) for n, decision in enumerate(made, 1))
    if numbered:
        connection.execute(insert(decisions), [_row(decision) for decision in numbered])
    return numbered


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "number": decision.number,
        "action": decision.action.value,
        "by": decision.by,
        "at": decision.at,
        "alert": decision.alert or None,
        "undoes": decision.undoes,
        "document": dump(decision, Decision),
    }


def read(connection: Connection, number: int) -> Decision | None:
    return next(iter(_decisions(connection, _DOCUMENT.where(decisions.c.number == number))), None)


def find(
    connection: Connection,
    *,
    alert: str | None,
    action: Action | None,
    by: str | None,
    before: int | None,
    limit: int | None,
) -> Sequence[Decision]:
    """Newest first; `None` asks nothing."""
    wanted = _DOCUMENT.order_by(decisions.c.number.desc()).limit(limit)
    if alert is not None:
        wanted = wanted.where(decisions.c.alert == alert)
    if action is not None:
        wanted = wanted.where(decisions.c.action == action.value)
    if by is not None:
        wanted = wanted.where(decisions.c.by == by)
    if before is not None:
        wanted = wanted.where(decisions.c.number < before)
    return _decisions(connection, wanted)


def of_alerts(connection: Connection, alerts: Iterable[str]) -> list[Decision]:
    """All about any of them, oldest first."""
    names = sorted(set(alerts))
    found: list[Decision] = []
    for start in range(0, len(names), _AT_ONCE):
        found += _decisions(
            connection, _DOCUMENT.where(decisions.c.alert.in_(names[start : start + _AT_ONCE]))
        )
    return sorted(found, key=lambda decision: decision.number)


def of_actions(connection: Connection, actions: Iterable[Action]) -> list[Decision]:
    """All of these kinds, oldest first."""
    named = decisions.c.action.in_([action.value for action in actions])
    return _decisions(connection, _DOCUMENT.where(named).order_by(decisions.c.number))


def undone(connection: Connection, number: int) -> bool:
    return connection.scalar(select(decisions.c.number).where(decisions.c.undoes == number)) is not None


def _decisions(connection: Connection, wanted: Select[Any]) -> list[Decision]:
    return [load(row.document, Decision) for row in connection.execute(wanted)]

"""Versions of rules and proposals, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from storage.codec import dump, load
from storage.columns import AnyRow, moment
from storage.dialect import alone, insert_new
from storage.rule_tables import proposals, rules
from watcher.core.filing import Rule
from watcher.core.filing_proposals import Proposal
from watcher.core.filing_settling import Version
from watcher.core.filing_store import Origin, ProposalState, Recorded

_LOCK = 0x52554C45  # of PostgreSQL's advisory locks: rules change one change after the other
_TICK = timedelta(microseconds=1)
_LAST = select(rules.c.known_from).order_by(rules.c.number.desc()).limit(1)
# Apart: SQLite looks up one greatest value, and goes through all rows for two.
_NEWEST = select(
    select(func.max(rules.c.number)).scalar_subquery().label("written"),
    select(func.max(rules.c.known_to)).scalar_subquery().label("closed"),
)
_PROPOSED = select(proposals).order_by(proposals.c.made_at.desc(), proposals.c.id)
_VERSIONS = select(rules.c.document, rules.c.known_from, rules.c.known_to, rules.c.origin)


def read(connection: Connection, as_known_at: datetime | None) -> list[Rule]:
    """What is believed, or was at a moment."""
    if as_known_at is None:
        return _rules(connection, _VERSIONS.where(rules.c.known_to.is_(None)))
    later = or_(rules.c.known_to.is_(None), rules.c.known_to > as_known_at)
    return _rules(connection, _VERSIONS.where(rules.c.known_from <= as_known_at, later))


def read_all(connection: Connection) -> list[Rule]:
    return _rules(connection, _VERSIONS.order_by(rules.c.number))


def origins(connection: Connection) -> dict[str, tuple[Rule, Origin]]:
    """What is believed, and where it came from, by id."""
    found = connection.execute(_VERSIONS.where(rules.c.known_to.is_(None)))
    return {rule.id: (rule, Origin(row.origin)) for row in found for rule in [_rule(row)]}


def versions(connection: Connection, ids: Sequence[str]) -> list[Version]:
    """Every version of these rules, oldest first."""
    found = connection.execute(_VERSIONS.where(rules.c.id.in_(ids)).order_by(rules.c.number))
    return [Version(_rule(row), Origin(row.origin)) for row in found]


def version(connection: Connection) -> int:
    """Grows when a rule is written and when one is closed: neither part ever shrinks."""
    last = connection.execute(_NEWEST).one()
    return (last.written or 0) + (moment(last.closed) if last.closed else 0)


def begin(connection: Connection, at: datetime) -> datetime:
    """The moment of a change: after every other, even by a clock that was set back, so that what was known
    at a moment stays what was known then. Nobody else changes rules until the transaction ends.
    """
    alone_with_rules(connection)
    written: datetime | None = connection.scalar(_LAST)
    closed: datetime | None = connection.scalar(select(func.max(rules.c.known_to)))
    return max([at, *(time + _TICK for time in (written, closed) if time)])


def alone_with_rules(connection: Connection) -> None:
    """Nobody else changes rules, or decides on an alert, until the transaction ends."""
    alone(connection, _LOCK)


def write(connection: Connection, changed: Iterable[Rule], at: datetime, origin: Origin) -> None:
    """Close what was believed of these rules and add them as they are now believed."""
    for rule in changed:
        close(connection, rule.id, at)
        document = dump(replace(rule, known_from=at, known_to=None), Rule)
        values = {"id": rule.id, "known_from": at, "origin": origin.value, "document": document}
        connection.execute(insert(rules), values)


def close(connection: Connection, rule: str, at: datetime) -> None:
    """Believe it no more."""
    believed = rules.c.id == rule, rules.c.known_to.is_(None)
    connection.execute(update(rules).where(*believed).values(known_to=at))


def propose(connection: Connection, made: Sequence[Proposal]) -> None:
    """Write those that are not there yet."""
    for proposal in made:
        values = {
            "id": proposal.id,
            "alert": proposal.alert,
            "made_at": proposal.made_at,
            "state": ProposalState.OPEN.value,
            "settled_by": "",
            "document": dump(proposal, Proposal),
        }
        connection.execute(insert_new(connection, proposals), values)


def proposed(
    connection: Connection, *, state: ProposalState | None, alert: str | None, ids: Sequence[str] | None
) -> list[Recorded]:
    """Newest first; those of one alert in the order of their ids."""
    wanted = _PROPOSED
    if state is not None:
        wanted = wanted.where(proposals.c.state == state.value)
    if alert is not None:
        wanted = wanted.where(proposals.c.alert == alert)
    if ids is not None:
        wanted = wanted.where(proposals.c.id.in_(ids))
    return _recorded(connection, wanted)


def settled_at(connection: Connection, moments: Iterable[datetime]) -> list[Recorded]:
    """Those that were accepted at these moments."""
    accepted = proposals.c.state == ProposalState.ACCEPTED.value
    return _recorded(connection, _PROPOSED.where(accepted, proposals.c.settled_at.in_(list(moments))))


def settle(connection: Connection, proposal: str, state: ProposalState, by: str, at: datetime | None) -> None:
    done = {"state": state.value, "settled_by": by, "settled_at": at}
    connection.execute(update(proposals).where(proposals.c.id == proposal).values(**done))


def _recorded(connection: Connection, wanted: Select[Any]) -> list[Recorded]:
    return [
        Recorded(load(row.document, Proposal), ProposalState(row.state), row.settled_at, row.settled_by)
        for row in connection.execute(wanted)
    ]


def _rules(connection: Connection, wanted: Select[tuple[str, datetime, datetime | None, str]]) -> list[Rule]:
    return [_rule(row) for row in connection.execute(wanted)]


def _rule(row: AnyRow) -> Rule:
    rule = load(row.document, Rule)
    return rule if row.known_to is None else replace(rule, known_to=row.known_to)

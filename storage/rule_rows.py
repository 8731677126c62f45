"""Versions of rules and proposals, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from storage.codec import dump, load
from storage.columns import AnyRow
from storage.dialect import alone, insert_new
from storage.rule_tables import proposals, rules
from watcher.core.filing import Rule
from watcher.core.filing_proposals import Proposal
from watcher.core.filing_store import Origin, ProposalState, Recorded

_LOCK = 0x52554C45  # of PostgreSQL's advisory locks: rules change one change after the other
_TICK = timedelta(microseconds=1)
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


def newest(connection: Connection) -> int:
    return connection.scalar(select(func.max(rules.c.number))) or 0


def begin(connection: Connection, at: datetime) -> datetime:
    """The moment of a change: after every other, even by a clock that was set back, so that what was known
    at a moment stays what was known then. Nobody else changes rules until the transaction ends.
    """
    alone(connection, _LOCK)
    times = (rules.c.known_from, rules.c.known_to)
    last: list[datetime | None] = [connection.scalar(select(func.max(time))) for time in times]
    return max([at, *(moment + _TICK for moment in last if moment)])


def write(connection: Connection, changed: Iterable[Rule], at: datetime, origin: Origin) -> None:
    """Close what was believed of these rules and add them as they are now believed."""
    for rule in changed:
        same = rules.c.id == rule.id
        connection.execute(update(rules).where(same, rules.c.known_to.is_(None)).values(known_to=at))
        document = dump(replace(rule, known_from=at, known_to=None), Rule)
        values = {"id": rule.id, "known_from": at, "origin": origin.value, "document": document}
        connection.execute(insert(rules), values)


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
    wanted = select(proposals).order_by(proposals.c.made_at.desc(), proposals.c.id)
    if state is not None:
        wanted = wanted.where(proposals.c.state == state.value)
    if alert is not None:
        wanted = wanted.where(proposals.c.alert == alert)
    if ids is not None:
        wanted = wanted.where(proposals.c.id.in_(ids))
    return [
        Recorded(load(row.document, Proposal), ProposalState(row.state), row.settled_at, row.settled_by)
        for row in connection.execute(wanted)
    ]


def settle(connection: Connection, proposal: str, state: ProposalState, by: str, at: datetime) -> None:
    done = {"state": state.value, "settled_by": by, "settled_at": at}
    connection.execute(update(proposals).where(proposals.c.id == proposal).values(**done))


def _rules(connection: Connection, wanted: Select[tuple[str, datetime, datetime | None, str]]) -> list[Rule]:
    return [_rule(row) for row in connection.execute(wanted)]


def _rule(row: AnyRow) -> Rule:
    rule = load(row.document, Rule)
    return rule if row.known_to is None else replace(rule, known_to=row.known_to)

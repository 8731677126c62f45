"""What is known of each source between two polls, and who is polling it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, or_, select, update

from storage import bulk
from storage.codec import dump, load
from storage.dialect import insert_new
from storage.leases import at, ended, nobody_holds, taken
from storage.tables import sources
from watcher.core.state import SourceOutline, SourceState

_Known = TypeVar("_Known", bound=SourceOutline)

_this = sources.c.id == bindparam("source")

_DUE = select(sources.c.next_poll_at, sources.c.id).where(
    sources.c.next_poll_at <= bindparam("now"), nobody_holds(sources)
)
# Not by name, too: a million that were registered in one moment would be sorted to give the first few.
_DUE_FIRST = _DUE.order_by(sources.c.next_poll_at)
_DUE_AMONG = _DUE.where(sources.c.id.in_(bindparam("names", expanding=True)))
_OVERDUE = select(func.count(), func.min(sources.c.next_poll_at)).where(
    sources.c.next_poll_at <= bindparam("now"), nobody_holds(sources)
)
_CLAIM = (
    update(sources)
    .where(_this, or_(nobody_holds(sources), sources.c.lease_owner == bindparam("owner")))
    .values(taken())
    .returning(sources.c.state)
)
_FREE = select(sources.c.id).where(
    sources.c.id.in_(bindparam("ids", expanding=True)),
    or_(nobody_holds(sources), sources.c.lease_owner == bindparam("owner")),
)
_CLAIM_ALL = (
    update(sources)
    # Of two who want the same each takes what the other does not: neither waits for the other.
    .where(sources.c.id.in_(_FREE.with_for_update(skip_locked=True).scalar_subquery()))
    .values(taken())
    .returning(sources.c.id, sources.c.state)
)
_RELEASE = update(sources).where(_this, sources.c.lease_owner == bindparam("owner")).values(ended())
_END = update(sources).where(_this).values(ended())
_CONCLUDE = (
    update(sources)
    .where(_this, sources.c.snapshot == bindparam("baseline"))
    .values(
        next_poll_at=bindparam("due"),
        snapshot=bindparam("latest"),
        state=bindparam("written"),
        **ended(),
    )
)
_STATES = select(sources.c.id, sources.c.state)
_STATES_OF = _STATES.where(sources.c.id.in_(bindparam("names", expanding=True)))
_AT_ONCE = 1000  # names in one question


def register(connection: Connection, names: Iterable[str], now: datetime) -> None:
    """Make known those that are not, due at `now`."""
    rows = [
        {"id": n, "next_poll_at": now, "snapshot": 0, "state": dump(SourceState(n, now), SourceState)}
        for n in sorted(names)
    ]
    if rows:
        connection.execute(insert_new(connection, sources), rows)


def locked(connection: Connection, source: str) -> SourceState | None:
    """What is known of it, which nobody else changes before this transaction ends."""
    state = connection.scalar(select(sources.c.state).where(_this).with_for_update(), {"source": source})
    return None if state is None else load(state, SourceState)


def look_again(connection: Connection, source: str, now: datetime) -> bool:
    """Make a source due at `now`; false when it is not known."""
    state = locked(connection, source)
    if state is None:
        return False
    written = dump(replace(state, next_poll_at=now), SourceState)
    connection.execute(update(sources).where(sources.c.id == source).values(next_poll_at=now, state=written))
    return True


def due(connection: Connection, now: datetime, limit: int | None = None) -> Sequence[str]:
    wanted = _DUE if limit is None else _DUE_FIRST.limit(limit)
    return [name for _, name in sorted(map(tuple, connection.execute(wanted, at(now))))]


def due_among(connection: Connection, now: datetime, names: Sequence[str]) -> Sequence[str]:
    """What else is due is not read."""
    found = [
        (due_at, name)
        for start in range(0, len(names), _AT_ONCE)
        for due_at, name in connection.execute(
            _DUE_AMONG, {"names": names[start : start + _AT_ONCE], **at(now)}
        )
    ]
    return [name for _, name in sorted(found)]


def overdue(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    number, oldest = connection.execute(_OVERDUE, at(now)).one()
    return number, oldest


def claim(
    connection: Connection, source: str, owner: str, now: datetime, until: datetime
) -> SourceState | None:
    row = connection.execute(_CLAIM, {"source": source, "owner": owner, "until": until, **at(now)}).first()
    return load(row.state, SourceState) if row else None


def claim_all(
    connection: Connection, names: Sequence[str], owner: str, now: datetime, until: datetime
) -> Mapping[str, SourceState]:
    """Those of `names` that nobody else holds."""
    asked = {"ids": list(names), "owner": owner, "until": until, **at(now)}
    return {name: load(state, SourceState) for name, state in connection.execute(_CLAIM_ALL, asked)}


def release(connection: Connection, source: str, owner: str) -> None:
    connection.execute(_RELEASE, {"source": source, "owner": owner})


def end_lease(connection: Connection, source: str) -> bool:
    """End whatever lease there is; false when no such source is registered."""
    return connection.execute(_END, {"source": source}).rowcount == 1


def conclude(connection: Connection, source: str, state: SourceState, *, baseline: int, latest: int) -> bool:
    """Write a state and end the lease, if `baseline` still is the number of the latest snapshot."""
    written = connection.execute(_CONCLUDE, _concluded(source, state, baseline, latest))
    return written.rowcount == 1


def conclude_quietly(connection: Connection, found: Iterable[tuple[SourceState, int]]) -> None:
    """Write the states of polls that found nothing new, each unless its baseline has passed."""
    rows = [
        bulk.Concluded(
            state.source,
            state.next_poll_at,
            baseline,
            dump(state if state.snapshot == baseline else replace(state, snapshot=baseline), SourceState),
        )
        for state, baseline in found
    ]
    if rows:
        bulk.conclude(connection, rows)


def _concluded(source: str, state: SourceState, baseline: int, latest: int) -> dict[str, Any]:
    return {
        "source": source,
        "baseline": baseline,
        "due": state.next_poll_at,
        "latest": latest,
        "written": dump(replace(state, source=source, snapshot=latest), SourceState),
    }


def states(connection: Connection, names: Sequence[str] | None = None) -> Mapping[str, SourceState]:
    """Of all, or of these."""
    if names is None:
        return _all(connection, SourceState)
    return {
        name: load(state, SourceState)
        for start in range(0, len(names), _AT_ONCE)
        for name, state in connection.execute(_STATES_OF, {"names": names[start : start + _AT_ONCE]})
    }


def outlines(connection: Connection) -> Mapping[str, SourceOutline]:
    return _all(connection, SourceOutline)


def _all(connection: Connection, kind: type[_Known]) -> Mapping[str, _Known]:
    return {name: load(state, kind) for name, state in connection.execute(_STATES)}

"""What is sent: from when it is made to what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, null, or_, select, text, update

from storage.codec import dump, load
from storage.columns import AnyRow, instant, moment
from storage.dialect import ask, marks, repeat
from storage.leases import at, nobody_holds
from storage.tables import IS_OPEN, contents, deliveries, messages
from watcher.core.outbox import DeliveryState, Message, MessageKind
from watcher.core.subscriptions import Way

UNWANTED = "unsubscribed"

is_open: ColumnElement[bool] = text(IS_OPEN)  # type: ignore[assignment]
_WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.AMBIGUOUS)
_GIVEN_UP = (DeliveryState.EXPIRED.value, DeliveryState.SHUNTED.value)
_CLAIMED = DeliveryState.CLAIMED.value

_this = messages.c.id == bindparam("message")
_these = messages.c.id.in_(bindparam("ids", expanding=True))
_here = (messages.c.way == bindparam("way"), messages.c.state == bindparam("state"))
_is_claimed = messages.c.state == _CLAIMED

_DUE = (
    select(messages.c.id, messages.c.due_at)
    .where(*_here, messages.c.due_at <= bindparam("now"))
    .order_by(messages.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_LEFT = (  # by workers that died
    select(messages.c.id, messages.c.due_at)
    .where(*_here, nobody_holds(messages))
    .order_by(messages.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = """
    UPDATE messages
    SET state = 'claimed', state_before = CASE state WHEN 'claimed' THEN state_before ELSE state END,
        ambiguous = ambiguous + CASE WHEN state = 'claimed' AND content IS NOT NULL THEN 1 ELSE 0 END,
        lease_owner = ?, lease_until = ?
    WHERE id IN (%s)
    RETURNING id, kind, way, about, alerts, run, created_at, due_at, state, attempts, ambiguous, poisoned,
        content, sequence
"""
_RELEASE = (
    update(messages)
    .where(messages.c.way.in_([way.value for way in Way]), _is_claimed)
    .where(messages.c.lease_owner == bindparam("owner"))
    .values(state=messages.c.state_before, lease_owner=null(), lease_until=null())
)
_DISOWN = (
    update(messages)
    .where(messages.c.way.in_([way.value for way in Way]), _is_claimed)
    .where(messages.c.lease_owner == bindparam("owner"))
    .values(lease_owner=null(), lease_until=null())
)
_OWNERS = (
    select(messages.c.lease_owner)
    .where(messages.c.way.in_([way.value for way in Way]), _is_claimed)
    .where(messages.c.lease_owner.is_not(None))
    .distinct()
)
_WANTED = select(messages.c.id).where(_this, _is_claimed)
_CANCEL = (
    update(messages)
    .where(messages.c.about == bindparam("who"), is_open)
    .values(state=DeliveryState.EXPIRED.value, detail=UNWANTED, settled_at=bindparam("now"))
)
_CANCEL_THESE = (
    update(messages)
    .where(_these)
    .values(state=DeliveryState.EXPIRED.value, detail=UNWANTED, settled_at=bindparam("now"))
)
_REPLAY = (
    update(messages)
    .where(_this, messages.c.state.in_(_GIVEN_UP))
    .values(
        state=DeliveryState.QUEUED.value,
        created_at=bindparam("now"),
        due_at=bindparam("now"),
        attempts=0,
        ambiguous=0,
        poisoned=0,
        content=select(contents.c.id).where(contents.c.id == messages.c.content).scalar_subquery(),
    )
)
_MAKE = """
    INSERT INTO messages
        (id, kind, way, about, alerts, run, created_at, due_at, state, sequence, detail, attempts, ambiguous, poisoned)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
"""
_ONE = select(messages).where(_this)
_RECENT = select(messages.c.id).where(_this, or_(is_open, messages.c.settled_at > bindparam("since")))
_FIRST = select(func.min(messages.c.due_at)).where(*_here)
_TOOK = select(messages.c.id).where(
    messages.c.id.in_(select(deliveries.c.message).where(deliveries.c.subscription == bindparam("who"))),
    messages.c.state == DeliveryState.ACCEPTED.value,
    messages.c.settled_at >= bindparam("since"),
)
_SOME = select(messages).where(*_here).order_by(messages.c.due_at.desc()).limit(bindparam("limit"))


def message_id(kind: MessageKind, *unique: str) -> str:
    """The same for the same reason to write, so that nothing is made twice."""
    return hashlib.sha256("\x1f".join((kind, *unique)).encode()).hexdigest()[:32]


class Fresh(NamedTuple):
    """The row of a message that nobody has seen yet; times as `moment` gives them."""

    id: str
    kind: str
    way: str
    about: str
    alerts: str
    run: str | None
    created_at: int
    due_at: int
    state: str = DeliveryState.QUEUED.value
    sequence: int = 0
    detail: str = ""


def add(connection: Connection, made: Iterable[Message]) -> None:
    add_fresh(connection, [_fresh(message) for message in made])


def add_fresh(connection: Connection, made: Sequence[Fresh]) -> None:
    repeat(connection, _MAKE, made)


def claim(
    connection: Connection,
    way: Way,
    owner: str,
    now: datetime,
    until: datetime,
    limit: int,
    only: MessageKind | None = None,
) -> Sequence[Message]:
    """Those that are due and nobody holds, the first due first; `only` those of a kind where one is named.

    Of what the dead held nobody knows whether it was sent, which counts as a doubt: it says the same again
    under its id, and nothing may be added to it.
    """
    asked: dict[str, Any] = {"way": way.value, "limit": limit, **at(now)}
    kind = messages.c.kind == only
    due_, left = (_DUE, _LEFT) if only is None else (_DUE.where(kind), _LEFT.where(kind))
    due = [row for state in _WAITING for row in connection.execute(due_, asked | {"state": state.value})]
    due += connection.execute(left, asked | {"state": _CLAIMED})
    due.sort(key=lambda row: row.due_at)
    if not due:
        return []
    ids = [row.id for row in due[:limit]]
    rows = ask(connection, _CLAIM % marks(len(ids)), [owner, moment(until), *ids])
    claimed = {row.id: _message(row, _time(row.created_at), _time(row.due_at)) for row in rows}
    return [claimed[name] for name in ids]


def wanted(connection: Connection, message: str) -> bool:
    return connection.scalar(_WANTED, {"message": message}) is not None


def release(connection: Connection, owner: str) -> None:
    connection.execute(_RELEASE, {"owner": owner})


def disown(connection: Connection, owner: str) -> None:
    connection.execute(_DISOWN, {"owner": owner})


def owners(connection: Connection) -> set[str]:
    return set(connection.scalars(_OWNERS))


def cancel(connection: Connection, about: str, now: datetime | None) -> None:
    """Send nothing more of what waits for this subscription or sign-up."""
    connection.execute(_CANCEL, {"who": about, "now": now})


def cancel_these(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    if ids:
        connection.execute(_CANCEL_THESE, {"ids": ids, "now": now})


def replay(connection: Connection, message: str, now: datetime) -> bool:
    return connection.execute(_REPLAY, {"message": message, "now": now}).rowcount == 1


def is_recent(connection: Connection, message: str, since: datetime) -> bool:
    """Whether it is still to be sent, or something became of it since then."""
    return connection.scalar(_RECENT, {"message": message, "since": since}) is not None


def read(connection: Connection, message: str) -> Message | None:
    row = connection.execute(_ONE, {"message": message}).first()
    return from_row(row) if row else None


def read_some(connection: Connection, state: DeliveryState | None, limit: int) -> Sequence[Message]:
    """The last due first."""
    found = [
        from_row(row)
        for one in (DeliveryState if state is None else [state])
        for way in Way
        for row in connection.execute(_SOME, {"way": way.value, "state": one.value, "limit": limit})
    ]
    return sorted(found, key=lambda message: (message.due_at, message.id), reverse=True)[:limit]


def first_due(connection: Connection, way: Way) -> datetime | None:
    """When the first of those that wait is due."""
    due = [connection.scalar(_FIRST, {"way": way.value, "state": state.value}) for state in _WAITING]
    return min((moment for moment in due if moment is not None), default=None)


def took_since(connection: Connection, subscription: str, since: datetime) -> bool:
    return connection.scalar(_TOOK.limit(1), {"who": subscription, "since": since}) is not None


@lru_cache(maxsize=256)  # many people are told the same
def told(alerts: tuple[str, ...]) -> str:
    return dump(alerts, tuple[str, ...])


@lru_cache(maxsize=256)
def _alerts(document: str) -> tuple[str, ...]:
    return load(document, tuple[str, ...])


_time = lru_cache(maxsize=256)(instant)


def from_row(row: AnyRow) -> Message:
    return _message(row, row.created_at, row.due_at)


def _message(row: AnyRow, created_at: datetime, due_at: datetime) -> Message:
    return Message(
        id=row.id,
        kind=MessageKind(row.kind),
        way=Way(row.way),
        about=row.about,
        alerts=_alerts(row.alerts),
        run=row.run,
        created_at=created_at,
        due_at=due_at,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        ambiguous=row.ambiguous,
        poisoned=row.poisoned,
        content=row.content,
        sequence=row.sequence,
    )


def _fresh(message: Message) -> Fresh:
    return Fresh(
        id=message.id,
        kind=message.kind.value,
        way=message.way.value,
        about=message.about,
        alerts=told(message.alerts),
        run=message.run,
        created_at=moment(message.created_at),
        due_at=moment(message.due_at),
        sequence=message.sequence,
    )

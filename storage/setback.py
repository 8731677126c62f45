"""A clock that stood ahead and was set right again leaves moments behind that would not come for long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, text, update

from storage.tables import IS_OPEN, messages, sources
from watcher.core.outbox import MessageKind
from watcher.core.retry import LONGEST
from watcher.core.state import SourceOutline

_APART = timedelta(minutes=5)  # by which the clocks of two machines may differ
_FARTHEST = timedelta(days=8)  # nothing is put off for longer
_TOLD = (MessageKind.ALERTS.value, MessageKind.DIGEST.value, MessageKind.PROBLEMS.value)

_LOOK = (
    update(sources)
    .where(sources.c.id == bindparam("source"), sources.c.next_poll_at > bindparam("now"))
    .values(next_poll_at=bindparam("now"))
)
_SEND = (
    update(messages)
    .where(text(IS_OPEN), messages.c.state != "claimed")
    .where(
        or_(
            messages.c.due_at > bindparam("farthest", type_=messages.c.due_at.type),
            and_(
                messages.c.kind.in_(_TOLD),
                messages.c.due_at > bindparam("longest", type_=messages.c.due_at.type),
            ),
        )
    )
    .values(due_at=bindparam("now"))
)


def ahead(states: Iterable[SourceOutline], now: datetime) -> list[str]:
    """Sources that were read at a time that is still to come."""
    return [one.source for one in states if one.last_poll_at and one.last_poll_at > now + _APART]


def catch_up(connection: Connection, now: datetime, read_ahead: Sequence[str]) -> None:
    """Make due what was read, or put off, at a time that is still to come. `read_ahead`: see `ahead`."""
    if read_ahead:
        connection.execute(_LOOK, [{"source": name, "now": now} for name in read_ahead])
    late = {"farthest": now + _FARTHEST, "longest": now + LONGEST + _APART}
    connection.execute(_SEND, late | {"now": now})

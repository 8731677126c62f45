"""A clock that stood ahead and was set right again leaves moments behind that would not come for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, select, text, update

from storage.codec import load
from storage.tables import IS_OPEN, messages, sources
from watcher.core.outbox import MessageKind
from watcher.core.retry import LONGEST
from watcher.core.state import SourceState

_APART = timedelta(minutes=5)  # by which the clocks of two machines may differ
_FARTHEST = timedelta(days=8)  # nothing is put off for longer
_TOLD = (MessageKind.ALERTS.value, MessageKind.DIGEST.value)

_PUT_OFF = select(sources.c.id, sources.c.state).where(sources.c.next_poll_at > bindparam("now"))
_LOOK = update(sources).where(sources.c.id == bindparam("source")).values(next_poll_at=bindparam("now"))
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


def catch_up(connection: Connection, now: datetime) -> None:
    """Make due what was read, or put off, at a time that is still to come."""
    for name, state in connection.execute(_PUT_OFF, {"now": now}).all():
        read = load(state, SourceState).last_poll_at
        if read is not None and read > now + _APART:
            connection.execute(_LOOK, {"source": name, "now": now})
    late = {"farthest": now + _FARTHEST, "longest": now + LONGEST + _APART}
    connection.execute(_SEND, late | {"now": now})

"""What is kept for a while only, and goes in small steps: nobody waits for a lock that is held for long.

For ever: changes, the pages before and after each, what was understood, alerts, decisions, rules, proposals, and
that a subscription ended. By rules of their own, elsewhere: sign-ups, histories of mailboxes, returned mail, what
letters say (30 days, `contents.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, select, text

from storage.desk_tables import sessions
from storage.engine import writing
from storage.tables import IS_CLOSED, IS_SETTLED, deliveries, digest_runs, messages, problems

TOLD_FOR = timedelta(days=400)
"""What was sent to whom, after its end: a correction within the year reaches everybody who was told."""
CLOSED_FOR = timedelta(days=400)
"""Problems that are over, and the periods of digests: a year can be compared with the one before."""
_STEP = 200  # rows, or messages with all that they carried: some ten milliseconds of a lock

_SETTLED = (
    select(messages.c.id)
    .where(text(IS_SETTLED), messages.c.settled_at <= bindparam("until"))
    .order_by(messages.c.settled_at)
    .limit(_STEP)
)
_CLOSED = (
    select(problems.c.id).where(text(IS_CLOSED), problems.c.closed_at <= bindparam("until")).limit(_STEP)
)
_RUNS = select(digest_runs.c.id).where(digest_runs.c.ends_at <= bindparam("until")).limit(_STEP)
_LEFT = select(sessions.c.key).where(sessions.c.expires_at <= bindparam("until")).limit(_STEP)


def forget(engine: Engine, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """How many rows went, in transactions of their own. Between two of them `go_on` says whether it may last."""
    gone = 0
    for step, kept in (
        (_sent, TOLD_FOR),
        (_closed, CLOSED_FOR),
        (_periods, CLOSED_FOR),
        (_visits, timedelta()),
    ):
        while go_on():
            with writing(engine) as connection:
                number = step(connection, now - kept)
            gone += number
            if number < _STEP:
                break
    return gone


def _sent(connection: Connection, until: datetime) -> int:
    """Messages whose fate is long known, with the promises that they kept."""
    old = connection.scalars(_SETTLED, {"until": until}).all()
    connection.execute(delete(deliveries).where(deliveries.c.message.in_(old)))
    connection.execute(delete(messages).where(messages.c.id.in_(old)))
    return len(old)


def _closed(connection: Connection, until: datetime) -> int:
    old = connection.scalars(_CLOSED, {"until": until}).all()
    connection.execute(delete(problems).where(problems.c.id.in_(old)))
    return len(old)


def _periods(connection: Connection, until: datetime) -> int:
    old = connection.scalars(_RUNS, {"until": until}).all()
    connection.execute(delete(digest_runs).where(digest_runs.c.id.in_(old)))
    return len(old)


def _visits(connection: Connection, until: datetime) -> int:
    old = connection.scalars(_LEFT, {"until": until}).all()
    connection.execute(delete(sessions).where(sessions.c.key.in_(old)))
    return len(old)

"""Writes down what became of a message. Done once for each mail, so it is the least that does it: two
statements and one commit, on SQLite without SQLAlchemy in between.

A power cut may lose the last of these, and no other, commits: what they told of is then sent again, under
the same id, as after any crash.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, text

from storage.columns import moment, storable
from storage.engine import driving, writing
from storage.retelling import tell_again
from watcher.core.outbox import Settlement

# Whoever sent it may say so even when it was cancelled meanwhile; nothing else is said of what is not claimed.
_SETTLE = """
    UPDATE messages
    SET state = :state, due_at = :due_at, attempts = :attempts, ambiguous = :ambiguous, poisoned = :poisoned,
        detail = :detail, settled_at = :now, lease_until = NULL
    WHERE id = :message AND (state = 'claimed' OR :state = 'accepted')
"""
# Still ours: not cancelled, and not taken by another worker after a lease that ran out.
_NEXT = """
    SELECT next.id FROM messages AS next JOIN messages AS this ON this.id = :message
    WHERE next.id = :then AND next.state = 'claimed' AND next.lease_until > :now
    AND next.lease_owner = this.lease_owner
"""
_HASTILY = text("SET LOCAL synchronous_commit = off")
_SETTLE_ELSEWHERE, _NEXT_ELSEWHERE = text(_SETTLE), text(_NEXT)

_Values = Mapping[str, str | int | None]


def settle(engine: Engine, message: str, settlement: Settlement, now: datetime, then: str | None) -> bool:
    """Whether `then` is still to be sent by whoever settles this one."""
    values: _Values = {
        "message": message,
        "state": settlement.state.value,
        "due_at": moment(settlement.due_at),
        "attempts": settlement.attempts,
        "ambiguous": settlement.ambiguous,
        "poisoned": settlement.poisoned,
        "detail": storable(settlement.detail),
        "now": moment(now),
        "then": then,
    }
    if settlement.again:
        return _retelling(engine, message, values, now)
    found = _on_sqlite(engine, values) if engine.dialect.name == "sqlite" else _elsewhere(engine, values)
    return found is not None


def _retelling(engine: Engine, message: str, values: _Values, now: datetime) -> bool:
    with writing(engine) as connection:
        if connection.execute(_SETTLE_ELSEWHERE, values).rowcount:
            tell_again(connection, message, now)
        return connection.execute(_NEXT_ELSEWHERE, values).first() is not None


def _on_sqlite(engine: Engine, values: _Values) -> object:
    with driving(engine) as raw:
        raw.execute(_SETTLE, values)
        return raw.execute(_NEXT, values).fetchone()


def _elsewhere(engine: Engine, values: _Values) -> object:
    with writing(engine) as connection:
        connection.execute(_HASTILY)
        connection.execute(_SETTLE_ELSEWHERE, values)
        return connection.execute(_NEXT_ELSEWHERE, values).first()

"""Writes down what became of a message. Done once for each mail, so it is the least that does it: two
statements and one commit, on SQLite without SQLAlchemy in between.

On SQLite a power cut may lose the commits of the last second, and no others: what they told of is then sent
again, once and under the same id, as after any crash.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import cast

from sqlalchemy import Engine, PoolProxiedConnection, event, text

from storage.columns import moment, storable
from storage.engine import hasty, refuse_readers, writing
from storage.errors import typed
from storage.retelling import tell_again
from watcher.core.outbox import Settlement

HASTE = (
    1.0  # seconds after which SQLite waits for the disk; PostgreSQL always does: it falls without its machine
)

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
_SETTLE_ELSEWHERE, _NEXT_ELSEWHERE = text(_SETTLE), text(_NEXT)

_Values = Mapping[str, str | int | None]


class Settling:
    """Threads may share it: each uses a connection of its own while it writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._write = self._on_sqlite if engine.dialect.name == "sqlite" else self._elsewhere
        self._kept: list[PoolProxiedConnection] = []
        self._lasting_at = monotonic()
        event.listen(engine, "engine_disposed", self._close)

    def settle(self, message: str, settlement: Settlement, now: datetime, then: str | None) -> bool:
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
            return self._retelling(message, values, now)
        return self._write(values) is not None

    def _retelling(self, message: str, values: _Values, now: datetime) -> bool:
        with writing(self._engine) as connection:
            if connection.execute(_SETTLE_ELSEWHERE, values).rowcount:
                tell_again(connection, message, now)
            return connection.execute(_NEXT_ELSEWHERE, values).first() is not None

    def _on_sqlite(self, values: _Values) -> object:
        """On a connection that is kept for this, so that nothing has to be said about how to write."""
        refuse_readers()
        try:
            kept = self._kept.pop()
        except IndexError:
            kept = hasty(self._engine)
        try:
            raw = cast(sqlite3.Connection, kept.dbapi_connection)
            lasting = monotonic() - self._lasting_at >= HASTE
            if lasting:  # and all that came before it
                raw.execute("PRAGMA synchronous=2")
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(_SETTLE, values)
            found: object = raw.execute(_NEXT, values).fetchone() if values["then"] else None
            raw.execute("COMMIT")
            if lasting:
                raw.execute("PRAGMA synchronous=1")
                self._lasting_at = monotonic()
        except BaseException:
            kept.close()  # for good, which undoes what was not committed
            with typed(self._engine.url):
                raise
        self._kept.append(kept)
        return found

    def _elsewhere(self, values: _Values) -> object:
        with writing(self._engine) as connection:
            connection.execute(_SETTLE_ELSEWHERE, values)
            return connection.execute(_NEXT_ELSEWHERE, values).first()

    def _close(self, _engine: Engine) -> None:
        while self._kept:
            self._kept.pop().close()

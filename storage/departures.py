"""Who left since a copy was made, as far as the database that it replaces can tell: they stay away."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from storage.columns import instant
from storage.subscription_store import SqlSubscriptions
from watcher.core.subscriptions import EndReason

_TABLES = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('subscriptions', 'suppressions')"
)
_ENDED = "SELECT id, ended_reason, ended_at FROM subscriptions WHERE ended_at IS NOT NULL"
_NEVER = "SELECT mailbox, reason, since FROM suppressions"

_Row = tuple[str, EndReason, datetime]


@dataclass(frozen=True, slots=True)
class Departures:
    """Ids of subscriptions that ended, indexes of mailboxes that are never written to; each with why and when."""

    ended: Sequence[_Row] = ()
    never: Sequence[_Row] = ()


def departures(database: sqlite3.Connection) -> Departures:
    """None of a database whose schema is older than they are."""
    if database.execute(_TABLES).fetchone()[0] < 2:
        return Departures()
    return Departures(_rows(database, _ENDED), _rows(database, _NEVER))


def take_leave(engine: Engine, gone: Departures) -> int:
    """How many subscriptions ended by that."""
    people = SqlSubscriptions(engine)
    for mailbox, reason, since in gone.never:
        people.suppress(mailbox, reason, since)
    return sum(people.end(subscription, reason, at) for subscription, reason, at in gone.ended)


def _rows(database: sqlite3.Connection, sql: str) -> Sequence[_Row]:
    return [(name, EndReason(reason), instant(at)) for name, reason, at in database.execute(sql)]

"""What is done for very many rows at once, in plain SQL; on PostgreSQL without the rows ever being here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

from storage.columns import moment
from storage.dialect import repeat

_AT_ONCE = 5000  # rows that are held in memory

_CONCLUDE = """
    UPDATE sources SET next_poll_at = ?, state = ?, lease_owner = NULL, lease_until = NULL
    WHERE id = ? AND snapshot = ?
"""
_CONCLUDE_ALL = """
    UPDATE sources SET next_poll_at = found.due, state = found.state, lease_owner = NULL, lease_until = NULL
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[], string_to_array(%s, chr(30)))
        AS found (source, due, baseline, state)
    WHERE id = found.source AND snapshot = found.baseline
"""
# The same id as `delivery_id` makes.
_PROMISE = """
    INSERT INTO deliveries (id, alert, subscription, way, due_at)
    SELECT left(encode(sha256(convert_to(%(alert)s || chr(31) || id, 'UTF8')), 'hex'), 32),
        %(alert)s, id, way, %(due)s
    FROM subscriptions WHERE ended_at IS NULL AND way = %(way)s AND choices = ANY(%(choices)s)
    ORDER BY id
"""
_UNLESS_PROMISED = " ON CONFLICT DO NOTHING"
_WHO = "SELECT id FROM subscriptions WHERE ended_at IS NULL AND way = ? AND choices = ?"
_PROMISE_ONE = """
    INSERT INTO deliveries (id, alert, subscription, way, due_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


class Concluded(NamedTuple):
    """What is written of a source whose poll found nothing new."""

    source: str
    due: datetime
    baseline: int
    state: str


def conclude(connection: Connection, found: Sequence[Concluded]) -> None:
    """Write these and end their leases, each unless its baseline has passed."""
    ordered = sorted(found)  # two who write wait in one order
    if connection.dialect.name != "sqlite":
        names, dues = [o.source for o in ordered], [moment(o.due) for o in ordered]
        # As one text: JSON holds no such sign, and the driver would look for quotes in each.
        states = chr(30).join(o.state for o in ordered)
        asked = (names, dues, [o.baseline for o in ordered], states)
        connection.exec_driver_sql(_CONCLUDE_ALL, asked)
        return
    repeat(connection, _CONCLUDE, [(moment(o.due), o.state, o.source, o.baseline) for o in ordered])


def promise(
    connection: Connection,
    alert: str,
    way: str,
    choices: Sequence[str],
    due: datetime,
    *,
    fresh: bool = False,
) -> None:
    """A delivery of the alert to each active subscription that chose any of these; what was promised stays as it is.

    `fresh`: nothing can have been promised, which spares PostgreSQL a seventh of its work: it need not look.
    """
    at = moment(due)
    if connection.dialect.name != "sqlite":
        asked = {"alert": alert, "way": way, "choices": list(choices), "due": at}
        connection.exec_driver_sql(_PROMISE if fresh else _PROMISE + _UNLESS_PROMISED, asked)
        return
    for chosen in choices:
        names = connection.exec_driver_sql(_WHO, (way, chosen)).scalars().all()
        promise_to(connection, alert, way, names, at)


def promise_to(connection: Connection, alert: str, way: str, names: Sequence[str], at: int) -> None:
    """The same to these subscriptions; `at` is a `moment`."""
    rows = ((delivery_id(alert, name), alert, name, way, at) for name in names)
    for batch in _batches(rows):
        repeat(connection, _PROMISE_ONE, batch)


def delivery_id(alert: str, subscription: str) -> str:
    """The same for the same alert and subscription."""
    return hashlib.sha256(f"{alert}\x1f{subscription}".encode()).hexdigest()[:32]


def _batches(
    rows: Iterator[tuple[str, str, str, str, int]],
) -> Iterator[list[tuple[str, str, str, str, int]]]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield batch

"""What was told. An alert once written is not touched by later polls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, exists, insert, select

from storage.codec import dump, load
from storage.dialect import insert_new
from storage.tables import alert_categories, alert_motifs, alerts
from watcher.core.alerts import Alert, AlertState

_ONE = select(alerts.c.document).where(alerts.c.id == bindparam("alert"))
_NEWEST_FIRST = select(alerts.c.document).order_by(alerts.c.detected_at.desc(), alerts.c.id)


def add(connection: Connection, told: Sequence[Alert]) -> Sequence[Alert]:
    """Write those that are not there yet, and return them."""
    new = [alert for alert in told if _is_new(connection, alert)]
    _index(connection, alert_categories, "category", {(a.id, c) for a in new for c in a.verdict.categories})
    _index(connection, alert_motifs, "motif", {(a.id, m) for a in new for m in a.verdict.motifs})
    return new


def _is_new(connection: Connection, alert: Alert) -> bool:
    added = connection.execute(
        insert_new(connection, alerts).returning(alerts.c.id),
        {
            "id": alert.id,
            "prefecture": alert.prefecture,
            "state": alert.state.value,
            "detected_at": alert.detected_at,
            "document": dump(alert, Alert),
        },
    )
    return added.first() is not None


def _index(connection: Connection, table: Table, word: str, pairs: set[tuple[str, str]]) -> None:
    if pairs:
        connection.execute(insert(table), [{"alert": alert, word: value} for alert, value in sorted(pairs)])


def read(connection: Connection, alert: str) -> Alert | None:
    document = connection.scalar(_ONE, {"alert": alert})
    return None if document is None else load(document, Alert)


def find(
    connection: Connection,
    *,
    since: datetime | None,
    prefecture: str | None,
    category: str | None,
    motif: str | None,
    state: AlertState | None,
    limit: int | None,
) -> Sequence[Alert]:
    """Newest first. `since` belongs to what is wanted; `None` asks nothing."""
    wanted = _NEWEST_FIRST
    if since is not None:
        wanted = wanted.where(alerts.c.detected_at >= since)
    if prefecture is not None:
        wanted = wanted.where(alerts.c.prefecture == prefecture)
    if state is not None:
        wanted = wanted.where(alerts.c.state == state.value)
    for table, word, value in ((alert_categories, "category", category), (alert_motifs, "motif", motif)):
        if value is not None:
            wanted = wanted.where(exists().where(table.c.alert == alerts.c.id, table.c[word] == value))
    return [load(document, Alert) for document in connection.scalars(wanted.limit(limit))]

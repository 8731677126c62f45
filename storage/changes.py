"""What changed, before and after, and how it was understood at the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from storage.codec import dump, load
from storage.dialect import insert_new
from storage.tables import changes
from watcher.core.changes import Change
from watcher.core.verdict import Verdict

_HISTORY = (
    select(changes.c.document, changes.c.verdict)
    .where(changes.c.source == bindparam("of"))
    .order_by(changes.c.detected_at, changes.c.id)
)


def add(
    connection: Connection, found: Sequence[Change], verdicts: Mapping[str, Verdict], page: int | None
) -> None:
    """Write those that are not there yet, each with its verdict and the number of its page."""
    rows = [
        {
            "id": change.id,
            "source": change.source,
            "detected_at": change.detected_at,
            "page": page,
            "document": dump(change, Change),
            "verdict": dump(verdict, Verdict) if (verdict := verdicts.get(change.id)) else None,
        }
        for change in found
    ]
    if rows:
        connection.execute(insert_new(connection, changes), rows)


def history(connection: Connection, source: str) -> Sequence[tuple[Change, Verdict | None]]:
    """All changes of a source with their verdicts, oldest first."""
    return [
        (load(document, Change), load(verdict, Verdict) if verdict else None)
        for document, verdict in connection.execute(_HISTORY, {"of": source})
    ]

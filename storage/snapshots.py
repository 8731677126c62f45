"""The latest baselines of each source; what came before them lives on in the changes."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.codec import dump, load
from storage.packing import pack_document, unpack_document
from storage.tables import snapshots
from watcher.core.items import Snapshot

KEPT = 3  # enough to go back behind a bad one

_ADD = insert(snapshots)
_PRUNE = delete(snapshots).where(
    snapshots.c.source == bindparam("of"), snapshots.c.number <= bindparam("oldest")
)
_LATEST = (
    select(snapshots.c.body)
    .where(snapshots.c.source == bindparam("of"))
    .order_by(snapshots.c.number.desc())
    .limit(1)
)


def add(connection: Connection, snapshot: Snapshot) -> None:
    connection.execute(
        _ADD,
        {
            "source": snapshot.source,
            "number": snapshot.number,
            "taken_at": snapshot.taken_at,
            "body": pack_document(dump(snapshot, Snapshot)),
        },
    )
    connection.execute(_PRUNE, {"of": snapshot.source, "oldest": snapshot.number - KEPT})


def latest(connection: Connection, source: str) -> Snapshot | None:
    body = connection.scalar(_LATEST, {"of": source})
    return None if body is None else load(unpack_document(body), Snapshot)

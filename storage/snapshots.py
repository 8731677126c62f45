"""The latest baselines of each source; what came before them lives on in the changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.codec import dump, load
from storage.packing import pack_document, unpack_document
from storage.tables import snapshots
from watcher.core.items import Snapshot

KEPT = 3  # enough to go back behind a bad one

_ADD = insert(snapshots)
_PRUNE = delete(snapshots).where(
    snapshots.c.source == bindparam("of"),
    snapshots.c.number <= bindparam("oldest"),
    snapshots.c.number != bindparam("spared"),
)
_KEPT = (
    select(snapshots.c.body).where(snapshots.c.source == bindparam("of")).order_by(snapshots.c.number.desc())
)
_LATEST = _KEPT.limit(1)


def add(connection: Connection, snapshot: Snapshot, spared: int = 0) -> None:
    """Also the `spared` one stays, however old."""
    connection.execute(
        _ADD,
        {
            "source": snapshot.source,
            "number": snapshot.number,
            "taken_at": snapshot.taken_at,
            "body": pack_document(dump(snapshot, Snapshot)),
        },
    )
    oldest = snapshot.number - KEPT
    connection.execute(_PRUNE, {"of": snapshot.source, "oldest": oldest, "spared": spared})


def latest(connection: Connection, source: str) -> Snapshot | None:
    body = connection.scalar(_LATEST, {"of": source})
    return None if body is None else load(unpack_document(body), Snapshot)


def kept(connection: Connection, source: str) -> Sequence[Snapshot]:
    """Newest first."""
    bodies = connection.scalars(_KEPT, {"of": source})
    return [load(unpack_document(body), Snapshot) for body in bodies]

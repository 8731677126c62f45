"""What messages say, frozen before the first of them is sent, and the runs of digests."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, select, text

from storage.dialect import alone, insert_new, marks, repeat, together
from storage.tables import IS_OPEN, contents, digest_runs, messages
from watcher.core.outbox import DigestRun

_LOCK = 0x434F4E54  # of PostgreSQL's advisory locks

KEPT = timedelta(days=30)  # after a message was made: it may be given up and queued again

_READ = select(contents.c.body).where(contents.c.id == bindparam("content"))
_USE = "UPDATE messages SET content = ? WHERE id IN (%s)"
_FORGET = delete(contents).where(
    ~exists().where(messages.c.content == contents.c.id, messages.c.created_at > bindparam("since")),
    ~exists().where(messages.c.content == contents.c.id, text(IS_OPEN)),
)
_RUN = select(digest_runs).where(digest_runs.c.id == bindparam("run"))


def keep(connection: Connection, content: str, body: bytes, of: Sequence[str]) -> None:
    together(connection, _LOCK)
    connection.execute(insert_new(connection, contents), {"id": content, "body": zlib.compress(body)})
    if of:
        repeat(connection, _USE % marks(len(of)), [(content, *of)])


def read(connection: Connection, content: str) -> bytes | None:
    body = connection.scalar(_READ, {"content": content})
    return None if body is None else zlib.decompress(body)


def erase_expired(connection: Connection, now: datetime) -> None:
    """In a transaction of its own: nobody begins to use a content while it goes."""
    alone(connection, _LOCK)
    connection.execute(_FORGET, {"since": now - KEPT})


def digest_run(connection: Connection, run: DigestRun) -> DigestRun:
    """Find or create."""
    row = {
        "id": run.id,
        "starts_at": run.starts_at,
        "ends_at": run.ends_at,
        "coverage": json.dumps(run.coverage),
    }
    connection.execute(insert_new(connection, digest_runs), row)
    kept = connection.execute(_RUN, {"run": run.id}).one()
    coverage = tuple((language, line) for language, line in json.loads(kept.coverage))
    return DigestRun(kept.id, kept.starts_at, kept.ends_at, coverage)

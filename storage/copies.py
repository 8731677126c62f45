"""What a copy of a SQLite database is, and whether one can be trusted.

A copy holds back what waits to be sent (see `holding.py`), nobody is logged in to it, and it is sealed: two
numbers in its header that SQLite leaves to applications are a digest of all the rest. SQLite itself notices
damage to its structure alone; a digit that flipped within a text it does not.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from storage import holding
from storage.columns import instant
from storage.errors import StorageError, typed
from storage.migrations import HEAD, VERSIONS
from storage.tables import IS_OPEN, IS_UNSENT
from watcher.core.state import SENDING, ProblemKind

_SEAL = (slice(60, 64), slice(68, 72))  # "user version" and "application id" of the file format
_HEADER = 100
_CHUNK = 1 << 20
_NO_SEAL = bytes(8)

_COUNTED = ("sources", "alerts", "subscriptions", "messages", "decisions", "rules")
_WAITING = (
    f"SELECT count(*) FROM messages WHERE {IS_OPEN}",  # noqa: S608  # of constants, as the next
    f"SELECT count(*) FROM deliveries WHERE {IS_UNSENT}",  # noqa: S608
)
_MADE_AT = "SELECT since FROM problems WHERE subject = ? AND kind = ? AND open"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that can be used. `made_at` is unknown of one that some other tool made."""

    schema: str
    sealed: bool  # unaltered since it was made; else nobody knows
    made_at: datetime | None
    waiting: int  # messages that it still wants to send
    counts: Mapping[str, int] = field(default_factory=dict)  # of rows, by table


def examine(path: Path) -> Copy:
    """`StorageError` when it is missing, damaged, altered since it was made, of a newer program or no
    database of ours.
    """
    with typed(URL.create("sqlite", database=str(path))):
        sealed = _is_sealed(path)
        with closing(opened(path)) as copy:
            schema = _schema(copy, path)
            refuse_damaged(copy, path)
            return Copy(schema, sealed, _made_at(copy) if sealed else None, _waiting(copy), _counts(copy))


def make_copy(path: Path, why: str, now: datetime) -> None:
    """Make of a database that nobody uses a copy that holds back what waits."""
    with closing(_changing(path)) as copy, copy:
        for sql, values in holding.statements(why, now):
            copy.execute(sql, values)
        if _has(copy, "sessions"):
            copy.execute("DELETE FROM sessions")
    _write_seal(path, _NO_SEAL)


def seal(path: Path) -> None:
    """The last thing that is done to a copy."""
    _write_seal(path, _digest(path))


def refuse_damaged(database: sqlite3.Connection, path: Path) -> None:
    found = [str(row[0]) for row in database.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"] or database.execute("PRAGMA foreign_key_check").fetchone():
        raise StorageError(f"Base {path} : elle est abîmée : restaurez une sauvegarde.", permanent=True)


def opened(path: Path) -> sqlite3.Connection:
    """Only to read; SQLite leaves no file beside one that it takes to be immutable."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)


def _changing(path: Path) -> sqlite3.Connection:
    """A database in one file: neither a log of its own nor, once it is closed, anything beside it."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = DELETE")
    database.execute("PRAGMA secure_delete = 1")
    return database


def _is_sealed(path: Path) -> bool:
    """False when nobody sealed it, as other tools' copies. `StorageError` when the seal is broken."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    there = b"".join(header[place] for place in _SEAL)
    if there == _NO_SEAL or len(there) < len(_NO_SEAL):
        return False
    if there != _digest(path):
        raise StorageError(
            f"Copie {path} : elle a été abîmée ou modifiée depuis qu'elle a été faite ; prenez-en une autre.",
            permanent=True,
        )
    return True


def _digest(path: Path) -> bytes:
    """Eight bytes, of everything but themselves."""
    with path.open("rb") as file:
        header = bytearray(file.read(_HEADER))
        for place in _SEAL:
            header[place] = bytes(4)
        digest = hashlib.sha256(header)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()[:8]


def _write_seal(path: Path, value: bytes) -> None:
    with path.open("r+b") as file:
        for number, place in enumerate(_SEAL):
            file.seek(place.start)
            file.write(value[4 * number : 4 * number + 4])


def _schema(database: sqlite3.Connection, path: Path) -> str:
    found = (
        _has(database, "alembic_version")
        and database.execute("SELECT version_num FROM alembic_version").fetchone()
    )
    if not found:
        raise StorageError(f"Base {path} : ce n'est pas une base de la vigie.", permanent=True)
    schema = str(found[0])
    if schema not in VERSIONS:
        raise StorageError(
            f"Base {path} : son schéma ({schema}) est plus récent que ce programme ({HEAD}) ; "
            "mettez le programme à jour.",
            permanent=True,
        )
    return schema


def _made_at(database: sqlite3.Connection) -> datetime | None:
    row = database.execute(_MADE_AT, (SENDING, ProblemKind.HELD.value)).fetchone()
    return instant(row[0]) if row else None


def _waiting(database: sqlite3.Connection) -> int:
    """Messages, and alerts of which no message was made yet; an older schema has none."""
    if not _has(database, "messages"):
        return 0
    return sum(database.execute(sql).fetchone()[0] for sql in _WAITING)


def _counts(database: sqlite3.Connection) -> dict[str, int]:
    """An older schema has fewer tables."""
    return {
        name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  # of constants
        for name in _COUNTED
        if _has(database, name)
    }


def _has(database: sqlite3.Connection, table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return database.execute(sql, (table,)).fetchone() is not None

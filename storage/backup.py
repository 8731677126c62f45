"""Copies a SQLite database while it is used, and puts a copy in its place. Both in one step, or not at all."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from storage.copies import Copy, examine, make_copy, opened, refuse_damaged, seal
from storage.departures import Departures, departures, take_leave
from storage.engine import BUSY_SECONDS, open_engine
from storage.errors import StorageError, typed
from storage.migrations import upgrade

_MAGIC = b"SQLite format 3\0"
_LOCKS = (
    512,
    0x40000000,
)  # length and place of the bytes that SQLite locks on behalf of whoever is connected
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BESIDE = ("-wal", "-shm", "-journal")


def save(database: str, target: Path, now: datetime) -> Copy:
    """Write a copy of the database at `database` to the file `target`, which may be an older copy.

    `StorageError` when there is no such file, it is damaged, or `target` cannot be written; then `target` is
    as it was.
    """
    origin = file_of(database)
    _refuse(origin, target)
    with typed(_url(target)), _taking_the_place_of(target) as part:
        with typed(_url(origin)), closing(_reading(origin)) as source:
            source.execute("PRAGMA schema_version")  # so that trouble of this one is not told of the other
            _copy(source, part)
        with typed(_url(origin)), closing(sqlite3.connect(part)) as copy:
            refuse_damaged(copy, origin)
        make_copy(
            part, f"copie du {now:%Y-%m-%d %H:%M} UTC : rien ne part avant « vigie deliver --resume »", now
        )
        seal(part)
        return examine(part)


@dataclass(frozen=True, slots=True)
class PutBack:
    """`aside`: where the replaced database is kept; `left`: how many who left since the copy stay away, `None`
    when the replaced database is too damaged to tell.
    """

    copy: Copy
    aside: Path | None = None
    left: int | None = None


def put_back(path: Path, database: str, now: datetime, *, replace: bool) -> PutBack:
    """Put the copy at `path` where the database is to be, brought to today's schema.

    `StorageError` when the copy cannot be trusted, something is there that is not to be replaced, or is used.
    """
    target = file_of(database)
    copy = examine(path)
    there = _may_be_replaced(target, path, replace=replace)
    with typed(_url(target)), ExitStack() as held:
        target.parent.mkdir(parents=True, exist_ok=True)
        gone = _last_words(target) if there else None
        if there:
            held.enter_context(_kept_from_others(target))
        with _taking_the_place_of(target, like=target if there else None) as part:
            with typed(_url(path)), closing(opened(path)) as source:
                _copy(source, part)
            make_copy(part, _why(copy, now), now)
            left = _bring_up_to_date(part, gone)
            return PutBack(copy, _set_aside(target, now) if there else None, left)


def _may_be_replaced(target: Path, copy: Path, *, replace: bool) -> bool:
    """Whether there is something at all."""
    if not target.exists() or target.stat().st_size == 0:
        return False
    if target.samefile(copy):
        raise StorageError(f"Copie {copy} : c'est la base elle-même.", permanent=True)
    if not replace:
        raise StorageError(
            f"Base {target} : elle existe déjà ; avec --replace elle est mise de côté, et rien n'en est perdu.",
            permanent=True,
        )
    return True


def _why(copy: Copy, now: datetime) -> str:
    of = f", copie du {copy.made_at:%Y-%m-%d %H:%M} UTC" if copy.made_at else ""
    return f"base restaurée le {now:%Y-%m-%d %H:%M} UTC{of} : rien ne part avant « vigie deliver --resume »"


def _bring_up_to_date(part: Path, gone: Departures | None) -> int | None:
    engine = open_engine(f"sqlite:///{part}")
    try:
        upgrade(engine)
        return None if gone is None else take_leave(engine, gone)
    finally:
        engine.dispose()


def file_of(database: str) -> Path:
    """`StorageError` when it is not a file."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise StorageError(
            "PostgreSQL se sauvegarde avec pg_dump et se restaure avec pg_restore ; rien ne part ensuite avant "
            "« vigie deliver --resume » (docs/postgresql.md).",
            permanent=True,
        )
    return Path(url.database)


def _url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def _refuse(origin: Path, target: Path) -> None:
    """What must not be overwritten: the database itself, its log, and whatever is no database."""
    if not origin.exists():
        raise StorageError(f"Base {origin} : elle n'existe pas encore.", permanent=True)
    own = [origin, *(origin.with_name(origin.name + end) for end in _BESIDE)]
    if target.resolve() in [path.resolve() for path in own]:
        raise StorageError(f"Copie {target} : c'est la base elle-même ; donnez un autre nom.", permanent=True)
    if target.is_dir():
        raise StorageError(f"Copie {target} : c'est un dossier ; indiquez un fichier.", permanent=True)
    if target.exists() and not target.is_file():  # a device, which a copy would take the place of
        raise StorageError(
            f"Copie {target} : ce n'est pas un fichier ordinaire ; donnez un autre nom.", permanent=True
        )
    if target.exists() and target.stat().st_size and not _is_database(target):
        raise StorageError(
            f"Copie {target} : ce fichier n'est pas une copie d'une base ; il est laissé tel quel.",
            permanent=True,
        )


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _reading(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=rw"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)


def _copy(source: sqlite3.Connection, part: Path) -> None:
    """In one reading of the source, which sees one state of it and keeps nobody from writing."""
    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy)


@contextmanager
def _taking_the_place_of(target: Path, like: Path | None = None) -> Iterator[Path]:
    """A new file beside `target`, for its owner alone or `like` another; it takes its place when all went
    well, and is durable by then.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StorageError(
            f"{target} : son dossier n'existe pas ou n'est pas inscriptible ({error.strerror}) ; "
            "indiquez un autre chemin.",
            permanent=True,
        ) from error
    try:
        _be_the_only_one(handle, part)
        os.ftruncate(handle, 0)
        os.fchmod(handle, 0o600)
        _clear(part)  # of somebody who was killed: SQLite would believe it
        try:
            yield part
            if like is not None:
                _resemble(handle, like)
            os.fsync(handle)
            part.replace(target)
            _fsync_folder(target.parent)
        except BaseException:
            part.unlink()
            raise
        finally:
            _clear(part)
    finally:
        os.close(handle)


def _be_the_only_one(handle: int, part: Path) -> None:
    """Of two that write the same copy at once, one is refused."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        mine = os.path.samestat(os.fstat(handle), part.stat())
    except (BlockingIOError, FileNotFoundError):
        mine = False
    if not mine:
        raise StorageError(f"{part} : une autre copie est en cours ; attendez-en la fin.", permanent=False)


def _clear(part: Path) -> None:
    for end in _BESIDE:
        part.with_name(part.name + end).unlink(missing_ok=True)


def _resemble(handle: int, other: Path) -> None:
    """Whoever could use the other can use this."""
    was = other.stat()
    os.fchmod(handle, was.st_mode & 0o777)
    if os.geteuid() == 0:
        os.fchown(handle, was.st_uid, was.st_gid)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _kept_from_others(target: Path) -> Iterator[None]:
    """Nobody is connected, nor can be. This process must not open the file meanwhile: that ends the lock."""
    with target.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *_LOCKS)
        except BlockingIOError as error:
            raise StorageError(
                f"Base {target} : un autre programme s'en sert : arrêtez la vigie d'abord.", permanent=False
            ) from error
        yield


def _set_aside(target: Path, now: datetime) -> Path:
    """Keep a database that is to be replaced under another name too, with what stands in its log."""
    aside = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%S}")
    aside.hardlink_to(target)
    for end in _BESIDE:
        log = target.with_name(target.name + end)
        if log.exists():
            log.rename(aside.with_name(aside.name + end))
    return aside


def _last_words(target: Path) -> Departures | None:
    """Let the file hold what stands in its log, and tell who left. `None` when it is too damaged for that:
    then it is kept as it is, with its log.
    """
    if not _is_database(target):
        return None
    with closing(_reading(target)) as old:
        try:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return departures(old)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in _DAMAGED:
                return None
            raise

"""Opens a database so that it keeps what it is told."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    PoolProxiedConnection,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import DamagedError, ReadOnlyError, StorageError, place, typed

BUSY_SECONDS = 10

TRIES = 5  # of a transaction that others undo

SWITCHES = 5  # tries to make a new file ready, each after waiting for whoever holds it

# What is read back on each connection. A default would lose commits at a power cut (synchronous 1), let
# rows point at nothing, or leave in the file what was erased from its rows.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    "secure_delete": 1,
}

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")

_ONLY_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)

_EXPECTED = "attendu : sqlite:///chemin/vigie.db ou postgresql+psycopg://compte@machine/base"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def open_engine(url: str) -> Engine:
    """The database at `url`, tried once; its directory is made when it is missing.

    `StorageError` when the address makes no sense or nothing usable is there.
    """
    address = _address(url)
    with typed(address):
        if address.drivername != "sqlite":
            from storage.server import open_server  # spares whoever stays on SQLite its import

            return open_server(address)
        engine = _sqlite(address)
        with engine.connect():
            return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that can only read: it sees one state of the database and blocks nobody."""
    with (
        typed(engine.url),
        engine.connect().execution_options(reads=True) as connection,
        connection.begin(),
        believing(engine),
    ):
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql(_ONLY_READ)
        yield connection


@contextmanager
def believing(engine: Engine) -> Iterator[None]:
    """What is read here was once written by us: that it makes no sense is damage, not a mistake of the caller."""
    try:
        yield
    except (ValueError, LookupError, OverflowError, TypeError, AttributeError) as error:
        raise DamagedError(place(engine.url)) from error


@contextmanager
def read_only() -> Iterator[None]:
    """Let nothing be written by whoever is inside: neither here nor in what was called from here."""
    token = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(token)


def refuse_readers() -> None:
    """`ReadOnlyError` inside `read_only`."""
    if _reads_only.get():
        raise ReadOnlyError


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write: all of it is kept, durably, or none of it.

    `ReadOnlyError` inside `read_only`.
    """
    refuse_readers()
    with typed(engine.url), engine.begin() as connection:
        yield connection


def retried(work: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """`work` is one transaction. Done anew when a server undid it because it and another stood in each other's way."""

    @wraps(work)
    def persisting(*args: _Given.args, **kwargs: _Given.kwargs) -> _Found:
        for _ in range(TRIES - 1):
            try:
                return work(*args, **kwargs)
            except StorageError as error:
                if not error.conflict:
                    raise
        return work(*args, **kwargs)

    return persisting


def hasty(engine: Engine) -> PoolProxiedConnection:
    """A connection to SQLite for what is done once for each mail; whoever asks for it closes it.

    What it commits outlives the process at once, but a power cut only with the next durable commit: waiting
    for the disk would cost ten times the rest of a mail. Whoever uses it can do again what is lost.
    """
    refuse_readers()
    with typed(engine.url):
        kept = engine.raw_connection()
        kept.detach()
        raw = cast(sqlite3.Connection, kept.dbapi_connection)
        raw.execute("PRAGMA query_only=0")
        raw.execute("PRAGMA synchronous=1")
        return kept


def try_to_write(engine: Engine, statement: Executable) -> None:
    """Take the lock of a writer and run what changes no row, be it inside `read_only`."""
    with typed(engine.url), engine.begin() as connection:
        connection.execute(statement)


def forget_overwritten(engine: Engine) -> None:
    """SQLite keeps, in its log, what was erased or overwritten until the log is begun anew: begin it anew.

    While somebody else reads or writes for long, that is left to the next time.
    """
    if engine.dialect.name == "sqlite":
        with typed(engine.url), engine.connect() as connection:
            raw = cast(sqlite3.Connection, connection.connection.driver_connection)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The text itself is not repeated: it may hold a password.
        raise StorageError(f"Adresse de base incompréhensible ; {_EXPECTED}.", permanent=True) from error
    if address.drivername not in _DRIVERS:
        raise StorageError(f"Sorte de base inconnue « {address.drivername} » ; {_EXPECTED}.", permanent=True)
    return address.set(drivername=_DRIVERS[address.drivername])


def _sqlite(address: URL) -> Engine:
    _make_room(address)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _distrust)
    return engine


def _make_room(address: URL) -> None:
    name = address.database or ":memory:"
    if name == ":memory:" or name.startswith("file:") or address.query or "\0" in name:
        raise StorageError(f"La base doit être un simple fichier ; {_EXPECTED}.", permanent=True)
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise StorageError(
                f"Base {path} : c'est un dossier ; indiquez un fichier avec --database.", permanent=True
            )
    except OSError as error:
        raise StorageError(
            f"Base {path} : le dossier ne peut pas être utilisé ({error.strerror}) ; "
            "indiquez un autre chemin avec --database.",
            permanent=True,
        ) from error
    if not all(os.access(p, os.W_OK) for p in (path.parent, path) if p.exists()):
        raise StorageError(
            f"Base {path} : elle n'est pas inscriptible ; donnez à ce compte le droit d'écrire "
            "sur elle et son dossier.",
            permanent=True,
        )


def _keep_a_log(raw: sqlite3.Connection) -> None:
    """Switch a new file to its write-ahead log, although another program may be doing so at this moment.

    SQLite refuses the switch at once while the file is locked; to ask for a lock waits until it is free.
    """
    for _ in range(SWITCHES):
        try:
            raw.execute("PRAGMA journal_mode=wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("COMMIT")
        else:
            return


def _prepare(raw: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # `_begin` alone begins, before DDL too
    _keep_a_log(raw)
    for name, value in PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={value}")
    wrong = [name for name, value in PRAGMAS.items() if _pragma(raw, name) != value]
    if wrong:
        raise StorageError(
            f"SQLite refuse le réglage {', '.join(wrong)} : mettez la base sur un disque local.",
            permanent=True,
        )


def _pragma(raw: sqlite3.Connection, name: str) -> object:
    return raw.execute(f"PRAGMA {name}").fetchone()[0]


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer fails whatever the time it may wait.

    The driver is spoken to directly, which halves the cost of a transaction.
    """
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    reads = connection.get_execution_options().get("reads")
    try:
        raw.execute("PRAGMA query_only=1" if reads else "PRAGMA query_only=0")
        raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:  # of which `_distrust` does not hear
        if _is_of_the_disk(error):
            _let_go(connection)
            connection.invalidate()
        raise


def _distrust(context: ExceptionContext) -> None:
    """After an error of the disk nothing that a connection believes can be trusted: open new ones."""
    if _is_of_the_disk(context.original_exception):
        context.is_disconnect = True
        if context.connection is not None:
            _let_go(context.connection)


def _let_go(connection: Connection) -> None:
    """Of its locks, which SQLite keeps after some errors, and beyond the end of a connection that is looked at."""
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    with suppress(sqlite3.Error):
        raw.rollback()


def _is_of_the_disk(error: BaseException) -> bool:
    """A page that cannot be read is told as a damaged file, a log that cannot be as one that does not open."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    return code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN}

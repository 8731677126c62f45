"""Moves everything that a database keeps into another, empty one: all of it, or nothing.

At no moment do both send. The new one is complete, and silent, in one step; then the old one is silenced; then
the new one may speak. Whoever is killed in between leaves at most one of them that sends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, func, inspect, make_url, select, text

from storage import holding
from storage.dialect import unhurried
from storage.engine import open_engine, writing
from storage.errors import StorageError, place, typed
from storage.home import installation
from storage.migrations import HEAD, schema_version, upgrade, upgrade_within
from storage.tables import alert_words, metadata
from storage.transfer import Moved, read_again, transfer

_NOT_OURS = ("procrastinate_", "alert_words_")  # a queue's, which is empty when all is at rest; SQLite's own
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND application_name = 'vigie'"
)
_SECONDS = 1  # that somebody who is about to leave is waited for


@dataclass(frozen=True, slots=True)
class Move:
    """`origin`, `target`: the two databases, fit for a message; `silent`: nothing may be sent from the new one
    either, because nothing was to be sent from the old one.
    """

    origin: str
    target: str
    tables: Sequence[Moved]
    silent: bool


def move(origin: str, target: str, now: datetime) -> Move:
    """`StorageError` when somebody uses the old one, or the new one is not empty or does not hold the same."""
    _refuse_missing(origin)
    old, new = open_engine(origin), open_engine(target)
    try:
        if schema_version(old) is None:
            raise StorageError(
                f"Base {place(old.url)} : elle est vide : il n'y a rien à déplacer.", permanent=True
            )
        upgrade(old)
        with _at_rest(old) as reader:
            why = holding.held(reader)
            moved = _fill(
                reader, new, f"base déplacée le {now:%Y-%m-%d %H:%M} UTC : envois pas encore repris", now
            )
            holding.hold(reader, f"base déplacée le {now:%Y-%m-%d %H:%M} UTC vers {place(new.url)}", now)
        if not why:
            with writing(new) as connection:
                holding.release(connection, now)
        return Move(place(old.url), place(new.url), moved, bool(why))
    finally:
        old.dispose()
        new.dispose()


def _refuse_missing(origin: str) -> None:
    url = make_url(origin)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise StorageError(f"Base {url.database} : elle n'existe pas.", permanent=True)


@contextmanager
def _at_rest(engine: Engine) -> Iterator[Connection]:
    """One transaction during which nobody else writes, and before which nobody else was connected."""
    engine.dispose()  # what this program itself holds
    with typed(engine.url), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _lock_file(connection)
        with connection.begin():
            if engine.dialect.name != "sqlite":
                _lock_tables(connection)
            yield connection


def _lock_file(connection: Connection) -> None:
    """SQLite lets nobody else in, and gives the lock to nobody while others are."""
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute(f"PRAGMA busy_timeout={_SECONDS * 1000}")
    raw.execute("PRAGMA locking_mode=EXCLUSIVE")
    try:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise _in_use(connection) from error


def _lock_tables(connection: Connection) -> None:
    unhurried(connection)
    connection.execute(text(f"SET LOCAL lock_timeout = '{_SECONDS}s'"))
    if connection.scalar(_OTHERS):
        raise _in_use(connection)
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    connection.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))


def _in_use(connection: Connection) -> StorageError:
    where = place(connection.engine.url)
    return StorageError(
        f"Base {where} : un autre programme s'en sert : arrêtez la vigie d'abord.", permanent=False
    )


def _fill(reader: Connection, new: Engine, why: str, now: datetime) -> Sequence[Moved]:
    """In one transaction: all that `reader` sees, and that nothing is to be sent."""
    with writing(new) as writer:
        unhurried(writer)
        _refuse_unless_empty(writer)
        upgrade_within(writer)
        tables = [table for table in metadata.sorted_tables if table not in (installation, alert_words)]
        tables.append(alert_words)  # its key to alerts is PostgreSQL's alone
        moved = [transfer(reader, writer, table) for table in tables]
        for table, before in zip(tables, moved, strict=True):
            if read_again(writer, table) != before:
                raise StorageError(
                    f"Base {place(new.url)} : la table {table.name} n'y est pas arrivée intacte ; rien n'est gardé.",
                    permanent=True,
                )
        holding.hold(writer, why, now)
        return moved


def _refuse_unless_empty(writer: Connection) -> None:
    """Empty is also what has our tables, as they are today, and no row."""
    found = [name for name in inspect(writer).get_table_names() if not name.startswith(_NOT_OURS)]
    if not found:
        return
    known = {*metadata.tables, "alembic_version"}
    strange = next((name for name in found if name not in known), None)
    if strange is None and _version(writer) == HEAD:
        strange = next(
            (table.name for table in metadata.sorted_tables if _has_rows(writer, table.name)), None
        )
        if strange is None:
            return
    raise StorageError(
        f"Base {place(writer.engine.url)} : elle n'est pas vide (table {strange or found[0]}) ; donnez-en une neuve.",
        permanent=True,
    )


def _version(connection: Connection) -> object:
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def _has_rows(connection: Connection, name: str) -> bool:
    table = metadata.tables[name]
    return table is not installation and bool(connection.scalar(select(func.count()).select_from(table)))

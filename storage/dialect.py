"""What is spelled once for each database: INSERT … ON CONFLICT, plain SQL, locks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects import sqlite

from storage.columns import AnyRow

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

LOCK_SECONDS = 10
"""That somebody waits for what another holds."""

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_WITH_OTHERS = text("SELECT pg_advisory_xact_lock_shared(:key)")
_NO_LONGER = text(f"SELECT set_config('lock_timeout', '{LOCK_SECONDS}s', true)")
_UNHURRIED = text(
    "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true), "
    "set_config('idle_in_transaction_session_timeout', '0', true)"
)


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Adds a row unless one that it collides with is there, which then stays as it is."""
    return _insert_new(table, connection.dialect.name)


def insert_or_replace(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Adds a row, or puts its values in the place of those of the row with its primary key."""
    return _insert_or_replace(table, connection.dialect.name)


@cache
def _insert_new(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    return _insert(table, dialect).on_conflict_do_nothing()


@cache
def _insert_or_replace(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    insert = _insert(table, dialect)
    rest = [column.name for column in table.columns if not column.primary_key]
    return insert.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={name: insert.excluded[name] for name in rest},
    )


def _insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # spares whoever stays on SQLite its import

    return postgresql.insert(table)


def within(connection: Connection, document: Column[str], *path: str | int) -> ColumnElement[str]:
    """What stands at a place of a JSON document, as text; NULL where there is none. `path` is ours, no reader's."""
    if connection.dialect.name == "sqlite":
        steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        return func.json_extract(document, literal_column(f"'${steps}'"))
    steps = ",".join(map(str, path))
    return cast(document, JSON).op("#>>", return_type=Text())(literal_column(f"'{{{steps}}}'"))


def ask(connection: Connection, sql: str, values: Sequence[object]) -> Sequence[AnyRow]:
    """Rows of values as the database keeps them; each ``?`` of `sql` is one of `values`.

    Plain SQL is for what is done for every recipient: types and names cost more than the work itself.
    """
    return connection.exec_driver_sql(_spelled(connection, sql), tuple(values)).all()


def repeat(connection: Connection, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Do the same once for each of `rows`; see `ask`."""
    if rows:
        connection.exec_driver_sql(_spelled(connection, sql), list(rows))


def marks(number: int) -> str:
    """What stands for as many values: ``?, ?, ?``."""
    return ", ".join("?" * number)


def _spelled(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.name == "sqlite" else sql.replace("?", "%s")


def unhurried(connection: Connection) -> None:
    """What follows in this transaction may take its time, and wait for others as long as they take."""
    if connection.dialect.name == "postgresql":
        connection.execute(_UNHURRIED)


def wait_no_longer(connection: Connection) -> None:
    """For locks, than everybody else does: takes back half of `unhurried`."""
    if connection.dialect.name == "postgresql":
        connection.execute(_NO_LONGER)


def together(connection: Connection, key: int) -> None:
    """The same as `alone`, but only whoever wants to be alone waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK_WITH_OTHERS, {"key": key})


def alone(connection: Connection, key: int) -> None:
    """Let nobody else be between this and the end of the transaction; on SQLite no writer ever has company."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": key})

"""Carries one table from a database to another, a batch of rows at a time, and compares what arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection, Table, select, text

from storage import alert_words
from storage.codec import load
from storage.errors import StorageError, explained, place, typed
from storage.tables import alert_words as words_table
from storage.tables import alerts
from watcher.core.alerts import Alert

_BATCH = 500  # rows at once: the largest are pages
_WHOLE = 1 << 256

_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """`digest`: of all its rows, whatever their order; the same on every database."""

    table: str
    rows: int
    digest: str


def transfer(reader: Connection, writer: Connection, table: Table) -> Moved:
    """What was read, which is now written too. `StorageError` names the database whose fault it is."""
    if table is words_table and writer.dialect.name == "sqlite":
        _index(reader, writer)
        return _summed(table, _rows(reader, table))
    counting = _Sum()
    write = _copy_in if writer.dialect.name == "postgresql" else _insert
    with closing(_rows(reader, table)) as rows:
        try:
            write(writer, table, counting.watch(rows))
        except writer.dialect.loaded_dbapi.DataError as error:
            raise _refused(error, reader, table) from error
        except writer.dialect.loaded_dbapi.Error as error:
            raise explained(error, writer.engine.url) from error
    if writer.dialect.name == "postgresql":
        _go_on_counting(writer, table)
    return Moved(table.name, counting.number, counting.digest)


def read_again(writer: Connection, table: Table) -> Moved:
    """What has arrived."""
    return _summed(table, _rows(writer, table))


def _summed(table: Table, rows: Iterable[_Row]) -> Moved:
    counting = _Sum()
    for _ in counting.watch(rows):
        pass
    return Moved(table.name, counting.number, counting.digest)


class _Sum:
    def __init__(self) -> None:
        self.number, self._sum = 0, 0

    def watch(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        for row in rows:
            self.number += 1
            self._sum = (self._sum + _digest(row)) % _WHOLE
            yield row

    @property
    def digest(self) -> str:
        return f"{self._sum:064x}"


def _digest(row: _Row) -> int:
    digest = hashlib.sha256()
    for value in row:
        told = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        digest.update(b"%s %d " % (type(value).__name__.encode(), len(told)))
        digest.update(told)
    return int.from_bytes(digest.digest())


def _refused(error: Exception, reader: Connection, table: Table) -> StorageError:
    """SQLite keeps what it is given: a text where a number belongs, characters that PostgreSQL has not."""
    detail = " ".join(str(error).split())[:200]
    return StorageError(
        f"Base {place(reader.engine.url)} : la table {table.name} tient ce que l'autre base n'accepte pas ({detail}) ; "
        "rien n'est déplacé : corrigez cette ligne, ou restaurez une sauvegarde.",
        permanent=True,
    )


def _rows(connection: Connection, table: Table) -> Generator[_Row, None, None]:
    """As the database keeps them, but with one type for each meaning."""
    # Of the table by name: a column alone that is not there SQLite would take for a text.
    names = ", ".join(f"{_quoted(table.name)}.{_quoted(column.name)}" for column in table.columns)
    sql = f"SELECT {names} FROM {_quoted(table.name)}"  # noqa: S608  # of constants
    told = [_true if isinstance(column.type, Boolean) else _plain for column in table.columns]
    options = {"stream_results": True, "yield_per": _BATCH}
    with (
        typed(connection.engine.url),
        connection.execute(text(sql), execution_options=options) as found,
    ):
        for row in found:
            yield tuple(step(value) for step, value in zip(told, row, strict=True))


def _true(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def _copy_in(writer: Connection, table: Table, rows: Iterable[_Row]) -> None:
    """PostgreSQL takes a stream faster than statements."""
    sql = f"COPY {_quoted(table.name)} ({_names(table)}) FROM STDIN"
    raw: Any = writer.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(sql) as stream:
        for row in rows:
            stream.write_row(row)


def _insert(writer: Connection, table: Table, rows: Iterable[_Row]) -> None:
    marks = ", ".join("?" * len(table.columns))
    sql = f"INSERT INTO {_quoted(table.name)} ({_names(table)}) VALUES ({marks})"  # noqa: S608  # of constants
    for batch in _batches(rows):
        writer.exec_driver_sql(sql, batch)


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    batch: list[_Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _index(reader: Connection, writer: Connection) -> None:
    """SQLite finds words by an index of its own making, in the order of time."""
    documents = select(alerts.c.document).order_by(alerts.c.detected_at, alerts.c.id)
    found = reader.execute(documents, execution_options={"stream_results": True, "yield_per": _BATCH})
    for partition in found.partitions():
        alert_words.add(writer, [load(row.document, Alert) for row in partition])


def _go_on_counting(writer: Connection, table: Table) -> None:
    """The next number that is given follows the last one there is."""
    column = table.autoincrement_column
    if column is None:
        return
    named, name = _quoted(column.name), _quoted(table.name)
    asked = text(
        f"SELECT setval(pg_get_serial_sequence(:table, :column), coalesce(max({named}), 1), "  # noqa: S608
        f"max({named}) IS NOT NULL) FROM {name}"
    )
    writer.execute(asked, {"table": name, "column": column.name})


def _names(table: Table) -> str:
    return ", ".join(_quoted(column.name) for column in table.columns)


def _quoted(name: str) -> str:
    return f'"{name}"'

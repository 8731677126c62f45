"""Whether a database can do its work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, false, func, literal, select, text, union_all, update

from storage.engine import reading, try_to_write
from storage.errors import StorageError
from storage.migrations import HEAD, schema_version
from storage.tables import metadata, sources

_ROOM = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
_ROOM_ELSEWHERE = "SELECT pg_database_size(current_database())"
_NO_ROW = update(sources).where(false()).values(snapshot=0)


@dataclass(frozen=True, slots=True)
class Health:
    """`trouble` is one French line, empty when all is well."""

    schema: str | None
    writable: bool
    trouble: str = ""

    @property
    def at_head(self) -> bool:
        return self.schema == HEAD


def examine(engine: Engine) -> Health:
    """Look at the schema and try to write; a database that does not answer is a `Health` too.

    Asked by monitors all day: nothing of it takes longer with what is stored.
    """
    schema = None
    try:
        schema = schema_version(engine)
        if schema != HEAD:
            return Health(
                schema, writable=False, trouble=f"Le schéma est {schema or 'absent'}, attendu {HEAD}."
            )
        try_to_write(engine, _NO_ROW)
    except StorageError as error:
        return Health(schema, writable=False, trouble=str(error))
    return Health(schema, writable=True)


def sizes(engine: Engine) -> Mapping[str, int]:
    """Numbers of rows by table. Takes a second for every some ten million."""
    each = [select(literal(t.name), func.count()).select_from(t) for t in metadata.sorted_tables]
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(union_all(*each))}


def room(engine: Engine) -> int:
    """Bytes on disk, what is free inside for more included."""
    sql = _ROOM if engine.dialect.name == "sqlite" else _ROOM_ELSEWHERE
    with reading(engine) as connection:
        return int(connection.scalar(text(sql)) or 0)

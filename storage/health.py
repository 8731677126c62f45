"""Whether a database can do its work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, false, func, literal, select, union_all, update

from storage.engine import reading, try_to_write
from storage.errors import StorageError
from storage.migrations import HEAD, schema_version
from storage.tables import metadata, sources

_NO_ROW = update(sources).where(false()).values(snapshot=0)


@dataclass(frozen=True, slots=True)
class Health:
    """`trouble` is one French line, empty when all is well; `counts` are numbers of rows by table."""

    schema: str | None
    writable: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""

    @property
    def at_head(self) -> bool:
        return self.schema == HEAD


def examine(engine: Engine) -> Health:
    """Look at the schema, count, and try to write; a database that does not answer is a `Health` too."""
    schema = None
    try:
        schema = schema_version(engine)
        if schema != HEAD:
            return Health(
                schema, writable=False, trouble=f"Le schéma est {schema or 'absent'}, attendu {HEAD}."
            )
        counts = _counts(engine)
        try_to_write(engine, _NO_ROW)
    except StorageError as error:
        return Health(schema, writable=False, trouble=str(error))
    return Health(schema, writable=True, counts=counts)


def _counts(engine: Engine) -> dict[str, int]:
    each = [select(literal(t.name), func.count()).select_from(t) for t in metadata.sorted_tables]
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(union_all(*each))}

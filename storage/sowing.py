"""A new database with the schema of another: at once, and without Alembic, which stays in memory for good."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text

from storage.engine import reading
from storage.migrations import HEAD

# FTS5 makes the tables that it keeps beside its own by itself.
_MADE = text(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND name NOT LIKE 'alert\\_words\\_%' ESCAPE '\\' ORDER BY type = 'trigger', type = 'index', rowid"
)


def sow(engine: Engine, path: Path) -> None:
    """An empty database at `path`, where this one is SQLite's; else nothing, and it is left to the migrations."""
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as connection:
        made = connection.scalars(_MADE).all()
    with closing(sqlite3.connect(path)) as new, new:
        for statement in made:
            new.execute(statement)
        new.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))

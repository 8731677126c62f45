"""Brings Procrastinate's own tables to what this version of it needs. They are no part of our schema."""

from __future__ import annotations

from collections.abc import Mapping, Set
from importlib import resources
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager
from psycopg.sql import SQL

from storage.errors import of_driver

_LOCK = 0x5649474946  # of advisory locks: of workers that start at once, one does it and the others wait
_APPLIED = "CREATE TABLE IF NOT EXISTS procrastinate_applied (name text PRIMARY KEY)"
_HERE = "SELECT to_regclass('procrastinate_workers') IS NOT NULL"
_AT_WORK = """
    SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'
"""


def upgrade(address: str, steps: Mapping[str, str] | None = None) -> None:
    """All or nothing, by the `steps` that this version ships, or by others.

    What would stop workers of an older version waits until none of them is at work. `StorageError` when the
    database fails it.
    """
    try:
        with psycopg.connect(address) as connection:
            _upgrade(connection, shipped() if steps is None else steps)
    except psycopg.Error as error:
        raise of_driver(error, address) from error


def _upgrade(connection: psycopg.Connection, steps: Mapping[str, str]) -> None:
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    fresh = connection.execute("SELECT to_regclass('procrastinate_jobs') IS NULL").fetchone() == (True,)
    known = connection.execute("SELECT to_regclass('procrastinate_applied') IS NOT NULL").fetchone() == (
        True,
    )
    connection.execute(_APPLIED)
    if fresh:
        connection.execute(SQL(SchemaManager.get_schema()))
    if fresh or not known:  # made by this version's own command, where it was not by us
        _note(connection, steps.keys())
        return
    applied = {name for (name,) in connection.execute("SELECT name FROM procrastinate_applied")}
    _catch_up(connection, {name: sql for name, sql in steps.items() if name not in applied})


def somebody_works(connection: psycopg.Connection) -> bool:
    """Also false where there never was a worker, and none of these tables is."""
    if connection.execute(_HERE).fetchone() != (True,):
        return False
    return connection.execute(_AT_WORK).fetchone() != (0,)


def _catch_up(connection: psycopg.Connection, steps: Mapping[str, str]) -> None:
    alone = connection.execute(_AT_WORK).fetchone() == (0,)
    for name, sql in sorted(steps.items()):
        if "_post_" in name and not alone:
            return
        connection.execute(sql.encode())
        _note(connection, {name})


def _note(connection: psycopg.Connection, names: Set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO procrastinate_applied VALUES (%s) ON CONFLICT DO NOTHING",
            [(name,) for name in sorted(names)],
        )


def shipped() -> dict[str, str]:
    """The migrations that Procrastinate ships, by name; names are in the order of versions."""
    folder = Path(str(resources.files("procrastinate.sql"))) / "migrations"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}

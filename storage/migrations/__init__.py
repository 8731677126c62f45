"""Brings a database to today's schema. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from storage.engine import reading, writing
from storage.errors import StorageError, place

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every schema there has been, oldest first."""

HEAD = VERSIONS[-1]

_LOCK = 0x5649474945  # of PostgreSQL's advisory locks: two that start at once migrate one after the other


def schema_version(engine: Engine) -> str | None:
    """The version of a database's schema; `None` when it has none yet."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def upgrade(engine: Engine) -> None:
    """Bring the schema to `HEAD`, all or nothing. `StorageError` when a newer program has written it."""
    version = schema_version(engine)
    if version == HEAD:
        return
    if version is not None and version not in VERSIONS:
        raise StorageError(
            f"Base {place(engine.url)} : son schéma ({version}) est plus récent que ce programme ({HEAD}) ; "
            "mettez le programme à jour.",
            permanent=True,
        )
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

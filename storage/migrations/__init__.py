"""Brings a database to today's schema. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from storage.dialect import alone, unhurried, wait_no_longer
from storage.engine import reading, writing
from storage.errors import StorageError, place

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
"""Every schema there has been, oldest first."""

HEAD = VERSIONS[-1]

_LOCK = 0x5649474945  # of PostgreSQL's advisory locks: two that start at once migrate one after the other


def schema_version(engine: Engine) -> str | None:
    """The version of a database's schema; `None` when it has none yet."""
    with reading(engine) as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def upgrade(engine: Engine) -> None:
    """Bring the schema to `HEAD`, all or nothing. `StorageError` when a newer program has written it."""
    if schema_version(engine) == HEAD:
        return
    with writing(engine) as connection:
        unhurried(connection)
        upgrade_within(connection)


def upgrade_within(connection: Connection) -> None:
    """The same as a part of a transaction, which nobody else can do meanwhile."""
    alone(connection, _LOCK)
    version = _version(connection)
    if version is not None and version not in VERSIONS:
        raise StorageError(
            f"Base {place(connection.engine.url)} : son schéma ({version}) est plus récent que ce programme "
            f"({HEAD}) ; mettez le programme à jour.",
            permanent=True,
        )
    if version != HEAD:
        wait_no_longer(connection)  # for whoever uses a table: others would queue up behind us
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")

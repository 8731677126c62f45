"""Where a database lives: one that was copied or restored elsewhere by the tools of its server is told apart."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Table, Text, delete, insert, select, text

from storage.columns import metadata

# One row on PostgreSQL, none on SQLite.
installation = Table("installation", metadata, Column("place", Text, primary_key=True))

# Not everywhere may everybody ask which server it is.
_MAY_ASK = text("SELECT has_function_privilege('pg_control_system()', 'execute')")
_SERVER = text("SELECT system_identifier FROM pg_control_system()")
# The numbers of the database, and of a table that only a restoration makes anew.
_WITHIN = text(
    "SELECT oid, 'installation'::regclass::oid FROM pg_database WHERE datname = current_database()"
)


def at_home(connection: Connection) -> bool:
    """Whether the database is where it was when it was last settled. SQLite cannot tell, and says yes."""
    if connection.dialect.name == "sqlite":
        return True
    return connection.scalar(select(installation.c.place)) == _here(connection)


def settle(connection: Connection) -> None:
    """From now on this is where it lives."""
    if connection.dialect.name != "sqlite":
        connection.execute(delete(installation))
        connection.execute(insert(installation), {"place": _here(connection)})


def _here(connection: Connection) -> str:
    server = connection.scalar(_SERVER) if connection.scalar(_MAY_ASK) else ""
    return "/".join(map(str, (server, *connection.execute(_WITHIN).one())))

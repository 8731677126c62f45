"""What robots.txt said, for as long as it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from storage.dialect import insert_or_replace
from storage.tables import robots

_ALL = select(robots.c.origin, robots.c.until, robots.c.text)


def read(connection: Connection) -> Mapping[str, tuple[datetime, str]]:
    return {origin: (until, text) for origin, until, text in connection.execute(_ALL)}


def keep(connection: Connection, origin: str, until: datetime, text: str) -> None:
    """The newest answer of an origin takes the place of the one before."""
    row = {"origin": origin, "until": until, "text": text}
    connection.execute(insert_or_replace(connection, robots), row)

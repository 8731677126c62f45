"""Pace and brake of each platform, and which process speaks to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, update

from storage.codec import dump, load
from storage.dialect import insert_new
from storage.leases import at, ended, nobody_holds, taken
from storage.tables import platforms
from watcher.core.state import PlatformState

_this = platforms.c.name == bindparam("platform")

_LEASE = (
    update(platforms)
    .where(_this, or_(nobody_holds(platforms), platforms.c.lease_owner == bindparam("owner")))
    .values(taken())
    .returning(platforms.c.state)
)
_RELEASE = update(platforms).where(_this, platforms.c.lease_owner == bindparam("owner")).values(ended())
_WRITE = update(platforms).where(_this).values(state=bindparam("written"))


def lease(
    connection: Connection, name: str, owner: str, now: datetime, until: datetime
) -> PlatformState | None:
    """Take a platform that nobody speaks to; one never heard of begins fresh."""
    connection.execute(
        insert_new(connection, platforms),
        {"name": name, "state": dump(PlatformState(name), PlatformState)},
    )
    row = connection.execute(_LEASE, {"platform": name, "owner": owner, "until": until, **at(now)}).first()
    return load(row.state, PlatformState) if row else None


def write(connection: Connection, state: PlatformState) -> None:
    """Write a state; its lease, if any, goes on."""
    document = dump(state, PlatformState)
    written = connection.execute(_WRITE, {"platform": state.name, "written": document})
    if written.rowcount == 0:
        connection.execute(insert_new(connection, platforms), {"name": state.name, "state": document})


def release(connection: Connection, name: str, owner: str) -> None:
    connection.execute(_RELEASE, {"platform": name, "owner": owner})

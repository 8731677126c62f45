"""Pace and brake of each platform, and which round of which process speaks to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from storage.codec import dump, load
from storage.dialect import insert_new
from storage.leases import at, ended, nobody_holds, release_sources, taken
from storage.tables import platforms
from watcher.core.state import HeldPlatform, PlatformState

_this = platforms.c.name == bindparam("platform")

_LEASE = (
    update(platforms)
    .where(_this, or_(nobody_holds(platforms), platforms.c.lease_owner == bindparam("owner")))
    .values(taken())
    .returning(platforms.c.state)
)
_is_mine = platforms.c.lease_owner == bindparam("owner")
_HOLD = (
    update(platforms)
    .where(_this, _is_mine)
    .values(state=bindparam("written"), lease_until=bindparam("until"))
)
_RELEASE = update(platforms).where(_this, _is_mine).values(ended())
_HOLDER = select(platforms.c.lease_owner).where(_this).with_for_update()
_ALL = select(platforms).order_by(platforms.c.name)
_LAPSED = (
    select(platforms.c.name, platforms.c.lease_owner)
    .where(platforms.c.lease_owner.is_not(None), nobody_holds(platforms))
    .order_by(platforms.c.name)
)
_WRITE = update(platforms).where(_this).values(state=bindparam("written"))


def lease(
    connection: Connection, name: str, owner: str, now: datetime, until: datetime
) -> PlatformState | None:
    """Take a platform that nobody speaks to; one never heard of begins fresh. What its last speaker still holds
    of its sources is free with it.
    """
    connection.execute(
        insert_new(connection, platforms),
        {"name": name, "state": dump(PlatformState(name), PlatformState)},
    )
    holder = connection.scalar(_HOLDER, {"platform": name})
    row = connection.execute(_LEASE, {"platform": name, "owner": owner, "until": until, **at(now)}).first()
    if row is None:
        return None
    if holder not in {None, owner}:
        release_sources(connection, holder)
    return load(row.state, PlatformState)


def hold(connection: Connection, state: PlatformState, owner: str, until: datetime) -> bool:
    asked = {"platform": state.name, "owner": owner, "until": until, "written": dump(state, PlatformState)}
    return connection.execute(_HOLD, asked).rowcount == 1


def write(connection: Connection, state: PlatformState, owner: str | None) -> bool:
    """Write a state; its lease, if any, goes on. False, and nothing is written, when it is not `owner`'s."""
    document = dump(state, PlatformState)
    where = _WRITE if owner is None else _WRITE.where(platforms.c.lease_owner == owner)
    if connection.execute(where, {"platform": state.name, "written": document}).rowcount:
        return True
    if owner is not None:
        return False
    connection.execute(insert_new(connection, platforms), {"name": state.name, "state": document})
    return True


def release(connection: Connection, name: str, owner: str, state: PlatformState | None) -> None:
    if state is not None:
        write(connection, state, owner)
    connection.execute(_RELEASE, {"platform": name, "owner": owner})


def read(connection: Connection) -> Sequence[HeldPlatform]:
    return [
        HeldPlatform(load(row.state, PlatformState), row.lease_owner, row.lease_until)
        for row in connection.execute(_ALL)
    ]


def lapsed(connection: Connection, now: datetime) -> Sequence[tuple[str, str]]:
    """Name and last speaker of those whose lease ran out."""
    return [(row.name, row.lease_owner) for row in connection.execute(_LAPSED, at(now))]


def free(connection: Connection, name: str, owner: str, now: datetime) -> bool:
    """End a lease that ran out, and those of the sources that its holder has; false when it was prolonged meanwhile."""
    ending = _RELEASE.where(nobody_holds(platforms))
    if connection.execute(ending, {"platform": name, "owner": owner, **at(now)}).rowcount == 0:
        return False
    release_sources(connection, owner)
    return True

"""Being the only one to work on a row for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, null, or_, select, update

from storage.tables import platforms, sources

LONGEST = timedelta(days=1)
"""A lease that ends later than this from now was taken under a clock that has since been set back."""


def nobody_holds(table: Table) -> ColumnElement[bool]:
    """True of rows that no lease holds at `now`; to be run with `at(now)`."""
    until = table.c.lease_until
    return or_(
        until.is_(None),
        until <= bindparam("now", type_=until.type),
        until > bindparam("absurd", type_=until.type),
    )


def at(now: datetime) -> dict[str, datetime]:
    """The parameters that `nobody_holds` needs."""
    return {"now": now, "absurd": now + LONGEST}


def taken() -> dict[str, Any]:
    """The columns of a lease taken by `owner` until `until`."""
    return {"lease_owner": bindparam("owner"), "lease_until": bindparam("until")}


def ended() -> dict[str, Any]:
    """The columns of a lease that is over."""
    return {"lease_owner": null(), "lease_until": null()}


def owners(connection: Connection) -> set[str]:
    """Everybody who holds anything."""
    return {
        owner
        for table in (sources, platforms)
        for owner in connection.scalars(select(table.c.lease_owner).where(table.c.lease_owner.is_not(None)))
    }


def release_sources(connection: Connection, owner: str) -> None:
    """End the leases that one round has of sources."""
    connection.execute(update(sources).where(sources.c.lease_owner == owner).values(ended()))


def release_all(connection: Connection, owner: str) -> None:
    """End every lease of an owner that is known to be dead."""
    for table in (sources, platforms):
        connection.execute(update(table).where(table.c.lease_owner == owner).values(ended()))

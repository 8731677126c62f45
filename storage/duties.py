"""What one process at a time does for all of them; that a process is there is a duty of its own name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, select, update

from storage.dialect import insert_new
from storage.leases import at, nobody_holds, taken
from storage.watch_tables import duties
from watcher.core.state import Duty

_this = duties.c.name == bindparam("duty")
_is_mine = duties.c.lease_owner == bindparam("owner")

_LEASE = (
    update(duties)
    .where(_this, nobody_holds(duties) | _is_mine)
    .values(
        taken()
        | {"since": case((_is_mine, duties.c.since), else_=bindparam("now")), "what": bindparam("doing")}
    )
)
_RELEASE = delete(duties).where(_this, _is_mine)
_HELD = select(duties).where(~nobody_holds(duties)).order_by(duties.c.name)
_LAPSED = delete(duties).where(duties.c.lease_until < bindparam("long_ago"))


def lease(connection: Connection, name: str, owner: str, now: datetime, until: datetime, what: str) -> bool:
    asked = {"duty": name, "owner": owner, "until": until, "doing": what, **at(now)}
    if connection.execute(_LEASE, asked).rowcount:
        return True
    row = {"name": name, "what": what, "since": now, "lease_owner": owner, "lease_until": until}
    made = connection.execute(insert_new(connection, duties).returning(duties.c.name), row)
    return made.first() is not None


def release(connection: Connection, name: str, owner: str) -> None:
    connection.execute(_RELEASE, {"duty": name, "owner": owner})


def held(connection: Connection, now: datetime) -> Sequence[Duty]:
    rows = connection.execute(_HELD, at(now))
    return [Duty(row.name, row.lease_owner, row.since, row.lease_until, row.what) for row in rows]


def forget(connection: Connection, before: datetime) -> None:
    """Those that nobody has had since then."""
    connection.execute(_LAPSED, {"long_ago": before})

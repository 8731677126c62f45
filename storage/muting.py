"""What is told no more, and what was not told because of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.desk_tables import muted, mutes
from storage.dialect import insert_new
from watcher.core.decisions import Mute
from watcher.core.verdict import Route, Verdict

_SIGN = "mute:"
"""How the reason of a verdict that is muted by a mute begins; its id follows."""
_EVER = select(mutes).order_by(mutes.c.at, mutes.c.id)
_IN_FORCE = _EVER.where(mutes.c.ended_at.is_(None))


def read(connection: Connection, *, ended: bool) -> Sequence[Mute]:
    wanted = _EVER if ended else _IN_FORCE
    return [Mute(**row) for row in connection.execute(wanted).mappings()]


def add(connection: Connection, new: Sequence[Mute]) -> None:
    if new:
        connection.execute(insert(mutes), [asdict(mute) for mute in new])


def end(connection: Connection, mute: str, at: datetime) -> bool:
    """False when it had ended, or there is none."""
    done = update(mutes).where(mutes.c.id == mute, mutes.c.ended_at.is_(None)).values(ended_at=at)
    return connection.execute(done).rowcount == 1


def count(connection: Connection) -> Mapping[str, int]:
    counted = select(muted.c.mute, func.count()).group_by(muted.c.mute)
    return dict(connection.execute(counted).all())


def note(connection: Connection, verdicts: Iterable[tuple[str, Verdict]]) -> None:
    """Changes that were hidden, by id."""
    rows = [
        {"mute": reason.rule.removeprefix(_SIGN), "change": change}
        for change, verdict in verdicts
        if verdict.route is Route.MUTE
        for reason in verdict.reasons
        if reason.rule.startswith(_SIGN)
    ]
    if rows:
        connection.execute(insert_new(connection, muted), rows)

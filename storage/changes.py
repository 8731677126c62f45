"""What changed, before and after, and how it was understood at the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    bindparam,
    func,
    literal_column,
    select,
    text,
    tuple_,
    type_coerce,
)

from storage import muting
from storage.codec import dump, load
from storage.dialect import insert_new
from storage.packing import pack_document, unpack_document
from storage.tables import changes
from watcher.core.changes import Change
from watcher.core.state import PollPlan
from watcher.core.verdict import Notice, Verdict

_DAY = 86_400_000_000  # microseconds

_HISTORY = (
    select(changes.c.body)
    .where(changes.c.source == bindparam("of"))
    .order_by(changes.c.detected_at, changes.c.id)
)
# As an expression: SQLite would walk all that there ever was, in the order of sources.
_of = changes.c.source.concat(literal_column("''"))
_RHYTHMS = (
    select(_of, func.max(changes.c.detected_at).label("moment"))
    .where(changes.c.detected_at >= bindparam("since"))
    .group_by(_of, type_coerce(changes.c.detected_at, BigInteger) // _DAY)
    .order_by(_of, text("moment"))
)

_ONE = select(changes.c.body).where(changes.c.id == bindparam("change"))

Reading = tuple[Change, Notice, Verdict]


@dataclass(frozen=True, slots=True)
class Kept:
    """A change, the text as it was read, to be read again with other rules, and how it was understood."""

    change: Change
    notice: Notice | None
    verdict: Verdict | None


def add(connection: Connection, plan: PollPlan, page: int | None) -> None:
    """Write those that are not there yet, each with what was read, its verdict and the number of its page."""
    rows = [
        {
            "id": change.id,
            "source": change.source,
            "detected_at": change.detected_at,
            "page": page,
            "understood": change.id in plan.notices and change.id in plan.verdicts,
            "body": pack_document(dump(_kept(plan, change), Kept)),
        }
        for change in plan.changes
    ]
    if rows:
        connection.execute(insert_new(connection, changes), rows)
        muting.note(connection, [(c.id, plan.verdicts[c.id]) for c in plan.changes if c.id in plan.verdicts])


def history(connection: Connection, source: str) -> Sequence[tuple[Change, Verdict | None]]:
    """All changes of a source with their verdicts, oldest first."""
    kept = map(_unpacked, connection.scalars(_HISTORY, {"of": source}))
    return [(one.change, one.verdict) for one in kept]


def read(connection: Connection, change: str) -> Kept | None:
    body = connection.scalar(_ONE, {"change": change})
    return None if body is None else _unpacked(body)


def rhythms(connection: Connection, since: datetime) -> Mapping[str, Sequence[datetime]]:
    """When something changed on each page since then, oldest first: of each day (UTC) the last moment."""
    found: dict[str, list[datetime]] = {}
    for source, moment in connection.execute(_RHYTHMS, {"since": since}):
        found.setdefault(source, []).append(moment)
    return found


def readings(
    connection: Connection, since: datetime | None, after: Change | None, limit: int
) -> Sequence[Reading]:
    """At most `limit` texts that were read and understood, oldest first, those that follow `after`."""
    order = changes.c.detected_at, changes.c.id
    query = select(changes.c.body).where(changes.c.understood).order_by(*order).limit(limit)
    if since is not None:
        query = query.where(changes.c.detected_at >= since)
    if after is not None:
        query = query.where(tuple_(*order) > (after.detected_at, after.id))
    kept = map(_unpacked, connection.scalars(query))
    return [(one.change, one.notice, one.verdict) for one in kept if one.notice and one.verdict]


def _kept(plan: PollPlan, change: Change) -> Kept:
    return Kept(change, plan.notices.get(change.id), plan.verdicts.get(change.id))


def _unpacked(body: bytes) -> Kept:
    return load(unpack_document(body), Kept)

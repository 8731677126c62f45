"""What changed, before and after, and how it was understood at the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, tuple_

from storage import muting
from storage.codec import dump, load
from storage.dialect import insert_new
from storage.tables import changes
from watcher.core.changes import Change
from watcher.core.state import PollPlan
from watcher.core.verdict import Notice, Verdict

_HISTORY = (
    select(changes.c.document, changes.c.verdict)
    .where(changes.c.source == bindparam("of"))
    .order_by(changes.c.detected_at, changes.c.id)
)
_RHYTHMS = (
    select(changes.c.source, changes.c.detected_at)
    .where(changes.c.detected_at >= bindparam("since"))
    .distinct()
    .order_by(changes.c.source, changes.c.detected_at)
)

Reading = tuple[Change, Notice, Verdict]


def add(connection: Connection, plan: PollPlan, page: int | None) -> None:
    """Write those that are not there yet, each with what was read, its verdict and the number of its page."""
    rows = [
        {
            "id": change.id,
            "source": change.source,
            "detected_at": change.detected_at,
            "page": page,
            "document": dump(change, Change),
            "verdict": dump(verdict, Verdict) if (verdict := plan.verdicts.get(change.id)) else None,
            "notice": dump(notice, Notice) if (notice := plan.notices.get(change.id)) else None,
        }
        for change in plan.changes
    ]
    if rows:
        connection.execute(insert_new(connection, changes), rows)
        muting.note(connection, [(c.id, plan.verdicts[c.id]) for c in plan.changes if c.id in plan.verdicts])


def history(connection: Connection, source: str) -> Sequence[tuple[Change, Verdict | None]]:
    """All changes of a source with their verdicts, oldest first."""
    return [
        (load(document, Change), load(verdict, Verdict) if verdict else None)
        for document, verdict in connection.execute(_HISTORY, {"of": source})
    ]


def rhythms(connection: Connection, since: datetime) -> Mapping[str, Sequence[datetime]]:
    """When something changed on each page since then: a moment for each reading that found changes, oldest first."""
    found: dict[str, list[datetime]] = {}
    for source, moment in connection.execute(_RHYTHMS, {"since": since}):
        found.setdefault(source, []).append(moment)
    return found


def readings(
    connection: Connection, since: datetime | None, after: Change | None, limit: int
) -> Sequence[Reading]:
    """At most `limit` texts that were read and understood, oldest first, those that follow `after`."""
    order = changes.c.detected_at, changes.c.id
    query = (
        select(changes.c.document, changes.c.notice, changes.c.verdict)
        .where(changes.c.notice.is_not(None), changes.c.verdict.is_not(None))
        .order_by(*order)
        .limit(limit)
    )
    if since is not None:
        query = query.where(changes.c.detected_at >= since)
    if after is not None:
        query = query.where(tuple_(*order) > (after.detected_at, after.id))
    return [
        (load(document, Change), load(notice, Notice), load(verdict, Verdict))
        for document, notice, verdict in connection.execute(query)
    ]

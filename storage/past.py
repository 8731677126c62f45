"""Puts what was concluded about a source's past in the place of what was concluded before, and finds it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select

from storage import alerts, capture_rows, changes
from storage.codec import dump, load
from storage.desk_tables import decisions
from storage.dialect import insert_new, insert_or_replace
from storage.history_tables import captures, past_changes, past_snapshots, replays
from storage.packing import pack_document, unpack_document
from watcher.core.captures import Past, PastChange, sameness
from watcher.core.items import Snapshot
from watcher.core.page import Page

_OF = past_changes.c.source == bindparam("of")
_KNOWN = select(past_changes.c.id).where(_OF)
_DECIDED = select(decisions.c.alert).where(decisions.c.alert.in_(_KNOWN)).distinct()
_BODY = select(past_changes.c.body).where(past_changes.c.id == bindparam("change"))
_COUNT = select(func.count()).select_from(captures).where(captures.c.source == bindparam("of"))
_AT_ONCE = 500


def conclude(connection: Connection, found: Past) -> Past:
    """What the watch itself found at its time is no history, and left out of what is returned."""
    seen = {sameness(change) for change, _ in changes.history(connection, found.source)}
    past = replace(found, changes=tuple(c for c in found.changes if sameness(c.change) not in seen))
    for capture in past.used:
        capture_rows.add(connection, capture)
    decided = set(connection.scalars(_DECIDED, {"of": past.source}))
    former = set(connection.scalars(_KNOWN, {"of": past.source}))
    _forget(connection, former - decided)
    numbers = _numbers(connection, past)
    rows = [_row(one, numbers) for one in past.changes]
    if rows:
        connection.execute(insert_new(connection, past_changes), rows)
    alerts.add(connection, past.alerts)
    _write_snapshots(connection, past)
    looked = {"source": past.source, "captures": connection.scalar(_COUNT, {"of": past.source})}
    connection.execute(insert_or_replace(connection, replays), looked)
    return past


def read(connection: Connection, change: str) -> changes.Kept | None:
    """As `changes.read`."""
    body = connection.scalar(_BODY, {"change": change})
    return None if body is None else load(unpack_document(body), changes.Kept)


def page(connection: Connection, change: str) -> Page | None:
    """The capture in which a change was found."""
    return _captured(connection, past_changes.c.after, change)


def page_before(connection: Connection, change: str) -> Page | None:
    """The last one that did not show it."""
    return _captured(connection, past_changes.c.before, change)


def _captured(connection: Connection, side: ColumnElement[int], change: str) -> Page | None:
    wanted = select(captures).join(past_changes, captures.c.id == side).where(past_changes.c.id == change)
    row = connection.execute(wanted).first()
    return capture_rows.from_row(connection, row).page if row else None


def _forget(connection: Connection, names: Collection[str]) -> None:
    """What was not decided about may be found another way once more captures are there."""
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        batch = ordered[start : start + _AT_ONCE]
        alerts.remove_historical(connection, batch)
        connection.execute(delete(past_changes).where(past_changes.c.id.in_(batch)))


def _numbers(connection: Connection, past: Past) -> Mapping[tuple[object, ...], int]:
    sides_ = {side.name: side for one in past.changes for side in (one.before, one.after) if side}
    found = {name: capture_rows.number(connection, side) for name, side in sides_.items()}
    return {name: number for name, number in found.items() if number is not None}


def _row(one: PastChange, numbers: Mapping[tuple[object, ...], int]) -> Mapping[str, object]:
    kept = changes.Kept(one.change, one.notice, one.verdict)
    return {
        "id": one.change.id,
        "source": one.change.source,
        "detected_at": one.change.detected_at,
        "before": numbers[one.before.name] if one.before else None,
        "after": numbers[one.after.name],
        "told": one.alert is not None,
        "body": pack_document(dump(kept, changes.Kept)),
    }


def _write_snapshots(connection: Connection, past: Past) -> None:
    connection.execute(delete(past_snapshots).where(past_snapshots.c.source == past.source))
    rows: Sequence[Mapping[str, object]] = [
        {"source": past.source, "taken_at": one.taken_at, "body": pack_document(dump(one, Snapshot))}
        for one in past.snapshots
    ]
    if rows:
        connection.execute(insert(past_snapshots), rows)

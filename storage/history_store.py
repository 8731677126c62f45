"""What is found in the past: told to nobody, and kept beside what the watch itself reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine, func, select

from storage import alerts, capture_rows, past
from storage.dialect import insert_or_replace
from storage.engine import reading, retried, writing
from storage.history_tables import captures, past_addresses, past_changes, replays
from watcher.core.alerts import Alert
from watcher.core.captures import Capture, Past, PastStatus
from watcher.core.page import Page


class SqlHistory:
    """A `HistoryStore`. Threads may share it; every method is one transaction and raises `StorageError` when the
    database fails it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @retried
    def keep(self, told: Sequence[Alert]) -> Sequence[Alert]:
        """Also `ValueError` for one that is no history."""
        if not all(alert.historical for alert in told):
            raise ValueError("an alert of today is written by the poll that found it")
        with writing(self._engine) as connection:
            return alerts.add(connection, told)

    @retried
    def add(self, found: Iterable[Capture]) -> int:
        with writing(self._engine) as connection:
            return sum(capture_rows.add(connection, capture) for capture in found)

    def captures(self, source: str, keys: Sequence[str]) -> Sequence[Capture]:
        wanted = select(captures).where(captures.c.source == source, captures.c.page.in_(keys))
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(captures.c.taken_at, captures.c.id)).all()
            return [capture_rows.from_row(connection, row) for row in rows]

    def moments(self, source: str, key: str) -> Sequence[datetime]:
        wanted = select(captures.c.taken_at).where(captures.c.source == source, captures.c.page == key)
        with reading(self._engine) as connection:
            return list(connection.scalars(wanted.order_by(captures.c.taken_at)))

    def by_payload(self, payload: str) -> Page | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(captures).where(captures.c.payload == payload).limit(1)).first()
            return capture_rows.from_row(connection, row).page if row and payload else None

    @retried
    def move(self, key: str, address: str, source: str) -> None:
        row = {"page": key, "address": address, "source": source}
        with writing(self._engine) as connection:
            connection.execute(insert_or_replace(connection, past_addresses), row)

    def moved(self) -> Sequence[tuple[str, str, str]]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(past_addresses).order_by(past_addresses.c.page))
            return [(row.page, row.address, row.source) for row in rows]

    @retried
    def conclude(self, found: Past) -> Past:
        with writing(self._engine) as connection:
            return past.conclude(connection, found)

    def status(self, source: str | None = None) -> Sequence[PastStatus]:
        counted = select(
            captures.c.source,
            func.count().label("number"),
            func.min(captures.c.taken_at).label("first"),
            func.max(captures.c.taken_at).label("last"),
        ).group_by(captures.c.source)
        told = func.count().filter(past_changes.c.told)
        changed = select(past_changes.c.source, func.count(), told).group_by(past_changes.c.source)
        if source is not None:
            counted, changed = (
                counted.where(captures.c.source == source),
                changed.where(past_changes.c.source == source),
            )
        with reading(self._engine) as connection:
            rows = connection.execute(counted).all()
            changes = {name: (number, tells) for name, number, tells in connection.execute(changed)}
            looked = {row.source: row.captures for row in connection.execute(select(replays))}
        return [
            PastStatus(
                row.source,
                row.number,
                row.first,
                row.last,
                *changes.get(row.source, (0, 0)),
                looked.get(row.source) == row.number,
            )
            for row in sorted(rows, key=lambda row: str(row.source))
        ]

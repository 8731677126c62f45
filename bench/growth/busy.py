"""A month with more and more alerts a day."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.growth import works
from bench.growth.history import put_in
from bench.growth.timing import Work
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.alerts import catalogue

DAYS = 31
SHOWN = (
    *("/", "/prefectures/15", "/alerts", "/alerts?q=introuvable", "/api/v1/alerts?limit=100"),
    *("/feeds/all.atom", "/feeds/prefecture/15.atom", "/feeds/motif/salarie.atom", "/feeds/all.ics"),
)


def shown(folder: Path, a_day: int) -> dict[str, Work]:
    """What readers ask for where so many alerts are told each day."""
    path = folder / f"busy-{a_day}.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    apart = timedelta(days=1) / a_day
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA synchronous=0")
        put_in(raw, range(a_day * DAYS), lambda number: apart * number)
    return works.pages(SqlStore(engine), SqlOutbox(engine), catalogue(), SHOWN)

"""The watch looks for pages that have moved, now and then, and goes on whatever comes of it."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import catalogue
from tests.fakes.discovery import NOW
from watcher.care import MOVED, Care
from watcher.silence import Silence


def test_it_is_looked_for_once_an_hour_and_a_failure_ends_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/v.db")
    upgrade(engine)
    store = SqlStore(engine)
    looked: list[datetime] = []
    own = iter((0.0, MOVED / 2, MOVED + 1))

    def find(now: datetime) -> None:
        looked.append(now)
        raise RuntimeError("no site answers")

    care = Care(store, Silence(store, catalogue()), reconcile=lambda _: (), find_moved=find, time=lambda: at)
    for at in own:  # noqa: B007 - the time that the watch is told
        care.note(NOW, (), {}, {})
        care.drain(time.monotonic() + 5)
        care._workers = type(care._workers)("care")
    engine.dispose()

    assert len(looked) == 2

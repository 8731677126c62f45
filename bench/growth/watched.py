"""Many pages to watch: sources put in in bulk, each read an hour ago."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.growth import works
from bench.growth.timing import Work
from storage.codec import dump
from storage.columns import moment
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import PREFECTURES, SEEN, catalogue
from watcher.core.catalogue import Catalogue, Source, SourceKind
from watcher.core.page import Outcome
from watcher.core.state import SourceState

HOUR = timedelta(hours=1)
SHOWN = ("/", "/prefectures/15", "/coverage", "/metrics")


class Watched:
    def __init__(self, folder: Path, number: int) -> None:
        self.path = folder / "watched.db"
        self.engine = open_engine(f"sqlite:///{self.path}")
        upgrade(self.engine)
        self.store = SqlStore(self.engine)
        self._codes = tuple(PREFECTURES)
        self._names: list[str] = []
        self.grow(number)

    def grow(self, number: int) -> None:
        """All of them are due but a hundredth part."""
        new = [f"{self._codes[n % len(self._codes)]}-{n:07d}" for n in range(len(self._names), number)]
        self._names += new
        with closing(sqlite3.connect(self.path)) as raw, raw:
            raw.execute("PRAGMA synchronous=0")
            raw.executemany(
                "INSERT INTO sources (id, next_poll_at, snapshot, state) VALUES (?, ?, 0, ?)",
                ((name, moment(SEEN + HOUR), dump(_state(name), SourceState)) for name in new),
            )

    def works(self) -> dict[str, Work]:
        known = self.catalogue()
        names = tuple(self._names[:: max(len(self._names) // 64, 1)])
        people, outbox = SqlSubscriptions(self.engine), SqlOutbox(self.engine)
        done = works.upkeep(self.store, people, outbox, known)
        one = works.polling(self.store, names)
        found = {name: work for name, work in done.items() if name.startswith(("tick", "minute"))}
        found["tick: everything is due"] = lambda: self.store.due(SEEN + 2 * HOUR)
        found |= {name: work for name, work in one.items() if "asked" in name or "nothing" in name}
        return found | works.pages(self.store, outbox, known, SHOWN)

    def catalogue(self) -> Catalogue:
        sources = (
            Source(
                name, name.split("-")[0], SourceKind.NEWS, f"https://a.example/{name}", "dsfr", "ide", HOUR
            )
            for name in self._names
        )
        return Catalogue(catalogue().platforms, PREFECTURES, {one.id: one for one in sources})


def _state(name: str) -> SourceState:
    return SourceState(
        name, SEEN + HOUR, Outcome.UNCHANGED, SEEN, SEEN, SEEN, SEEN - timedelta(days=3), snapshot=0
    )

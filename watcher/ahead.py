"""Spares the database: leases are taken some sources ahead, and quiet polls are written some at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.core.items import Article, Snapshot
from watcher.core.page import Page
from watcher.core.ports import Store
from watcher.core.state import PollPlan, SourceState


class Ahead:
    """A `PollStore` for the polls of one worker. Nothing that somebody waits for is held back."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner
        self._claimed: dict[str, SourceState] = {}
        self._quiet: list[PollPlan] = []

    def expect(self, sources: Sequence[str], now: datetime, until: datetime) -> None:
        """Lease sources that are about to be polled; what was expected before and not polled is given back."""
        self.settle()
        self._claimed = dict(self._store.claim_all(sources, self._owner, now, until))

    def settle(self) -> None:
        """Write what is held back, and give back what was not polled."""
        if self._quiet:
            self._store.save_quiet(self._quiet)
            self._quiet = []
        for source in self._claimed:
            self._store.release(source, self._owner)
        self._claimed = {}

    def forget(self) -> None:
        """Write nothing of what is held back: another reads these pages by now."""
        self._quiet = []

    def claim(self, source: str, owner: str, now: datetime, until: datetime) -> SourceState | None:
        return self._claimed.pop(source, None) or self._store.claim(source, owner, now, until)

    def release(self, source: str, owner: str) -> None:
        self._store.release(source, owner)

    def latest_snapshot(self, source: str) -> Snapshot | None:
        return self._store.latest_snapshot(source)

    def latest_page(self, source: str) -> Page | None:
        return self._store.latest_page(source)

    def article(self, source: str, key: str) -> Article | None:
        return self._store.article(source, key)

    def save(self, plan: PollPlan) -> bool:
        if not plan.quiet:
            return self._store.save(plan)
        self._quiet.append(plan)
        return True

"""What is seen to each minute by one process of all that share a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog

from watcher.alarms import note_alarms
from watcher.core.incidents import apart
from watcher.core.pace import at_rest
from watcher.core.state import SourceOutline
from watcher.rounds import note_incidents

if TYPE_CHECKING:
    from watcher.bootstrap import App
    from watcher.care import Care
    from watcher.postroom import Post

DUTY = "upkeep"
HELD = timedelta(seconds=150)  # after two rounds that did not come another process does it
FORGET = timedelta(days=7)  # processes that are gone
DEAR, SOON = 10, 60.0  # times; seconds: the next round reads again anyway
MOMENT = 2.0  # seconds of a round for what is to be forgotten


@dataclass(slots=True)
class Upkeep:
    """Looks for what is wrong without any poll or message saying so, and forgets what is to be forgotten."""

    app: App
    owner: str
    post: Post | None = None
    care: Care | None = None
    time: Callable[[], float] = monotonic  # this process's own, in seconds
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _told: set[tuple[str, datetime]] = field(default_factory=set)
    _mine: bool = False
    _read: Mapping[str, SourceOutline] | None = None
    _read_again: float = 0.0

    def round(self, hangs: Callable[[], Mapping[str, str]]) -> None:
        """Unless another process does it. `hangs`: what of this process does not get on, in words, by part."""
        now, store = self.app.clock.now(), self.app.store
        self._mine = store.lease_duty(DUTY, self.owner, now, now + HELD)
        if not self._mine:
            return
        states = self._states()
        store.catch_up(now, states)
        store.forget_duties(now - FORGET)
        note_incidents(store, self.app.catalogue, now, states)
        note_alarms(store, self.app.subscriptions, now)
        if self.care is not None:
            waits = self.post.waits() if self.post is not None else {}
            resting = [one.state.name for one in store.platforms() if at_rest(one.state, now)]
            self.care.note(now, resting, {**hangs(), **waits}, states)
        if self.post is not None:
            self.post.tell_problems()
            self.post.forget()
        self._forget(now)
        self._tell_problems()

    def _states(self) -> Mapping[str, SourceOutline]:
        """What is known of every page; of very many it is not read again before ten times what reading took."""
        if self._read is None or self.time() >= self._read_again:
            begun = self.time()
            self._read = self.app.store.outlines()
            self._read_again = self.time() + DEAR * (self.time() - begun)
        read = self._read
        if self._read_again - self.time() < SOON:
            self._read = None
        return read

    def _forget(self, now: datetime) -> None:
        """What is kept for a while only. What is left after a moment goes the next time."""
        until = self.time() + MOMENT
        self.app.store.forget(now, lambda: self.time() < until)

    def alive(self, hangs: Callable[[], Mapping[str, str]]) -> None:
        """Let whoever waits for it outside know that everything goes on, if it does."""
        if self._mine and self.care is not None and not hangs() and (self.post is None or self.post.moves()):
            self.care.alive()

    def end(self, until: float) -> None:
        """Wait for what is under way, and let another process take over at once."""
        if self.care is not None:
            self.care.drain(until)
        if self._mine:
            self.app.store.release_duty(DUTY, self.owner)

    def _tell_problems(self) -> None:
        """Say once of each problem that it is there."""
        for problem in apart(self.app.store.problems(), self.app.catalogue):
            key = (problem.subject, problem.since)
            if key not in self._told:
                self._told.add(key)
                self._log.warning(
                    "problem", subject=problem.subject, kind=problem.kind, evidence=problem.evidence
                )

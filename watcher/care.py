"""What a daemon sees to every minute, so that nothing in it falls silent without being raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog

from watcher.core.ports import Store
from watcher.core.state import Problem, ProblemKind, SourceOutline
from watcher.postroom import Workers
from watcher.silence import Silence, settle

SLEPT = timedelta(minutes=5)  # since the last time: the machine was suspended, or its clock was set
RECONCILE = 15 * 60.0  # seconds of this process's own time, as below
CANARY = 6 * 3600.0
MOVED = 3600.0
PING = 5 * 60.0

Check = Callable[[datetime], Iterable[Problem]]
"""What is wrong at this time; problems of one kind that it alone raises."""


@dataclass(slots=True)
class Care:
    """`reconcile` and `canary` take seconds, and run beside everything else; so does `ping`, which may hang."""

    store: Store
    silence: Silence
    reconcile: Check
    canary: Check | None = None
    ping: Callable[[], str] | None = None
    find_moved: Callable[[datetime], None] | None = None  # looks for pages that have moved; asks their sites
    time: Callable[[], float] = monotonic  # this process's own, in seconds
    _log: Any = field(default_factory=lambda: structlog.get_logger("vigie"))
    _workers: Workers = field(default_factory=lambda: Workers("care"))
    _done: dict[str, float] = field(default_factory=dict)
    _noted_at: datetime | None = None
    _free_since: dict[str, datetime] = field(default_factory=dict)

    def note(
        self,
        now: datetime,
        braked: Iterable[str],
        troubles: Mapping[str, str],
        states: Mapping[str, SourceOutline] | None = None,
    ) -> None:
        """`braked`: platforms that are left alone now; `troubles`: what of the watch does not go on, in words."""
        if self._noted_at is None or abs(now - self._noted_at) > SLEPT:
            self._free_since = {}
        for platform in self.silence.catalogue.platforms:
            self._free_since.setdefault(platform, now)  # also one that is watched from now on
        self._noted_at = now
        self._free_since |= dict.fromkeys(braked, now)
        self.silence.note(now, self._free_since, states)
        found = [
            Problem(f"watch:{part}", ProblemKind.STUCK, now, words, needs_human=True)
            for part, words in troubles.items()
        ]
        settle(self.store, found, ProblemKind.STUCK, now)
        self._now_and_then("reconcile", RECONCILE, self._check, self.reconcile, ProblemKind.UNTOLD, now)
        if self.canary is not None:
            self._now_and_then("canary", CANARY, self._check, self.canary, ProblemKind.CANARY, now)
        if self.find_moved is not None:
            self._now_and_then("moved", MOVED, self._find_moved, self.find_moved, now)

    def alive(self) -> None:
        """Everything goes on: tell whoever waits for it."""
        if self.ping is not None:
            self._now_and_then("ping", PING, self._ping, self.ping)

    def drain(self, until: float) -> None:
        self._workers.drain(until)

    def _now_and_then(self, name: str, every: float, work: Callable[..., None], *arguments: object) -> None:
        at = self.time()
        if name not in self._done or at - self._done[name] >= every:
            self._done[name] = at
            self._workers.start(name, work, *arguments)

    def _check(self, check: Check, kind: ProblemKind, now: datetime) -> None:
        try:
            settle(self.store, list(check(now)), kind, now)
        except Exception:  # the other checks are made all the same
            self._log.exception("check_failed", kind=str(kind))

    def _find_moved(self, find: Callable[[datetime], None], now: datetime) -> None:
        try:
            find(now)
        except Exception:  # it will be looked for again; the watch goes on
            self._log.exception("search_failed")

    def _ping(self, ping: Callable[[], str]) -> None:
        trouble = ping()
        if trouble:
            self._log.warning("ping_failed", reason=trouble)  # never the address

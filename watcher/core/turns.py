"""Whose turn it is: one message at a time for each receiver, and so many a minute. For several threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from watcher.core.throttle import Quota, Visits

A_MINUTE = Quota(requests=10, window=timedelta(minutes=1))


@dataclass(slots=True)
class Turns:
    """Never keeps anybody waiting: who comes too early is told when to come back."""

    _visits: Visits = field(default_factory=lambda: Visits(A_MINUTE))
    _busy: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def turn(self, receiver: str, now: datetime) -> Iterator[timedelta | None]:
        """`None` for the length of the context when it is one's turn, else how long to wait."""
        wait = self._ask(receiver, now)
        try:
            yield wait
        finally:
            if wait is None:
                with self._lock:
                    self._busy.discard(receiver)

    def _ask(self, receiver: str, now: datetime) -> timedelta | None:
        with self._lock:
            if receiver in self._busy:
                return A_MINUTE.window
            ruling = self._visits.rule(receiver.encode(), now)
            if not ruling.allowed:
                return timedelta(seconds=ruling.reset)
            self._busy.add(receiver)
            return None

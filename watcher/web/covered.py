"""How well everything is read, put together once for many who ask: with many pages that takes its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from watcher.core.coverage import Coverage

NOTICED = 0.25  # seconds; what is put together sooner is not remembered at all
DEAR = 10  # what took long is used so many times as long
LONGEST = 60.0  # seconds that it may be old


@dataclass(slots=True)
class Covered:
    """Threads may share it. While one puts it together anew the others are shown what there was."""

    time: Callable[[], float] = monotonic
    _last: Coverage | None = None
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def of(self, make: Callable[[], Coverage]) -> Coverage:
        last = self._last
        if last is not None and self.time() < self._until:
            return last
        if last is not None and self._lock.locked():
            return last
        with self._lock:
            if self._last is not None and self.time() < self._until:
                return self._last
            return self._made(make)

    def _made(self, make: Callable[[], Coverage]) -> Coverage:
        begun = self.time()
        made = make()
        spent = self.time() - begun
        self._last = made if spent >= NOTICED else None
        self._until = self.time() + min(DEAR * spent, LONGEST)
        return made

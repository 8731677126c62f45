"""What is put together once for many who ask, because with many pages, alerts or messages it takes its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

NOTICED = 0.25  # seconds; what is put together sooner is not remembered at all
DEAR = 10  # what took long is used so many times as long
LONGEST = 60.0  # seconds that it may be old


@dataclass(slots=True)
class Covered(Generic[T]):
    """Threads may share it. While one puts it together anew the others are shown what there was."""

    time: Callable[[], float] = monotonic
    _last: T | None = None
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def of(self, make: Callable[[], T]) -> T:
        last = self._last
        if last is not None and self.time() < self._until:
            return last
        if last is not None and self._lock.locked():
            return last
        with self._lock:
            if self._last is not None and self.time() < self._until:
                return self._last
            return self._made(make)

    def _made(self, make: Callable[[], T]) -> T:
        begun = self.time()
        made = make()
        spent = self.time() - begun
        self._last = made if spent >= NOTICED else None
        self._until = self.time() + min(DEAR * spent, LONGEST)
        return made

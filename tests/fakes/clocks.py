"""Time that leaps over every wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from watcher.clock import SystemClock


@dataclass(slots=True)
class LeapingClock(SystemClock):
    """Nobody ever waits; several threads may share it."""

    time: datetime = datetime(2025, 9, 8, tzinfo=UTC)
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        with self._lock:
            return self.time

    def wait(self, span: timedelta) -> bool:
        with self._lock:
            self.time += max(span, timedelta(0))
        return self.stop.is_set()

    def reach(self, time: datetime) -> None:
        """Let time pass until `time`, if that is still to come."""
        with self._lock:
            self.time = max(self.time, time)

"""The only module that reads the clock of the machine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event


@dataclass(slots=True)
class SystemClock:
    """Real time; `stop` cuts every wait short."""

    stop: Event = field(default_factory=Event)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, span: timedelta) -> bool:
        return self.stop.wait(max(span.total_seconds(), 0.0))


@dataclass(slots=True)
class RehearsalClock:
    """Starts at `start` and runs `rate` times as fast as real time; waits are shortened alike."""

    start: datetime
    rate: float = 1.0
    stop: Event = field(default_factory=Event)
    _origin: float = field(default_factory=time.monotonic, init=False)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self._origin) * self.rate)

    def wait(self, span: timedelta) -> bool:
        return self.stop.wait(max(span.total_seconds() / self.rate, 0.0))

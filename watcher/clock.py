"""The only module that reads the clock of the machine."""

from __future__ import annotations

import time
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

from watcher.core.errors import UserError

BEGUN = datetime(2025, 9, 1, tzinfo=UTC)
"""Nothing of this program is older: a clock that stands before is wrong, as that of a machine without battery."""


def trusted(clock: SystemClock) -> SystemClock:
    """The same clock. Raises `UserError` when it cannot be right: what is told would bear wrong dates."""
    now = clock.now()
    if now < BEGUN:
        raise UserError(
            f"l'horloge de cette machine indique le {now:%Y-%m-%d}, avant que ce programme n'existe : réglez-la"
        )
    return clock


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
    """Starts at `start` and runs `rate` times as fast as real time; waits are shortened alike.

    One that `stands` does so until `go`: what is prepared before takes no time.
    """

    start: datetime
    rate: float = 1.0
    stands: InitVar[bool] = False
    stop: Event = field(default_factory=Event)
    _since: tuple[datetime, float, float] = field(init=False)  # what it showed, the real time then, its rate

    def __post_init__(self, stands: bool) -> None:
        self._since = (self.start, time.monotonic(), 0.0 if stands else self.rate)

    def skip(self, span: timedelta) -> None:
        """So much time has passed at once."""
        shown, since, rate = self._since
        self._since = (shown + span, since, rate)

    def go(self, rate: float | None = None) -> None:
        """Run from what it shows now, at another `rate` where one is given."""
        self.rate = self.rate if rate is None else rate
        self._since = (self.now(), time.monotonic(), self.rate)

    def now(self) -> datetime:
        shown, since, rate = self._since
        return shown + timedelta(seconds=(time.monotonic() - since) * rate)

    def wait(self, span: timedelta) -> bool:
        return self.stop.wait(max(span.total_seconds() / self.rate, 0.0))

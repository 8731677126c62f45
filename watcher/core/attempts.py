"""How often a password may be tried. Pure but for one bounded memory; time is an argument.

Whoever keeps failing waits longer and longer, but only where they are: the same name may be tried at once
from anywhere else, so that nobody can lock somebody out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

FREE = 5  # tries before the first wait
FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)
KEPT = timedelta(hours=1)  # after the last try; longer than the longest wait


@dataclass(frozen=True, slots=True)
class Tries:
    """What a party failed at, without success since."""

    failures: int
    last: datetime

    def until(self) -> datetime:
        """When the next try may come: each failure doubles the wait."""
        late = self.failures - FREE
        return self.last if late < 0 else self.last + min(FIRST * 2 ** min(late, 20), LONGEST)

    def counts(self, now: datetime) -> bool:
        """Whether it is still held against them; not when the clock was set back before it."""
        return self.last <= now < self.last + KEPT


@dataclass(slots=True)
class Attempts:
    """Who failed lately, never more than `most` of them. Not for several threads.

    When more come, those that failed first are forgotten, which only forgives them.
    """

    most: int = 10_000
    _tries: dict[bytes, Tries] = field(default_factory=dict)  # in the order of `last`

    def begin(self, party: bytes, now: datetime) -> int:
        """0: go on, and it counts as a failure until `succeeded`; else the seconds to wait, rounded up.

        A try that must wait costs nothing: whoever keeps asking is not kept out for longer.
        """
        self._forget(now)
        tries = self._tries.get(party)
        if tries is not None and now < tries.until():
            return ceil((tries.until() - now).total_seconds())
        self._tries.pop(party, None)
        if len(self._tries) >= self.most:
            del self._tries[next(iter(self._tries))]
        self._tries[party] = Tries((tries.failures if tries else 0) + 1, now)
        return 0

    def succeeded(self, party: bytes) -> None:
        self._tries.pop(party, None)

    def __len__(self) -> int:
        return len(self._tries)

    def _forget(self, now: datetime) -> None:
        while self._tries:
            first = next(iter(self._tries))
            if self._tries[first].counts(now):
                return
            del self._tries[first]

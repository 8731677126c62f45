"""Plays a history against a policy: one queue by due times, the gap and the day's budget kept as the daemon does."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import floor
from typing import Protocol

import numpy as np

from bench.freshness.history import History

LEARN = 6.0  # hours between two looks at what all sources teach


@dataclass(frozen=True)
class Terms:
    """Looks a day of UTC, and hours between two."""

    per_day: float
    gap: float

    @property
    def possible(self) -> float:
        """Looks a day, whichever of the two allows fewer."""
        return min(self.per_day, 24 / self.gap) if self.gap else self.per_day


class Policy(Protocol):
    """Chooses when a source is looked at next; hours since 1970 throughout."""

    name: str

    def learn(self, now: float) -> None: ...

    def next(self, source: int, before: float, now: float, found: tuple[float, ...]) -> float:
        """When to look again after a look at `now` that found what was published since `before`.

        Of `found` a policy may know the number alone, unless it is the oracle.
        """


@dataclass(frozen=True)
class Outcome:
    """Delays in seconds, one a publication."""

    policy: str
    delays: np.ndarray
    polls: int
    longest: float  # hours between two looks at one source

    def line(self) -> dict[str, object]:
        p50, p90, p99 = np.percentile(self.delays, (50, 90, 99))
        return {
            "policy": self.policy,
            "mean": round(float(self.delays.mean()), 1),
            "p50": round(float(p50), 1),
            "p90": round(float(p90), 1),
            "p99": round(float(p99), 1),
            "worst": round(float(self.delays.max()), 1),
            "polls": self.polls,
        }


def play(history: History, terms: Terms, policy: Policy) -> Outcome:
    """Until the history ends; what is unseen then is seen by the looks that follow, which do not count."""
    sources, end = history.sources, history.end
    last, seen = [history.start] * len(sources), [0] * len(sources)
    queue = [(history.start + n * terms.gap, n) for n in range(len(sources))]
    heapify(queue)
    left = sum(map(len, sources))
    delays: list[float] = []
    free, taught, longest = history.start, history.start, 0.0
    day, spent, polls = history.start // 24, 0, 0
    while left and queue:
        due, source = heappop(queue)
        now = max(due, free)
        if spent >= terms.per_day and now // 24 == day:
            now = (day + 1) * 24.0
        if now // 24 != day:
            day, spent = now // 24, 0
        if now >= taught:
            policy.learn(now)
            taught = (floor(now / LEARN) + 1) * LEARN
        free, spent, polls = now + terms.gap, spent + 1, polls + (now < end)
        times, first = sources[source], seen[source]
        seen[source] = bisect_right(times, now, first)
        found = times[first : seen[source]]
        delays += [(now - at) * 3600 for at in found]
        left -= len(found)
        if now < end:
            longest = max(longest, now - last[source])
        before, last[source] = last[source], now
        heappush(queue, (policy.next(source, before, now, found), source))
    return Outcome(policy.name, np.array(delays), polls, longest)

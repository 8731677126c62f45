"""What a piece of work takes, and how that grows."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.figures import Figure, Plot, Series

RUNS = 9
LEAST, LONGEST = 0.02, 4.0  # seconds that a measure takes at least, and after which no run is begun
FLAT = 1.5  # times: what does not depend on a size costs no more at its end than at its beginning
LINEAR = 1.15  # an exponent; above, it is no chance
UNHEARD = 0.1  # milliseconds: less is not told apart

Work = Callable[[], object]


def taken(work: Work) -> float:
    """Milliseconds of processor time of one, the median of several; the first is not counted."""
    work()
    times: list[float] = []
    begun = time.process_time()
    while len(times) < RUNS and time.process_time() - begun < LONGEST:
        number, start = 0, time.process_time()
        while (spent := time.process_time() - start) < LEAST / RUNS or not number:
            work()
            number += 1
        times.append(spent / number * 1000 if spent else 0.0)
    return median(times)


@dataclass(slots=True)
class Course:
    """The same works at rising sizes. Those in `flat` must not depend on the size, from `since` on."""

    subject: str  # "items stored"
    since: int = 0
    costs: dict[str, dict[int, float]] = field(default_factory=dict)
    flat: set[str] = field(default_factory=set)

    def measure(self, size: int, works: Mapping[str, Work], *, flat: bool) -> None:
        for name, work in works.items():
            spent = taken(work)
            self.costs.setdefault(name, {})[size] = spent
            if flat:
                self.flat.add(name)
            print(f"  {size:>10,} {self.subject}: {name}: {spent:.2f} ms", file=sys.stderr, flush=True)

    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for name in self.costs for figure in self._of(name))

    def _of(self, name: str) -> list[Figure]:
        points = sorted((size, ms) for size, ms in self.costs[name].items() if size >= self.since)
        row = f"{name}, by {self.subject}"
        shown = [
            Figure(row, self.costs[name][size], "ms", of=f"{size:,}") for size in _ends(self.costs[name])
        ]
        (least, before), (most, after) = points[0], points[-1]
        if name in self.flat:
            ratio = max(after, UNHEARD) / max(before, UNHEARD)
            return [*shown, Figure(f"{row}: {most:,} ÷ {least:,}", ratio, at_most=FLAT)]
        return [*shown, Figure(f"{row}: exponent", exponent(points), at_most=LINEAR)]

    def plot(self) -> Plot:
        series = tuple(Series(name, tuple(sorted(cost.items()))) for name, cost in self.costs.items())
        return Plot(f"Cost by {self.subject}", self.subject, "ms", series, log_x=True, log_y=True)


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the last two on logarithmic axes: 0 does not grow, 1 is linear."""
    (n, before), (m, after) = points[-2:]
    return math.log(max(after, UNHEARD) / max(before, UNHEARD)) / math.log(m / n)


def _ends(costs: Mapping[int, float]) -> Sequence[int]:
    sizes = sorted(costs)
    return [sizes[0], sizes[-1]]

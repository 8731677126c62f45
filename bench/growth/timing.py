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


def taken(*works: Work) -> tuple[float, ...]:
    """Milliseconds of processor time of one of each, the median of several; the first is not counted.

    In turn, so that what else the machine does meanwhile is borne by all of them.
    """
    for work in works:
        work()
    times: tuple[list[float], ...] = tuple([] for _ in works)
    begun = time.process_time()
    while len(times[0]) < RUNS and time.process_time() - begun < LONGEST * len(works):
        for work, spent in zip(works, times, strict=True):
            spent.append(_once(work))
    return tuple(map(median, times))


def _once(work: Work) -> float:
    number, start = 0, time.process_time()
    while (spent := time.process_time() - start) < LEAST / RUNS or not number:
        work()
        number += 1
    return spent / number * 1000


@dataclass(slots=True)
class Course:
    """The same works at rising sizes. Those in `ratios` must not depend on the size."""

    subject: str  # "items stored"
    costs: dict[str, dict[int, float]] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)

    def measure(self, size: int, works: Mapping[str, Work]) -> None:
        for name, work in works.items():
            self._note(name, size, *taken(work))

    def compare(self, least: int, before: Mapping[str, Work], size: int, works: Mapping[str, Work]) -> None:
        """Beside the same where there is least."""
        for name, work in works.items():
            small, large = taken(before[name], work)
            self._note(name, least, small)
            self._note(name, size, large)
            self.ratios[name] = max(large, UNHEARD) / max(small, UNHEARD)

    def _note(self, name: str, size: int, spent: float) -> None:
        self.costs.setdefault(name, {})[size] = spent
        print(f"  {size:>10,} {self.subject}: {name}: {spent:.2f} ms", file=sys.stderr, flush=True)

    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for name in self.costs for figure in self._of(name))

    def _of(self, name: str) -> list[Figure]:
        points = sorted(self.costs[name].items())
        row = f"{name}, by {self.subject}"
        shown = [
            Figure(row, self.costs[name][size], "ms", of=f"{size:,}") for size in _ends(self.costs[name])
        ]
        if name in self.ratios:
            ends = " ÷ ".join(f"{size:,}" for size in reversed(_ends(self.costs[name])))
            return [*shown, Figure(f"{row}: {ends}", self.ratios[name], at_most=FLAT)]
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

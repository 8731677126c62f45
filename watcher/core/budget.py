"""What one look at a source costs, so that a platform's requests of a day are spent where they save most delay.

The price of a look is a delay, in publication-hours. Looking whenever the delay that is expected of a source has
grown to the price spends sqrt(rate / (2 × price)) looks an hour; the price of a day is the one at which that, with
the daily floor of every source, is the budget. Days are those of UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf, sqrt
from typing import TypeVar

from watcher.core.office_hours import day_of_week
from watcher.core.rhythm import HOUR, Shape

Place = TypeVar("Place")

FLOOR = 23.0  # hours: every source is looked at daily, with an hour to wait for its turn
DAYS_AHEAD = 4  # two looks of a source, each a day after the one before, and a day until the next plan
FULL = 0.95  # of the looks that the gap leaves room for: a queue that is always full makes everything late
SLACK = 0.04  # of the day's looks, by which the course of a day may differ from its plan
KEPT = 0.5  # times the root of a day's looks is kept back, as chance grows: who has spent all cannot react
FEW = 100.0  # looks a day; of fewer the same share is kept back
EXPLORED = (
    0.75  # of a day's looks, the most that are gone when looking for pages ends: the rest is for watched ones
)
STEEPEST = 9.0  # the price never differs by more from the plan, within a day
LASTING = 50.0  # nor by more in the long run
_STEPS = 50  # of the search for a price: to the last digit


@dataclass(frozen=True, slots=True)
class Budget:
    """Looks a day, and the least hours between two."""

    per_day: float
    gap: float

    @property
    def in_an_hour(self) -> float:
        return FULL / self.gap if self.gap > 0 else inf


@dataclass(frozen=True, slots=True)
class Plan:
    """Prices by the hour from `start` on, a midnight of UTC, and the looks still to come in each hour's day."""

    start: datetime
    prices: tuple[float, ...]
    left: tuple[float, ...]  # at the beginning of the hour
    per_day: float
    most: float  # hours between two looks at a source

    def hour(self, now: datetime) -> int:
        return min(max(int((now - self.start) / HOUR), 0), len(self.prices) - 1)

    def to_come(self, now: datetime) -> float:
        """The looks that are planned for the rest of the day."""
        hour = self.hour(now)
        last = hour % 24 == 23
        following = 0.0 if last or hour + 1 >= len(self.left) else self.left[hour + 1]
        passed = min(max((now - self.start) / HOUR - hour, 0.0), 1.0)
        return self.left[hour] + passed * (following - self.left[hour])


@dataclass(frozen=True, slots=True)
class Purse:
    """What was spent of the day's looks, and by what the price must differ from the plan's in the long run."""

    day: date | None = None
    spent: int = 0
    pressure: float = 1.0
    empty: bool = False  # for that day

    def closed(self, now: datetime) -> bool:
        """Whether nothing may be spent any more before the day ends."""
        return self.empty and self.day == now.date()


def spend(purse: Purse, plan: Plan, now: datetime) -> Purse:
    """After one more look at `now`."""
    number = spent(purse, plan, now) + 1
    lasting = purse.pressure * _haste(number, plan, now) ** (1 / max(plan.per_day, 1.0))
    return Purse(now.date(), number, min(max(lasting, 1 / LASTING), LASTING), empty=number >= plan.per_day)


def spent(purse: Purse, plan: Plan, now: datetime) -> int:
    """Of today; what a day that began without us would have spent by now is gone."""
    if purse.day == now.date():
        return purse.spent
    return int(plan.left[plan.hour(now) // 24 * 24] - plan.to_come(now))


def haste(purse: Purse, plan: Plan, now: datetime) -> float:
    """By what the price of the rest of the day is multiplied: more than 1 when too much was spent so far."""
    return _haste(purse.spent if purse.day == now.date() else 0, plan, now)


def _haste(spent: int, plan: Plan, now: datetime) -> float:
    whole, planned = plan.left[plan.hour(now) // 24 * 24], plan.to_come(now)
    slack = SLACK * whole
    kept = KEPT * plan.per_day / sqrt(max(plan.per_day, FEW))
    aim = min(plan.per_day - kept, whole)  # the gap may leave room for fewer than that
    ratio = (planned + slack) / (max(aim - spent, 0.0) + slack) if slack else 1.0
    return min(max(ratio * ratio, 1 / STEEPEST), STEEPEST)


def plan(
    rates: Mapping[Place, Sequence[float]],
    shape: Shape,
    budget: Budget,
    now: datetime,
    local: Callable[[Place, datetime], datetime],
    each: float = 1.0,
) -> Plan:
    """The plan of today and the days after it.

    `rates`: publications a day that are expected of the sources, by what day they keep (a time zone, and by how
    much later its own begins), each standing for `each` sources; `local` turns a UTC time into that day's.
    """
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    number = each * sum(map(len, rates.values()))
    most = max(FLOOR, 24 * number / max(budget.per_day, 1e-9) / FULL)
    roots = [sorted(sqrt(max(one, 0.0) / 24) for one in some) for some in rates.values()]
    prices: list[float] = []
    left: list[float] = []
    for day in range(DAYS_AHEAD):
        hours = [start + (24 * day + n) * HOUR for n in range(24)]
        waves = [[_wave(shape, local(place, hour)) for hour in hours] for place in rates]
        costs, looks = _Day(roots, waves, budget, most, each).priced()
        prices += costs
        left += [sum(looks[n:]) for n in range(24)]
    return Plan(start, tuple(prices), tuple(left), budget.per_day, most)


def _wave(shape: Shape, at: datetime) -> float:
    return sqrt(shape.hours[at.hour] * shape.days[day_of_week(at.date())])


@dataclass(frozen=True, slots=True)
class _Day:
    """One day: square roots of the sources' hourly rates, ascending, and of the hours' shares, by place."""

    roots: Sequence[Sequence[float]]
    waves: Sequence[Sequence[float]]
    budget: Budget
    most: float
    each: float

    def priced(self) -> tuple[list[float], list[float]]:
        """Price and looks of each hour. Where the gap leaves no room for more, the price is what fills it."""
        limit = self.budget.in_an_hour
        wanted = min(self.budget.per_day, 24 * limit)
        low, high = 1e-6, 1e6
        for _ in range(_STEPS):
            middle = sqrt(low * high)
            low, high = (middle, high) if sum(self._looks(middle)) < wanted else (low, middle)
        common = 1 / (2 * low * low)
        whole = [self.each * sum(some) for some in self.roots]
        demand = [sum(wave[n] * one for one, wave in zip(whole, self.waves, strict=True)) for n in range(24)]
        return [max(common, (one / limit) ** 2 / 2) for one in demand], self._looks(low)

    def _looks(self, scale: float) -> list[float]:
        """By hour, at a price of 1 / (2 scale²)."""
        looks = [0.0] * 24
        for some, wave in zip(self.roots, self.waves, strict=True):
            floor = 24 / self.most / sum(wave)
            few = bisect_left(some, floor / scale)  # sources that only the floor has looked at
            weight = self.each * (scale * sum(some[few:]) + few * floor)
            for n in range(24):
                looks[n] += weight * wave[n]
        return [min(one, self.budget.in_an_hour) for one in looks]


def default_per_day(intervals: Sequence[timedelta]) -> int:
    """What looking at each source once in its interval spends."""
    return max(1, round(sum(timedelta(days=1) / one for one in intervals)))

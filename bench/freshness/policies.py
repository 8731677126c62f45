"""Ours, which is the product's own core, and what others do with the same number of requests."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, sqrt

import numpy as np

from bench.freshness.history import PARIS, History, moment
from bench.freshness.play import Outcome, Terms
from watcher.core import budget
from watcher.core.budget import Budget, Purse
from watcher.core.outlook import demand, learnt, next_look
from watcher.core.rhythm import HOUR, Rhythm, Shape, later
from watcher.core.tempo import Tempo, shape_of

WEEK = 168.0


class Ours:
    """As the daemon: a tempo of all sources every few hours, a rhythm of each, the purse of the day."""

    name = "ours"

    def __init__(self, history: History, terms: Terms) -> None:
        number = len(history.sources)
        self.budget = Budget(terms.per_day, terms.gap)
        self.every = timedelta(days=number / terms.possible)
        self.rhythms: list[Rhythm | None] = [None] * number
        self.purse = Purse()

    def learn(self, now: float) -> None:
        at = moment(now)
        self.shape = self.common(at)
        wanted: dict[int, list[float]] = {}
        for source, rhythm in enumerate(self.rhythms):
            wanted.setdefault(later(rhythm), []).append(self.demand(source, at))
        self.plan = budget.plan(wanted, self.shape, self.budget, at, _in_paris)

    def common(self, at: datetime) -> Shape:
        return shape_of([one for one in self.rhythms if one], at)

    def demand(self, source: int, at: datetime) -> float:
        return demand(self.rhythms[source], self.shape, self.every, at)

    def next(self, source: int, before: float, now: float, found: tuple[float, ...]) -> float:
        at = moment(now)
        self.purse = budget.spend(self.purse, self.plan, at)
        tempo = Tempo(self.shape, self.plan, self.purse, PARIS)
        wait = self.look(tempo, source, before, at, found)
        return now + wait / HOUR

    def look(
        self, tempo: Tempo, source: int, before: float, at: datetime, found: tuple[float, ...]
    ) -> timedelta:
        rhythm = learnt(tempo, self.rhythms[source], moment(before), at, len(found))
        self.rhythms[source] = rhythm
        return next_look(tempo, rhythm, self.every, at)


class Miniflux:
    """Its `entry_frequency` scheduler: a week divided by the entries of the last week, and by a factor, within
    bounds (5 minutes and a day); the factor is the one that spends the budget, found anew every few hours.
    """

    name = "miniflux"
    LEAST, MOST = 5 / 60, 24.0

    def __init__(self, history: History, terms: Terms) -> None:
        number = len(history.sources)
        self.terms = terms
        self.most = max(self.MOST, 24 * number / terms.possible)
        self.times: list[list[float]] = [[] for _ in history.sources]
        self.factor = 1.0

    def learn(self, now: float) -> None:
        low, high = 1e-4, 1e6
        for _ in range(60):
            self.factor = sqrt(low * high)
            spent = sum(24 / self._interval(source, now) for source in range(len(self.times)))
            low, high = (self.factor, high) if spent < self.terms.possible else (low, self.factor)

    def _interval(self, source: int, now: float) -> float:
        times = self.times[source] = [at for at in self.times[source] if at > now - WEEK]
        if not times:
            return self.most
        return min(max(WEEK / (len(times) * self.factor), self.LEAST), self.most)

    def next(self, source: int, before: float, now: float, found: tuple[float, ...]) -> float:
        self.times[source] += found
        return now + self._interval(source, now)


def fixed(history: History, terms: Terms) -> Outcome:
    """Every source at the same interval, one after the other: what most programs do."""
    number = len(history.sources)
    interval = 24 * number / terms.possible
    delays: list[float] = []
    for n, times in enumerate(history.sources):
        first = history.start + interval * n / number
        delays += [(first + max(ceil((at - first) / interval), 0) * interval - at) * 3600 for at in times]
    polls = int((history.end - history.start) / interval * number)
    return Outcome("fixed", np.array(delays), polls, interval)


def _in_paris(later: int, at: datetime) -> datetime:
    return at.astimezone(PARIS) - later * HOUR

"""Our policy with nothing to learn: it knows each source's rate, the hours, and how edits follow, from the whole
history; and when what it finds was published.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from math import exp

import numpy as np

from bench.freshness.history import PARIS, History, moment
from bench.freshness.play import Terms
from bench.freshness.policies import Ours
from watcher.core.office_hours import day_of_week
from watcher.core.outlook import MOST_FOLLOWS, USUAL, next_look
from watcher.core.rhythm import ECHOES, GRID, HOUR, Rhythm, Shape, posterior, sumprod
from watcher.core.tempo import Tempo, rates_among

ROUNDS = 15
SURE = 1e6  # publications: what is known is not mixed with what others do
ELSEWHERE = 0.1  # of the sources are believed to be in another time zone, before anything is known of them
ANYWHERE = 0.03  # of all is published evenly
UNSEEN = 0.5  # publications are thought of for each hour and day before any is counted (Jeffreys' prior)


class Oracle(Ours):
    name = "oracle"

    def __init__(self, history: History, terms: Terms) -> None:
        super().__init__(history, terms)
        truth = Truth(history)
        self.truth = truth
        start = moment(history.start)
        for source in range(len(history.sources)):
            hours = tuple(SURE * one / 24 for one in truth.hours_of(source))
            place = (int(np.argmax(truth.zones[source])) + 12) % 24 - 12
            self.rhythms[source] = Rhythm(start, start, hours=hours, later=place)  # its days are those of all
        self.known = Shape(
            tuple(truth.hours), tuple(truth.days), (1 / len(GRID),) * len(GRID), truth.echo, truth.fade
        )

    def common(self, at: datetime) -> Shape:
        return self.known

    def demand(self, source: int, at: datetime) -> float:
        follows = 1 - min(self.known.echo, MOST_FOLLOWS)
        return float(self.truth.rates[source]) / follows * (USUAL / self.every) ** 2

    def look(
        self, tempo: Tempo, source: int, before: float, at: datetime, found: tuple[float, ...]
    ) -> timedelta:
        rhythm = self.rhythms[source]
        assert rhythm
        if found:
            shape, now = self.known, (at - moment(0)) / HOUR
            heat = rhythm.heat * exp(-((at - rhythm.last) / HOUR) / shape.fade)
            heat += sum(shape.echo * exp(-(now - one) / shape.fade) for one in found)
            rhythm = replace(rhythm, last=at, heat=min(heat, ECHOES * shape.echo))
            self.rhythms[source] = rhythm
        return next_look(tempo, rhythm, self.every, at, float(self.truth.rates[source]))


class Truth:
    """The parameters behind a history, by expectation and maximisation over exact times.

    What is told is what was true, and not what chance made of it: hours and days are posterior means, rates are
    drawn together as far as chance alone has them differ.
    """

    def __init__(self, history: History) -> None:
        self.sources = history.sources
        self.span = (history.end - history.start) / 24
        self.hours, self.days = np.ones(24), np.ones(7)
        self.echo, self.fade = 0.3, 3.0
        places = [[moment(at).astimezone(PARIS) for at in times] for times in self.sources]
        self.slots = [
            (np.array([p.hour for p in some], int), np.array([day_of_week(p.date()) for p in some], int))
            for some in places
        ]
        self.follows = [np.zeros(len(times)) for times in self.sources]
        self.zones = [np.eye(24)[0]] * len(self.sources)
        for n in range(ROUNDS):
            self._maximise()
            self._expect()
            if n == ROUNDS // 2:
                self.zones = [self._zone(source) for source in range(len(self.sources))]
        self.rates = self._drawn_together()

    def hours_of(self, source: int) -> np.ndarray:
        """By the hour of Paris."""
        weights = self.zones[source]
        moved = [weights[n] * np.roll(self.hours, n) for n in range(24) if weights[n]]
        return np.array(moved).sum(axis=0)

    def _expect(self) -> None:
        """How likely each publication followed another, and the law of that."""
        follow = late = 0.0
        for source, times in enumerate(self.sources):
            shares = self.follows[source]
            rate = float((1 - shares).sum()) / self.span / 24
            hours, days = self.slots[source]
            alone = rate * self.hours_of(source)[hours] * self.days[days]
            heat = 0.0
            for n, at in enumerate(times):
                if n:
                    heat *= exp(-(at - times[n - 1]) / self.fade)
                    here = min(heat, ECHOES * self.echo) / self.fade
                    shares[n] = here / (here + alone[n] + 1e-12)
                    follow += shares[n]
                    late += shares[n] * min(at - times[n - 1], 24.0)
                heat = min(heat + self.echo, ECHOES * self.echo)
        self.echo = min(max(follow / sum(map(len, self.sources)), 0.01), 0.9)
        self.fade = min(max(late / max(follow, 1e-9), 0.25), 12.0)

    def _maximise(self) -> None:
        hours, days = np.full(24, UNSEEN), np.full(7, UNSEEN)
        for source, (by_hour, by_day) in enumerate(self.slots):
            moved = int(np.argmax(self.zones[source]))
            np.add.at(hours, (by_hour - moved) % 24, 1 - self.follows[source])
            np.add.at(days, by_day, 1 - self.follows[source])
        self.hours = (1 - ANYWHERE) * hours / hours.mean() + ANYWHERE
        self.days = (1 - ANYWHERE) * days / days.mean() + ANYWHERE

    def _zone(self, source: int) -> np.ndarray:
        """How likely it publishes so many hours later than the others."""
        by_hour, _ = self.slots[source]
        weights = 1 - self.follows[source]
        logs = np.array([(np.log(np.roll(self.hours, n))[by_hour] * weights).sum() for n in range(24)])
        logs += np.log([1 - ELSEWHERE, *[ELSEWHERE / 23] * 23])
        likely = np.exp(logs - logs.max())
        return np.array(likely / likely.sum())

    def _drawn_together(self) -> np.ndarray:
        counts = np.array([float((1 - shares).sum()) for shares in self.follows])
        weights = rates_among([(float(one), self.span) for one in counts])
        likely = [posterior(weights, float(one), self.span) for one in counts]
        return np.array([sumprod(one, GRID) / sum(one) for one in likely])

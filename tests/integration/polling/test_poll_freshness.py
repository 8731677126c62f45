"""Two weeks of one platform on the real store: looks are made when publications are likely, within the budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from storage.store import SqlStore
from tests.fakes.watch import HOUR, Watch, other
from tests.fakes.web import HOST, article_page, card, cards, list_page
from watcher.core.budget import FLOOR
from watcher.core.catalogue import Source
from watcher.core.page import Outcome
from watcher.poll import Polled
from watcher.rounds import run_platform

BUSY, CALM, QUIET = (replace(other(number), every=4 * HOUR) for number in (1, 2, 3))
SOURCES = (BUSY, CALM, QUIET)
PER_DAY = 18  # three sources, each every four hours
DAYS = 12
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Fortnight:
    """Plays what is due, in its time; the busy source publishes twice each working day."""

    watch: Watch
    looks: list[tuple[str, datetime]] = field(default_factory=list)
    found: list[datetime] = field(default_factory=list)
    number: int = 20

    def play(self, days: int) -> None:
        end = self.watch.clock.now() + timedelta(days=days)
        news = self._news(self.watch.clock.now(), end)
        coming = next(news, end)
        while (due := self._next()) < end:
            while coming <= max(due, self.watch.clock.now()):
                self._publish()
                coming = next(news, end)
            self.watch.clock.time = max(due, self.watch.clock.now())
            run_platform(self.watch.tools, "ide", self._due(), self._report)

    def _next(self) -> datetime:
        """When there is something to read: what is due waits for the next day once this one's looks are spent."""
        due = min(state.next_poll_at for state in self.watch.store.states().values())
        now = max(due, self.watch.clock.now())
        if not self.watch.pacer.state("ide").purse.closed(now):
            return due
        return now.replace(hour=0, minute=0, second=0) + timedelta(days=1)

    def _due(self) -> Iterator[Source]:
        due = self.watch.store.due(self.watch.clock.now())
        return (source for source in SOURCES if source.id in due[:1])

    def _news(self, start: datetime, end: datetime) -> Iterator[datetime]:
        day = start.astimezone(PARIS).replace(hour=0, minute=0)
        while day < end:
            for at in (day.replace(hour=10, minute=5), day.replace(hour=15, minute=40)):
                if start < at < end and day.weekday() < 5:
                    yield at
            day += timedelta(days=1)

    def _publish(self) -> None:
        self.number += 1
        show(self.watch, BUSY, self.number)

    def _report(self, polled: Polled) -> None:
        assert polled.outcome in {Outcome.OK, Outcome.UNCHANGED}
        self.looks.append((polled.source, self.watch.clock.now()))
        if polled.plan and polled.plan.changes:
            self.found.append(self.watch.clock.now())

    def of(self, source: Source) -> list[datetime]:
        return [at for name, at in self.looks if name == source.id]


def show(watch: Watch, source: Source, newest: int) -> None:
    """The list of the source's own site, and the page of its newest entry."""
    site, shown = source.url.removesuffix("/Actualites"), card(newest)
    watch.web.show(source.url, list_page(cards(newest)).replace(HOST, site))
    watch.web.show(shown.address.replace(HOST, site), article_page(shown.title, "Un texte."))


@pytest.fixture
def fortnight(store: SqlStore) -> Fortnight:
    watch = Watch(store, sources=SOURCES, learns=True)
    for source in SOURCES:
        show(watch, source, 20)
    played = Fortnight(watch)
    played.play(DAYS)
    return played


def test_two_weeks_of_looks(fortnight: Fortnight) -> None:
    """The budget of each day and the daily floor hold; who publishes is looked at most, and by day."""
    per_day = Counter(at.date() for _, at in fortnight.looks)
    whole = [count for day, count in sorted(per_day.items())][1:-1]
    assert max(whole) <= PER_DAY
    assert sum(whole) >= 0.8 * PER_DAY * len(whole)

    for source in SOURCES:
        looks = fortnight.of(source)
        assert all(b - a <= (FLOOR + 1) * HOUR for a, b in pairwise(looks))
    assert len(fortnight.of(BUSY)) > len(fortnight.of(CALM)) * 1.3
    by_day = [at for at in fortnight.of(BUSY) if 8 <= at.astimezone(PARIS).hour < 19]
    assert len(by_day) > 0.6 * len(fortnight.of(BUSY))
    assert len(fortnight.found) >= 14  # of nine working days, two each; some are found together


def test_a_restart_loses_nothing_of_what_was_learnt(fortnight: Fortnight) -> None:
    before = fortnight.watch.state(BUSY)
    purse = fortnight.watch.pacer.state("ide").purse
    fortnight.watch.start()

    fortnight.watch.clock.time = max(before.next_poll_at, fortnight.watch.clock.now())
    run_platform(fortnight.watch.tools, "ide", [BUSY], lambda _: None)

    after = fortnight.watch.state(BUSY)
    assert before.rhythm is not None
    assert after.rhythm is not None
    assert after.rhythm.since == before.rhythm.since
    assert after.rhythm.base >= before.rhythm.base > 5
    kept = fortnight.watch.pacer.state("ide").purse
    assert kept.pressure == pytest.approx(purse.pressure, rel=0.2)
    assert kept.spent >= (purse.spent if kept.day == purse.day else 1)


def test_after_an_outage_of_days_what_is_due_is_read_one_after_the_other(fortnight: Fortnight) -> None:
    fortnight.watch.clock.time += timedelta(days=3)
    fortnight.looks.clear()
    start = fortnight.watch.clock.now()

    fortnight.play(1)

    firsts = sorted(fortnight.of(source)[0] for source in SOURCES)
    assert firsts[-1] - start < HOUR
    assert all(b - a >= timedelta(seconds=7) for a, b in pairwise(firsts))
    assert max(Counter(at.date() for _, at in fortnight.looks).values()) <= PER_DAY

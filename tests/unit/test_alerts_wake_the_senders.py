"""What a poll finds is sent and shown at once: nobody waits for the next tick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes.alerts import StillClock, alert
from tests.fakes.plans import NOW
from watcher.core.alerts import Alert
from watcher.core.catalogue import Brake, Catalogue, Platform, Source, SourceKind
from watcher.core.page import Outcome
from watcher.core.state import PollPlan, SourceState
from watcher.core.subscriptions import Way
from watcher.daemon import Periods, Watch
from watcher.pacing import Pacer
from watcher.poll import Polled
from watcher.postroom import Post
from watcher.sending import Round

LATE = 10.0  # seconds


@dataclass
class Line:
    """A `Deliverer` of one way that takes as long as it is told to."""

    ways: tuple[Way, ...] = (Way.MAIL,)
    held: str = ""
    rounds: int = 0
    begun: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)

    def tick(self, _way: Way, _more: Callable[[], None] | None = None) -> Round:
        self.rounds += 1
        self.begun.set()
        self.go.wait(LATE)
        return Round()


def post(line: Any) -> Post:
    return Post(line, None, StillClock(NOW))


@pytest.mark.parametrize("woken", [0, 1, 3])
def test_a_way_that_is_woken_while_it_sends_looks_once_more(woken: int) -> None:
    """It may have looked just before the alert was there."""
    line = Line()
    sends = post(line)
    sends.tick()
    assert line.begun.wait(LATE)
    for _ in range(woken):
        sends.tick()
    line.go.set()
    sends.drain(monotonic() + LATE)

    assert line.rounds == 1 + min(woken, 1)


@dataclass
class Sources:
    """A store that says what is due, and is asked for it."""

    due_now: list[str]
    asked: int = 0

    def due(self, _now: object, limit: int | None = None) -> list[str]:
        self.asked += 1
        return list(self.due_now[:limit])


def source(name: str) -> Source:
    address = f"https://www.cantal.gouv.fr/{name}"
    return Source(name, "15", SourceKind.NEWS, address, "dsfr", "ide", timedelta(hours=1))


def watch(store: Any, time: Callable[[], float], sends: Post | None = None) -> Watch:
    names = [f"s{number}" for number in range(100)]
    platform = Platform("ide", timedelta(seconds=7), 0.0, Brake())
    catalogue = Catalogue({"ide": platform}, {}, {name: source(name) for name in names})
    app: Any = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: NOW, stop=Event()), store=store, catalogue=catalogue
    )
    tools: Any = SimpleNamespace(pacer=Pacer(catalogue, StillClock(NOW), lambda: 0.5), owner="us")
    return Watch(app, tools, Periods(), post=sends, time=time)


def polled(*alerts: Alert) -> Polled:
    plan = PollPlan("s1", Outcome.OK, SourceState("s1", NOW), 1, alerts=alerts)
    return Polled("s1", Outcome.OK, plan)


@pytest.mark.parametrize("found", [0, 1])
def test_a_poll_that_finds_an_alert_wakes_the_senders_and_what_is_kept_for_readers(found: int) -> None:
    line, shown = Line(), []
    line.go.set()
    sends = post(line)
    daemon = watch(Sources([]), monotonic, sends)
    daemon.told = lambda: shown.append("feeds")

    daemon.report(polled(*[alert(1)] * found))
    sends.drain(monotonic() + LATE)

    assert (line.rounds, len(shown)) == (found, found)


def test_what_is_due_is_asked_for_once_for_many_pages_and_again_after_a_tick() -> None:
    """Of ten thousand due pages all would otherwise be read ten thousand times."""
    now = 0.0
    store = Sources([f"s{number}" for number in range(10)])
    pages = watch(store, lambda: now).due_of("ide")
    assert [next(pages).id for _ in range(4)] == ["s0", "s1", "s2", "s3"]
    assert store.asked == 1

    store.due_now = ["s50", "s1", "s4"]
    now = Periods().poll.total_seconds()

    assert [page.id for page in pages] == ["s50", "s4"]
    assert store.asked == 3  # the last time to be sure that nothing is left

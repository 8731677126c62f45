"""A WebSub hub is told of every feed that changed, again when it did not listen, and never for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from notifiers.websub import HubPing
from tests.fakes.alerts import BASE, SEEN, StillClock, alert, verdict
from tests.fakes.receiver import Receiver, always
from tests.fakes.store import MemoryStore
from tests.integration.fetching.scripted import answer, redirect, reset
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Decision
from watcher.hub import HubTold, topics
from watcher.post import HttpPoster

TAKEN, MISSED = answer(b"", status="204 No Content"), answer(b"", status="503 Down")


@dataclass
class Trail:
    """What people decided, the oldest first."""

    kept: list[Decision] = field(default_factory=list)

    def add(self, alert: Alert) -> None:
        number = len(self.kept) + 1
        self.kept.append(Decision(Action.VERIFY, "ada", alert.updated_at, number, alert.id, after=alert))

    def __call__(self, *, before: int | None = None, limit: int | None = None) -> list[Decision]:
        return [one for one in reversed(self.kept) if before is None or one.number < before][:limit]


@pytest.fixture
def trail() -> Trail:
    return Trail()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore([alert()])


@pytest.fixture
def told(
    store: MemoryStore, poster: HttpPoster, receiver: Receiver, clock: StillClock, trail: Trail
) -> HubTold:
    receiver.reply = always(TAKEN)
    return HubTold(store, HubPing(poster, receiver.url("/hub")), BASE, clock, trail)


def asked(receiver: Receiver) -> list[list[tuple[str, str]]]:
    return [parse_qsl(got.body.decode(), strict_parsing=True) for got in receiver.got]


def test_the_hub_is_told_of_the_feeds_that_carry_what_is_new(told: HubTold, receiver: Receiver) -> None:
    assert told.tick() == ""

    (fields,) = asked(receiver)
    assert fields[0] == ("hub.mode", "publish")
    addresses = [value for name, value in fields[1:] if name == "hub.url"]
    assert len(addresses) == len(fields) - 1
    assert addresses == topics([alert()], BASE)
    assert receiver.got[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_topics_are_the_addresses_that_feeds_call_their_own() -> None:
    one = alert(verdict=verdict(categories=("fee",), motifs=("salarie",)), state=AlertState.UNVERIFIED)

    assert topics([one, alert(1, verdict=one.verdict, state=one.state)], BASE) == [
        f"{BASE}/feeds/{name}.{form}"
        for name in ("all", "category/fee", "motif/salarie", "prefecture/15")
        for form in ("atom", "json", "rss")
    ]
    assert f"{BASE}/feeds/prefecture/15.atom?stream=verified" in topics([alert()], BASE)


def test_nothing_new_is_nothing_said(told: HubTold, receiver: Receiver, clock: StillClock) -> None:
    told.tick()
    told.tick()
    clock.time += timedelta(days=1)
    told.tick()

    assert len(receiver.got) == 1


def test_what_the_hub_did_not_take_is_told_at_the_next_tick(told: HubTold, receiver: Receiver) -> None:
    for script, trouble in (
        (MISSED, "HTTP 503"),
        (redirect("/elsewhere"), "HTTP 302"),
        (reset(), "reset"),
        (TAKEN, ""),
        (TAKEN, ""),
    ):
        receiver.reply = always(script)
        assert told.tick() == trouble

    assert len(receiver.got) == 4
    assert len({got.body for got in receiver.got}) == 1


def test_an_alert_that_comes_late_is_told_too(
    told: HubTold, store: MemoryStore, receiver: Receiver, clock: StillClock
) -> None:
    """Its poll began earlier than that of an alert which is known already."""
    store.held = [alert(5)]
    clock.time = SEEN + timedelta(minutes=6)
    told.tick()
    store.held.append(alert(1, prefecture="69"))
    told.tick()

    assert any(value.endswith("prefecture/69.atom") for _, value in asked(receiver)[1])


@pytest.mark.parametrize("state", [AlertState.VERIFIED, AlertState.CORRECTED, AlertState.RETRACTED])
def test_an_old_alert_about_which_somebody_decided_is_news(
    told: HubTold, trail: Trail, receiver: Receiver, clock: StillClock, state: AlertState
) -> None:
    """However many decisions came since, and once."""
    told.tick()
    clock.time = SEEN + timedelta(days=30)
    trail.add(alert(7, prefecture="69", updated_at=clock.time - timedelta(days=1)))
    trail.add(alert(8, prefecture="2A", state=state, updated_at=clock.time, was_verified=True))
    for number in range(50):
        trail.add(alert(10 + number, updated_at=clock.time))
    told.tick()
    told.tick()

    pinged = {value for fields in asked(receiver)[1:] for _, value in fields}
    assert f"{BASE}/feeds/prefecture/2A.atom?stream=verified" in pinged
    assert f"{BASE}/feeds/prefecture/69.atom" not in pinged
    assert len(receiver.got) == 2


def test_many_feeds_are_told_in_pieces(told: HubTold, store: MemoryStore, receiver: Receiver) -> None:
    store.held = [alert(n, prefecture=f"{n:02}") for n in range(40)]
    told.clock = StillClock(SEEN + timedelta(minutes=40))
    told.tick()

    urls = [[value for name, value in fields if name == "hub.url"] for fields in asked(receiver)]
    assert [len(some) for some in urls[:-1]] == [100] * (len(urls) - 1)
    assert sorted({url for some in urls for url in some}) == topics(store.held, BASE)

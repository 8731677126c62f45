"""A WebSub hub is told of every feed that changed, again when it did not listen, and never for nothing."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from notifiers.websub import HubPing
from tests.fakes.alerts import BASE, SEEN, StillClock, alert, verdict
from tests.fakes.receiver import Receiver, always
from tests.fakes.store import MemoryStore
from tests.integration.fetching.scripted import answer, redirect, reset
from watcher.core.alerts import AlertState
from watcher.hub import HubTold, topics
from watcher.post import HttpPoster

TAKEN, MISSED = answer(b"", status="204 No Content"), answer(b"", status="503 Down")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore([alert()])


@pytest.fixture
def told(store: MemoryStore, poster: HttpPoster, receiver: Receiver, clock: StillClock) -> HubTold:
    receiver.reply = always(TAKEN)
    return HubTold(store, HubPing(poster, receiver.url("/hub")), BASE, clock)


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


def test_an_old_alert_that_is_retracted_is_news(
    told: HubTold, store: MemoryStore, receiver: Receiver, clock: StillClock
) -> None:
    told.tick()
    clock.time = SEEN + timedelta(days=30)
    store.held = [alert(state=AlertState.RETRACTED, updated_at=clock.time)]
    told.tick()
    told.tick()

    assert len(receiver.got) == 2


def test_many_feeds_are_told_in_pieces(told: HubTold, store: MemoryStore, receiver: Receiver) -> None:
    store.held = [alert(n, prefecture=f"{n:02}") for n in range(40)]
    told.clock = StillClock(SEEN + timedelta(minutes=40))
    told.tick()

    urls = [[value for name, value in fields if name == "hub.url"] for fields in asked(receiver)]
    assert [len(some) for some in urls[:-1]] == [100] * (len(urls) - 1)
    assert sorted({url for some in urls for url in some}) == topics(store.held, BASE)

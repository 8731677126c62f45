"""A round that stood still for longer than its lease, while another took its platform over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.store import SqlStore
from tests.fakes.watch import HOUR, Watch, other
from tests.fakes.web import cards, list_page
from watcher.core.catalogue import Brake, Platform
from watcher.core.page import Outcome
from watcher.core.state import PlatformState, PollPlan
from watcher.poll import Polled
from watcher.rounds import run_round
from watcher.visit import LEASE

SITES = tuple(other(number) for number in range(1, 7))
ELSEWHERE = "elsewhere/1/1"


@pytest.fixture
def watch(store: SqlStore) -> Watch:
    watch = Watch(store, sources=SITES)
    for site in SITES:
        html = list_page(cards(20)).replace("www.cantal.gouv.fr", site.url.split("/")[2])
        watch.web.show(site.url, html)
    return watch


def round_(watch: Watch) -> list[Polled]:
    reports: list[Polled] = []
    run_round(watch.tools, watch.sources, reports.append)
    return reports


def stand_still(watch: Watch, at: int, span: timedelta) -> None:
    """Before the request to the site of this place; meanwhile another process takes over what it may."""
    paced = watch.web.before_request

    def asleep(address: str) -> None:
        if address == SITES[at].url:
            watch.clock.time += span
            now = watch.clock.now()
            watch.store.lease_platform("ide", ELSEWHERE, now, now + HOUR)
        paced(address)

    watch.web.before_request = asleep


def test_it_asks_for_nothing_more_and_leaves_the_other_alone(watch: Watch) -> None:
    stand_still(watch, 2, 2 * LEASE)

    reports = round_(watch)

    assert [polled.source for polled in reports] == [site.id for site in SITES[:2]]
    assert watch.web.asked == [site.url for site in SITES[:2]]
    (platform,) = watch.store.platforms()
    assert platform.holder == ELSEWHERE
    assert set(watch.store.due(watch.clock.now())) == {site.id for site in SITES[2:]}


def test_standing_still_for_less_than_a_lease_loses_nothing(watch: Watch) -> None:
    stand_still(watch, 2, LEASE / 2)

    assert [polled.outcome for polled in round_(watch)] == [Outcome.OK] * len(SITES)


def test_what_it_read_before_and_had_not_written_is_left_to_the_other(watch: Watch) -> None:
    """A state of then would hide what the other has seen since. Without a gap several are written at once."""
    hurried = {"ide": Platform("ide", timedelta(0), 0.0, Brake())}
    watch.catalogue = replace(watch.catalogue, platforms=hurried)
    watch.start()
    round_(watch)
    watch.clock.time += 2 * HOUR
    first = SITES[0].id

    def overtake(address: str) -> None:
        if address == SITES[1].url:
            watch.clock.time += 2 * LEASE
            now = watch.clock.now()
            watch.store.lease_platform("ide", ELSEWHERE, now, now + HOUR)
            state = watch.store.claim(first, ELSEWHERE, now, now + HOUR)
            assert state is not None
            seen = replace(state, next_poll_at=now + HOUR, last_poll_at=now)
            watch.store.save_quiet([PollPlan(first, Outcome.UNCHANGED, seen, state.snapshot)])
        paced(address)

    paced, watch.web.before_request = watch.web.before_request, overtake
    assert [polled.source for polled in round_(watch)] == [first]

    assert watch.store.states()[first].last_poll_at == watch.clock.now()


def test_the_state_of_the_platform_is_the_other_s(watch: Watch) -> None:
    stand_still(watch, 1, 2 * LEASE)
    round_(watch)
    braked = PlatformState("ide", brakes=2, speaker=ELSEWHERE)
    assert watch.store.hold_platform(braked, ELSEWHERE, watch.clock.now() + HOUR)

    assert all(polled.outcome is Outcome.POSTPONED for polled in round_(watch))
    assert watch.store.platforms()[0].state == braked

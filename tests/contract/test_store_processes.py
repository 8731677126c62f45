"""Who speaks to a platform, and who does what for all processes on a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.store import SqlStore
from tests.fakes.watch import NEWS
from watcher.core.state import PlatformState

NOW = datetime(2025, 9, 10, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=90)
LATER = NOW + LEASE
PAGE = NEWS.id


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    store.register([NEWS], NOW)
    return store


def test_each_request_is_noted_and_prolongs_the_lease(ready: SqlStore) -> None:
    ready.lease_platform("ide", "me/1", NOW, LATER)
    reserved = PlatformState("ide", next_request_at=NOW + timedelta(seconds=7), speaker="me")

    assert ready.hold_platform(reserved, "me/1", LATER + LEASE)

    (held,) = ready.platforms()
    assert (held.state, held.holder, held.until) == (reserved, "me/1", LATER + LEASE)


def test_whoever_lost_a_platform_neither_notes_nor_ends_anything_of_it(ready: SqlStore) -> None:
    ready.lease_platform("ide", "asleep/1", NOW, LATER)
    theirs = PlatformState("ide", next_request_at=LATER, speaker="awake")
    ready.lease_platform("ide", "awake/1", LATER, LATER + LEASE)
    ready.hold_platform(theirs, "awake/1", LATER + LEASE)

    ours = PlatformState("ide", brakes=1, speaker="asleep")
    assert not ready.hold_platform(ours, "asleep/1", LATER + 2 * LEASE)
    ready.save_platform(ours, (), (), "asleep/1")
    ready.release_platform("ide", "asleep/1", ours)

    (held,) = ready.platforms()
    assert (held.state, held.holder, held.until) == (theirs, "awake/1", LATER + LEASE)


def test_a_platform_that_was_given_back_is_nobodys(ready: SqlStore) -> None:
    ready.lease_platform("ide", "me/1", NOW, LATER)
    ready.release_platform("ide", "me/1", PlatformState("ide"))

    assert not ready.hold_platform(PlatformState("ide", brakes=1), "me/1", LATER)
    assert ready.platforms()[0].state == PlatformState("ide")


def test_who_takes_a_platform_over_finds_its_pages_free(ready: SqlStore) -> None:
    ready.lease_platform("ide", "dead/1", NOW, LATER)
    ready.claim(PAGE, "dead/1", NOW, NOW + timedelta(hours=1))

    ready.lease_platform("ide", "me/1", LATER, LATER + LEASE)

    assert ready.claim(PAGE, "me/1", LATER, LATER + LEASE) is not None


def test_what_a_dead_round_held_is_free_once_its_lease_ran_out(ready: SqlStore) -> None:
    ready.lease_platform("ide", "dead/1", NOW, LATER)
    ready.claim(PAGE, "dead/1", NOW, NOW + timedelta(hours=1))
    ready.lease_platform("outremer", "alive/1", NOW, LATER + LEASE)

    assert ready.free_lapsed(NOW) == []
    assert ready.due(LATER) == []
    assert ready.free_lapsed(LATER) == ["ide"]
    assert ready.due(LATER) == [PAGE]
    assert ready.lease_owners() == {"alive/1"}


def test_how_much_is_overdue_and_since_when(ready: SqlStore) -> None:
    assert ready.overdue(NOW) == (1, NOW)
    ready.claim(PAGE, "me", NOW, LATER)
    assert ready.overdue(NOW) == (0, None)


class TestDuties:
    """What one process does for all."""

    def test_a_duty_is_one_process_s_until_its_time_is_over(self, store: SqlStore) -> None:
        assert store.lease_duty("upkeep", "a", NOW, LATER)
        assert not store.lease_duty("upkeep", "b", NOW, LATER)
        assert store.lease_duty("feed", "b", NOW, LATER)
        assert store.lease_duty("upkeep", "b", LATER, LATER + LEASE)
        assert not store.lease_duty("upkeep", "a", LATER, LATER + LEASE)

    def test_whoever_goes_on_has_had_it_since_the_beginning(self, store: SqlStore) -> None:
        store.lease_duty("worker:a", "a", NOW, LATER, "rests")
        store.lease_duty("worker:a", "a", LATER, LATER + LEASE, "polls")

        (duty,) = store.duties(LATER)
        assert (duty.name, duty.holder, duty.since, duty.what) == ("worker:a", "a", NOW, "polls")

    def test_a_duty_that_is_laid_down_is_taken_up_at_once(self, store: SqlStore) -> None:
        store.lease_duty("upkeep", "a", NOW, LATER)
        store.release_duty("upkeep", "b")
        assert not store.lease_duty("upkeep", "b", NOW, LATER)

        store.release_duty("upkeep", "a")
        assert store.lease_duty("upkeep", "b", NOW, LATER)

    def test_those_that_are_gone_are_not_there_and_then_forgotten(self, store: SqlStore) -> None:
        store.lease_duty("worker:a", "a", NOW, LATER)

        assert store.duties(LATER) == []
        store.forget_duties(LATER + LEASE)
        assert store.lease_duty("worker:a", "b", LATER, LATER + LEASE)
        assert store.duties(LATER)[0].since == LATER

"""Who polls what, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, plan, source, state
from watcher.core.page import Validators
from watcher.core.ports import Store
from watcher.core.state import Missing, PlatformState, SourceState, Suspicion

LEASE = timedelta(minutes=20)


def test_a_new_source_is_due_at_once(store: Store) -> None:
    store.register([source()], NOW)

    assert store.states() == {CANTAL: SourceState(CANTAL, NOW)}
    assert store.due(NOW) == [CANTAL]


def test_registering_again_leaves_what_is_known(store: Store) -> None:
    store.register([source()], NOW)
    store.save(plan())

    store.register([source(), source("69-actualites")], NOW + HOUR)

    assert store.states()[CANTAL] == state()
    assert set(store.states()) == {CANTAL, "69-actualites"}


def test_nothing_to_register_is_no_trouble(store: Store) -> None:
    store.register([], NOW)

    assert store.states() == {}


def test_a_state_comes_back_as_it_was_written(store: Store) -> None:
    store.register([source()], NOW)
    written = state(
        last_read_at=NOW,
        last_full_at=NOW - HOUR,
        failures=3,
        validators=Validators('"é"', None),
        digest="abc",
        suspicion=Suspicion("d", NOW),
        missing=(Missing("clé", NOW, 2), Missing("k", NOW)),
    )

    store.save(plan(state=written))

    assert store.states()[CANTAL] == written


def test_times_of_other_zones_come_back_in_utc(store: Store) -> None:
    store.register([source()], NOW)
    paris = NOW.astimezone(timezone(timedelta(hours=2)))

    store.save(plan(state=state(next_poll_at=paris, last_poll_at=paris)))

    known = store.states()[CANTAL]
    assert known.next_poll_at == NOW
    assert known.last_poll_at is not None
    assert known.last_poll_at.tzinfo is UTC
    assert store.due(NOW - timedelta(microseconds=1)) == []
    assert store.due(NOW) == [CANTAL]


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="without zone"):
        store.due(datetime(2026, 9, 10))  # noqa: DTZ001


def test_the_most_overdue_comes_first(store: Store) -> None:
    names = ["c", "a", "b"]
    for minutes, name in enumerate(names):
        store.register([source(name)], NOW - timedelta(minutes=minutes))

    assert store.due(NOW) == ["b", "a", "c"]
    assert store.due(NOW - timedelta(minutes=1)) == ["b", "a"]


def test_a_claimed_source_is_nobody_elses_until_its_lease_ends(store: Store) -> None:
    store.register([source()], NOW)

    assert store.claim(CANTAL, "me", NOW, NOW + LEASE) == SourceState(CANTAL, NOW)
    assert store.due(NOW) == []
    assert store.claim(CANTAL, "you", NOW + LEASE - timedelta(microseconds=1), NOW + HOUR) is None
    assert store.due(NOW + LEASE) == [CANTAL]
    assert store.claim(CANTAL, "you", NOW + LEASE, NOW + HOUR) is not None


def test_whoever_holds_a_lease_may_take_it_again(store: Store) -> None:
    store.register([source()], NOW)
    store.claim(CANTAL, "me", NOW, NOW + LEASE)

    assert store.claim(CANTAL, "me", NOW, NOW + LEASE) is not None


def test_a_lease_of_a_clock_that_was_ahead_holds_nobody_up(store: Store) -> None:
    store.register([source()], NOW)
    store.claim(CANTAL, "me", NOW + 100 * 24 * HOUR, NOW + 100 * 24 * HOUR + LEASE)

    assert store.due(NOW) == [CANTAL]
    assert store.claim(CANTAL, "you", NOW, NOW + LEASE) is not None


def test_a_released_source_is_free_and_only_its_holder_releases_it(store: Store) -> None:
    store.register([source()], NOW)
    store.claim(CANTAL, "me", NOW, NOW + LEASE)

    store.release(CANTAL, "you")
    assert store.due(NOW) == []

    store.release(CANTAL, "me")
    assert store.due(NOW) == [CANTAL]


def test_a_concluded_poll_ends_its_lease(store: Store) -> None:
    store.register([source()], NOW)
    store.claim(CANTAL, "me", NOW, NOW + LEASE)

    assert store.save(plan())
    assert store.claim(CANTAL, "you", NOW, NOW + LEASE) == state()


def test_what_a_dead_process_held_is_freed_at_once(store: SqlStore) -> None:
    store.register([source()], NOW)
    store.claim(CANTAL, "dead", NOW, NOW + LEASE)
    store.lease_platform("ide", "dead", NOW, NOW + LEASE)
    store.lease_platform("paris", "alive", NOW, NOW + LEASE)
    assert store.lease_owners() == {"dead", "alive"}

    store.release_all("dead")

    assert store.lease_owners() == {"alive"}
    assert store.due(NOW) == [CANTAL]
    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) is not None
    assert store.lease_platform("paris", "you", NOW, NOW + LEASE) is None


def test_a_source_that_nobody_registered_cannot_be_claimed(store: Store) -> None:
    assert store.claim("nulle-part", "me", NOW, NOW + LEASE) is None


def test_one_process_speaks_to_a_platform(store: Store) -> None:
    assert store.lease_platform("ide", "me", NOW, NOW + LEASE) == PlatformState("ide")
    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) is None
    assert store.lease_platform("paris", "you", NOW, NOW + LEASE) is not None

    store.release_platform("ide", "you")
    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) is None
    store.release_platform("ide", "me")
    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) is not None
    assert store.lease_platform("ide", "me", NOW + LEASE, NOW + HOUR) is not None


def test_pace_and_brake_outlive_the_process_that_set_them(store: Store) -> None:
    braked = PlatformState("ide", NOW, 3, ("a.gouv.fr", "b.gouv.fr"), NOW + HOUR, 2)
    store.lease_platform("ide", "me", NOW, NOW + LEASE)

    store.save_platform(braked, [], [])

    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) is None, "saving is not releasing"
    store.release_platform("ide", "me")
    assert store.lease_platform("ide", "you", NOW, NOW + LEASE) == braked


def test_a_platform_may_be_saved_before_anybody_leased_it(store: Store) -> None:
    store.save_platform(PlatformState("ide", brakes=1), [], [])

    assert store.lease_platform("ide", "me", NOW, NOW + LEASE) == PlatformState("ide", brakes=1)


def test_the_newest_robots_txt_of_an_origin_is_remembered(store: SqlStore) -> None:
    store.keep_robots("https://www.cantal.gouv.fr", NOW, "User-agent: *\nDisallow: /")
    store.keep_robots("https://www.cantal.gouv.fr", NOW + LEASE, "")

    assert store.robots() == {"https://www.cantal.gouv.fr": (NOW + LEASE, "")}

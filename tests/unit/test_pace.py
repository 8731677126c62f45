"""How fast a platform is asked, and when it is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.catalogue import Brake, Platform
from watcher.core.pace import (
    LATELY,
    answered,
    backoff,
    braked,
    next_slot,
    note_failure,
    note_success,
    resumed,
)
from watcher.core.state import PlatformState

NOW = datetime(2025, 9, 10, 8, 0, tzinfo=UTC)
IDE = Platform("ide", timedelta(seconds=7), 0.3, Brake(3, timedelta(minutes=15)))
FREE = PlatformState("ide")
HOURS_6 = timedelta(hours=6)

chances = st.floats(0, 1)
spans = st.timedeltas(timedelta(0), timedelta(minutes=30))


def failed(*hosts: str, state: PlatformState = FREE, known: int | None = 94) -> PlatformState:
    for host in hosts:
        state = note_failure(state, IDE, host, NOW, 0.0, None, hosts=known)
    return state


@given(st.lists(st.tuples(spans, chances), min_size=2, max_size=60))
def test_two_requests_are_never_closer_than_the_gap(steps: list[tuple[timedelta, float]]) -> None:
    state, now, sent = FREE, NOW, []
    for passes, chance in steps:
        now += passes
        wait, state = next_slot(state, IDE, now, chance)
        now += wait
        sent.append(now)

    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert min(gaps) >= IDE.gap


@given(chances)
def test_nobody_waits_longer_than_gap_and_jitter(chance: float) -> None:
    _, state = next_slot(FREE, IDE, NOW, chance)
    wait, _ = next_slot(state, IDE, NOW, chance)

    assert IDE.gap <= wait <= IDE.gap * 1.3


def test_the_first_request_goes_at_once() -> None:
    wait, state = next_slot(FREE, IDE, NOW, 0.5)

    assert wait == timedelta(0)
    assert state.next_request_at == NOW + IDE.gap * 1.15


def test_the_gap_begins_again_with_an_answer_that_came_late() -> None:
    """By then the server has had the request, however long that took."""
    _, state = next_slot(FREE, IDE, NOW, 0.0)
    late = NOW + timedelta(seconds=5)

    assert answered(state, IDE.gap, late).next_request_at == late + IDE.gap


def test_an_answer_at_once_shortens_no_wait() -> None:
    _, state = next_slot(FREE, IDE, NOW, 1.0)

    assert answered(state, IDE.gap, NOW) == state


class TestAnotherSpeaker:
    """Its clock may differ, and it may have died with a request under way."""

    LEFT = PlatformState("ide", next_request_at=NOW - timedelta(seconds=1), speaker="there/1/1")

    def test_a_whole_gap_is_left_after_another_process(self) -> None:
        state = resumed(self.LEFT, "here/1/1", IDE.gap, NOW)

        assert (state.next_request_at, state.speaker) == (NOW + IDE.gap, "here/1/1")

    def test_whoever_spoke_last_goes_on_at_its_own_pace(self) -> None:
        assert resumed(self.LEFT, "there/1/1", IDE.gap, NOW).next_request_at == NOW

    def test_a_platform_that_was_quiet_for_long_is_asked_at_once(self) -> None:
        later = NOW + LATELY

        assert resumed(self.LEFT, "here/1/1", IDE.gap, later).next_request_at == later

    def test_a_slot_that_is_still_to_come_stays(self) -> None:
        far = PlatformState("ide", next_request_at=NOW + timedelta(minutes=3), speaker="there/1/1")

        assert resumed(far, "here/1/1", IDE.gap, NOW).next_request_at == NOW + timedelta(minutes=3)


def test_those_who_reserve_together_queue_up() -> None:
    state, waits = FREE, []
    for _ in range(4):
        wait, state = next_slot(state, IDE, NOW, 0.0)
        waits.append(wait)

    assert waits == [IDE.gap * n for n in range(4)]


def test_a_clock_that_is_set_back_does_not_stop_everything() -> None:
    tomorrow = NOW + timedelta(days=1)
    _, state = next_slot(PlatformState("ide", brakes=1), IDE, tomorrow, 0.0)
    state = note_failure(state, IDE, "a", tomorrow, 0.0, None)

    assert braked(state, tomorrow)
    assert next_slot(state, IDE, NOW, 0.0)[0] == timedelta(0)
    assert not braked(state, NOW)


def test_failures_on_different_hosts_pull_the_brake() -> None:
    state = failed("a", "b", "c")

    assert not braked(failed("a", "b"), NOW)
    assert state.braked_until == NOW + timedelta(minutes=15)
    assert braked(state, NOW)
    assert not braked(state, NOW + timedelta(minutes=15))


def test_one_sick_host_of_many_pulls_no_brake() -> None:
    assert not braked(failed(*"aaaaaaaa"), NOW)
    assert not braked(failed(*"ababababab"), NOW)


@pytest.mark.parametrize(("known", "hosts", "pulled"), [(1, "aa", False), (1, "aaa", True), (2, "aba", True)])
def test_a_platform_of_few_hosts_brakes_all_the_same(known: int, hosts: str, pulled: bool) -> None:
    assert braked(failed(*hosts, known=known), NOW) is pulled


def test_two_hosts_are_not_condemned_by_one() -> None:
    assert not braked(failed(*"aaaa", known=2), NOW)


def test_an_answer_in_between_starts_the_count_anew() -> None:
    state = note_success(failed("a", "b"), "c")

    assert not braked(failed("a", "b", state=state), NOW)


def test_one_failed_probe_pulls_the_brake_again_for_longer() -> None:
    state = failed("a", "b", "c")
    pauses = []
    for _ in range(7):
        state = failed("a", state=state)
        assert state.braked_until is not None
        pauses.append(state.braked_until - NOW)

    assert pauses == [timedelta(minutes=m) for m in (30, 60, 120, 240, 360, 360, 360)]


def test_an_answer_of_a_healthy_platform_changes_nothing() -> None:
    _, state = next_slot(FREE, IDE, NOW, 0.0)

    assert note_success(state, "a") == state


def test_a_probe_that_succeeds_frees_the_platform() -> None:
    state = note_success(failed("a", "b", "c"), "a")

    assert state == FREE


@given(
    st.integers(0, 10_000),
    chances,
    st.none() | st.timedeltas(timedelta(days=-10), timedelta(days=9000)),
)
def test_no_pause_is_longer_than_six_hours(brakes: int, chance: float, wish: timedelta | None) -> None:
    state = PlatformState("ide", brakes=brakes, failures=2, failed_hosts=("a", "b"))

    state = note_failure(state, IDE, "c", NOW, chance, wish)

    assert state.braked_until is not None
    assert timedelta(minutes=15) <= state.braked_until - NOW <= HOURS_6


def test_a_server_that_asks_for_longer_is_obeyed() -> None:
    state = note_failure(failed("a", "b"), IDE, "c", NOW, 0.0, timedelta(hours=2))

    assert state.braked_until == NOW + timedelta(hours=2)


@given(
    st.integers(0, 100_000),
    st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    chances,
    st.none() | st.timedeltas(timedelta(days=-10), timedelta(days=9000)),
)
def test_a_failing_source_is_asked_again_within_bounds(
    failures: int, every: timedelta, chance: float, wish: timedelta | None
) -> None:
    assert timedelta(minutes=5) <= backoff(failures, every, chance, wish) <= HOURS_6


def test_a_failing_source_is_asked_ever_more_seldom() -> None:
    hour = timedelta(hours=1)

    assert [backoff(n, hour, 0.0, None) / hour for n in (1, 2, 3, 4, 5)] == [1, 2, 4, 6, 6]
    assert backoff(1, hour, 1.0, None) == hour * 1.2
    assert backoff(1, hour, 0.0, timedelta(hours=3)) == hour * 3


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("known", [1, 94])
def test_a_platform_that_is_down_for_a_day_is_hardly_asked(chance: float, known: int) -> None:
    """24 hours of 503 to every request: few probes, one at a time, and back within six hours."""
    down_until = NOW + timedelta(hours=24)
    state, now, sent = FREE, NOW, []
    answered_at = None
    for request in range(1000):
        if braked(state, now):
            assert state.braked_until is not None
            now = state.braked_until
        wait, state = next_slot(state, IDE, now, chance)
        now += wait
        sent.append((now, state.brakes))
        if now >= down_until:
            answered_at = now
            break
        state = note_failure(state, IDE, str(request % known), now, chance, None, hosts=known)

    opened = [at for at, brakes in sent if brakes]
    assert len(opened) <= 12
    assert len(sent) - len(opened) == 3
    assert answered_at is not None
    assert answered_at - down_until <= HOURS_6 + IDE.gap * 1.3
    assert min(b - a for (a, _), (b, _) in pairwise(sent)) >= IDE.gap


def test_two_processes_leave_a_gap_when_the_other_spoke_within_five_minutes() -> None:
    def start(ago: timedelta) -> timedelta:
        state = PlatformState("ide", next_request_at=NOW - ago, speaker="other")
        at = resumed(state, "me", IDE.gap, NOW).next_request_at
        assert at is not None
        return at - NOW

    assert start(timedelta(minutes=4, seconds=59)) == IDE.gap
    assert start(timedelta(minutes=5)) == timedelta(0)


def test_a_slot_within_the_hour_is_waited_for_and_a_farther_one_is_a_clocks_mistake() -> None:
    waits = []
    for far in (timedelta(hours=1), timedelta(hours=1, seconds=1)):
        waits.append(next_slot(PlatformState("ide", next_request_at=NOW + far), IDE, NOW, 0.0)[0])

    assert waits == [timedelta(hours=1), timedelta(0)]

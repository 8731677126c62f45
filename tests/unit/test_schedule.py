"""When a source is looked at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.readings import HOUR, NOW
from watcher.core.guard import AGREES_AFTER, BELIEVED_AFTER
from watcher.core.page import Outcome
from watcher.core.schedule import SOON, next_poll

READ = [outcome for outcome in Outcome if outcome.read]
DOUBTFUL = [Outcome.IMPLAUSIBLE, Outcome.EMPTY]
FAILED = [outcome for outcome in Outcome if not outcome.read]


def wait(outcome: Outcome, failures: int = 0, every: timedelta = HOUR, **how: object) -> timedelta:
    return next_poll(NOW, every, outcome, failures, 0.0, **how) - NOW  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", READ)
def test_a_page_that_was_read_is_read_again_after_its_interval(outcome: Outcome) -> None:
    assert wait(outcome) == HOUR


def test_sources_of_one_interval_drift_apart_by_a_tenth_of_it() -> None:
    assert next_poll(NOW, HOUR, Outcome.OK, 0, 1.0) - NOW == timedelta(minutes=66)


@pytest.mark.parametrize("outcome", [*READ, *DOUBTFUL])
def test_what_is_unsettled_is_looked_at_soon(outcome: Outcome) -> None:
    assert wait(outcome, failures=1, pending=True) == SOON


def test_soon_is_late_enough_for_a_second_look_to_count() -> None:
    assert SOON > AGREES_AFTER


def test_soon_is_never_later_than_the_interval() -> None:
    assert wait(Outcome.OK, every=timedelta(minutes=5), pending=True) == timedelta(minutes=5)


@pytest.mark.parametrize("outcome", DOUBTFUL)
def test_after_three_doubtful_readings_haste_is_of_no_use(outcome: Outcome) -> None:
    waits = [wait(outcome, failures) for failures in (1, 2, 3, 4, 5)]

    assert waits[:3] == [SOON, 2 * SOON, 3 * SOON]
    assert sum(waits[:3], timedelta(0)) > BELIEVED_AFTER
    later = [HOUR, HOUR] if outcome is Outcome.IMPLAUSIBLE else [timedelta(hours=6)] * 2
    assert waits[3:] == later


def test_failures_are_met_with_growing_patience() -> None:
    waits = [wait(Outcome.UNREACHABLE, failures) for failures in (1, 2, 3, 4, 50)]

    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR]


@pytest.mark.parametrize(
    ("outcome", "failures", "pending", "usual"),
    [
        (Outcome.OK, 0, True, SOON),
        (Outcome.EMPTY, 1, False, SOON),
        (Outcome.IMPLAUSIBLE, 2, False, 2 * SOON),
        (Outcome.IMPLAUSIBLE, 9, False, HOUR),
    ],
)
def test_chance_draws_every_wait_out_by_a_tenth(
    outcome: Outcome, failures: int, pending: bool, usual: timedelta
) -> None:
    drawn = next_poll(NOW, HOUR, outcome, failures, 1.0, pending=pending) - NOW

    assert drawn == usual * 1.1


def test_a_failure_is_not_made_urgent_by_what_is_pending() -> None:
    assert wait(Outcome.BLOCKED, 1, pending=True) == HOUR


def test_a_servers_wish_is_obeyed_within_six_hours() -> None:
    assert wait(Outcome.BLOCKED, 1, retry_after=3 * HOUR) == 3 * HOUR
    assert wait(Outcome.BLOCKED, 1, retry_after=timedelta(days=4000)) == 6 * HOUR


@given(
    outcome=st.sampled_from(Outcome),
    failures=st.integers(0, 10_000),
    minutes=st.integers(1, 6 * 60),
    random=st.floats(0, 1),
    pending=st.booleans(),
    asked=st.none() | st.timedeltas(min_value=timedelta(days=-9), max_value=timedelta(days=9999)),
)
def test_the_next_look_is_always_to_come_and_never_far(
    outcome: Outcome, failures: int, minutes: int, random: float, pending: bool, asked: timedelta | None
) -> None:
    every = timedelta(minutes=minutes)
    due = next_poll(NOW, every, outcome, failures, random, pending=pending, retry_after=asked) - NOW

    assert timedelta(minutes=1) <= due <= timedelta(hours=6) * 1.1

"""What becomes of a message after an attempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.outbox import Attempt, DeliveryState, Fate, Message, MessageKind, Settlement
from watcher.core.retry import Brake, behind, settle
from watcher.core.subscriptions import Way

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def message(**changes: Any) -> Message:
    plain = Message(
        id="m1",
        kind=MessageKind.ALERTS,
        way=Way.MAIL,
        about="s1",
        alerts=("a1",),
        run=None,
        created_at=NOW - MINUTE,
        due_at=NOW,
    )
    return replace(plain, **changes)


def settled(
    fate: Fate, chance: float = 0.0, retry_after: timedelta | None = None, **was: object
) -> Settlement:
    return settle(message(**was), Attempt(fate, "why", retry_after), NOW, chance)


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.ACCEPTED, DeliveryState.ACCEPTED),
        (Fate.RETRY, DeliveryState.DEFERRED),
        (Fate.STOPPED, DeliveryState.DEFERRED),
        (Fate.AMBIGUOUS, DeliveryState.AMBIGUOUS),
        (Fate.BOUNCED, DeliveryState.EXPIRED),
        (Fate.REFUSED, DeliveryState.SHUNTED),
        (Fate.GONE, DeliveryState.EXPIRED),
        (Fate.POISONED, DeliveryState.DEFERRED),
    ],
)
def test_each_fate_of_a_first_attempt_has_its_state(fate: Fate, state: DeliveryState) -> None:
    first = settled(fate)

    assert (first.state, first.attempts, first.detail) == (state, 1, "why")


@pytest.mark.parametrize(
    ("attempts", "pause"), [(0, MINUTE), (1, 2 * MINUTE), (5, 32 * MINUTE), (9, 6 * HOUR), (5000, 6 * HOUR)]
)
def test_every_refusal_doubles_the_pause_up_to_six_hours(attempts: int, pause: timedelta) -> None:
    assert settled(Fate.RETRY, attempts=attempts).due_at == NOW + pause


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        (timedelta(seconds=-5), MINUTE),
        (timedelta(0), MINUTE),
        (10 * MINUTE, 10 * MINUTE),
        (timedelta(days=30_000), 6 * HOUR),
    ],
)
def test_the_pause_that_a_server_asks_for_is_kept_within_bounds(asked: timedelta, pause: timedelta) -> None:
    assert settled(Fate.RETRY, retry_after=asked).due_at == NOW + pause


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 60), st.integers(-(10**6), 10**9) | st.none())
def test_no_pause_is_ever_shorter_than_a_minute_or_longer_than_six_hours(
    chance: float, attempts: int, asked: int | None
) -> None:
    wish = None if asked is None else timedelta(seconds=asked)
    later = settled(Fate.RETRY, chance, wish, attempts=attempts)

    assert MINUTE <= later.due_at - NOW <= 6 * HOUR


def test_what_failed_together_does_not_come_back_together() -> None:
    assert settled(Fate.RETRY, 0.1).due_at != settled(Fate.RETRY, 0.2).due_at


def test_a_message_without_an_answer_is_sent_once_more_and_never_a_third_time() -> None:
    first = settled(Fate.AMBIGUOUS)
    second = settled(Fate.AMBIGUOUS, ambiguous=first.ambiguous, attempts=1)

    assert first.state is DeliveryState.AMBIGUOUS
    assert first.due_at >= NOW + timedelta(minutes=15)
    assert (second.state, second.ambiguous) == (DeliveryState.SHUNTED, 2)


def test_a_message_that_we_fail_on_three_times_is_put_aside() -> None:
    states, was = [], 0
    for _ in range(3):
        result = settled(Fate.POISONED, poisoned=was)
        states.append(result.state)
        was = result.poisoned

    assert states == [DeliveryState.DEFERRED, DeliveryState.DEFERRED, DeliveryState.SHUNTED]


@pytest.mark.parametrize(("age", "state"), [(4.9, DeliveryState.DEFERRED), (5.1, DeliveryState.EXPIRED)])
def test_after_five_days_of_refusals_a_message_is_given_up(age: float, state: DeliveryState) -> None:
    assert settled(Fate.RETRY, created_at=NOW - age * DAY, attempts=20).state is state


def test_a_message_that_waited_six_days_for_the_mail_server_survives_its_first_refusal() -> None:
    assert settled(Fate.RETRY, created_at=NOW - 6 * DAY).state is DeliveryState.DEFERRED


def test_a_confirmation_is_given_up_when_its_link_is_dead() -> None:
    old: dict[str, Any] = {"created_at": NOW - 3 * DAY, "attempts": 12}

    assert settled(Fate.RETRY, kind=MessageKind.CONFIRMATION, **old).state is DeliveryState.EXPIRED
    assert settled(Fate.RETRY, **old).state is DeliveryState.DEFERRED


def test_a_receiver_that_says_never_again_ends_its_subscription() -> None:
    assert settled(Fate.GONE, way=Way.WEBHOOK).ends
    assert not settled(Fate.BOUNCED).ends


def test_a_web_hook_that_took_nothing_for_five_days_ends_and_a_full_mailbox_does_not() -> None:
    old: dict[str, Any] = {"created_at": NOW - 6 * DAY, "attempts": 20}

    assert settled(Fate.RETRY, way=Way.WEBHOOK, **old).ends
    assert not settled(Fate.RETRY, way=Way.MAIL, **old).ends


def test_our_own_trouble_never_ends_a_subscription() -> None:
    old: dict[str, Any] = {"created_at": NOW - 6 * DAY, "attempts": 20, "way": Way.WEBHOOK}

    assert not any(settled(fate, **old).ends for fate in (Fate.STOPPED, Fate.POISONED, Fate.REFUSED))


def test_what_waits_behind_a_refusal_was_not_tried_and_goes_first_next_time() -> None:
    refused = settled(Fate.RETRY)
    waits = behind(message(attempts=3), refused)

    assert (waits.state, waits.attempts) == (DeliveryState.DEFERRED, 3)
    assert waits.due_at < refused.due_at


def test_a_way_that_is_down_is_left_alone_longer_each_time_up_to_an_hour() -> None:
    brake, spans = None, []
    for _ in range(6):
        brake = Brake.pulled(brake, NOW)
        spans.append(brake.span / MINUTE)

    assert spans == [5, 10, 20, 40, 60, 60]


def test_a_brake_does_not_outlast_a_clock_that_was_set_back() -> None:
    brake = Brake.pulled(None, NOW)

    assert brake.holds(NOW)
    assert not brake.holds(NOW + 5 * MINUTE)
    assert not brake.holds(NOW - DAY)


@pytest.mark.parametrize(("chance", "minutes"), [(0.0, 15), (0.5, 17.5), (0.99, 19.95)])
def test_what_went_without_an_answer_goes_again_after_a_quarter_of_an_hour(
    chance: float, minutes: float
) -> None:
    assert settled(Fate.AMBIGUOUS, chance).due_at == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    ("way", "kind", "again"),
    [
        (Way.MAIL, MessageKind.ALERTS, True),
        (Way.MAIL, MessageKind.DIGEST, True),
        (Way.MAIL, MessageKind.CONFIRMATION, False),
        (Way.WEBHOOK, MessageKind.ALERTS, False),
    ],
)
def test_alerts_that_may_never_have_come_are_told_again_in_a_digest(
    way: Way, kind: MessageKind, again: bool
) -> None:
    assert settled(Fate.AMBIGUOUS, ambiguous=1, way=way, kind=kind).again is again


def test_what_waits_behind_a_refusal_waits_a_second_less() -> None:
    refused = settled(Fate.RETRY)

    assert refused.due_at - behind(message(), refused).due_at == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attempts", "age", "state"),
    [
        (6, 5 * DAY + MINUTE, DeliveryState.DEFERRED),
        (7, 5 * DAY + MINUTE, DeliveryState.EXPIRED),
        (7, 5 * DAY, DeliveryState.DEFERRED),
    ],
)
def test_a_message_is_given_up_at_its_eighth_refusal_when_its_days_are_over(
    attempts: int, age: timedelta, state: DeliveryState
) -> None:
    assert settled(Fate.RETRY, created_at=NOW - age, attempts=attempts).state is state


def test_a_message_that_we_fail_on_waits_like_one_that_is_refused() -> None:
    assert settled(Fate.POISONED, attempts=2).due_at == NOW + 4 * MINUTE


def test_a_pause_is_drawn_out_by_a_quarter_at_most() -> None:
    assert settled(Fate.RETRY, 0.5).due_at == NOW + timedelta(seconds=67.5)

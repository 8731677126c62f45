"""How often a mailbox may be written to before its owner asked for it."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import SEEN
from watcher.core.signups import (
    CONFIRM_FOR,
    FORM_FOR,
    FROM_ONE_NETWORK,
    MANAGE_FOR,
    PER_HOUR,
    rule,
    rule_management,
)
from watcher.core.subscriptions import AddressHistory, Choices, Recipient, Signup, Way
from watcher.core.throttle import Visits

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SIGNUP = Signup("a" * 32, Way.MAIL, Recipient(b"-", "i", "m"), Choices(), SEEN, "1-fr")


def mailed(times: list[timedelta], history: AddressHistory | None = None) -> list[timedelta]:
    """At which of these times since the beginning a sign-up leads to a letter."""
    history, sent = history or AddressHistory(), []
    for time in times:
        ruling = rule(SEEN + time, SIGNUP, history, 0)
        history = ruling.history
        if ruling.allowed:
            sent.append(ruling.due_at - SEEN)
    return sent


def test_who_signs_up_gets_a_confirmation_at_once() -> None:
    ruling = rule(SEEN, SIGNUP, AddressHistory(), 0)
    assert ruling.allowed
    assert ruling.due_at == SEEN
    assert ruling.history == AddressHistory((SEEN,))


def test_a_second_one_comes_ten_minutes_later_at_the_earliest() -> None:
    asked = [0 * MINUTE, 1 * MINUTE, 9.9 * MINUTE, 10 * MINUTE]
    assert mailed(asked) == [0 * MINUTE, 10 * MINUTE]


def test_three_in_a_day_are_followed_by_a_week_of_silence() -> None:
    every_hour = [hour * HOUR for hour in range(24 * 8)]
    assert mailed(every_hour)[:4] == [0 * HOUR, 1 * HOUR, 2 * HOUR, 7 * DAY + 2 * HOUR]


def test_asking_during_the_silence_does_not_prolong_it() -> None:
    silent = AddressHistory((), SEEN + 7 * DAY)
    assert mailed([day * DAY for day in range(9)], silent)[0] == 7 * DAY


def test_who_never_wants_to_hear_of_us_never_does() -> None:
    assert mailed([day * DAY for day in range(400)], AddressHistory(suppressed=True)) == []


@given(st.lists(st.integers(0, 20_000), max_size=120))
def test_however_one_is_bombed_no_day_brings_more_than_three(minutes: list[int]) -> None:
    sent = mailed([minute * MINUTE for minute in sorted(minutes)])
    assert all(sum(start <= at < start + DAY for at in sent) <= 3 for start in sent)
    assert all(later - earlier >= 10 * MINUTE for earlier, later in itertools.pairwise(sent))


def test_what_finds_no_place_within_an_hour_is_sent_in_a_later_one() -> None:
    """Ten thousand people sign up in a minute: all get their letter, 300 an hour."""
    due: list[datetime] = []
    for number in range(10_000):
        now = SEEN + number * MINUTE / 10_000
        ruling = rule(now, SIGNUP, AddressHistory(), booked=len(due))  # none of them was due an hour ago
        assert ruling.allowed
        due.append(ruling.due_at)
    per_hour = Counter((at - SEEN) // HOUR for at in due)
    assert max(per_hour.values()) == PER_HOUR
    assert sum(per_hour.values()) == 10_000
    assert max(due) <= SEEN + 34 * HOUR


def test_a_delayed_letter_counts_when_it_is_sent() -> None:
    delayed = rule(SEEN, SIGNUP, AddressHistory(), PER_HOUR)
    assert delayed.due_at == SEEN + HOUR
    assert not rule(SEEN + 30 * MINUTE, SIGNUP, delayed.history, 0).allowed
    assert not rule(SEEN + 65 * MINUTE, SIGNUP, delayed.history, 0).allowed
    assert rule(SEEN + 70 * MINUTE, SIGNUP, delayed.history, 0).allowed


def test_a_stranger_who_bombs_a_mailbox_does_not_lock_its_owner_out() -> None:
    silenced = AddressHistory((SEEN,), SEEN + 7 * DAY)
    ruling = rule_management(SEEN + HOUR, silenced)
    assert ruling.allowed
    assert ruling.history == AddressHistory((SEEN, SEEN + HOUR), SEEN + 7 * DAY)


def test_links_to_choices_are_not_a_way_to_bomb_either() -> None:
    history, sent = AddressHistory(), 0
    for minute in range(24 * 60):
        ruling = rule_management(SEEN + minute * MINUTE, history)
        history, sent = ruling.history, sent + ruling.allowed
    assert sent == 3
    assert not rule_management(SEEN, AddressHistory(suppressed=True)).allowed


def test_ten_thousand_forms_for_nine_mailboxes_bring_each_of_them_three_letters() -> None:
    """Five hundred networks send them, as fast as they are let in, in a day."""
    visits, histories, letters = Visits(FROM_ONE_NETWORK), dict[int, AddressHistory](), Counter[int]()
    taken = 0
    for number in range(10_000):
        now = SEEN + number * DAY / 10_000
        if visits.rule(str(number % 500).encode(), now).allowed:
            taken += 1
            ruling = rule(now, SIGNUP, histories.get(number % 9, AddressHistory()), 0)
            histories[number % 9] = ruling.history
            letters[number % 9] += ruling.allowed
    assert taken == 10_000
    assert letters == Counter(dict.fromkeys(range(9), 3))


def test_three_hundred_confirmations_find_room_in_an_hour_and_the_next_one_waits() -> None:
    waits = [rule(SEEN, SIGNUP, AddressHistory(), booked).due_at - SEEN for booked in (299, 300, 600)]

    assert waits == [0 * HOUR, HOUR, 2 * HOUR]


def test_a_letter_of_just_a_day_ago_counts_no_more() -> None:
    history = AddressHistory(tuple(SEEN - gap for gap in (DAY, 20 * HOUR, 10 * HOUR)))

    assert rule_management(SEEN, history).allowed
    assert not rule_management(SEEN - timedelta(seconds=1), history).allowed


def test_links_forms_and_networks_have_the_limits_that_are_told() -> None:
    assert (CONFIRM_FOR, MANAGE_FOR, FORM_FOR) == (48 * HOUR, 30 * MINUTE, 12 * HOUR)
    assert (FROM_ONE_NETWORK.requests, FROM_ONE_NETWORK.window) == (10, HOUR)

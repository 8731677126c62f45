"""How often a password may be tried, and who has to wait for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.attempts import FREE, KEPT, LONGEST, Attempts
from watcher.core.passwords import PasswordTrouble, password_trouble, user_name

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HERE, ELSEWHERE = b"ana at home", b"ana at work"


def fail(attempts: Attempts, times: int, party: bytes = HERE, now: datetime = NOW) -> datetime:
    """Fail so often, each try as early as it may come; the moment of the last one."""
    for _ in range(times):
        wait = attempts.begin(party, now)
        if wait:
            now += timedelta(seconds=wait)
            assert attempts.begin(party, now) == 0
    return now


def test_five_tries_are_free_and_the_sixth_waits_a_minute() -> None:
    attempts = Attempts()

    assert [attempts.begin(HERE, NOW) for _ in range(FREE + 1)] == [0] * FREE + [60]


def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour() -> None:
    attempts, waits = Attempts(), []
    now = fail(attempts, FREE)
    for _ in range(7):
        waits.append(attempts.begin(HERE, now))
        now = fail(attempts, 1, now=now)

    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_who_keeps_asking_while_waiting_is_not_kept_out_for_longer() -> None:
    attempts = Attempts()
    fail(attempts, FREE)
    waits = [attempts.begin(HERE, NOW + timedelta(seconds=s)) for s in range(0, 60, 7)]

    assert waits == list(range(60, 0, -7))
    assert attempts.begin(HERE, NOW + timedelta(seconds=60)) == 0


def test_failures_in_one_place_keep_nobody_out_elsewhere() -> None:
    attempts = Attempts()
    now = fail(attempts, 20)

    assert attempts.begin(HERE, now) == LONGEST.total_seconds()
    assert attempts.begin(ELSEWHERE, now) == 0


def test_success_begins_anew() -> None:
    attempts = Attempts()
    fail(attempts, FREE)
    attempts.succeeded(HERE)

    assert fail(attempts, FREE) == NOW


def test_an_hour_of_quiet_begins_anew() -> None:
    attempts = Attempts()
    later = fail(attempts, FREE + 5) + KEPT

    assert fail(attempts, FREE, now=later) == later


def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    attempts = Attempts()
    fail(attempts, 15)

    assert attempts.begin(HERE, NOW - timedelta(days=1)) == 0


def test_memory_is_bounded_and_the_first_to_fail_are_forgotten_first() -> None:
    attempts = Attempts(most=3)
    fail(attempts, FREE, b"first")
    for party in (b"second", b"third", b"fourth"):
        fail(attempts, FREE, party)

    assert len(attempts) == 3
    assert [attempts.begin(party, NOW) for party in (b"fourth", b"first")] == [60, 0]


@given(st.lists(st.integers(0, 300), max_size=80))
def test_never_are_more_than_five_tried_within_a_minute(pauses: list[int]) -> None:
    attempts, now, tried = Attempts(), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if attempts.begin(HERE, now) == 0:
            tried.append(now)

    assert all(last - first >= timedelta(minutes=1) for first, last in zip(tried, tried[FREE:], strict=False))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" Ana.Lopez ", "ana.lopez"),
        ("a", "a"),
        ("x" * 64, "x" * 64),
        ("x" * 65, None),
        ("", None),
        ("élodie", None),
        ("ana lopez", None),
        (".ana", None),
        ("ana\n", "ana"),
        ("a/../b", None),
    ],
)
def test_names_are_kept_in_one_form_and_hold_nothing_that_means_something(
    text: str, name: str | None
) -> None:
    assert user_name(text) == name


@pytest.mark.parametrize(
    ("password", "trouble"),
    [
        ("onze lettre", PasswordTrouble.SHORT),
        ("douze lettre", None),
        ("éléphant rose à pois", None),
        ("x" * 1025, PasswordTrouble.LONG),
        ("é" * 513, PasswordTrouble.LONG),
        ("abcd" * 256, None),
        ("Elodie-Martin", PasswordTrouble.NAME),
        ("elodie-martin2025!", PasswordTrouble.NAME),
        ("elodie-martin promène son chien", None),
        ("abababababababab", PasswordTrouble.PLAIN),
    ],
)
def test_a_password_is_long_enough_and_is_not_the_name(
    password: str, trouble: PasswordTrouble | None
) -> None:
    assert password_trouble("elodie-martin", password) is trouble


def test_a_failure_is_held_against_somebody_for_an_hour() -> None:
    attempts = Attempts()
    assert [attempts.begin(HERE, NOW) for _ in range(6)] == [0, 0, 0, 0, 0, 60]

    hour = timedelta(hours=1)
    assert attempts.begin(HERE, NOW + hour) == 0
    assert [attempts.begin(HERE, NOW + hour) for _ in range(5)] == [0, 0, 0, 0, 60]

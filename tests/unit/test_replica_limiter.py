"""The replica's limiter: patient with who takes his time, and with nobody else."""

from __future__ import annotations

import pytest

from watcher.replica.limiter import ALLOWED, AT_ONCE, BODY, PAUSE, WINDOW, Limiter, Refusal

CLIENT = "127.0.0.1"


class Hands:
    """A clock that is turned by hand, and requests that are answered at once."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.limiter = Limiter(lambda: self.time)

    def request(self, after: float, client: str = CLIENT) -> Refusal | None:
        self.time += after
        refusal = self.limiter.enter(client)
        self.limiter.leave(client)
        return refusal


def test_the_body_of_a_refusal_is_118_bytes_long() -> None:
    assert len(BODY) == 118


@pytest.mark.parametrize("gap", [5.0, 5.001, 7.0, 30.0])
def test_one_request_each_five_seconds_or_slower_is_never_refused(gap: float) -> None:
    hands = Hands()

    assert [hands.request(gap) for _ in range(2000)] == [None] * 2000


@pytest.mark.parametrize("gap", [0.0, 0.1, 1.0, 2.0, 3.0])
def test_a_client_in_a_hurry_is_refused_within_a_minute_of_requests(gap: float) -> None:
    hands = Hands()

    outcomes = [hands.request(gap) for _ in range(int(WINDOW / max(gap, 1)) + 1)]

    assert outcomes[:ALLOWED] == [None] * ALLOWED
    assert outcomes[-1] is not None


def test_every_third_refusal_is_a_reset_connection() -> None:
    hands = Hands()
    outcomes = [hands.request(0) for _ in range(ALLOWED + 6)]

    said, slammed = Refusal.SAID, Refusal.SLAMMED
    assert outcomes[ALLOWED:] == [said, said, slammed, said, said, slammed]


def test_a_refused_client_that_keeps_quiet_is_served_again() -> None:
    hands = Hands()
    for _ in range(ALLOWED + 1):
        hands.request(0)

    assert hands.request(PAUSE / 2) is not None
    assert hands.request(PAUSE / 2) is None


def test_a_refused_client_that_keeps_knocking_stays_refused() -> None:
    hands = Hands()
    outcomes = [hands.request(1.0) for _ in range(int(PAUSE * 3))]

    assert None not in outcomes[ALLOWED:]


def test_clients_are_counted_apart() -> None:
    hands = Hands()
    for _ in range(ALLOWED + 1):
        hands.request(0, "127.0.0.2")

    assert hands.request(0, "127.0.0.3") is None


def test_many_requests_at_the_same_time_are_too_many() -> None:
    limiter = Limiter(lambda: 0.0)

    outcomes = [limiter.enter(CLIENT) for _ in range(AT_ONCE + 1)]

    assert outcomes[:AT_ONCE] == [None] * AT_ONCE
    assert outcomes[AT_ONCE] is not None


def test_answers_that_take_half_a_minute_do_not_make_a_patient_client_hasty() -> None:
    """Requests each 5 s, every one of them answered 30 s later."""
    time = [0.0]
    limiter = Limiter(lambda: time[0])
    outcomes = []
    for number in range(200):
        time[0] = number * 5.0
        outcomes.append(limiter.enter(CLIENT))
        if number >= 6:
            limiter.leave(CLIENT)

    assert outcomes == [None] * 200

"""How often somebody may ask, and what is remembered of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.alerts import SEEN
from watcher.core.throttle import Quota, Spent, Visits, party, rule

SECOND = timedelta(seconds=1)
THREE = Quota(3)


def asked(visits: Visits, who: str, *seconds: float) -> list[bool]:
    return [visits.rule(who.encode(), SEEN + s * SECOND).allowed for s in seconds]


def test_the_quota_may_be_used_at_once_and_comes_back_when_the_window_ends() -> None:
    assert asked(Visits(THREE), "a", 0, 0, 1, 1, 59.9, 60, 60, 60, 60) == [True] * 3 + [False] * 2 + [
        True
    ] * 3 + [False]


def test_one_who_asks_too_often_takes_nothing_from_the_others() -> None:
    visits = Visits(THREE)
    assert asked(visits, "a", 0, 0, 0, 0)[-1] is False
    assert asked(visits, "b", 0) == [True]


def test_what_is_left_and_for_how_long_is_told() -> None:
    first = rule(None, THREE, SEEN)
    assert (first.remaining, first.reset) == (2, 60)
    last = rule(Spent(SEEN, 3), THREE, SEEN + timedelta(seconds=59.5))
    assert (last.allowed, last.remaining, last.reset) == (False, 0, 1)


def test_a_clock_that_is_set_back_locks_nobody_out() -> None:
    assert asked(Visits(THREE), "a", 3600, 3600, 3600, 3600, 0) == [True, True, True, False, True]


def test_nobody_is_remembered_when_their_window_is_over() -> None:
    visits = Visits(THREE)
    asked(visits, "a", 0)
    asked(visits, "b", 30)
    assert len(visits) == 2
    asked(visits, "c", 60)
    assert len(visits) == 2
    asked(visits, "c", 120)
    assert len(visits) == 1


def test_a_crowd_is_not_remembered_without_bound() -> None:
    visits = Visits(THREE, most=10)
    for number in range(1000):
        assert asked(visits, str(number), 0) == [True]
        assert len(visits) <= 10


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 20)), max_size=60))
def test_nobody_gets_more_than_twice_the_quota_in_any_window(waits: list[tuple[str, float]]) -> None:
    visits, time, let_in = Visits(THREE), 0.0, []
    for who, wait in waits:
        time += wait
        if asked(visits, who, time) == [True]:
            let_in.append((who, time))
    for who, start in let_in:
        assert sum(w == who and start <= t < start + 60 for w, t in let_in) <= 2 * THREE.requests


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("", "unknown", False),
    ],
)
def test_an_ipv6_network_is_one_party(one: str, other: str, *, same: bool) -> None:
    assert (party(one) == party(other)) is same


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("0.0.0.1", "0.0.0.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", "unknown"),
    ],
)
def test_wider_networks_can_be_one_party(host: str, network: str) -> None:
    assert party(host, v4=24, v6=48) == network

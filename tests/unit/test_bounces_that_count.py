"""Which hard bounces still speak against an address."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.bounces import REMEMBERED, counting

TODAY = date(2026, 9, 30)
AGO = st.integers(0, 100).map(lambda days: TODAY - timedelta(days=days))


def ago(*days: int) -> set[date]:
    return {TODAY - timedelta(days=one) for one in days}


@pytest.mark.parametrize(
    ("bounced", "taken", "count"),
    [
        ((0, 1, 2), (), (0, 1, 2)),
        ((0, 59, 60), (), (0, 59)),  # two months
        ((0, 20, 21), (10,), (0,)),  # reached meanwhile
        ((0, 20, 21), (22, 21, 20), (0, 20, 21)),  # what the relay took came back
        ((0, 2, 4), (3, 5), (0, 2, 4)),  # nobody knows yet
        ((0, 12), (12, 6), (0,)),
        ((0, 12), (12, 5), (0, 12)),  # may come back today
    ],
)
def test_what_is_long_ago_or_before_a_mail_that_was_kept_counts_no_more(
    bounced: tuple[int, ...], taken: tuple[int, ...], count: tuple[int, ...]
) -> None:
    assert counting(ago(*bounced), ago(*taken), TODAY) == ago(*count)


@given(st.sets(AGO), st.sets(AGO))
def test_the_bounce_of_today_always_counts_and_none_of_long_ago(bounced: set[date], taken: set[date]) -> None:
    counted = counting({TODAY, *bounced}, taken, TODAY)

    assert TODAY in counted
    assert all(TODAY - one < REMEMBERED for one in counted)


@given(st.sets(AGO))
def test_a_relay_that_takes_every_mail_shields_no_address_whose_mails_all_come_back(days: set[date]) -> None:
    """Each mail is taken, and comes back the day after."""
    bounced = {day + timedelta(days=1) for day in days if day < TODAY}
    recent = {day for day in bounced if TODAY - day < REMEMBERED}

    assert counting(bounced, {day for day in days if day < TODAY}, TODAY) == recent

"""A machine whose clock cannot be right tells nobody anything."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.fakes.clocks import LeapingClock
from watcher.clock import trusted
from watcher.core.errors import UserError


@pytest.mark.parametrize("year", [1970, 2000, 2024])
def test_a_clock_from_before_the_program_is_refused(year: int) -> None:
    with pytest.raises(UserError, match=rf"indique le {year}-01-01.* réglez-la"):
        trusted(LeapingClock(time=datetime(year, 1, 1, tzinfo=UTC)))


def test_any_later_clock_is_believed() -> None:
    clock = LeapingClock(time=datetime(2031, 1, 1, tzinfo=UTC))

    assert trusted(clock) is clock

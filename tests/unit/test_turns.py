"""Each receiver has its turn; nobody is kept waiting for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.alerts import SEEN
from watcher.core.turns import Turns

MINUTE = timedelta(minutes=1)


def test_ten_turns_a_minute() -> None:
    turns = Turns()
    waits = []
    for second in range(12):
        with turns.turn("a", SEEN + timedelta(seconds=second)) as wait:
            waits.append(wait)

    assert waits == [None] * 10 + [timedelta(seconds=50), timedelta(seconds=49)]
    with turns.turn("a", SEEN + MINUTE) as wait:
        assert wait is None


def test_one_turn_at_a_time_for_each_receiver() -> None:
    turns = Turns()
    with turns.turn("a", SEEN) as first, turns.turn("b", SEEN) as other:
        assert (first, other) == (None, None)
        for _ in range(2):  # whoever is refused ends nobody's turn
            with turns.turn("a", SEEN) as refused:
                assert refused == MINUTE
    with turns.turn("a", SEEN) as after:
        assert after is None


def test_a_failure_ends_the_turn() -> None:
    turns = Turns()
    with pytest.raises(ConnectionError), turns.turn("a", SEEN):
        raise ConnectionError
    with turns.turn("a", SEEN) as wait:
        assert wait is None

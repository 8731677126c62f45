"""A process makes sure that a platform is still its own, right before it speaks and no more often than needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.watch import NEWS, START, StoppableClock
from tests.fakes.web import LIST
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture
from watcher.core.state import PlatformState
from watcher.pacing import LeaseLostError, Pacer

EVERY = timedelta(seconds=15)


class Holder:
    """Notes what it is asked to hold, and when."""

    def __init__(self, clock: StoppableClock) -> None:
        self.clock, self.ours = clock, True
        self.asked: list[tuple[float, PlatformState]] = []

    def __call__(self, state: PlatformState) -> bool:
        self.asked.append(((self.clock.now() - START).total_seconds(), state))
        return self.ours

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.asked]


def pacer(clock: StoppableClock, gap: float) -> tuple[Pacer, Holder]:
    platforms = {"ide": Platform("ide", timedelta(seconds=gap), 0.0, Brake())}
    catalogue = Catalogue(platforms, {"15": Prefecture("15", "Cantal", LIST)}, {NEWS.id: NEWS})
    made, holder = Pacer(catalogue, clock, lambda: 0.0), Holder(clock)
    made.resume(PlatformState("ide"), "here/1/1", holder, EVERY)
    return made, holder


def test_a_paced_platform_is_held_right_before_each_request_with_the_next_slot_noted() -> None:
    clock = StoppableClock(START)
    made, holder = pacer(clock, 7)

    for _ in range(3):
        made.before_request(LIST)

    assert holder.times == [0, 7, 14]
    assert [state.next_request_at for _, state in holder.asked] == [
        START + timedelta(seconds=7 * number) for number in (1, 2, 3)
    ]
    assert {state.speaker for _, state in holder.asked} == {"here/1/1"}


def test_a_platform_without_gap_is_held_at_first_and_now_and_then() -> None:
    clock = StoppableClock(START)
    made, holder = pacer(clock, 0)

    for _ in range(40):
        clock.time += timedelta(seconds=1)
        made.before_request(LIST)

    assert holder.times == [1, 16, 31]


def test_whoever_lost_it_does_not_speak() -> None:
    clock = StoppableClock(START)
    made, holder = pacer(clock, 7)
    holder.ours = False

    with pytest.raises(LeaseLostError):
        made.before_request(LIST)


def test_whoever_stood_still_asks_before_it_speaks_even_without_a_gap() -> None:
    clock = StoppableClock(START)
    made, holder = pacer(clock, 0)
    made.before_request(LIST)
    holder.ours = False
    clock.time += timedelta(hours=1)

    with pytest.raises(LeaseLostError):
        made.before_request(LIST)


def test_a_late_answer_moves_the_next_request() -> None:
    clock = StoppableClock(START)
    made, holder = pacer(clock, 7)
    made.before_request(LIST)
    clock.time += timedelta(seconds=5)
    made.after_request(LIST)
    made.before_request(LIST)

    assert holder.times == [0, 12]

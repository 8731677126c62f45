"""With very many pages, what is known of them is not read each minute."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

from tests.fakes.store import MemoryStore
from watcher.core.state import SourceOutline
from watcher.upkeep import Upkeep


class Slow(MemoryStore):
    """Takes `cost` seconds to say what is known."""

    def __init__(self, cost: float) -> None:
        super().__init__()
        self.cost, self.at, self.reads = cost, 0.0, 0

    def outlines(self) -> Mapping[str, SourceOutline]:
        self.reads += 1
        self.at += self.cost
        return super().outlines()

    def minutes(self, number: int) -> int:
        """How often it is asked in so many rounds, a minute apart."""
        upkeep = Upkeep(cast(Any, SimpleNamespace(store=self)), "here/1/1", time=lambda: self.at)
        for _ in range(number):
            assert upkeep._states() == self.known
            self.at += 60
        return self.reads


def test_what_is_read_quickly_is_read_each_minute() -> None:
    assert Slow(0.5).minutes(30) == 30


def test_reading_takes_a_tenth_of_the_time_at_most() -> None:
    slow = Slow(30.0)
    reads = slow.minutes(60)

    assert 5 <= reads <= 12
    assert reads * slow.cost <= slow.at / 9

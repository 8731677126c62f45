"""How well everything is read is put together again each time, until that takes long."""

from __future__ import annotations

from watcher.core.coverage import Coverage
from watcher.web.covered import LONGEST, Covered


class Watching:
    """Takes `cost` seconds to look."""

    def __init__(self, cost: float) -> None:
        self.cost, self.at, self.looks = cost, 0.0, 0
        self.covered: Covered[Coverage] = Covered(lambda: self.at)

    def look(self) -> Coverage:
        return self.covered.of(self._make)

    def _make(self) -> Coverage:
        self.looks += 1
        self.at += self.cost
        return Coverage((), ())


def test_what_is_quick_is_never_old() -> None:
    watching = Watching(0.01)
    for _ in range(3):
        watching.look()
    assert watching.looks == 3


def test_what_takes_a_second_is_looked_at_again_after_ten() -> None:
    watching = Watching(1.0)
    first = watching.look()
    watching.at += 9.9
    assert watching.look() is first
    watching.at += 0.2
    assert watching.look() is not first
    assert watching.looks == 2


def test_nobody_is_shown_what_is_older_than_a_minute() -> None:
    watching = Watching(100.0)
    watching.look()
    watching.at += LONGEST + 0.1
    watching.look()
    assert watching.looks == 2


def test_while_one_looks_again_another_is_shown_what_there_was() -> None:
    watching = Watching(1.0)
    first = watching.look()
    watching.at += 60
    shown = []

    def slowly() -> Coverage:
        shown.append(watching.covered.of(watching._make))
        return watching._make()

    second = watching.covered.of(slowly)
    assert shown == [first]
    assert second is not first

"""One bad thing among many good ones."""

from __future__ import annotations

from prove.attack import lists, neighbours, queue
from prove.gauge import once_more
from prove.report import Chapter

_HOW = (
    "A bad text at every place of a feed and of the queue of what is to be sent, by each way and of each kind: "
    "the others must be told, in time. And lists that are as long as they may be, with nothing in common."
)


def prove(*, long: bool, seed: int) -> Chapter:  # nothing is drawn
    figures = [
        *neighbours.attack(long=long),
        *once_more(lambda: queue.attack(long=long)),
        *once_more(lists.attack),
    ]
    return Chapter("One among many", _HOW, tuple(figures))

"""Work in proportion to its input: a machine's speed changes both sides of a ratio alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SHORT = 0.02  # seconds: less is not worth comparing
TRIES = 6  # each input's best counts


def in_proportion(work: Callable[[T], object], of: Callable[[int], T], size: int) -> bool:
    """Whether `work(of(size))` takes less than eight times what a quarter of it takes.

    Four times is in proportion, sixteen is quadratic.
    """
    whole, quarter = of(size), of(size // 4)
    much = little = math.inf
    for _ in range(TRIES):
        much = min(much, _seconds(work, whole))
        if much < SHORT:
            return True
        little = min(little, _seconds(work, quarter))
        if much < 8 * little:
            return True
    return False


def _seconds(work: Callable[[T], object], given: T) -> float:
    begun = time.thread_time()
    work(given)
    return time.thread_time() - begun

"""The best moment of the next look at a source whose expected publications are known. Pure arithmetic, in hours.

Notation: `rates[k]` is the expected number of publications per hour in the k-th hour from now on, `ends[k]` the
end of that hour, in hours from now; `prices[k]` is what one look costs then, in publication-hours of delay.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt


def best_look(
    rates: Sequence[float], ends: Sequence[float], prices: Sequence[float], least: float, most: float
) -> float | None:
    """In how many hours to look, between `least` and `most`; `None` where that rests on more hours than are known.

    A look is worth its price once the delay that is to be expected has grown to it; at a constant rate that alone
    is the optimum. Where the rate changes, the moment between now and the look after the next that saves most is
    better: one that finds L publications d hours before that later look saves L × d.
    """
    first, hour = _worth(rates, ends, prices, 0, 0.0, most)
    if first >= ends[-1]:
        return None
    if first <= least:
        return least
    second, _ = _worth(rates, ends, prices, hour, first, first + most)
    return _most_saved(rates, ends, second, least, most) if second < ends[-1] else None


def _worth(
    rates: Sequence[float],
    ends: Sequence[float],
    prices: Sequence[float],
    hour: int,
    start: float,
    stop: float,
) -> tuple[float, int]:
    """When the delay expected since `start`, which lies in `hour`, is worth a look, and in which hour; or `stop`."""
    delay = unseen = 0.0
    at = start
    for k in range(hour, len(rates)):
        end, rate, price = ends[k], rates[k], prices[k]
        span = (end if end < stop else stop) - at
        more = delay + span * (unseen + rate * span / 2)
        if more >= price:
            if delay >= price:
                return at, k
            return at + 2 * (price - delay) / (unseen + sqrt(unseen * unseen + 2 * rate * (price - delay))), k
        if end >= stop:
            return stop, k
        delay, unseen, at = more, unseen + rate * span, end
    return at, len(rates) - 1


def _most_saved(
    rates: Sequence[float], ends: Sequence[float], later: float, least: float, most: float
) -> float:
    """The moment t that maximises (publications expected until t) × (later − t)."""
    best, saved = min(most, later), 0.0
    found = start = 0.0
    for rate, end in zip(rates, ends, strict=False):
        if start >= most or start >= later:
            break
        if rate > 0.0:
            at = (later + start - found / rate) / 2
            at = max(min(at, end, most), start, least)
        else:
            at = max(start, least)
        gain = (found + rate * (at - start)) * (later - at)
        if gain > saved:
            best, saved = at, gain
        found, start = found + rate * (end - start), end
    return max(least, min(best, most))

"""When French offices work: public holidays, and what may be believed of publications before any was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import exp

SUNDAY = 6

HOURS = (
    (0.05,) * 6 + (0.1, 0.5) + (1.6, 2.6, 3.0, 2.8, 1.6, 1.6, 2.6, 2.8, 2.6, 1.9) + (0.9, 0.4) + (0.1,) * 4
)
"""How much is published in each hour of the day, by the clock of the place; only the proportions count."""

DAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.15, 0.1)
"""The same for the days of the week, Monday first; public holidays are Sundays."""


@lru_cache(maxsize=512)
def day_of_week(day: date) -> int:
    """0 for Monday to 6 for Sunday and for public holidays."""
    return SUNDAY if day in public_holidays(day.year) else day.weekday()


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """Those of all France."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (easter(year) + timedelta(days=after) for after in (1, 39, 50))
    return frozenset({*(date(year, month, day) for month, day in fixed), *moving})


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Butcher's computation)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leaps, odd = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + week - 7 * ((golden + 11 * moon + 22 * week) // 451) + 114, 31)
    return date(year, month, day + 1)


def days_between(start: datetime, end: datetime, memory: float, hours: Sequence[float]) -> list[float]:
    """How many Mondays, ..., Sundays there were; those `memory` days ago count 1/e. Of the first and the last day
    counts what is published in the part of it, as by `hours`.
    """
    whole = list(_days_between(start.date(), end.date(), memory))
    whole[day_of_week(end.date())] -= 1 - _passed(end, hours)
    whole[day_of_week(start.date())] -= _passed(start, hours) * exp(
        -(end.date() - start.date()).days / memory
    )
    return [max(one, 0.0) for one in whole]


def _passed(at: datetime, hours: Sequence[float]) -> float:
    return (sum(hours[: at.hour]) + hours[at.hour] * at.minute / 60) / sum(hours)


@lru_cache(maxsize=4096)
def _days_between(first: date, last: date, memory: float) -> tuple[float, ...]:
    counts = [0.0] * 7
    for ago in range(min((last - first).days, int(4 * memory)) + 1):
        counts[day_of_week(last - timedelta(days=ago))] += exp(-ago / memory)
    return tuple(counts)

"""How a source publishes, learnt from what was found when: its rate, its hours and days, and its afterthoughts.

A look finds everything that was published since the look before; when within that span is not known. What is
found is shared out between publications that came by themselves and those that followed others closely
(a self-exciting process), and over the hours in proportion to what was expected of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import exp, expm1, log
from operator import mul

from watcher.core.office_hours import day_of_week, days_between

MEMORY = 90.0  # days in which evidence loses all but 1/e of its weight
OWN_HOURS = 12.0  # publications after which a source's own hours count as much as those of all
OWN_DAYS = 30.0
ELSEWHERE = 6.0  # nats that speak against a source's hours being those of all, by so many hours later
ECHOES = 2.0  # however much is found at once, no more follows than after so many
AT_ONCE = 20  # a page that is made anew changes everywhere, and is no more lively for that

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a source's publications; all sums are as of `last`."""

    since: datetime  # from when on it is watched
    last: datetime  # when something was found last; `since` before that
    base: float = 0.0  # publications that came by themselves, the older the less
    echoes: float = 0.0  # those that followed others
    lag: float = 0.0  # hours, summed over echoes, since the find before
    heat: float = 0.0  # echoes that are still to be expected
    hours: tuple[float, ...] = ()  # `base` by hour of the day, 24
    days: tuple[float, ...] = ()  # and by day of the week, 7
    later: int = 0  # by how many hours its day begins later than others' (-12 to 11)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the sources of one kind have in common; `hours` and `days` have a mean of 1."""

    hours: tuple[float, ...]
    days: tuple[float, ...]
    rates: tuple[float, ...]  # how likely each of `GRID` is
    echo: float  # follow-ups per publication
    fade: float  # mean hours until them


GRID = tuple(0.003 * 1.6**n for n in range(22))
"""Publications a day, from one in a year to sixty a day: what a source's rate may be."""

_LOGS = tuple(log(one) for one in GRID)


def rate(rhythm: Rhythm | None, shape: Shape, now: datetime) -> float:
    """Publications a day that come by themselves: the posterior mean."""
    if rhythm is None:
        return sumprod(shape.rates, GRID)
    likely = posterior(shape.rates, *evidence(rhythm, now))
    return sumprod(likely, GRID) / sum(likely)


def sumprod(one: Sequence[float], other: Sequence[float]) -> float:
    return sum([a * b for a, b in zip(one, other, strict=True)])


def evidence(rhythm: Rhythm, now: datetime) -> tuple[float, float]:
    """Publications, and in how many days, both decayed."""
    watched = max((now - rhythm.since) / HOUR / 24, 0.0)
    kept = exp(-max((now - rhythm.last) / HOUR / 24, 0.0) / MEMORY)
    return rhythm.base * kept, MEMORY * (1 - exp(-watched / MEMORY))


def posterior(rates: Sequence[float], events: float, days: float) -> list[float]:
    """How likely each of `GRID` is after `events` in `days`, up to a factor."""
    logs = [events * one - rate * days for one, rate in zip(_LOGS, GRID, strict=True)]
    top = max(logs)
    return [weight * exp(one - top) for weight, one in zip(rates, logs, strict=True)]


def profile(rhythm: Rhythm | None, shape: Shape) -> tuple[Sequence[float], Sequence[float]]:
    """Its hours of the day and days of the week, each with a mean of 1."""
    if rhythm is None:
        return shape.hours, shape.days
    hours = _mixed(rhythm.hours, moved(shape.hours, rhythm.later), OWN_HOURS) if rhythm.hours else shape.hours
    if not rhythm.days:
        return hours, shape.days
    watched = days_between(rhythm.since, rhythm.last, MEMORY, hours)
    return hours, levels(rhythm.days, watched, shape.days, OWN_DAYS)


def levels(
    seen: Sequence[float], watched: Sequence[float], believed: Sequence[float], weight: float
) -> list[float]:
    """Of the days of the week, with a mean of 1: what is believed, which is worth `weight` publications, corrected by
    what was seen beside what was to be seen in the days that were watched.
    """
    expected = [many * level for many, level in zip(watched, believed, strict=True)]
    each, trust = sum(seen) / max(sum(expected), 1e-9), weight / sum(believed)
    found = [
        level * (trust * level + one) / (trust * level + each * wanted)
        for one, wanted, level in zip(seen, expected, believed, strict=True)
    ]
    mean = sum(found) / len(found)
    return [one / mean for one in found]


def _mixed(own: Sequence[float], common: Sequence[float], weight: float) -> list[float]:
    whole = weight + sum(own)
    a, b = weight / whole, len(own) / whole
    return [a * c + b * o for c, o in zip(common, own, strict=True)]


def heat(rhythm: Rhythm | None, shape: Shape, now: datetime) -> float:
    """Echoes still to be expected."""
    if rhythm is None or not rhythm.heat:
        return 0.0
    return rhythm.heat * exp(-max((now - rhythm.last) / HOUR, 0.0) / shape.fade)


def found(rhythm: Rhythm, shape: Shape, before: datetime, now: datetime, number: int) -> Rhythm:
    """After a look at `now`, in the source's own time, found `number` ≥ 1 publications since `before`."""
    number = min(number, AT_ONCE)
    span = max((now - before) / HOUR, 1e-3)
    masses = _masses(rhythm, shape, before, now)
    a_day = rate(rhythm, shape, now)
    expected = a_day / 24 * sum(mass for _, _, mass in masses)
    warm = heat(rhythm, shape, before)
    came = shape.echo * (1 - exp(-span / (2 * shape.fade)))
    left = warm * (1 - exp(-span / shape.fade))
    late = left / (expected + left)  # that the first of them followed an earlier find
    late += (number - 1) * left / (expected + left + came)
    close = (number - 1) * came / (expected + left + came)  # and that others followed one of these
    alone = number - late - close
    kept = exp(-max((now - rhythm.last) / HOUR / 24, 0.0) / MEMORY)
    fresh = shape.echo * shape.fade / span * (1 - exp(-span / shape.fade))
    hotter = warm * exp(-span / shape.fade) + number * fresh
    gone = max((before - rhythm.last) / HOUR, 0.0) + min(span, shape.fade) / 2
    lag = late * (gone + _within(span, shape.fade)) + close * _between(span, shape.fade)
    hours, days = _told(rhythm, masses, kept, alone)
    return replace(
        rhythm,
        last=now,
        base=rhythm.base * kept + alone,
        echoes=rhythm.echoes * kept + late + close,
        lag=rhythm.lag * kept + lag,
        heat=min(hotter, ECHOES * shape.echo),
        hours=hours,
        days=days,
        later=_likeliest(hours, shape.hours),
    )


def _within(span: float, fade: float) -> float:
    """Mean hours until what follows after `fade` hours on average, if it comes within the span."""
    return fade - span / expm1(min(span / fade, 500.0))


def _between(span: float, fade: float) -> float:
    """The same, if what it follows came within the span too, whenever that was."""
    ratio = min(span / fade, 500.0)
    if ratio < 0.1:
        return span / 3
    gone = exp(-ratio)
    return fade * (ratio - 2 + (ratio + 2) * gone) / (ratio - 1 + gone)


def _masses(rhythm: Rhythm, shape: Shape, before: datetime, now: datetime) -> list[tuple[int, int, float]]:
    """(hour, day, expected share) of each hour between two looks; of the last three days at most."""
    hours, days = profile(rhythm, shape)
    at = max(before, now - timedelta(days=3))
    masses = []
    while at < now:
        end = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, now)
        day = day_of_week(at.date())
        masses.append((at.hour, day, hours[at.hour] * days[day] * ((end - at) / HOUR)))
        at = end
    return masses or [(now.hour, day_of_week(now.date()), 1e-3)]


def _told(
    rhythm: Rhythm, masses: Sequence[tuple[int, int, float]], kept: float, alone: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    hours = [one * kept for one in rhythm.hours] or [0.0] * 24
    days = [one * kept for one in rhythm.days] or [0.0] * 7
    whole = sum(mass for *_, mass in masses)
    for hour, day, mass in masses:
        share = alone * mass / whole
        hours[hour] += share
        days[day] += share
    return tuple(round(one, 3) for one in hours), tuple(round(one, 3) for one in days)


def later(rhythm: Rhythm | None) -> int:
    """By how many hours its day begins later than that of the others: -12 to 11."""
    return rhythm.later if rhythm else 0


def moved(hours: Sequence[float], later: int) -> Sequence[float]:
    """The same day, begun so many hours later."""
    return (*hours[-later:], *hours[:-later]) if later else hours


def _likeliest(own: Sequence[float], common: Sequence[float]) -> int:
    """By how many hours its day is likeliest to begin later."""
    logs = [log(one) for one in common] * 2
    likely = {
        n: sum(map(mul, own, logs[-n % 24 : -n % 24 + 24])) - ELSEWHERE * (n != 0) for n in range(-12, 12)
    }
    return max(likely, key=likely.__getitem__)

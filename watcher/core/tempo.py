"""What the sources of one kind have in common, and all that is needed to choose when to look at one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from math import exp, log

from watcher.core import office_hours
from watcher.core.budget import Plan, Purse
from watcher.core.office_hours import days_between
from watcher.core.rhythm import GRID, MEMORY, Rhythm, Shape, evidence, levels, moved, posterior

BELIEVED = 20.0  # publications that what is believed of offices is worth
ANYWHERE = 0.03  # of all is published evenly, whatever was seen
SOURCES = 3.0  # that what is believed of rates is worth
COMMON, SPREAD = (
    0.2,
    1.8,
)  # publications a day of the median source, and of their logarithms: rates differ much
ROUNDS = 6  # of expectation and maximisation; every plan goes on from new evidence
ECHO, ECHOES = 0.3, 10.0  # follow-ups per publication, and how many publications that belief is worth
FADE, FADES = 2.0, 4.0  # hours until a follow-up, and how many of them that is worth
MOST_ECHO, SHORTEST, LONGEST = 0.9, 0.5, 12.0


def _believed() -> tuple[float, ...]:
    likely = [exp(-((log(one / COMMON) / SPREAD) ** 2) / 2) for one in GRID]
    return tuple(one / sum(likely) for one in likely)


BELIEF = _believed()
"""How likely each rate of `GRID` is before anything was seen."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """For one source: what is usual of its kind, what looks cost, what was spent, and its time zone."""

    shape: Shape
    plan: Plan
    purse: Purse
    zone: tzinfo


def shape_of(rhythms: Sequence[Rhythm], now: datetime) -> Shape:
    """What these sources have in common, with what is believed of all before anything was seen."""
    echoes = sum(one.echoes for one in rhythms)
    whole = echoes + sum(one.base for one in rhythms)
    fade = (sum(one.lag for one in rhythms) + FADE * FADES) / (echoes + FADES)
    hours = _smooth(_sums([moved(r.hours, -r.later) for r in rhythms if r.hours], 24), office_hours.HOURS)
    return Shape(
        hours=hours,
        days=_days([one for one in rhythms if one.days], hours, now),
        rates=rates_of(rhythms, now),
        echo=min((echoes + ECHO * ECHOES) / (whole + ECHOES), MOST_ECHO),
        fade=min(max(fade, SHORTEST), LONGEST),
    )


def _days(rhythms: Sequence[Rhythm], hours: Sequence[float], now: datetime) -> tuple[float, ...]:
    believed = [len(office_hours.DAYS) * one / sum(office_hours.DAYS) for one in office_hours.DAYS]
    watched = _sums([days_between(one.since, now, MEMORY, hours) for one in rhythms], 7)
    found = levels(_sums([one.days for one in rhythms], 7), watched, believed, BELIEVED)
    return tuple((1 - ANYWHERE) * one + ANYWHERE for one in found)


def _sums(rows: Sequence[Sequence[float]], width: int) -> list[float]:
    return [sum(column) for column in zip(*rows, strict=True)] or [0.0] * width


def _smooth(seen: Sequence[float], believed: Sequence[float]) -> tuple[float, ...]:
    """With a mean of 1; nothing is impossible."""
    trust = BELIEVED / sum(believed)
    each = (1 - ANYWHERE) * len(seen) / (sum(seen) + BELIEVED)
    return tuple(each * (one + trust * prior) + ANYWHERE for one, prior in zip(seen, believed, strict=True))


def rates_of(rhythms: Sequence[Rhythm], now: datetime) -> tuple[float, ...]:
    """How the rates of these sources are distributed."""
    return rates_among([evidence(one, now) for one in rhythms])


def rates_among(seen: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """How likely each rate of `GRID` is among sources of so many publications in so many days: the nonparametric
    maximum of likelihood (Laird 1978), by expectation and maximisation. Few sources publish most, and no family
    of curves fits that.
    """
    alike = Counter(_rounded(*one) for one in seen)
    weights = BELIEF
    for _ in range(ROUNDS):
        counts = [SOURCES * one for one in BELIEF]
        for (events, days), many in alike.items():
            likely = posterior(weights, events, days)
            each = many / sum(likely)
            counts = [count + each * one for count, one in zip(counts, likely, strict=True)]
        whole = sum(counts)
        weights = tuple(count / whole for count in counts)
    return weights


def _rounded(events: float, days: float) -> tuple[float, float]:
    """Sources that are hardly told apart are counted together."""
    return round(events, 1), round(days, 1)

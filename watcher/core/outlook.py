"""What is expected of a source in the hours to come, and when the next look at it is best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

from watcher.core.budget import haste
from watcher.core.look import best_look
from watcher.core.office_hours import day_of_week
from watcher.core.rhythm import Rhythm, Shape, found, heat, profile, rate
from watcher.core.tempo import Tempo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
COLD = 1e-3  # echoes that nobody waits for
USUAL = HOUR  # of a source with this interval a look costs what the plan says; half of it, a quarter
MOST_FOLLOWS = 0.6  # of all that is published
NEAR = 6.0  # hours: who is looked at often needs no more of the future for it
LEAST = 0.1  # of its interval: no source is looked at sooner after a look, whatever is expected


def learnt(
    tempo: Tempo | None, rhythm: Rhythm | None, before: datetime | None, now: datetime, number: int
) -> Rhythm | None:
    """What is known of a source after a reading at `now` that found `number` publications since `before`; the
    first reading of all finds none.
    """
    if tempo is None:
        return rhythm
    if rhythm is None or before is None:
        return rhythm or Rhythm(now, now)
    if not number:
        return rhythm
    return found(rhythm, tempo.shape, before.astimezone(tempo.zone), now.astimezone(tempo.zone), number)


def demand(rhythm: Rhythm | None, shape: Shape, every: timedelta, now: datetime) -> float:
    """Publications a day, what follows them included, in the weight that the source's interval gives them."""
    return rate(rhythm, shape, now) / (1 - min(shape.echo, MOST_FOLLOWS)) * (USUAL / every) ** 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """By the hour from now on, the first of which has begun: see `look.best_look`."""

    rates: list[float]
    ends: list[float]
    prices: list[float]


def next_look(
    tempo: Tempo, rhythm: Rhythm | None, every: timedelta, now: datetime, daily: float | None = None
) -> timedelta:
    """How long to wait from `now`, when the source was read. `daily`: its rate, where that is known already."""
    most = max(tempo.plan.most, every / HOUR)
    least = min(LEAST * (every / HOUR), most)
    if daily is None:
        daily = rate(rhythm, tempo.shape, now)
    for hours in (min(NEAR, 2 * most), 2 * most):
        view = outlook(tempo, rhythm, every, now, hours, daily)
        found = best_look(view.rates, view.ends, view.prices, least, most)
        if found is not None:
            return found * HOUR
    raise AssertionError("two looks lie further away than twice the longest wait")


def outlook(
    tempo: Tempo,
    rhythm: Rhythm | None,
    every: timedelta,
    now: datetime,
    hours: float,
    daily: float | None = None,
) -> Outlook:
    """For so many hours."""
    local = now.astimezone(tempo.zone)
    begun = (local.minute * 60 + local.second + local.microsecond * 1e-6) / 3600
    number = int(hours + begun) + 1
    rates = _by_themselves(tempo, rhythm, local, number, daily)
    ends = [k - begun for k in range(1, number + 1)]
    warm = heat(rhythm, tempo.shape, now)
    if warm > COLD:
        _add_echoes(rates, warm, 1 - begun, tempo.shape.fade)
    return Outlook(rates, ends, _prices(tempo, every, now, number))


def _by_themselves(
    tempo: Tempo, rhythm: Rhythm | None, local: datetime, number: int, daily: float | None
) -> list[float]:
    by_hour, by_day = profile(rhythm, tempo.shape)
    hourly = (rate(rhythm, tempo.shape, local) if daily is None else daily) / 24
    rates: list[float] = []
    day, first = local.date(), local.hour
    while len(rates) < number:
        level = hourly * by_day[day_of_week(day)]
        rates += [level * one for one in by_hour[first:]]
        day, first = day + DAY, 0
    del rates[number:]
    return rates


def _add_echoes(rates: list[float], warm: float, first: float, fade: float) -> None:
    left = warm * exp(-first / fade)
    rates[0] += (warm - left) / max(first, 1e-4)
    cooling = exp(-1 / fade)
    for k in range(1, len(rates)):
        if left < COLD:
            break
        rates[k] += left * (1 - cooling)
        left *= cooling


def _prices(tempo: Tempo, every: timedelta, now: datetime, number: int) -> list[float]:
    """The day's prices rise and fall with what was spent so far; those of later days are as planned."""
    plan, weight = tempo.plan, tempo.purse.pressure * (every / USUAL) ** 2
    hour = plan.hour(now)
    today = haste(tempo.purse, plan, now) * weight
    tomorrow = (hour // 24 + 1) * 24
    prices = [today * one for one in plan.prices[hour : min(tomorrow, hour + number)]]
    prices += [weight * one for one in plan.prices[tomorrow : hour + number]]
    return prices + prices[-1:] * (number - len(prices))

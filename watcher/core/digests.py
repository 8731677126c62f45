"""When digests are sent, and which period each of them tells of. Pure; sound at both changes of the clock.

Days and weeks are those of the subscriber's zone: a period is known by the local day on which it closes, so
that an hour that comes twice, or a clock that was set back, finds the same period again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from watcher.core.subscriptions import Cadence

MORNING = time(7)

_SPAN = {Cadence.DAILY: timedelta(days=1), Cadence.WEEKLY: timedelta(weeks=1)}


class Period(NamedTuple):
    """What one digest tells of: from `starts_at`, included, to `ends_at`, when it is sent."""

    id: str  # ``daily:Europe/Paris:2026-11-22``, ``weekly:Indian/Reunion:2026-W47``: of the day it closes
    starts_at: datetime
    ends_at: datetime


def next_due(cadence: Cadence, zone: str, after: datetime) -> datetime:
    """When somebody is to be told of what happened at `after`: then, or the first such morning later on."""
    if cadence is Cadence.NOW:
        return after
    day = _closing_day(cadence, zone, after)
    while (due := _morning(day, zone)) <= after:
        day += _SPAN[cadence]
    return due


def run_of(cadence: Cadence, zone: str, now: datetime) -> Period:
    """The last period that has closed by `now`. `ValueError` for a cadence without periods."""
    _refuse_now(cadence)
    day = _closing_day(cadence, zone, now)
    if _morning(day, zone) > now:
        day -= _SPAN[cadence]
    return _period(cadence, zone, day)


def period(run: str) -> Period:
    """The period with this id. `ValueError` when it is none."""
    name, _, rest = run.partition(":")
    zone, _, label = rest.rpartition(":")
    cadence = Cadence(name)
    _refuse_now(cadence)
    day = _monday(label) if cadence is Cadence.WEEKLY else date.fromisoformat(label)
    found = _period(cadence, zone, day)
    if found.id != run:
        raise ValueError(f"no period: {run!r}")
    return found


def _refuse_now(cadence: Cadence) -> None:
    if cadence is Cadence.NOW:
        raise ValueError("who is told at once has no periods")


def _period(cadence: Cadence, zone: str, day: date) -> Period:
    label = day.isoformat() if cadence is Cadence.DAILY else "{}-W{:02}".format(*day.isocalendar())
    return Period(f"{cadence}:{zone}:{label}", _morning(day - _SPAN[cadence], zone), _morning(day, zone))


def _closing_day(cadence: Cadence, zone: str, moment: datetime) -> date:
    """The day of `moment`, or the Monday of its week, where the zone is."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday()) if cadence is Cadence.WEEKLY else day


def _monday(label: str) -> date:
    year, _, week = label.partition("-W")
    return date.fromisocalendar(int(year), int(week), 1)


def _morning(day: date, zone: str) -> datetime:
    return datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(UTC)

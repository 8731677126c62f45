"""Signs that somebody misuses sign-ups, or the links by which people leave. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.signups import PER_HOUR
from watcher.core.state import Problem, ProblemKind

USUAL = timedelta(days=30)  # what is usual is learnt from so many days before the last one
TIMES = 10  # as many as usual
LEAST = 10  # in a day: fewer say nothing
SIGNUPS, LEAVING = "signups", "leaving"


@dataclass(frozen=True, slots=True)
class Flow:
    """Who comes and goes."""

    asked: int  # sign-ups within the last hour
    left: int  # by their own links, within the last day
    usual: float  # that leave in a day


def alarms(flow: Flow, now: datetime) -> tuple[Problem, ...]:
    """What a maintainer should look at."""
    found = []
    if flow.asked >= PER_HOUR:
        text = f"{flow.asked} inscriptions demandées en une heure : au-delà de {PER_HOUR}, leurs lettres attendent"
        found.append(Problem(SIGNUPS, ProblemKind.MISUSE, now, text, needs_human=True))
    if flow.left >= max(LEAST, TIMES * flow.usual):
        usual = f"{flow.usual:.1f}".replace(".", ",")
        text = f"{flow.left} désabonnements en un jour, pour {usual} d'ordinaire"
        found.append(Problem(LEAVING, ProblemKind.MISUSE, now, text, needs_human=True))
    return tuple(found)

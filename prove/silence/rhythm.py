"""A year and a month of pages that say something new each in its own rhythm, and then stop."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.page import Outcome
from watcher.core.silence import LEARNT_FROM, YEAR, Seen, patience, silent
from watcher.core.state import Problem, SourceState

PAGES = 101
MONTH = timedelta(days=30)
HOUR = timedelta(hours=1)
LOOK = timedelta(hours=12)
CALM_MONTH = datetime(2026, 1, 12, tzinfo=UTC)  # the month before it has Christmas in it
PLAIN_MONTH = datetime(2026, 6, 12, tzinfo=UTC)
MEANS = (0.5, 1, 1, 2, 2, 3, 4, 7, 14, 30)  # working days between two changes, on average
TOUCHED = 0.3  # of the changes are touched up within hours
LULLS = ((12, 24, 1, 2), (8, 1, 8, 20))  # from month and day to month and day, when next to nobody works
CALM = 0.25  # as much as otherwise is said then


@dataclass
class Looks:
    """What was looked at, and what was said of pages that were well."""

    looks: int = 0
    learnt: int = 0  # pages whose rhythm was known at the end
    raised: list[tuple[str, timedelta]] = field(default_factory=list)  # page, how long it had been silent


def catalogue() -> Catalogue:
    codes = [f"{number:03}" for number in range(PAGES)]
    return Catalogue(
        {"ide": Platform("ide", timedelta(seconds=7), 0.3, Brake())},
        {code: Prefecture(code, code, f"https://{code}.example") for code in codes},
        {
            code: Source(code, code, SourceKind.NEWS, f"https://{code}.example/A", "dsfr", "ide", HOUR)
            for code in codes
        },
    )


def histories(seed: int, until: datetime) -> dict[str, list[datetime]]:
    """When each page changed, over a year and a month before `until`."""
    chance = random.Random(seed)
    begun = until - MONTH - YEAR
    return {
        f"{page:03}": list(_life(chance, MEANS[page % len(MEANS)], begun, until)) for page in range(PAGES)
    }


def healthy(seed: int, until: datetime, every: timedelta) -> Looks:
    """Look at all of them through the last month."""
    known, changes, met = catalogue(), histories(seed, until), Looks()
    open_: dict[str, Problem] = {}
    now = until - MONTH
    while now <= until:
        found = {one.subject: one for one in silent(_seen(known, now, open_), _so_far(changes, now))}
        met.looks += PAGES
        met.raised += [
            (name, now - max(one for one in changes[name] if one <= now))
            for name in found
            if name not in open_
        ]
        open_ = found
        now += every
    met.learnt = sum(patience(moments) is not None for moments in changes.values())
    return met


@dataclass
class Stops:
    late: list[timedelta] = field(default_factory=list)  # beyond the promised time
    silences: list[timedelta] = field(default_factory=list)  # before each was raised
    wrong: int = 0  # raised before its time, or more than once, or not kept


def stopped(seed: int, at: datetime) -> Stops:
    """All of them stop at once; whose rhythm is known is raised after its own time, once, and stays so."""
    known, changes, met = catalogue(), histories(seed, at), Stops()
    open_: dict[str, Problem] = {}
    now = at
    while now < at + timedelta(days=400):
        now += LOOK
        before, found = open_, silent(_seen(known, now, open_), _so_far(changes, now))
        open_ = {one.subject: one for one in found}
        met.wrong += len(before.keys() - open_.keys())
        for name in open_.keys() - before.keys():
            taken, allowed = now - changes[name][-1], patience(changes[name])
            assert allowed is not None
            met.silences.append(taken)
            met.late.append(min(taken - allowed, now - at))
            met.wrong += taken < allowed
    return met


def _life(chance: random.Random, mean: float, begun: datetime, until: datetime) -> Iterator[datetime]:
    """Working days and working hours, lulls, and touches within hours."""
    now = begun
    while True:
        now += timedelta(days=chance.expovariate(1 / mean))
        while now.weekday() > 4 or not 7 <= now.hour <= 17 or (_lull(now) and chance.random() > CALM):
            now += 5 * HOUR
        if now > until:
            return
        yield now
        if chance.random() < TOUCHED and now + 2 * HOUR <= until:
            yield now + 2 * HOUR


def _lull(now: datetime) -> bool:
    day = (now.month, now.day)
    return any(
        (month, first) <= day <= (to, last) if month <= to else day >= (month, first) or day <= (to, last)
        for month, first, to, last in LULLS
    )


def _so_far(changes: dict[str, list[datetime]], now: datetime) -> dict[str, list[datetime]]:
    since = now - LEARNT_FROM
    return {name: [one for one in moments if since <= one <= now] for name, moments in changes.items()}


def _seen(known: Catalogue, now: datetime, open_: dict[str, Problem]) -> Seen:
    fine = {name: SourceState(name, now + HOUR, Outcome.UNCHANGED, now, now) for name in known.sources}
    return Seen(known, fine, list(open_.values()), now)

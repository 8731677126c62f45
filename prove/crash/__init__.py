"""Nothing is lost and nothing is told twice, whatever is killed whenever."""

from __future__ import annotations

import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prove.crash.campaign import Campaign
from prove.crash.databases import Kept, Sqlite, postgresql
from prove.crash.invariants import Found
from prove.crash.life import Stage
from prove.crash.outside import Outside
from prove.crash.process import warmed
from prove.crash.start import FirstStart
from prove.crash.sweep import Sweep, Tally
from prove.folders import quick_folder
from prove.report import Chapter, Figure

_HOW = (
    "A small life of the whole program (sign-ups, polls over HTTP, a bad page, alerts, mail over SMTP, a web-hook, "
    "somebody who leaves, a digest) runs in a child that is killed around its statements, commits, connections, "
    "sends and answers, at one point in each run. The next process takes over, at once or only when there is "
    "other news; then database and receivers are compared. After that a watch with its threads is ended at any "
    "moment while news comes in."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: `every` nth point, of those alone that have an effect outside if `deeds`."""

    every: int
    deeds: bool
    pairs: int
    kills: int
    ends: int
    served: int
    starts: int  # every nth point of a first start; 0: none


_SHORT = Effort(every=10, deeds=True, pairs=6, kills=8, ends=4, served=0, starts=90)
_LONG = Effort(every=1, deeds=False, pairs=300, kills=200, ends=60, served=20, starts=1)
_ELSEWHERE = Effort(every=1, deeds=True, pairs=60, kills=60, ends=20, served=0, starts=0)


def prove(*, long: bool, seed: int) -> Chapter:
    chance = random.Random(seed)
    figures: list[Figure] = []
    with warmed(), Outside().running() as outside:
        with _folder() as folder:
            figures += _figures(outside, Sqlite, folder, chance, _LONG if long else _SHORT)
        if long:
            with _folder() as folder, postgresql() as kept:

                def fresh(_folder: Path) -> Kept:
                    kept.create()
                    return kept

                figures += _figures(outside, fresh, folder, chance, _ELSEWHERE)
    return Chapter("Killed at any point", _HOW, tuple(figures))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as name:
        yield Path(name)


def _figures(
    outside: Outside, make: Callable[[Path], Kept], folder: Path, chance: random.Random, effort: Effort
) -> list[Figure]:
    places = (folder / str(number) for number in range(1000))

    def stage(every: str = "15m") -> tuple[Stage, Kept]:
        place = next(places)
        place.mkdir()
        return Stage(place, outside, every), make(place)

    found = []
    sweep = Sweep(*stage(), chance, effort.every, effort.deeds)
    sweep.prepare()
    kind = sweep.database.kind
    promise = "every point" if effort.every == 1 else ""
    points, names = sweep.tally.points, len(sweep.tally.names)
    found += _of_a_sweep(f"{kind}, one kill", sweep.once(), f"{points} points ({names} names)", promise)
    if effort.starts:
        start = FirstStart(stage()[0])
        start.sweep(chance.randrange(effort.starts) + 1, effort.starts)
        found += _of_a_start(f"{kind}, first start", start)
    sweep.tally = Tally()
    found += _of_a_sweep(f"{kind}, two kills", sweep.twice(effort.pairs), f"{effort.pairs} pairs")
    for name, times, signal_, served, every in (
        ("SIGKILL at random", effort.kills, signal.SIGKILL, False, "10s"),
        ("SIGTERM at random", effort.ends, signal.SIGTERM, False, "10s"),
        ("`vigie serve`, SIGKILL", effort.served, signal.SIGKILL, True, "1s"),
        ("`vigie serve`, SIGTERM", effort.served, signal.SIGTERM, True, "1s"),
    ):
        if times:
            campaign = Campaign(*stage(every), chance, signal_, served)
            found += _of_a_campaign(f"{kind}, {name}", campaign, campaign.fight(times))
    return found


def _of_a_sweep(name: str, tally: Tally, tried: str, promise: str = "") -> list[Figure]:
    for line in tally.broken[:20]:
        print(f"  {line[:400]}")
    return [
        Figure(
            f"{name}: tried",
            f"{tried}, {tally.kills} kills",
            promise,
            tally.kills > 0,
        ),
        Figure(f"{name}: databases torn", str(tally.torn), "0", not tally.torn),
        Figure(f"{name}: alerts lost", str(tally.lost), "0", not tally.lost),
        Figure(f"{name}: told twice under different ids", str(tally.doubled), "0", not tally.doubled),
        Figure(
            f"{name}: copies under one id",
            str(tally.copies),
            "at most one for each kill",
            tally.most_copies <= 0,
        ),
        Figure(f"{name}: messages in doubt", str(tally.ambiguous), ""),
        Figure(f"{name}: other invariants broken", str(len(tally.broken)), "0", not tally.broken),
    ]


def _of_a_start(name: str, start: FirstStart) -> list[Figure]:
    told = f"{start.points} points, {start.kills} kills"
    kept = start.kills > 0 and not start.broken
    for line in start.broken[:20]:
        print(f"  {line[:400]}")
    return [
        Figure(f"{name}: tried", told, ""),
        Figure(f"{name}: next starts that differ", str(len(start.broken)), "0", kept),
    ]


def _of_a_campaign(name: str, campaign: Campaign, found: Found) -> list[Figure]:
    for line in found.broken[:20]:
        print(f"  {line[:400]}")
    killed = campaign.signal_ is signal.SIGKILL
    most = campaign.ended * 2 if killed else 0  # two ways out at work
    told = f"{campaign.ended} ends within {campaign.span:.1f} s, {campaign.announced} announcements"
    figures = [
        Figure(f"{name}: tried", told, ""),
        Figure(f"{name}: alerts lost", str(found.lost), "0", not found.lost),
        Figure(f"{name}: told twice under different ids", str(found.doubled), "0", not found.doubled),
        Figure(
            f"{name}: copies under one id",
            str(found.copies),
            "at most one for each kill and way out" if killed else "0",
            found.copies <= most,
        ),
        Figure(f"{name}: other invariants broken", str(len(found.broken)), "0", not found.broken),
    ]
    if killed:
        return figures
    slowest, failed = campaign.slowest, campaign.failed
    return [
        *figures,
        Figure(f"{name}: slowest end", f"{slowest:.1f} s", "20 s", slowest <= 20),
        Figure(f"{name}: ends with an error", str(failed), "0", not failed),
    ]

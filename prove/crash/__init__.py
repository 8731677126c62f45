"""Nothing is lost and nothing is told twice, whatever is killed whenever."""

from __future__ import annotations

import random
from dataclasses import dataclass

from prove.crash.ground import Ground, grounds
from prove.crash.start import FirstStart
from prove.crash.sweep import Sweep, Tally
from prove.report import Chapter, Figure

_HOW = (
    "A small life of the whole program (sign-ups, polls over HTTP, a bad page, alerts, mail over SMTP, a web-hook, "
    "somebody who leaves, a digest) runs in a child that is killed around its statements, commits, connections, "
    "sends and answers, at one point in each run. The next process takes over, at once or only when there is "
    "other news; then database and receivers are compared."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: `every` nth point, of those alone that have an effect outside if `deeds`."""

    every: int
    deeds: bool
    pairs: int
    starts: int  # every nth point of a first start; 0: none


_SHORT = Effort(every=10, deeds=True, pairs=6, starts=90)
_LONG = Effort(every=1, deeds=False, pairs=800, starts=1)
_ELSEWHERE = Effort(every=1, deeds=True, pairs=200, starts=0)


def prove(*, long: bool, seed: int) -> Chapter:
    chance = random.Random(seed)
    figures: list[Figure] = []
    for ground in grounds(long=long):
        effort = _SHORT if not long else _LONG if ground.kind == "SQLite" else _ELSEWHERE
        figures += _figures(ground, chance, effort)
    return Chapter("Killed at any point", _HOW, tuple(figures))


def _figures(ground: Ground, chance: random.Random, effort: Effort) -> list[Figure]:
    found = []
    sweep = Sweep(*ground.stage(), chance, effort.every, effort.deeds)
    sweep.prepare()
    kind = ground.kind
    promise = "every point" if effort.every == 1 else ""
    points, names = sweep.tally.points, len(sweep.tally.names)
    found += _of_a_sweep(f"{kind}, one kill", sweep.once(), f"{points} points ({names} names)", promise)
    if effort.starts:
        start = FirstStart(ground.stage()[0])
        start.sweep(chance.randrange(effort.starts) + 1, effort.starts)
        found += _of_a_start(f"{kind}, first start", start)
    sweep.tally = Tally()
    return found + _of_a_sweep(f"{kind}, two kills", sweep.twice(effort.pairs), f"{effort.pairs} pairs")


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

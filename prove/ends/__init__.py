"""A watch may be ended at any moment, by anything."""

from __future__ import annotations

import random
import signal
from dataclasses import dataclass

from prove.crash.campaign import Campaign
from prove.crash.ground import Ground, grounds
from prove.crash.invariants import Found
from prove.report import Chapter, Figure

_HOW = (
    "A watch with its threads and its scheduler is ended at any moment while news comes in, by SIGKILL of its whole "
    "process group or by SIGTERM, and begun anew; in the long form also `vigie serve` itself. Days pass meanwhile, "
    "so that digests fall due. Then database and receivers are compared."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How often a watch is ended; `served` of the ends of each kind are `vigie serve`'s."""

    kills: int
    ends: int
    served: int


_SHORT = Effort(kills=8, ends=4, served=0)
_LONG = Effort(kills=2900, ends=100, served=60)
_ELSEWHERE = Effort(kills=820, ends=40, served=0)


def prove(*, long: bool, seed: int) -> Chapter:
    chance = random.Random(seed)
    figures: list[Figure] = []
    for ground in grounds(long=long):
        effort = _SHORT if not long else _LONG if ground.kind == "SQLite" else _ELSEWHERE
        figures += _figures(ground, chance, effort)
    return Chapter("Ended at any moment", _HOW, tuple(figures))


def _figures(ground: Ground, chance: random.Random, effort: Effort) -> list[Figure]:
    found = []
    for name, times, signal_, served, every in (
        ("SIGKILL at random", effort.kills, signal.SIGKILL, False, "10s"),
        ("SIGTERM at random", effort.ends, signal.SIGTERM, False, "10s"),
        ("`vigie serve`, SIGKILL", effort.served, signal.SIGKILL, True, "1s"),
        ("`vigie serve`, SIGTERM", effort.served, signal.SIGTERM, True, "1s"),
    ):
        if times:
            campaign = Campaign(*ground.stage(every), chance, signal_, served)
            found += _of_a_campaign(f"{ground.kind}, {name}", campaign, campaign.fight(times))
    return found


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

"""How soon publications are seen at one budget: our policy, a fixed interval, miniflux's, and one that knows all.

`./run.sh bench freshness --history FILE --per-day N --gap SECONDS --json` plays a history of your own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import NoReturn

import numpy as np

from bench.figures import Chapter, Figure
from bench.freshness.history import KINDS, History, made_up, read
from bench.freshness.oracle import Oracle
from bench.freshness.play import Outcome, Terms, play
from bench.freshness.policies import Miniflux, Ours, fixed

SEEDS = 20
BUDGETS = (24.0, 10.0, 48.0)  # looks a day and source, by turns
GAP = 7 / 3600
PEERS = ("fixed", "miniflux", "oracle")
WANTED = {"fixed": 0.50, "miniflux": 0.75, "oracle": 1.20}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--history", metavar="FILE", help='JSON Lines of {"source", "published"}')
    parser.add_argument("--per-day", metavar="N", type=float, help="requests a day")
    parser.add_argument("--gap", metavar="SECONDS", type=float, default=0.0, help="between two requests")


def answer(options: argparse.Namespace) -> Iterator[Mapping[str, object]] | None:
    if getattr(options, "history", None) is None:
        return None
    per_day, gap = options.per_day or 0.0, options.gap
    if not (1 <= per_day < inf and 0 <= gap < inf):
        _refuse("--history veut --per-day N (1 ou plus), et --gap SECONDES de 0 ou plus")
    try:
        history = read(Path(options.history))
    except OSError as error:
        _refuse(f"{options.history} ne se lit pas : {error.strerror}")
    except ValueError as error:
        _refuse(str(error))
    return (one.line() for one in compared(history, Terms(per_day, gap / 3600)))


def _refuse(why: str) -> NoReturn:
    print(f"bench : {why}", file=sys.stderr)
    sys.exit(2)


def compared(history: History, terms: Terms) -> Iterable[Outcome]:
    """Each policy on one history."""
    yield play(history, terms, Ours(history, terms))
    yield fixed(history, terms)
    yield play(history, terms, Miniflux(history, terms))
    yield play(history, terms, Oracle(history, terms))


def measure(options: argparse.Namespace) -> Chapter:
    figures: list[Figure] = []
    ratios: dict[str, list[float]] = {name: [] for name in (*PEERS, "p90", "polls")}
    longest = 0.0
    for seed in range(SEEDS):
        kind = KINDS[seed % len(KINDS)]
        if options.long:
            kind = replace(kind, sources=4 * kind.sources, weeks=2 * kind.weeks)
        history = made_up(kind, seed)
        terms = Terms(BUDGETS[seed % len(BUDGETS)] * len(history.sources), GAP)
        found = {one.policy: one for one in compared(history, terms)}
        ours = found["ours"]
        what = f"{seed + 1}. {kind.name}, {terms.per_day:,.0f} a day: mean delay"
        figures += [
            Figure(what, float(one.delays.mean()) / 60, "min", of=name) for name, one in found.items()
        ]
        for name in PEERS:
            ratios[name].append(float(ours.delays.mean() / found[name].delays.mean()))
        ratios["p90"].append(float(np.percentile(ours.delays, 90) / np.percentile(found["fixed"].delays, 90)))
        ratios["polls"].append(ours.polls / found["fixed"].polls)
        longest = max(longest, ours.longest)
        print(f"{what}: {ratios['fixed'][-1]:.2f} × fixed", file=sys.stderr, flush=True)
    return Chapter("How soon a publication is seen", _HOW, (*_ratios(ratios, longest), *figures))


def _ratios(ratios: Mapping[str, list[float]], longest: float) -> Iterator[Figure]:
    for name in PEERS:
        yield Figure(
            f"mean delay ÷ {name}, mean of the histories", float(np.mean(ratios[name])), at_most=WANTED[name]
        )
        yield Figure(f"mean delay ÷ {name}, worst history", max(ratios[name]), at_most=WANTED[name])
    yield Figure("p90 ÷ fixed, mean of the histories", float(np.mean(ratios["p90"])), at_most=0.65)
    yield Figure("p90 ÷ fixed, worst history", max(ratios["p90"]), at_most=0.65)
    yield Figure("requests ÷ fixed, most", max(ratios["polls"]), at_most=1.01)
    yield Figure("longest time between two looks", longest, "h", at_most=24.0)


_HOW = (
    f"{SEEDS} made-up histories, each of some weeks: heavy-tailed and other rates, "
    "office hours, weekends, holidays and August, edits soon after publication, days without any, overseas. Every "
    "policy has the same number of requests a day and a gap of 7 s; each learns as it goes, the oracle alone knows."
)

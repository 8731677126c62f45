"""What a poll costs: of the whole process `vigie poll --all`, and in a process that has long been running."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from bench.figures import Chapter, Figure
from bench.polling.peers import swept, urlwatch
from bench.polling.resident import A_ROUND, peak_mb
from bench.polling.scene import BARE, CHANGED, KINDS, Scene, site
from bench.polling.sweeps import FIRST, NEWS, NOISE, SAME, TOKENS, Sweep, course

PAGES, MANY = 1010, 10_100
LONG_RUNS, ROUNDS = 3, 7
CHANGE = 25.0  # ms, asked for where urlwatch took
THEN = 4.4  # ms a page
TARGETS = {FIRST: 20.0, SAME: 2.5, TOKENS: 3.0, NEWS: 5.0}
HTTPX, URLWATCH = "bare httpx", "urlwatch"
HOW = (
    "CPU time a page, pages of 67 kB from a loopback server that is a process of its own. Inside: what the daemon's "
    "worker takes for a sweep, start-up apart, in turn with a loop of one httpx client over the same pages with the "
    f"same questions, medians of {ROUNDS} rounds. Sweeps: the whole process `vigie poll --all` with its start-up, "
    "each sweep after the one above it. The daemon: `vigie serve` as the units run it, asked for its pages, until it "
    f"polls no more of them and {A_ROUND:.0f} s have passed. What a change costs is also given in urlwatch's pages of "
    f"the same run, beside what {CHANGE:.0f} ms are in pages of {THEN} ms."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", action="store_true", help="measure urlwatch too; installs it from PyPI")


def measure(options: argparse.Namespace) -> Chapter:
    with site() as scene:
        *figures, changed = _inside(scene)
        figures.append(changed)
        runs = [course(scene, PAGES) for _ in range(LONG_RUNS if options.long else 1)]
        figures += _swept(runs)
        if options.long or getattr(options, "peers", False):
            figures += _beside(scene, median(run[TOKENS].used.cpu_ms for run in runs), changed)
        held: dict[str, tuple[float, int]] = {}
        figures += _large(
            course(
                scene,
                MANY,
                (FIRST, SAME, TOKENS, NEWS),
                {
                    TOKENS: lambda folder: held.update(quiet=peak_mb(scene, folder)),
                    NEWS: lambda folder: held.update(told=peak_mb(scene, folder)),
                },
            )
        )
        figures += _resident(held["quiet"], held["told"])
    return Chapter("What a poll costs", HOW, tuple(figures))


def _inside(scene: Scene) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bench.polling.inside", scene.base, str(PAGES), str(ROUNDS)]
    told = subprocess.run(command, capture_output=True, check=False)
    if told.returncode:
        raise RuntimeError(told.stderr.decode(errors="replace")[-2000:])
    found = json.loads(told.stdout)
    for kind in KINDS:
        ours, bare = found[kind], found[BARE + kind]
        yield Figure(f"inside, {kind}", median(ours), "ms")
        yield Figure(f"inside, {kind}", median(bare), "ms", of=HTTPX)
        # Of each round: from one to the next the machine's speed changes more than what is compared.
        ratio = median(one / other for one, other in zip(ours, bare, strict=True))
        yield Figure(f"inside, {kind} ÷ {HTTPX}", ratio, at_most=1.6)
    yield Figure("inside, changed, its article read", median(found[CHANGED]), "ms", at_most=CHANGE)


def _swept(runs: list[dict[str, Sweep]]) -> Iterator[Figure]:
    for name in runs[0]:
        cost = median(run[name].used.cpu_ms for run in runs)
        yield Figure(f"{PAGES:,} pages, {name}", cost, "ms", at_most=TARGETS.get(name))
    peak = max(sweep.used.peak_mb for run in runs for sweep in run.values())
    yield Figure(f"{PAGES:,} pages, peak memory", peak, "MB")
    yield Figure("changes told where 1 page in 10 has news", runs[0][NEWS].changes, at_least=PAGES / 10)
    yield Figure("changes told of 40 % noise", runs[0][NOISE].changes, at_most=0)


def _beside(scene: Scene, ours: float, changed: Figure) -> Iterator[Figure]:
    try:
        with urlwatch() as program:
            theirs = swept(program, scene, PAGES)
    except subprocess.CalledProcessError:
        return  # pip has said why
    name = f"{PAGES:,} pages, {TOKENS}"
    yield Figure(name, theirs.cpu_ms, "ms", of=URLWATCH)
    yield Figure(f"{name} ÷ {URLWATCH}", ours / theirs.cpu_ms, at_most=1)
    yield Figure(
        f"{changed.name} ÷ {URLWATCH}",
        changed.value / theirs.cpu_ms,
        at_most=round(CHANGE / THEN, 1),
    )
    yield Figure(f"{PAGES:,} pages, peak memory", theirs.peak_mb, "MB", of=URLWATCH)


def _large(found: dict[str, Sweep]) -> Iterator[Figure]:
    for name, sweep in found.items():
        yield Figure(f"{MANY:,} pages, {name}", sweep.used.cpu_ms, "ms")
    peak = max(sweep.used.peak_mb for sweep in found.values())
    yield Figure(f"{MANY:,} pages, peak memory", peak, "MB", at_most=150)


def _resident(quiet: tuple[float, int], told: tuple[float, int]) -> Iterator[Figure]:
    """Of the daemon before anything was told, and when a tenth of all pages have just told something."""
    name = f"{MANY:,} pages, peak memory of the daemon with its pages"
    yield Figure(name, quiet[0], "MB", at_most=150)
    yield Figure(f"{name}, {MANY // 10:,} alerts told", told[0], "MB", at_most=150)
    # Late in the evening of Paris a day has no looks to spare for them all.
    yield Figure(f"{MANY:,} pages, not polled by then", quiet[1] + told[1], at_most=0)

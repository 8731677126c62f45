"""What a page costs inside a process that has long been running, beside a bare httpx loop over the same pages.

Runs in a process of its own, ``python -m bench.polling.inside BASE PAGES ROUNDS``, and prints one JSON object: CPU ms
a page by name, one number for each round.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bench.polling.scene import BARE, CHANGED, KINDS, Scene
from watcher.bootstrap import App, open_app, open_tools
from watcher.clock import RehearsalClock
from watcher.daemon import Watch
from watcher.logs import configure
from watcher.poll import Polled
from watcher.rounds import run_platform
from watcher.settings import Settings
from watcher.visit import Tools

MORNING = datetime(2025, 9, 3, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Inside:
    """A daemon's insides without its ticks: time stands but between two sweeps."""

    app: App
    tools: Tools
    clock: RehearsalClock
    scene: Scene

    def sweep(self) -> None:
        """Every page once, as the daemon's worker polls and reports those that are due."""
        self.clock.skip(timedelta(hours=1))
        report = Watch(self.app, self.tools).report
        run_platform(self.tools, "ide", self.app.catalogue.sources.values(), report)

    def news(self) -> float:
        """CPU ms of a poll that finds an article and reads its page."""
        self.scene.become("plain")
        self.sweep()
        self.scene.become("news")
        self.clock.skip(timedelta(hours=2))
        told = [s for s in self.app.catalogue.sources.values() if int(s.id.split("-")[1]) % 10 == 0]
        found: list[Polled] = []
        run_platform(self.tools, "ide", told[:2], found.append)  # with the first comes the vocabulary
        cost = _cpu(lambda: run_platform(self.tools, "ide", told[2:], found.append))
        changes = sum(len(polled.plan.changes) for polled in found if polled.plan)
        if changes != len(told):
            raise RuntimeError(f"{changes} changes were found, not {len(told)}")
        return cost / len(told[2:])


def main() -> None:
    configure()
    scene, pages, rounds = Scene(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources.yaml")
        sources.write_text(scene.catalogue(pages))
        settings = Settings(database=f"sqlite:///{folder}/bench.db", sources=sources, allow_private=True)
        clock = RehearsalClock(MORNING, stands=True)
        with open_app(settings, clock) as app, open_tools(app) as tools, httpx.Client() as client:
            inside = Inside(app, tools, clock, scene)
            found[CHANGED] = [inside.news()]
            scene.become("plain")
            inside.sweep()
            for kind, (mode, asked) in KINDS.items():
                scene.become(mode)
                inside.sweep()
                for _ in range(rounds):
                    found.setdefault(kind, []).append(_cpu(inside.sweep) / pages)
                    bare = _cpu(lambda asked=asked: _loop(client, scene, pages, asked))
                    found.setdefault(BARE + kind, []).append(bare / pages)
    print(json.dumps(found))


def _loop(client: httpx.Client, scene: Scene, pages: int, asked: dict[str, str]) -> None:
    for number in range(pages):
        client.get(scene.page(number), headers=asked)


def _cpu(work: Callable[[], None]) -> float:
    """ms of this process, all its threads."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


if __name__ == "__main__":
    main()

"""Subscribers leave while they are being written to."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from prove.report import Figure
from prove.storage.small import opened
from storage.migrations import upgrade
from tests.fakes.telling import World
from watcher.core.outbox import Claimed, Fate
from watcher.core.subscriptions import EndReason, Way


@dataclass
class Times:
    """When each left for sure, and since when it was known, at the latest, to whom the next mail goes."""

    left: dict[str, float] = field(default_factory=dict)
    chosen: dict[str, float] = field(default_factory=dict)
    before: float = 0.0
    begun: Event = field(default_factory=Event)

    def send(self, claimed: Claimed) -> Fate:
        """A mail; whether the one after it is still wanted is asked once it is done."""
        self.chosen[claimed.message.about] = self.before
        self.begun.set()
        self.before = time.monotonic()
        return Fate.ACCEPTED


def leaving(folder: Path, people: int, seed: int) -> list[Figure]:
    """Letters are claimed by the hundred; many of those they are for leave before it is their turn."""
    times = Times()
    with opened(folder / "vigie.db") as engine, ThreadPoolExecutor(2) as pool:
        upgrade(engine)
        world = World(engine)
        world.subscribe(people)
        world.publish("a")
        world.sender.answer = times.send
        names = [one.id for one in world.people.subscriptions()]
        random.Random(seed).shuffle(names)
        going = [pool.submit(_leave, world, names[half::2], times) for half in (0, 1)]
        worker = world.deliverer()
        while not all(one.done() for one in going):
            times.before = time.monotonic()
            worker.tick(Way.MAIL)
        for one in going:
            one.result()
    late = [name for name, chosen in times.chosen.items() if times.left[name] < chosen]
    return [
        Figure(
            f"{people} subscribers leave while they are written to: written to afterwards",
            f"{len(late)} ({len(times.chosen)} before, or as they left)",
            "0 beyond the mail under way",
            not late,
        )
    ]


def _leave(world: World, names: Sequence[str], times: Times) -> None:
    assert times.begun.wait(60)
    for name in names:
        assert world.people.end(name, EndReason.ONE_CLICK, world.now)
        times.left[name] = time.monotonic()

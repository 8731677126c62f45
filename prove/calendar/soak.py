"""Days of the whole watch in minutes: 101 préfectures read each hour, news, faults, three subscribers."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from prove.calendar.month import NUMBER, Month, catalogue
from prove.gauge import open_things
from prove.report import Figure
from prove.storage.small import opened, sound
from storage.migrations import upgrade
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from tests.fakes.watch import PlainReader
from watcher import layouts
from watcher.core.subscriptions import Cadence, Way
from watcher.layouts.article import read_article
from watcher.pacing import Pacer
from watcher.rounds import note_incidents, run_round
from watcher.visit import Tools

TICK = timedelta(minutes=5)
QUIET = timedelta(hours=8)  # before the end nothing new is published, so that everything can have been read
CALM = timedelta(days=8)  # after it, until the last digest


@dataclass
class Sample:
    rss: float  # MB
    things: tuple[int, int]
    size: float  # MB


@dataclass
class Soak:
    samples: list[Sample] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    polls: int = 0


def soak(folder: Path, days: int, seed: int) -> list[Figure]:
    began, found = time.perf_counter(), Soak()
    path = folder / "vigie.db"
    with opened(path) as engine:
        upgrade(engine)
        world = World(engine)
        people = [subscriber(f"{cadence}", cadence=cadence) for cadence in Cadence]
        subscribe(engine, *people)
        month = Month(world.clock, random.Random(seed))
        tools = _tools(world, month)
        for now in _hours(world, tools, month, days, found):
            note_incidents(tools.store, catalogue(), now)
            found.broken += _broken(path)
            found.samples.append(_sample(path))
        _calm(world)
        told = Counter((one.message.about, name) for one in world.sender.sent for name in one.message.alerts)
        published = Counter(alert.address for alert in world.store.alerts())
    spent = time.perf_counter() - began
    missed = set(month.news) - set(published)
    false = sum(published.values()) - len(set(month.news) & set(published))
    lost = len(published) * len(people) - len(told)
    doubled = sum(number - 1 for number in told.values())
    found.broken += [] if sound(path) else ["not sound at the end"]
    what = f"{days} days × {NUMBER} préfectures"
    return [
        Figure(
            what,
            f"{found.polls} polls, {month.fetched} requests, {month.broken} of them bad ({spent:.0f} s)",
            "",
        ),
        Figure(
            f"{what}: news not told, told falsely",
            f"{len(missed)}, {false} of {len(month.news)}",
            "0, 0",
            not missed and not false,
        ),
        Figure(f"{what}: deliveries lost, doubled", f"{lost}, {doubled}", "0, 0", not lost and not doubled),
        Figure(
            f"{what}: invariants broken, at each hour",
            ", ".join(sorted(set(found.broken))[:5]) or "0",
            "0",
            not found.broken,
        ),
        *_growth(found.samples),
    ]


def _tools(world: World, month: Month) -> Tools:
    watched = catalogue()
    pacer = Pacer(watched, world.clock, lambda: 0.5)
    month.before_request = pacer.before_request
    world.store.register(watched.sources.values(), world.now)
    return Tools(
        store=world.store,
        fetcher=month,
        layout=layouts.get,
        read_article=read_article,
        reader=PlainReader(),
        clock=world.clock,
        pacer=pacer,
        random=random.Random(1).random,
        owner="host/1/1",
    )


def _hours(world: World, tools: Tools, month: Month, days: int, found: Soak) -> Iterator[datetime]:
    """Live an hour at a time."""
    known, deliverer = catalogue().sources, world.deliverer()
    begin = world.now
    end = begin + timedelta(days=days)
    while world.now < end:
        hour = world.now + timedelta(hours=1)
        month.hour(begin + timedelta(hours=3) < world.now < end - QUIET)
        while world.now < hour:
            due = [known[name] for name in world.store.due(world.now) if name in known]
            found.polls += len(due)
            run_round(tools, due, lambda _: None)
            deliverer.tick(Way.MAIL)
            world.store.catch_up(world.now)
            world.clock.wait(TICK)
        yield world.now


def _calm(world: World) -> None:
    deliverer, end = world.deliverer(), world.now + CALM
    while world.now < end:
        deliverer.tick(Way.MAIL)
        world.clock.wait(timedelta(hours=1))


def _broken(path: Path) -> list[str]:
    """What must hold at any moment, asked in plain SQL."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [name for name, sql in _RULES.items() if database.execute(sql).fetchone()[0]]


_RULES = {
    "an alert without a delivery to each": (
        "SELECT count(*) FROM alerts WHERE (SELECT count(*) FROM deliveries WHERE alert = alerts.id) != "
        "(SELECT count(*) FROM subscriptions)"
    ),
    "a delivery of nothing": "SELECT count(*) FROM deliveries WHERE alert NOT IN (SELECT id FROM alerts)",
    "a message that vanished": (
        "SELECT count(*) FROM deliveries WHERE message IS NOT NULL AND message NOT IN (SELECT id FROM messages)"
    ),
    "a lease that outlived its hour": "SELECT count(*) FROM messages WHERE state = 'claimed'",
}


def _sample(path: Path) -> Sample:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    rss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))
    return Sample(rss / 1024, open_things(), path.stat().st_size / 1e6)


def _growth(samples: list[Sample]) -> list[Figure]:
    """From the first quarter's end, by when everything was used once."""
    warm, middle, last = samples[len(samples) // 4], samples[len(samples) * 5 // 8], samples[-1]
    rss = last.rss / warm.rss - 1
    first, second = middle.size - warm.size, last.size - middle.size
    return [
        Figure(
            "memory", f"{warm.rss:.0f} → {last.rss:.0f} MB ({rss:+.1%})", "less than 10 % more", rss < 0.1
        ),
        Figure(
            "descriptors, threads",
            f"{warm.things} → {last.things}",
            "the same",
            last.things[0] <= warm.things[0] + 2 and last.things[1] <= warm.things[1],
        ),
        Figure(
            "database, over two equal spans",
            f"+{first:.1f} MB, +{second:.1f} MB (in the end {last.size:.1f} MB)",
            "no faster",
            second <= 1.5 * first + 0.5,
        ),
    ]

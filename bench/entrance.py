"""What a stranger with a stopwatch learns of a name by trying it at the desk's door."""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from statistics import median

import httpx
from fastapi import FastAPI

from bench.enumeration import post, separability
from bench.figures import Chapter, Figure
from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.user_store import SqlUsers
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, catalogue
from tests.fakes.store import MemoryStore
from watcher.core.users import Role, User
from watcher.entrance import Entrance
from watcher.passwords import Argon2
from watcher.web.app import create_app

SAMPLES, LONG, WARM = 300, 2_000, 10  # tries of each kind
ALIKE = 0.55  # at most: how often a pair of answers tells which is which
KINDS = ("known", "unknown", "disabled", "no-name!")


def measure(options: argparse.Namespace) -> Chapter:
    samples = LONG if options.long else SAMPLES
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        clock, users, passwords = StillClock(), SqlUsers(engine), Argon2()
        for name in ("known", "disabled"):
            hashed = passwords.hash("un phare dans la brume")
            users.add_user(User(name, Role.REVIEWER, hashed, clock.now()), "root")
        users.disable("disabled", "root", clock.now())
        app = create_app(
            MemoryStore(),
            catalogue(),
            vocabulary=VOCABULARY,
            base_url=BASE,
            clock=clock,
            health=list,
            entrance=Entrance(users, passwords, clock),
            read_only=read_only,
        )
        gc.disable()
        times = asyncio.run(_try(app, clock, samples))
        engine.dispose()
    how = (
        f"{samples:,} wrong passwords for each kind of name, in turns; *told apart*: how often the slower one "
        "of two answers is of the kind that is slower on the whole (0.5 says nothing)."
    )
    return Chapter("What the door of the desk betrays of a name", how, tuple(_figures(times)))


async def _try(app: FastAPI, clock: StillClock, samples: int) -> dict[str, list[float]]:
    """Kinds in turns, in a new order each time, so that whatever else the machine does falls on all of them."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    order = random.Random(1)  # noqa: S311  # no secret
    for number in range(samples + WARM):
        clock.wait(timedelta(minutes=1))
        for kind in order.sample(KINDS, len(KINDS)):
            body = str(httpx.QueryParams({"name": kind, "password": "un phare sans brume"})).encode()
            host = f"10.{number % 250}.{order.randrange(250)}.1"
            started = time.perf_counter()
            status = await post(app, "/desk/login", body, host, origin=BASE)
            if status == 403 and number >= WARM:
                times[kind].append(time.perf_counter() - started)
    return times


def _figures(times: dict[str, list[float]]) -> Iterator[Figure]:
    for kind, one in times.items():
        yield Figure(f"{kind}, median answer", median(one) * 1e3, "ms")
    worst = max(separability(times[a], times[b]) for a, b in combinations(KINDS, 2))
    yield Figure("two kinds told apart, at worst", worst, at_most=ALIKE)

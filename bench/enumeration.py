"""What a stranger with a stopwatch learns of an address by signing it up: medians and separability per kind."""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import httpx
from fastapi import FastAPI

from bench.figures import Chapter, Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, catalogue
from tests.fakes.store import MemoryStore
from watcher.core.ports_outgoing import Purpose
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Choices, EndReason
from watcher.subscribe import Subscribing, judge
from watcher.vault import open_vault
from watcher.web.app import create_app

SAMPLES = 2_000  # of each kind
APART, LIMIT, ALIKE = 0.05, 2.0, 0.55  # at most: difference of medians, relative and in ms; separability
KINDS = ("new", "pending", "confirmed", "bounced", "suppressed", "nowhere")


def measure(_options: argparse.Namespace) -> Chapter:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        clock, vault = StillClock(), open_vault(Path(folder) / "vigie.key")
        subscribing = Subscribing(SqlSubscriptions(engine), SqlOutbox(engine), vault, clock)
        for kind in KINDS[1:5]:
            _make(subscribing, clock, kind)
        app = create_app(
            MemoryStore(),
            catalogue(),
            vocabulary=VOCABULARY,
            base_url=BASE,
            clock=clock,
            health=list,
            subscribing=subscribing,
        )
        gc.disable()
        times = asyncio.run(_try(app, subscribing, clock))
        engine.dispose()
    how = (
        f"{SAMPLES:,} sign-ups with an address of each kind, in turns; *told apart*: how often the slower one "
        "of two answers is of the kind that is slower on the whole (0.5 says nothing)."
    )
    return Chapter("What a sign-up betrays of an address", how, tuple(_figures(times)))


def _address(kind: str, number: int = 0) -> str:
    """All of them are equally long; a new one is another each time, for it is new but once."""
    if kind == "new":
        return f"n{number:09}@exemple.fr"
    return "julie@nowhere.invalid" if kind == "nowhere" else f"{kind:_<10}@exemple.fr"


def _make(subscribing: Subscribing, clock: StillClock, kind: str) -> None:
    """An address of this kind."""
    known_as = subscribing.vault.seal(_address(kind), "")
    subscribing.ask(_address(kind), Choices(), "1-fr")
    judge(subscribing.store, clock.now())
    (signup,) = subscribing.store.signups(known_as.index)
    if kind in {"confirmed", "bounced"}:
        token = partial(subscribing.vault.token, Purpose.CONFIRM)
        subscribing.confirm(token(signup.id, clock.now() + CONFIRM_FOR))
    if kind == "bounced":
        found = subscribing.store.find_subscription(known_as.index)
        assert found is not None
        subscribing.store.end(found.id, EndReason.BOUNCED, clock.now())
    if kind == "suppressed":
        subscribing.never(subscribing.vault.token(Purpose.NEVER, signup.id))


async def _try(app: FastAPI, subscribing: Subscribing, clock: StillClock) -> dict[str, list[float]]:
    """Kinds in turns, in a new order each time, so that whatever else the machine does falls on all of them."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    order = random.Random(1)  # noqa: S311  # no secret
    for number in range(SAMPLES + 20):
        if number % 5 == 0:
            clock.wait(timedelta(minutes=1))
        fields = {"form": subscribing.form(), "consent": "1"}
        for kind in order.sample(KINDS, len(KINDS)):
            body = str(httpx.QueryParams({**fields, "address": _address(kind, number)})).encode()
            host = f"10.{number % 250}.{order.randrange(250)}.1"
            started = time.perf_counter()
            status = await post(app, "/subscribe", body, host)
            if status == 200 and number >= 20:
                times[kind].append(time.perf_counter() - started)
    return times


async def post(app: FastAPI, path: str, body: bytes, host: str, **headers: str) -> int:
    """The status that one form gets, without a client's own costs and their spread."""
    status = 0

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        nonlocal status
        status = int(str(message.get("status", status)))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"content-type", b"application/x-www-form-urlencoded"),
            *((name.encode(), value.encode()) for name, value in headers.items()),
        ],
        "client": (host, 1),
        "server": ("vigie.example", 443),
    }
    await app(scope, receive, send)  # type: ignore[arg-type]
    return status


def _figures(times: dict[str, list[float]]) -> Iterator[Figure]:
    medians = {kind: median(one) * 1e3 for kind, one in times.items()}
    for kind, middle in medians.items():
        yield Figure(f"{kind}, median answer", middle, "ms")
    spread = max(medians.values()) - min(medians.values())
    yield Figure("medians differ by", spread, "ms", at_most=LIMIT)
    yield Figure("medians differ by a share of", spread / min(medians.values()), at_most=APART)
    worst = max(separability(times[a], times[b]) for a in KINDS for b in KINDS if a < b)
    yield Figure("two kinds told apart, at worst", worst, at_most=ALIKE)


def separability(one: list[float], other: list[float]) -> float:
    """How often the slower kind is the slower one of a pair: 0.5 tells nothing (Mann and Whitney's U)."""
    ranked = sorted([(time_, 0) for time_ in one] + [(time_, 1) for time_ in other])
    above = below = 0
    for _, kind in ranked:
        if kind:
            above += below
        else:
            below += 1
    share = above / (len(one) * len(other))
    return max(share, 1 - share)

"""What a stranger with a stopwatch learns of an address by signing it up: medians and separability per kind."""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import httpx
from fastapi import FastAPI

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, catalogue
from tests.fakes.store import MemoryStore
from watcher.core.ports_outgoing import Purpose
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Choices
from watcher.subscribe import Subscribing, judge
from watcher.vault import open_vault
from watcher.web.app import create_app

SAMPLES, APART, LIMIT = (
    2_000,
    0.05,
    0.002,
)  # samples of each kind; relative and absolute difference of medians
KINDS = ("new", "pending", "confirmed", "suppressed", "nowhere")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        clock, vault = StillClock(), open_vault(Path(folder) / "vigie.key")
        subscribing = Subscribing(SqlSubscriptions(engine), SqlOutbox(engine), vault, clock)
        for kind in KINDS[1:4]:
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
        _tell(asyncio.run(_measure(app, subscribing, clock)))
        engine.dispose()


def _address(kind: str) -> str:
    return "someone@nowhere.invalid" if kind == "nowhere" else f"{kind:_<10}@exemple.fr"


def _make(subscribing: Subscribing, clock: StillClock, kind: str) -> None:
    """An address of this kind."""
    known_as = subscribing.vault.seal(_address(kind), "")
    subscribing.ask(_address(kind), Choices(), "1-fr")
    judge(subscribing.store, clock.now())
    (signup,) = subscribing.store.signups(known_as.index)
    if kind == "confirmed":
        token = partial(subscribing.vault.token, Purpose.CONFIRM)
        subscribing.confirm(token(signup.id, clock.now() + CONFIRM_FOR))
    if kind == "suppressed":
        subscribing.never(subscribing.vault.token(Purpose.NEVER, signup.id))


async def _measure(app: FastAPI, subscribing: Subscribing, clock: StillClock) -> dict[str, list[float]]:
    """Kinds in turns, in a new order each time, so that whatever else the machine does falls on all of them."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    order = random.Random(1)  # noqa: S311  # no secret
    for number in range(SAMPLES + 20):
        if number % 5 == 0:
            clock.wait(timedelta(minutes=1))
        fields = {"form": subscribing.form(), "consent": "1"}
        for kind in order.sample(KINDS, len(KINDS)):
            body = str(httpx.QueryParams({**fields, "address": _address(kind)})).encode()
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


def _tell(times: dict[str, list[float]]) -> None:
    medians = {kind: median(one) for kind, one in times.items()}
    for kind, one in times.items():
        print(f"{kind:<11} {len(one):>5} answers  median {medians[kind] * 1e3:.3f} ms")
    spread = max(medians.values()) - min(medians.values())
    relative = spread / min(medians.values())
    worst = max(separability(times[a], times[b]) for a in KINDS for b in KINDS if a < b)
    good = relative < APART and spread < LIMIT
    print(f"medians differ by {spread * 1e3:.3f} ms ({relative:.1%}); worst AUC of two kinds {worst:.3f}")
    print(f"target: < {APART:.0%} and < {LIMIT * 1e3:.0f} ms: {'met' if good else 'MISSED'}; AUC ≤ 0.55")


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


if __name__ == "__main__":
    main()

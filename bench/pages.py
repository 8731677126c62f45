"""What readers wait for: server time of pages and searches over 100,000 stored alerts, in this process."""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

import httpx
from fastapi import FastAPI

from bench.figures import Chapter, Figure
from storage import alerts as stored
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import (
    BASE,
    MOTIFS,
    PREFECTURES,
    SEEN,
    VOCABULARY,
    StillClock,
    alert,
    catalogue,
    verdict,
)
from watcher.core.alerts import Alert, AlertState
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.web.app import create_app

ALERTS, RUNS, TARGET = 100_000, 15, 100
_COMMON = "préfecture titre séjour demande rendez-vous en ligne dossier carte résident renouvellement étudiant guichet"
_RARE, _RARE_MOTIF = "béziers", "citoyen_ue"
ADDRESSES = (
    "/",
    "/alerts",
    "/alerts?q=titre",
    "/alerts?q=t",
    "/alerts?q=titre+de+sejour+renouvellement",
    "/alerts?q=beziers",
    "/alerts?q=beziers+titre",
    "/alerts?q=introuvable",
    "/alerts?q=mot",
    "/alerts?q=titre&prefecture=15",
    f"/alerts?q=titre&motif={_RARE_MOTIF}",
    "/alerts?q=titre&state=verified&period=90",
    "/alerts?q=titre&after={middle}",
    "/alerts?after={middle}",
    f"/alerts?motif={_RARE_MOTIF}",
    "/alerts?motif=etudiant",
    "/alerts?category=fee",
    "/alerts?prefecture=15&motif=salarie&category=fee",
    "/alerts?state=verified",
    "/prefectures/15",
    "/alerts/{one}",
    "/feeds/all.atom",
    f"/feeds/motif/{_RARE_MOTIF}.atom",
)


def measure(_options: argparse.Namespace) -> Chapter:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vigie.db")
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        begun = time.perf_counter()
        with writing(engine) as connection:
            for one in synthetic():
                stored.add(connection, [one])
        spent = time.perf_counter() - begun
        written = (
            Figure("an alert's row written", spent * 1e6 / ALERTS, "µs"),
            Figure("disk for each alert", path.stat().st_size / 1e3 / ALERTS, "kB"),
        )
        app = create_app(
            SqlStore(engine),
            catalogue(),
            vocabulary=_vocabulary(),
            base_url=BASE,
            clock=StillClock(),
            health=list,
        )
        answered = asyncio.run(_ask(app))
        engine.dispose()
    how = (
        f"Time that the process needs for a page nobody asked for before it, with {ALERTS:,} alerts stored, median of "
        f"{RUNS} runs: the costliest addresses that a reader can ask for."
    )
    return Chapter("What readers wait for", how, (*answered, *written))


def synthetic() -> Iterator[Alert]:
    """Five minutes apart, the newest last; one in a thousand is about Béziers or has a motif nobody has."""
    chance = random.Random(1)  # noqa: S311 - made-up words, no secret
    common, names = _COMMON.split(), [f"mot{n}" for n in range(8000)]
    for number in range(ALERTS):
        text = " ".join(chance.sample(common, 8) + chance.choices(names, k=110))
        motif = _RARE_MOTIF if number % 1000 == 7 else chance.choice(list(MOTIFS))
        yield alert(
            detected_at=SEEN - timedelta(minutes=5 * (ALERTS - number)),
            id=f"{chance.getrandbits(96):024x}",
            title=f"{chance.choice(names)} {_RARE if number % 1000 == 3 else 'avis'}",
            summary=text,
            prefecture=chance.choice(list(PREFECTURES)) if number % 25 == 0 else "75",
            state=chance.choice([AlertState.VERIFIED, AlertState.UNVERIFIED]),
            verdict=verdict(categories=(chance.choice(list(CATEGORIES)),), motifs=(motif,)),
        )


async def _ask(app: FastAPI) -> list[Figure]:
    figures = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        newest = next(synthetic())
        middle = int((SEEN - timedelta(minutes=5 * ALERTS // 2)).timestamp() * 1e6)
        for pattern in ADDRESSES:
            address = pattern.format(middle=f"{middle}-0", one=newest.id)
            times = [await _once(client, address) for _ in range(RUNS)]
            named = pattern.format(middle="…", one="…")
            figures.append(Figure(f"`{named}`", median(times), "ms", at_most=TARGET))
    return figures


async def _once(client: httpx.AsyncClient, address: str) -> float:
    """Milliseconds until the last byte is there; what it takes a reader to unpack them is not ours."""
    begun = time.perf_counter()
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        async for _ in answer.aiter_raw():
            pass
    return (time.perf_counter() - begun) * 1000


def _vocabulary() -> Vocabulary:
    return replace(VOCABULARY, motifs={**MOTIFS, _RARE_MOTIF: "Citoyen de l'Union"})

"""The web under load with many alerts stored: feeds, pages and what has not changed, beside two bare servers.

The load is `wrk`'s (Debian: apt-get install wrk), in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from itertools import islice
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bench.figures import Chapter, Figure
from bench.pages import ALERTS, synthetic
from storage import alerts as stored
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert, catalogue
from watcher.core.alerts import Alert
from watcher.web.app import create_app
from watcher.web.front import Front

CONNECTIONS, SECONDS, MANY, LATEST = 32, 3, 1000, 20
FEED = "/feeds/all.atom"
TARGETS = {"unchanged": 8000.0, "whole": 6000.0}  # answers a second
COLD = 100.0  # ms, at most
PAGES = {
    "the home page": "/",
    "a préfecture's page": "/prefectures/15",
    "a search for two words": "/alerts?q=beziers+titre",
    "an alert's page": f"/alerts/{next(synthetic()).id}",
}
HELLO, BARE = "Starlette hello", "bare ASGI"
Serve = Callable[["Queue[int]", str], None]


def measure(_options: argparse.Namespace) -> Chapter:
    if not shutil.which("wrk"):
        raise RuntimeError("wrk is missing (apt-get install wrk)")
    how = (
        f"Answers a second of one process to `wrk` with {CONNECTIONS} connections, {SECONDS} s each. "
        f"Feeds are kept for two seconds, pages are made anew; {ALERTS:,} alerts are stored but for the feed of "
        f"{LATEST}. *{BARE}* answers the same bytes with no framework, *{HELLO}* five bytes with the usual one."
    )
    return Chapter("What the web pages bear", how, (*_loads(), *_cold()))


def _loads() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        _fill(few, [alert(number) for number in range(LATEST)])
        _fill(many, synthetic())
        with _Served(_ours, few) as ours:
            size = len(ours.get(FEED)[1])
            yield Figure(
                "the feed of all, unchanged (304)", ours.unchanged(FEED), "/s", at_least=TARGETS["unchanged"]
            )
            yield Figure(
                f"the feed of all, {LATEST} entries", ours.rate(FEED), "/s", at_least=TARGETS["whole"]
            )
        with _Served(_bare, str(size)) as bare:
            yield Figure("the feed of all, unchanged (304)", bare.unchanged(FEED), "/s", of=BARE)
            yield Figure(f"the feed of all, {LATEST} entries", bare.rate(FEED), "/s", of=BARE)
        with _Served(_ours, many) as ours:
            full = f"the feed of all, {len(ours.get(FEED)[1]) / 1000:.0f} kB"
            yield Figure(full, ours.rate(FEED), "/s")
            yield Figure(f"{full}, packed", ours.rate(FEED, "Accept-Encoding: gzip"), "/s")
            for name, path in PAGES.items():
                yield Figure(name, ours.rate(path), "/s")
        with _Served(_hello, "") as hello:
            yield Figure("the smallest page there is", hello.rate("/"), "/s", of=HELLO)


class _Served:
    """A server in a process of its own, and what it bears."""

    def __init__(self, serve: Serve, what: str) -> None:
        self._ports: Queue[int] = Queue()
        self._process = Process(target=serve, args=(self._ports, what), daemon=True)

    def __enter__(self) -> _Served:
        self._process.start()
        self._base = f"http://127.0.0.1:{self._ports.get(timeout=60)}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def get(self, path: str) -> tuple[str, bytes]:
        """Its tag and its body."""
        with urllib.request.urlopen(self._base + path) as answer:
            return answer.headers.get("ETag", ""), answer.read()

    def unchanged(self, path: str) -> float:
        return self.rate(path, f"If-None-Match: {self.get(path)[0]}")

    def rate(self, path: str, header: str = "X-None: 1") -> float:
        """Answers a second, once it has answered."""
        self.get(path)
        load = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", header, self._base + path]
        told = subprocess.run(load, capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        if not found or "Non-2xx" in told:
            raise RuntimeError(told)
        return float(found[1])


def _cold() -> Iterator[Figure]:
    """Nothing of the process is warm for the first; for the second only one entry is new."""
    with tempfile.TemporaryDirectory() as folder:
        _fill(folder, [alert(number) for number in range(MANY)])
        app = _application(folder)
        first = _once(app)
        _fill(folder, [alert(MANY + 1)])
        yield Figure(f"a feed of {MANY:,} entries made anew for one more", _once(app), "ms", at_most=COLD)
        yield Figure("the same, the first that a process makes", first, "ms")


def _once(app: Any) -> float:
    scope = {"type": "http", "method": "GET", "path": FEED, "raw_path": FEED.encode(), "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(_message: Any) -> None: ...

    begun = time.perf_counter()
    asyncio.run(app(scope | {"headers": []}, receive, send))
    return (time.perf_counter() - begun) * 1000


def _fill(folder: str, told: Iterable[Alert]) -> None:
    engine = open_engine(_database(folder))
    upgrade(engine)
    left = iter(told)
    while some := list(islice(left, 5000)):
        with writing(engine) as connection:
            stored.add(connection, some)
    engine.dispose()


def _database(folder: str) -> str:
    return f"sqlite:///{Path(folder, 'vigie.db')}"


def _application(folder: str) -> Any:
    return create_app(
        SqlStore(open_engine(_database(folder))),
        catalogue(),
        vocabulary=VOCABULARY,
        base_url=BASE,
        clock=StillClock(),
        health=list,
    )


def _ours(ports: Queue[int], folder: str) -> None:
    _serve(Front(_application(folder), timedelta(seconds=2)), ports)


def _hello(ports: Queue[int], _what: str) -> None:
    async def hello(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    _serve(Starlette(routes=[Route("/", hello)]), ports)


def _bare(ports: Queue[int], size: str) -> None:
    body = b"x" * int(size)
    tag = b'"0123456789abcdef0123456789abcdef"'

    async def app(scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        known = dict(scope["headers"]).get(b"if-none-match") == tag
        size = str(0 if known else len(body)).encode()
        headers = [(b"etag", tag), (b"content-length", size), (b"content-type", b"application/atom+xml")]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known else body})

    _serve(app, ports)


def _serve(app: Any, ports: Queue[int]) -> None:
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)

    async def run() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        ports.put(server.servers[0].sockets[0].getsockname()[1])
        await serving

    asyncio.run(run())

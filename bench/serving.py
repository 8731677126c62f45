"""Feeds under load: a cached feed from one process beside a bare ASGI application, and a feed made anew.

The load is `wrk`'s (Debian: apt-get install wrk), in a process of its own.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from datetime import timedelta
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

import uvicorn

from storage import alerts as stored
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert, catalogue
from watcher.web.app import create_app
from watcher.web.front import Front

CONNECTIONS, SECONDS, ENTRIES, MANY = 32, 4, 20, 1000
PATH = "/feeds/all.atom"
TARGETS = {"304": 8000, "200": 6000}
COLD_TARGET = 100  # milliseconds


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("bench: wrk is missing (apt-get install wrk)")
    rates = {name: _under_load(serve) for name, serve in (("bare", _bare), ("ours", _ours))}
    for kind, least in TARGETS.items():
        bare, ours = rates["bare"][kind], rates["ours"][kind]
        late = "" if ours >= least else "  SLOW"
        told = f"{kind}: {ours:>8,.0f}/s, bare ASGI {bare:,.0f}/s, ratio {ours / bare:.2f}"
        print(f"{told}  (target {least:,}){late}", flush=True)
    _cold()


def _under_load(serve: Callable[[Queue[int], str], None]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        ports: Queue[int] = Queue()
        process = Process(target=serve, args=(ports, folder), daemon=True)
        process.start()
        try:
            address = f"http://127.0.0.1:{ports.get(timeout=30)}{PATH}"
            with urllib.request.urlopen(address) as first:
                tag = first.headers["ETag"]
            return {"304": _rate(address, f"If-None-Match: {tag}"), "200": _rate(address, "X-None: 1")}
        finally:
            process.terminate()
            process.join()


def _rate(address: str, header: str) -> float:
    asked = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", header, address]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if not found or "Non-2xx" in told:
        raise RuntimeError(told)
    return float(found[1])


def _cold() -> None:
    """Nothing of the process is warm for the first; for the second only one entry is new."""
    with tempfile.TemporaryDirectory() as folder:
        app, store = _app(folder, MANY)
        first = _once(app)
        with writing(store) as connection:
            stored.add(connection, [alert(MANY + 1)])
        again = _once(app)
    late = "" if again <= COLD_TARGET else "  SLOW"
    print(f"a feed of {MANY} entries, made anew: {again:.0f} ms (target {COLD_TARGET}){late}")
    print(f"the same, the first that a process makes: {first:.0f} ms")


def _once(app: Any) -> float:
    scope = {"type": "http", "method": "GET", "path": PATH, "raw_path": PATH.encode(), "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(_message: Any) -> None: ...

    begun = time.perf_counter()
    asyncio.run(app(scope | {"headers": []}, receive, send))
    return (time.perf_counter() - begun) * 1000


def _app(folder: str, entries: int) -> tuple[Any, Any]:
    engine = open_engine(f"sqlite:///{Path(folder, 'vigie.db')}")
    upgrade(engine)
    with writing(engine) as connection:
        stored.add(connection, [alert(number) for number in range(entries)])
    app = create_app(
        SqlStore(engine),
        catalogue(),
        vocabulary=VOCABULARY,
        base_url=BASE,
        clock=StillClock(),
        health=list,
    )
    return app, engine


def _ours(ports: Queue[int], folder: str) -> None:
    _serve(Front(_app(folder, ENTRIES)[0], timedelta(seconds=2)), ports)


def _bare(ports: Queue[int], _folder: str) -> None:
    body = b"x" * 60_000
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


if __name__ == "__main__":
    main()

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.integration.fetching.scripted import AGENT, QUICK, Server, Site, StillClock
from watcher.fetch import HttpFetcher

# The real list of authorities takes a while to read; most tests speak no TLS.
TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(5)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def make(clock: StillClock) -> Iterator[Callable[..., HttpFetcher]]:
    """Build a fetcher; it is closed in the end."""
    made: list[HttpFetcher] = []

    def build(**options: object) -> HttpFetcher:
        usual = {"allow_private": True, "user_agent": AGENT, "tls": TRUSTING_NOBODY}
        settings = {**usual, **options}
        made.append(HttpFetcher(clock, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def site(server: Server, clock: StillClock, make: Callable[..., HttpFetcher]) -> Site:
    hooked: list[str] = []
    return Site(server, clock, make(before_request=hooked.append), hooked)


@pytest.fixture
def hasty(server: Server, clock: StillClock, make: Callable[..., HttpFetcher]) -> Site:
    """A site whose reader has very little patience."""
    return Site(server, clock, make(limits=QUICK), [])

"""The watched sites of a platform on loopback, by name; any of them may be down, slow or rude. Time is played."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from prove.peers.bodies import PAGE
from prove.peers.pages import NO_TLS
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import StillClock
from tests.fakes.watch import Watch
from tests.fakes.web import guide_page
from tests.integration.fetching.scripted import AGENT, NOT_FOUND, Server, answer
from watcher.core.catalogue import Brake, Source
from watcher.core.page import FailureKind, Fetched, FetchFailure, Validators
from watcher.core.services import SERVICES
from watcher.fetch import HttpFetcher
from watcher.poll import Polled
from watcher.rounds import run_platform
from watcher.sources import load
from watcher.visit import Tools

SHIPPED = Path(__file__).resolve().parents[2] / "sources.yaml"
STEP = timedelta(seconds=30)  # between two looks at what is due
PATIENCE = timedelta(seconds=30)  # what a fetch of a silent site takes
GUIDE = answer(
    guide_page(("Pièces", ["Le passeport."]), ("Dépôt", ["En ligne."])).encode(), "Content-Type: text/html"
)
NEWS = answer(PAGE, "Content-Type: text/html")


@dataclass
class Sites(Server):
    """Answers for every host; counts requests by host, and how many there are at once."""

    down: Callable[[str], bytes | None] = lambda host: (
        None
    )  # what a host says to everything, if it is not well
    asked: Counter[str] = field(default_factory=Counter)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _peer = self.listener.accept()
                connection.settimeout(10)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            more = connection.recv(65536)
            if not more:
                return False
            head += more
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        lines = head.decode("latin-1").split("\r\n")
        host = next(line[6:].partition(":")[0] for line in lines if line.lower().startswith("host: "))
        path = lines[0].split(" ")[1]
        with self.lock:
            self.asked[host] += 1
            self.at_once -= 1
        said = self.down(host)
        if said is None:
            said = NOT_FOUND if path == "/robots.txt" else NEWS if path.endswith("Actualites") else GUIDE
        connection.sendall(said)
        return True


@dataclass
class Played:
    """A `Fetcher` whose silent hosts cost the time that they would cost."""

    fetcher: HttpFetcher
    clock: StillClock
    silent: frozenset[str] = frozenset()

    def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        if urlsplit(address).hostname in self.silent:
            self.clock.time += PATIENCE
            return Fetched(FetchFailure(address, FailureKind.TIMEOUT, "silent", self.clock.now()), 1, 0)
        return self.fetcher.fetch(address, validators or Validators())


@dataclass
class Spread(Watch):
    """A watch with chance in its times, the same for a seed: pages of one interval drift apart."""

    chance: Random = field(default_factory=Random)

    @property
    def tools(self) -> Tools:
        return replace(super().tools, random=self.chance.random)


@dataclass
class Platform:
    """All its sources, watched as the daemon does."""

    watch: Watch
    sites: Sites
    web: Played
    due_at: dict[str, datetime] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)  # seconds by which each poll began after it was due
    polled: list[Polled] = field(default_factory=list)

    def live(self, span: timedelta) -> None:
        """Let so much time pass, and poll what is due."""
        until = self.watch.clock.now() + span
        while self.watch.clock.now() < until:
            if self.watch.pacer.braked_until("ide") is None and self._due():
                run_platform(self.watch.tools, "ide", self._one_by_one(), self._note)
            self.watch.clock.time += STEP

    @property
    def hosts(self) -> list[str]:
        found = dict.fromkeys(urlsplit(source.url).hostname or "" for source in self.watch.sources)
        return list(found)

    def _due(self) -> list[str]:
        return list(self.watch.store.due(self.watch.clock.now()))

    def _one_by_one(self) -> Iterator[Source]:
        seen: set[str] = set()
        while self.watch.pacer.braked_until("ide") is None:
            id_ = next((one for one in self._due() if one not in seen), None)
            if id_ is None:
                return
            seen.add(id_)
            if id_ in self.due_at:
                self.late.append((self.watch.clock.now() - self.due_at[id_]).total_seconds())
            yield self.watch.catalogue.sources[id_]

    def _note(self, polled: Polled) -> None:
        self.polled.append(polled)
        if polled.plan is not None:
            self.due_at[polled.source] = polled.plan.state.next_poll_at


@contextmanager
def platform(most: int, seed: int) -> Iterator[Platform]:
    """The shared platform of `sources.yaml`, each list and guide of it read once."""
    sites = Sites()
    threading.Thread(target=sites.run, daemon=True).start()
    of_ide = [source for source in load(SHIPPED).sources.values() if source.platform == "ide"]
    shipped = [source for source in of_ide if source.kind not in SERVICES]
    sources = tuple(replace(source, url=_here(source.url, sites.port)) for source in shipped[:most])
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        watch = Spread(SqlStore(engine), sources, brake=Brake(3, timedelta(minutes=15)), chance=Random(seed))
        fetcher = HttpFetcher(
            watch.clock, allow_private=True, user_agent=AGENT, tls=NO_TLS, resolver=lambda *_: ["127.0.0.1"],
            before_request=watch.pacer.before_request,
        )  # fmt: skip
        watch.web = Played(fetcher, watch.clock)  # type: ignore[assignment]
        try:
            one = Platform(watch, sites, watch.web)  # type: ignore[arg-type]
            one.live(timedelta(hours=1))
            yield one
        finally:
            fetcher.close()
            sites.stop()
            engine.dispose()


def _here(url: str, port: int) -> str:
    parts = urlsplit(url)
    return f"http://{parts.hostname}:{port}{parts.path or '/'}"

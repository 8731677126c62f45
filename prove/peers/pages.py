"""Sites that harm: each is met by the real fetcher in a real poll, and a good page right after it."""

from __future__ import annotations

import contextlib
import ssl
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from prove.gauge import Taken, Timed, gauge, left_open, open_things
from prove.peers.bodies import PAGE, RETOLD, Toxic, charsets, toxic_bodies
from prove.peers.heavy import heavy_pages
from prove.peers.times import GOOD, hopping, redirects, slow_servers
from prove.report import Figure
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.watch import NEWS, Watch
from tests.integration.fetching.scripted import AGENT, NOT_FOUND, Server
from watcher.clock import SystemClock
from watcher.core.catalogue import Source
from watcher.core.page import Fetched, FetchFailure, Page, Validators
from watcher.fetch import HttpFetcher, Limits

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
MEMORY = 64.0  # MB above what was held before
BUSY = 5.0  # seconds of a core
POLL, HEAVY = 10.0, 256.0  # seconds and MB that reading a page may take
OVER = 1.0  # seconds beyond the deadline
SHORT = Limits(total=1.5, connect=0.5, read=0.5)
LONG = Limits()


@dataclass
class Met:
    """What came of the toxic servers so far."""

    wrong: list[str] = field(default_factory=list)  # another end than it may have
    harmed: list[str] = field(default_factory=list)  # the baseline, or the good page after it
    taken: list[tuple[str, Taken]] = field(default_factory=list)
    wire: int = 0  # most bytes that one of them was let send

    def most(self, what: str) -> tuple[float, str]:
        return max((getattr(taken, what), name) for name, taken in self.taken)


@dataclass
class Recorder:
    """A `Fetcher` that remembers what the last fetch brought."""

    fetcher: HttpFetcher
    last: Fetched | None = None

    def fetch(self, address: str, validators: Validators | None = None) -> Fetched:
        self.last = self.fetcher.fetch(address, validators or Validators())
        return self.last


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.run, daemon=True).start()
    server.answers |= {f"/hop?x={number}": hopping(number) for number in range(1, 12)}
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def watching(server: Server) -> Iterator[tuple[Watch, Source]]:
    """A watch over one news list of that server."""
    source = replace(NEWS, url=server.url("/Actualites"))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        try:
            yield Watch(SqlStore(engine), sources=(source,)), source
        finally:
            engine.dispose()


def fetcher(limits: Limits) -> HttpFetcher:
    return HttpFetcher(SystemClock(), allow_private=True, user_agent=AGENT, tls=NO_TLS, limits=limits)


def meet_all(toxics: list[Toxic], limits: Limits) -> Met:
    met = Met()
    with serving() as server, watching(server) as (watch, source):
        server.answers["/Actualites"] = GOOD
        with contextlib.closing(fetcher(limits)) as first:
            watch.web = Recorder(first)  # type: ignore[assignment]
            assert watch.poll(source).outcome.read
        for toxic in toxics:
            with contextlib.closing(fetcher(limits)) as fresh:
                _meet(toxic, watch, source, server, Recorder(fresh), met)
    return met


def _meet(toxic: Toxic, watch: Watch, source: Source, server: Server, web: Recorder, met: Met) -> None:
    before = watch.store.latest_snapshot(source.id)
    watch.web = web  # type: ignore[assignment]
    server.answers |= {"/robots.txt": NOT_FOUND, "/Actualites": GOOD, toxic.place: toxic.script}
    met.taken.append((toxic.name, gauge(lambda: watch.later(source=source))))
    if came(web.last) not in toxic.ends:
        met.wrong.append(f"{toxic.name}: {came(web.last)}")
    met.wire = max(met.wire, web.last.wire_bytes if web.last else 0)
    server.answers |= {"/robots.txt": NOT_FOUND, "/Actualites": GOOD}
    known = toxic.place != "/robots.txt"  # what was read of robots.txt is believed for a day
    fine = watch.later(source=source).outcome.read or not known
    if not fine or watch.alerts() or watch.store.latest_snapshot(source.id) != before:
        met.harmed.append(toxic.name)


def came(fetched: Fetched | None) -> str:
    """The kind of failure; "page" where it is the good one, to the last byte."""
    match fetched.result if fetched else None:
        case FetchFailure(kind=kind):
            return str(kind)
        case Page(body=body, status=200) if body in {PAGE, RETOLD}:
            return "page"
        case Page():
            return "another page"
        case other:
            return type(other).__name__


def meet_side_by_side(toxics: list[Toxic], limits: Limits) -> Met:
    """The slow ones: all at the same time, by threads that share one fetcher; robots.txt by one of its own."""
    met, lock = Met(), threading.Lock()

    def meet(toxic: Toxic) -> None:
        taken: list[Taken] = []
        with serving() as server, contextlib.closing(fetcher(limits)) as one:
            server.answers |= {"/Actualites": GOOD, toxic.place: toxic.script}
            found: list[Fetched] = []
            taken.append(gauge(lambda: found.append(one.fetch(server.url("/Actualites")))))
            server.answers |= {"/fine": GOOD}
            fine = one.fetch(server.url("/fine")).result if toxic.place != "/robots.txt" else None
        with lock:
            met.taken.append((toxic.name, taken[0]))
            if came(found[0]) not in toxic.ends:
                met.wrong.append(f"{toxic.name}: {came(found[0])}")
            if fine is not None and not isinstance(fine, Page):
                met.harmed.append(toxic.name)

    with ThreadPoolExecutor(len(toxics)) as pool:
        list(pool.map(meet, toxics))
    return met


def heavy_figures(*, long: bool) -> list[Figure]:
    """What reading costs, once the page is there."""
    met = meet_all(heavy_pages()[:: 1 if long else 4], LONG)
    busy, busiest = met.most("busy")
    memory, largest = met.most("memory")
    bad = [*met.wrong, *met.harmed]
    return [
        Figure(f"{len(met.taken)} heavy pages of 10 MB, believed", f"{len(bad)}{_named(bad)}", "0", not bad),
        Timed("… most work", f"{busy:.1f} s of a core ({busiest})", f"{POLL:.0f} s", busy <= POLL),
        Timed("… most memory", f"{memory:.0f} MB ({largest})", f"{HEAVY:.0f} MB", memory <= HEAVY),
    ]


def figures(*, long: bool) -> list[Figure]:
    limits = LONG if long else SHORT
    before = open_things()
    quick = meet_all([*toxic_bodies(), *charsets(), *redirects()], limits)
    slow = meet_side_by_side(slow_servers(limits.total, limits.read), limits)
    more = left_open(before, limits.total + 5)
    number = len(quick.taken) + len(slow.taken)
    seconds, slowest = max(quick.most("seconds"), slow.most("seconds"))
    memory, largest = quick.most("memory")
    busy, busiest = quick.most("busy")
    wrong, harmed = [*quick.wrong, *slow.wrong], [*quick.harmed, *slow.harmed]
    return [
        Figure(
            "toxic sites, each with its right name",
            f"{number - len(wrong)} of {number}{_named(wrong)}",
            "all",
            not wrong,
        ),
        Figure(
            "pages, baselines, readers after them harmed", f"{len(harmed)}{_named(harmed)}", "0", not harmed
        ),
        Timed(
            "longest",
            f"{seconds:.1f} s ({slowest}; deadline {limits.total:g} s)",
            f"deadline + {OVER:g} s",
            seconds <= limits.total + OVER,
        ),
        Timed("most memory", f"{memory:.0f} MB ({largest})", f"{MEMORY:.0f} MB", memory <= MEMORY),
        Timed("most work", f"{busy:.1f} s of a core ({busiest})", f"{BUSY:.0f} s", busy <= BUSY),
        Figure(
            "most bytes taken from one of them", f"{quick.wire / 1e6:.1f} MB", "10 MB", quick.wire <= 10.5e6
        ),
        Figure(
            "descriptors and threads left open",
            f"{more[0]} and {more[1]}",
            "0",
            more == (0, 0),
        ),
    ]


def _named(names: list[str]) -> str:
    shown = "; ".join(names[:6])
    return f" ({shown}{' …' if len(names) > 6 else ''})" if names else ""

"""Servers whose encryption is wrong, missing, slow or broken off."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import trustme

from prove.gauge import Taken, Timed, gauge
from prove.peers.times import GOOD, silent_after, sliced
from prove.report import Figure
from tests.integration.fetching.scripted import AGENT, Server, closing, redirect
from watcher.clock import SystemClock
from watcher.core.page import Fetched, FetchFailure
from watcher.fetch import HttpFetcher, Limits

NAME = "www.cantal.gouv.fr"
OVER = 1.0  # seconds beyond the deadline
BROKEN, NOT_TRUSTED, LATE = {"reset", "truncated", "connect"}, {"tls"}, {"timeout", "connect"}


@dataclass(frozen=True, slots=True)
class Fault:
    name: str
    serve: Callable[[Server], None]
    ends: set[str]


@dataclass(frozen=True, slots=True)
class Authorities:
    """One that is trusted, and one that is not."""

    ours: trustme.CA
    theirs: trustme.CA

    def context(
        self,
        ca: trustme.CA | None = None,
        name: str = NAME,
        begins: datetime.datetime | None = None,
        ends: datetime.datetime | None = None,
    ) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (ca or self.ours).issue_cert(name, not_before=begins, not_after=ends).configure_cert(context)
        return context


def faults(known: Authorities) -> list[Fault]:
    past, to_come = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2020, 2090))
    hello = b"\x16\x03\x01\x00\xff" + bytes(20)
    return [
        Fault("a good one", _with(known.context()), {"page"}),
        Fault("an authority that nobody knows", _with(known.context(known.theirs)), NOT_TRUSTED),
        Fault("another's name", _with(known.context(name="www.lozere.gouv.fr")), NOT_TRUSTED),
        Fault("a name that only begins so", _with(known.context(name=f"{NAME}.evil.example")), NOT_TRUSTED),
        Fault("a star too high", _with(known.context(name="*.fr")), NOT_TRUSTED),
        Fault("an address for a name", _with(known.context(name="127.0.0.1")), NOT_TRUSTED),
        Fault("it has ended", _with(known.context(ends=past)), NOT_TRUSTED),
        Fault("it has not begun", _with(known.context(begins=to_come)), NOT_TRUSTED),
        Fault("TLS 1.1 and no better", _with(_old(known.context())), NOT_TRUSTED | BROKEN),
        Fault("no encryption at all", _plainly(closing(GOOD)), NOT_TRUSTED),
        Fault("no TLS but words", _plainly(closing(b"220 smtp.example ready\r\n")), NOT_TRUSTED),
        Fault("hangs up at once", _plainly(closing(b"")), BROKEN),
        Fault("hangs up in the handshake", _plainly(closing(hello)), BROKEN | NOT_TRUSTED),
        Fault("an alert", _plainly(closing(b"\x15\x03\x01\x00\x02\x02\x28")), NOT_TRUSTED),
        Fault("silent in the handshake", _plainly(silent_after(b"\x16\x03\x03")), LATE),
        Fault("drips the handshake", _plainly(sliced(b"\x16\x03\x03\x0f\xff" + bytes(4095), 1, 0.05)), LATE),
        Fault("breaks off in the page", _with(known.context(), closing(GOOD[:-30])), BROKEN),
        Fault("leads to the open", _with(known.context(), redirect(f"http://{NAME}/")), {"redirect_refused"}),
        Fault("a page without a farewell", _with(known.context(), _rudely), {"page"}),
    ]  # fmt: skip


def _with(
    context: ssl.SSLContext, page: bytes | Callable[[socket.socket], None] = GOOD
) -> Callable[[Server], None]:
    def serve(server: Server) -> None:
        server.tls = context
        server.answers["/page"] = page

    return serve


def _plainly(script: Callable[[socket.socket], None] | bytes) -> Callable[[Server], None]:
    def serve(server: Server) -> None:
        def speak(connection: socket.socket) -> None:
            connection.recv(10_000)
            script(connection)  # type: ignore[operator]  # all of them are functions

        server.on_connect = speak

    return serve


def _rudely(connection: socket.socket) -> None:
    """The whole page with its length, then the connection ends below TLS."""
    connection.sendall(GOOD)
    connection.close()


def _old(context: ssl.SSLContext) -> ssl.SSLContext:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


@contextlib.contextmanager
def _served(fault: Fault) -> Iterator[Server]:
    server = Server()
    fault.serve(server)
    threading.Thread(target=server.run, daemon=True).start()
    try:
        yield server
    finally:
        server.stop()


def figures(limits: Limits) -> list[Figure]:
    known = Authorities(trustme.CA(), trustme.CA())
    trusting = ssl.create_default_context()
    known.ours.configure_trust(trusting)
    all_of_them = faults(known)

    def meet(fault: Fault) -> tuple[str, Taken]:
        fetcher = HttpFetcher(
            SystemClock(), allow_private=True, user_agent=AGENT, tls=trusting, limits=limits,
            resolver=lambda *_: ["127.0.0.1"],
        )  # fmt: skip
        found: list[Fetched] = []
        with _served(fault) as server, contextlib.closing(fetcher):
            address = f"https://{NAME}:{server.port}/page"
            taken = gauge(lambda: found.append(fetcher.fetch(address)))
        result = found[0].result
        return str(result.kind) if isinstance(result, FetchFailure) else "page", taken

    with ThreadPoolExecutor(len(all_of_them)) as pool:
        came = list(pool.map(meet, all_of_them))
    wrong = [
        f"{f.name}: {kind}" for f, (kind, _) in zip(all_of_them, came, strict=True) if kind not in f.ends
    ]
    slowest = max(taken.seconds for _, taken in came)
    shown = f" ({'; '.join(wrong)})" if wrong else ""
    return [
        Figure(
            "encrypted sites, good and bad, each with its right name",
            f"{len(came) - len(wrong)} of {len(came)}{shown}",
            "all",
            not wrong,
        ),
        Timed(
            "… longest",
            f"{slowest:.1f} s (deadline {limits.total:g} s)",
            f"deadline + {OVER:g} s",
            slowest <= limits.total + OVER,
        ),
    ]

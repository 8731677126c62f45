"""Gets pages over HTTP: bounded in size and time, polite, and never surprised by what a server says."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpcore
import httpx

from watcher.connect import FetchError, GuardedBackend, Resolver, Wire, system_resolver
from watcher.core import headers, inflate
from watcher.core.links import PROCEDURE_HOSTS, takes_a_turn
from watcher.core.page import FailureKind, Fetched, FetchFailure, NotModified, Page, Validators
from watcher.core.ports import Clock, RobotsMemory
from watcher.robots import PARSED, Robots
from watcher.transport import ask, guarded_pool, parsed, said, typed

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
NOTHING_KNOWN = Validators()
LONGEST_DETAIL = 300
_CONTACT = re.compile(r"\(\+(?:mailto:)?([^\s()@/:]+@[^\s()@/:]+)\)")

Result = Page | NotModified | FetchFailure


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds, numbers. `total` and `wire` are for a whole fetch: redirects, robots.txt, body, but no pacing."""

    raw: int = 5_000_000
    wire: int = 10_000_000
    pieces: int = 200_000
    inflated: int = 10_000_000
    ratio: int = 100
    ratio_from: int = 1_000_000
    total: float = 30.0
    connect: float = 10.0
    read: float = 10.0
    redirects: int = 5
    connections: int = 32
    idle_connections: int = 8
    idle: float = 4.0  # less than the five seconds after which many servers hang up


DEFAULT_LIMITS = Limits()


class HttpFetcher:
    """A `Fetcher`. Several threads may share one; keep it, and `close` it in the end.

    `before_request` is called with the address before every request on the wire, redirects and
    robots.txt included, and may wait: that time is not counted; `after_request` once its answer begins or
    none will come. Where `user_agent` names an e-mail
    address, ``VigiePrefectures/1.0 (+somebody@example.fr)``, that is sent as `From` too. `resolver` and
    `tls` replace the system's; `memory` keeps robots.txt beyond this process.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allow_private: bool,
        user_agent: str,
        before_request: Callable[[str], None] | None = None,
        after_request: Callable[[str], None] | None = None,
        resolver: Resolver | None = None,
        memory: RobotsMemory | None = None,
        limits: Limits = DEFAULT_LIMITS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._before_request, self._after_request = before_request, after_request
        self._limits = limits
        self._bounds = inflate.Bounds(limits.inflated, limits.ratio, limits.ratio_from)
        self._robots = Robots(memory)
        self._backend = GuardedBackend(allow_private=allow_private, resolver=resolver or system_resolver)
        self._pool = guarded_pool(
            self._backend,
            tls,
            connections=limits.connections,
            idle_connections=limits.idle_connections,
            idle=limits.idle,
        )
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii")),
            (b"Accept", b"text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"),
            (b"Accept-Encoding", b"gzip, deflate"),
        ]
        contact = _CONTACT.search(user_agent)
        if contact is not None:
            self._headers.append((b"From", contact[1].encode("ascii")))
        times = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}
        self._extensions = {"timeout": times}

    def close(self) -> None:
        self._pool.close()

    def crawl_delay(self, address: str) -> timedelta | None:
        """What the robots.txt that was read for `address` asks for between two requests, if anything."""
        try:
            return self._robots.delay(_origin(parsed(address)))
        except FetchError:
            return None

    def fetch(self, address: str, validators: Validators = NOTHING_KNOWN) -> Fetched:
        """One address → a page of any status, "not modified", or a typed failure."""
        wire = Wire(self._limits.total, self._limits.wire)
        with self._backend.using(wire):
            result = self._result(address, wire, validators)
        return Fetched(result, wire.requests, wire.received)

    def _result(self, address: str, wire: Wire, validators: Validators, *, robots: bool = False) -> Result:
        try:
            return self._walk(address, wire, validators, robots=robots)
        except FetchError as error:
            detail = error.detail[:LONGEST_DETAIL]  # servers have a say in it
            return FetchFailure(address, error.kind, detail, self._clock.now(), error.retry_after)

    def _walk(self, address: str, wire: Wire, validators: Validators, *, robots: bool = False) -> Result:
        """Follow redirects from `address` to an answer; `robots`: it is a robots.txt that is read."""
        url = parsed(address)
        seen = [url]
        led: list[int] = []
        while True:
            told = str(url)
            if takes_a_turn(told):
                raise FetchError(FailureKind.FORBIDDEN_ADDRESS, f"{url} is a step in a booking")
            if not robots:
                self._ask_robots(url, told, wire)
            # A validator belongs to one address: behind a redirect it could hide a change.
            asked = validators if len(seen) == 1 else NOTHING_KNOWN
            with self._exchange(url, told, wire, asked) as response:
                location = said(response).get("location") if response.status in REDIRECTS else None
                if location is None:
                    final = address if len(seen) == 1 else told
                    return self._answer(response, address, final, asked, tuple(led), cut=robots)
                led.append(response.status)
            url = _followed(url, location)
            if url in seen or len(seen) > self._limits.redirects:
                raise FetchError(FailureKind.REDIRECT_LOOP, f"redirects on and on, last to {url}")
            seen.append(url)

    def _ask_robots(self, url: httpx.URL, told: str, wire: Wire) -> None:
        def load(address: str) -> Result:
            return self._result(address, wire, NOTHING_KNOWN, robots=True)

        rules = self._robots.rules(_origin(url), self._clock.now(), load)
        if rules.failure is not None:
            failure = rules.failure
            raise FetchError(failure.kind, failure.detail, failure.retry_after)
        if rules.forbids(told):
            raise FetchError(FailureKind.ROBOTS, f"robots.txt of {_origin(url)} forbids this page")

    @contextmanager
    def _exchange(
        self, url: httpx.URL, told: str, wire: Wire, asked: Validators
    ) -> Iterator[httpcore.Response]:
        """Send one request; the answer's head is there, its body still to be read. `told`: the URL as text."""
        if self._before_request is not None:
            with wire.paused():
                self._before_request(told)
        try:
            response = self._head(url, wire, asked)
        finally:
            if self._after_request is not None:
                self._after_request(told)
        with typed(wire):
            try:
                yield response
            finally:
                response.close()

    def _head(self, url: httpx.URL, wire: Wire, asked: Validators) -> httpcore.Response:
        """The beginning of the answer. What is asked over a connection that was kept goes again over another
        where the other side has closed that one meanwhile (RFC 9112 §9.3.1), or said more over it than was asked.
        """
        told = [*self._headers, *_conditions(asked)]
        while True:
            wire.next_request()
            try:
                with typed(wire):
                    response = ask(self._pool, url, told, self._extensions)
            except FetchError as error:
                unasked = error.kind is FailureKind.PROTOCOL  # or garbled by what was
                if wire.connected or not (unasked or (error.kind is FailureKind.RESET and not wire.heard)):
                    raise
                continue
            if wire.heard:
                wire.begun()
                return response
            response.close()  # nothing was received since the question: it answers an earlier one

    def _answer(
        self,
        response: httpcore.Response,
        address: str,
        final: str,
        asked: Validators,
        led: tuple[int, ...],
        *,
        cut: bool,
    ) -> Page | NotModified:
        now = self._clock.now()
        if response.status == NOT_MODIFIED:
            if asked == NOTHING_KNOWN:
                raise FetchError(FailureKind.PROTOCOL, "not modified, says the server, but was not asked")
            for _ in response.iter_stream():  # there is no body; the connection is kept once that is known
                pass
            return NotModified(address, now)
        told = said(response)
        content_type = told.get("content-type", "")
        return Page(
            address=address,
            final_address=final,
            status=response.status,
            body=self._body(response, told.get("content-encoding", ""), PARSED if cut else None),
            content_type=headers.media_type(content_type),
            charset=headers.charset(content_type),
            # What is learnt behind a redirect is of no use: see `_walk`.
            validators=headers.validators(told.get("etag"), told.get("last-modified"), told.get("date"), now)
            if final == address
            else NOTHING_KNOWN,
            fetched_at=now,
            retry_after=headers.retry_after(told.get("retry-after"), now),
            redirects=led,
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
            ),
        )

    def _body(self, response: httpcore.Response, encoding: str, cut: int | None) -> bytes:
        """The inflated body; where `cut` is given, about so many bytes of it are enough."""
        inflater = inflate.Inflater(encoding, self._bounds)
        pieces: list[bytes] = []
        raw = inflated = 0
        for number, chunk in enumerate(response.iter_stream()):
            raw += len(chunk)
            if raw > self._limits.raw:
                raise FetchError(FailureKind.TOO_LARGE, f"more than {self._limits.raw} bytes")
            if number > self._limits.pieces:  # chunks of a byte cost a thousand times what they hold
                raise FetchError(FailureKind.TOO_LARGE, f"more than {self._limits.pieces} pieces")
            for piece in inflater.feed(chunk):
                pieces.append(piece)
                inflated += len(piece)
            if cut is not None and inflated >= cut:
                return b"".join(pieces)
        inflater.finish()
        return b"".join(pieces)


def _conditions(asked: Validators) -> Iterator[tuple[bytes, bytes]]:
    if asked.etag is not None:
        yield b"If-None-Match", asked.etag.encode("ascii")
    if asked.last_modified is not None:
        yield b"If-Modified-Since", asked.last_modified.encode("ascii")


def _followed(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads. Raises `FetchError` when that is not the same site."""
    try:
        target = parsed(str(url.join(location).copy_with(fragment=None)))
    except (FetchError, httpx.InvalidURL, ValueError) as error:
        raise FetchError(FailureKind.REDIRECT_REFUSED, f"redirects to {location!r}") from error
    if not _same_site(url, target):
        raise FetchError(FailureKind.REDIRECT_REFUSED, f"redirects to {target}, another site")
    return target


def _same_site(url: httpx.URL, target: httpx.URL) -> bool:
    """The same host, with or without ``www.``, or two names of one; https may replace http and not the reverse."""
    hosts = {host.raw_host.decode("ascii").removeprefix("www.") for host in (url, target)}
    if len(hosts) > 1 and not hosts <= PROCEDURE_HOSTS:
        return False
    if url.scheme == target.scheme:
        return url.port == target.port
    return target.scheme == "https"


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"

"""Sends a body to an address that a stranger gave: bounded, once, and to public servers only."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from watcher.connect import FetchError, GuardedBackend, Resolver, Wire, system_resolver
from watcher.core import headers as heads
from watcher.core.page import FailureKind
from watcher.core.ports import Clock
from watcher.core.posting import LARGEST_ANSWER, LARGEST_BODY, Posted, PostFailure
from watcher.transport import guarded_transport, parsed, typed


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and bytes received; `total` is for everything from the resolver's question to the last byte read."""

    total: float = 15.0
    wire: int = 200_000  # heads, of which there may be many, and the first of a body
    answer: int = LARGEST_ANSWER  # of a body, as much as is read
    connect: float = 5.0
    connections: int = 32


DEFAULT_LIMITS = Limits()


class HttpPoster:
    """A `Poster`. Several threads may share one; `close` it in the end.

    Every address is resolved, checked and connected to anew: receivers are many and rarely the same.
    `resolver` and `tls` replace the system's. `open_letters`: what is sent and answered is no secret and proves
    itself, so that plain http will do.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        allow_private: bool,
        user_agent: str,
        resolver: Resolver | None = None,
        limits: Limits = DEFAULT_LIMITS,
        tls: ssl.SSLContext | None = None,
        open_letters: bool = False,
    ) -> None:
        self._clock = clock
        self._any_door = allow_private or open_letters
        self._limits = limits
        self._backend = GuardedBackend(allow_private=allow_private, resolver=resolver or system_resolver)
        self._transport = guarded_transport(
            self._backend, tls, connections=limits.connections, idle_connections=0, idle=0.0
        )
        self._headers = [("User-Agent", user_agent), ("Accept-Encoding", "identity")]
        times = {"connect": limits.connect, "read": None, "write": None, "pool": limits.total}
        self._extensions = {"timeout": times}

    def close(self) -> None:
        self._transport.close()

    def post(
        self, address: str, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> Posted | PostFailure:
        """See `Poster`. Raises `ValueError` for a body that is larger than anybody was promised."""
        if len(body) > LARGEST_BODY:
            raise ValueError(f"a body of {len(body)} bytes")
        wire = Wire(self._limits.total, self._limits.wire)
        try:
            with self._backend.using(wire):
                return self._exchange(self._checked(address), body, headers, wire)
        except FetchError as error:
            return PostFailure(error.kind)

    def _checked(self, address: str) -> httpx.URL:
        url = parsed(address)
        if not self._any_door and (url.scheme != "https" or url.port is not None):
            raise FetchError(FailureKind.FORBIDDEN_ADDRESS, "not https on its own port")
        return url

    def _exchange(
        self, url: httpx.URL, body: bytes, headers: Sequence[tuple[str, str]], wire: Wire
    ) -> Posted:
        wire.next_request()
        with typed(wire):
            request = httpx.Request(
                "POST", url, headers=[*self._headers, *headers], content=body, extensions=self._extensions
            )
            response = self._transport.handle_request(request)
            try:
                asked = heads.retry_after(response.headers.get("retry-after"), self._clock.now())
                return Posted(response.status_code, _first_bytes(response, wire, self._limits.answer), asked)
            finally:
                response.close()


def _first_bytes(response: httpx.Response, wire: Wire, most: int) -> bytes:
    """As much of the body as is looked at, or as came: the status alone says that the message arrived."""
    body = bytearray()
    try:
        with typed(wire):
            for chunk in response.iter_raw():
                body += chunk
                if len(body) >= most:
                    break
    except FetchError:
        return bytes(body)  # the server gave its answer, and then failed to go on talking
    return bytes(body[:most])

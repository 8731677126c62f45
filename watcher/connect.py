"""Connects to addresses that were checked, and to nothing else; bounds the time of a whole fetch.

A name is resolved once, what it resolved to is checked, and that literal is what is connected to: a
second answer of the resolver can change nothing. TLS still asks for the name's certificate.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from watcher.core.page import FailureKind
from watcher.core.public_addresses import permitted

Resolver = Callable[[str, int], Sequence[str]]
"""A name and a port → literal addresses, or `OSError`."""

WEB_PORTS = frozenset({80, 443})
PIECE = 4096  # bytes that a socket takes at once, if it takes any
LONGEST_HEAD = (
    300_000  # bytes until the head of an answer is there, preliminary answers and what is read ahead included
)
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.ASCII | re.IGNORECASE)


class FetchError(Exception):
    """There will be no page; becomes a `FetchFailure`."""

    def __init__(self, kind: FailureKind, detail: str, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after


class Wire:
    """What one fetch has used of the network, and how much it may still use of it: seconds, and bytes received."""

    def __init__(self, seconds: float, most: int) -> None:
        self._until = time.monotonic() + seconds
        self._most = most
        self.requests = 0
        self.received = 0  # bytes, headers included
        self.connected = False  # for the current request; else an older connection carries it
        self.heard = False  # a byte of the answer to the current request
        self.ended = False  # the other side closed
        self._head_from: int | None = (
            0  # what was received before the current request, while its head is awaited
        )

    def next_request(self) -> None:
        self.requests += 1
        self.connected = self.heard = self.ended = False
        self._head_from = self.received

    def begun(self) -> None:
        """The head of the answer is there."""
        self._head_from = None

    def take(self, data: bytes) -> bytes:
        """Raises `FetchError` when more came than any honest answer needs: a body is not all that can be endless."""
        self.received += len(data)
        self.heard = self.heard or bool(data)
        self.ended = not data
        if self._head_from is not None and self.received - self._head_from > LONGEST_HEAD:
            raise FetchError(
                FailureKind.TOO_LARGE, f"more than {LONGEST_HEAD} bytes and no head of an answer"
            )
        if self.received > self._most:
            raise FetchError(FailureKind.TOO_LARGE, f"more than {self._most} bytes on the wire")
        return data

    def left(self, most: float | None) -> float:
        """Seconds that one operation may last. Raises `FetchError` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise FetchError(FailureKind.TIMEOUT, "the whole fetch took too long")
        return left if most is None else min(most, left)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Time spent in here is waiting for one's turn, not the server's."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._until += time.monotonic() - start


def well_formed(host: str, port: int | None) -> bool:
    """Whether there can be such a host (a name or a literal) and such a port."""
    literal = ":" in host
    if literal and "%" in host:  # names an interface of this machine
        return False
    formed = literal or (len(host) <= 253 and _HOST.fullmatch(host) is not None)
    return formed and (port is None or 0 < port < 65536)


def system_resolver(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class GuardedBackend(httpcore.SyncBackend):
    """httpcore's way to the network, through the checks."""

    def __init__(self, *, allow_private: bool, resolver: Resolver) -> None:
        self._allow_private = allow_private
        self._resolver = resolver
        self._local = threading.local()

    @contextmanager
    def using(self, wire: Wire) -> Iterator[None]:
        """All that this thread sends or receives meanwhile is on `wire`'s account."""
        self._local.wire = wire
        try:
            yield
        finally:
            del self._local.wire

    @property
    def wire(self) -> Wire:
        wire: Wire = self._local.wire
        return wire

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers. Raises `FetchError`."""
        if not self._allow_private and port not in WEB_PORTS:
            raise FetchError(FailureKind.FORBIDDEN_ADDRESS, f"port {port} is not a web server's")
        trouble = FetchError(FailureKind.DNS, f"{host} has no address")
        for literal in self._checked(host, port, self.wire.left(timeout)):
            try:
                plain = super().connect_tcp(
                    literal, port, self.wire.left(timeout), local_address, socket_options
                )
            except httpcore.ConnectTimeout:
                trouble = FetchError(FailureKind.CONNECT, f"no connection to {literal} in time")
            except httpcore.ConnectError as error:
                trouble = FetchError(FailureKind.CONNECT, f"no connection to {literal}: {error}")
            else:
                self.wire.connected = True
                return GuardedStream(plain, self)
        raise trouble

    def _checked(self, host: str, port: int, seconds: float) -> Sequence[str]:
        literals = self._resolve(host, port, seconds)
        for literal in literals:
            # One bad address condemns the name: honest hosts do not mix public and private ones.
            if not permitted(literal, allow_private=self._allow_private):
                raise FetchError(
                    FailureKind.FORBIDDEN_ADDRESS, f"{host} is at {literal}, which is not public"
                )
        return literals

    def _resolve(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """Ask the resolver, but not for longer than `seconds`: it knows no timeout of its own."""
        answer: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answer.put(error)

        threading.Thread(target=ask, name="resolver", daemon=True).start()
        try:
            found = answer.get(timeout=seconds)
        except Empty:
            raise FetchError(FailureKind.DNS, f"no address of {host} in time") from None
        if isinstance(found, UnicodeError):
            raise FetchError(FailureKind.BAD_ADDRESS, f"{host} cannot be a host name") from found
        if isinstance(found, OSError):
            raise FetchError(FailureKind.DNS, f"no address of {host}: {found}") from found
        return found


class GuardedStream(httpcore.NetworkStream):
    """A connection that keeps account of bytes and obeys the deadline of whoever uses it."""

    def __init__(self, inner: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        wire = self._backend.wire
        try:
            return wire.take(self._inner.read(max_bytes, wire.left(timeout)))
        except httpcore.ReadTimeout:
            raise FetchError(FailureKind.TIMEOUT, "nothing more came in time") from None
        except httpcore.ReadError as error:
            raise FetchError(FailureKind.RESET, f"connection lost: {error}") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # A write error stays httpcore's: it then looks for an answer that was sent beforehand. In pieces,
        # as every system call may last as long as the whole was given.
        for start in range(0, len(buffer), PIECE):
            self._inner.write(buffer[start : start + PIECE], self._backend.wire.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, self._backend.wire.left(timeout))
        except httpcore.ConnectTimeout:
            raise FetchError(FailureKind.CONNECT, "no TLS connection in time") from None
        except httpcore.ConnectError as error:
            hung_up = not isinstance(error.__cause__, ssl.SSLError) or isinstance(
                error.__cause__, ssl.SSLEOFError
            )
            kind = FailureKind.CONNECT if hung_up else FailureKind.TLS
            raise FetchError(kind, f"no TLS connection: {error}") from error
        return GuardedStream(inner, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

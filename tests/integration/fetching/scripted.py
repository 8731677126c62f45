"""A loopback server that says exactly what it is told to, right or wrong."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from watcher.core.page import FetchFailure, Page
from watcher.fetch import HttpFetcher, Limits

MORNING = datetime(2025, 9, 10, 8, 0, tzinfo=UTC)
QUICK = Limits(total=1.5, connect=1.0, read=1.0)
AGENT = "VigiePrefectures/0.1 (+equipe@example.fr)"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

Script = bytes | Callable[[socket.socket], None]


class StillClock:
    """Time passes only when a test says so."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> bool:
        self.at += span
        return False


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """Answers by path; an answer is the bytes to send, or what to do with the connection (then closed)."""

    answers: dict[str, Script] = field(default_factory=lambda: {"/robots.txt": NOT_FOUND})
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    tls: ssl.SSLContext | None = None
    on_connect: Callable[[socket.socket], None] | None = None  # instead of all that
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    @property
    def pages(self) -> list[Request]:
        """The requests for anything but robots.txt."""
        return [request for request in self.requests if request.path != "/robots.txt"]

    def run(self) -> None:
        for _ in range(2000):
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(10)
            self.open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.open:
            connection.close()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            if self.on_connect is not None:
                self.on_connect(plain)
                return
            connection = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
            with connection:
                while self._serve_one(connection):
                    pass

    def _serve_one(self, connection: socket.socket) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            more = connection.recv(65536)
            if not more:
                return False
            head += more
        request = _read(head.decode("latin-1"))
        self.requests.append(request)
        script = self.answers.get(request.path, NOT_FOUND)
        if isinstance(script, bytes):
            connection.sendall(script)
            return True
        script(connection)
        return False


def _read(head: str) -> Request:
    first, *lines = head.split("\r\n")[:-2]
    pairs = (line.split(": ", 1) for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value for name, value in pairs})


def answer(body: bytes = b"<html></html>", *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed answer; give your own Content-Length to replace the right one."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if not any(h.lower().startswith(("content-length", "transfer-encoding")) for h in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {to}", status=status)


def reset(after: bytes = b"") -> Callable[[socket.socket], None]:
    """Send `after`, then a TCP reset instead of an orderly end."""

    def script(connection: socket.socket) -> None:
        connection.sendall(after)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def drip(data: bytes, pause: float = 0.05) -> Callable[[socket.socket], None]:
    """Send one byte at a time."""

    def script(connection: socket.socket) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            threading.Event().wait(pause)

    return script


def endless(first: bytes, then: bytes, times: int = 4000) -> Script:
    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(times):
            connection.sendall(then)

    return script


def stall(connection: socket.socket) -> None:
    """Say nothing until the other side gives up."""
    connection.recv(1)


def closing(data: bytes) -> Script:
    """Send `data` and hang up."""
    return lambda connection: connection.sendall(data)


@dataclass
class Site:
    """A server, and a fetcher that may speak to it."""

    server: Server
    clock: StillClock
    fetcher: HttpFetcher
    hooked: list[str]

    def get(self, path: str = "/page") -> Page:
        result = self.fetcher.fetch(self.server.url(path)).result
        assert isinstance(result, Page), result
        return result

    def failure(self, script: Script, path: str = "/page") -> FetchFailure:
        self.server.answers[path] = script
        result = self.fetcher.fetch(self.server.url(path)).result
        assert isinstance(result, FetchFailure), result
        return result

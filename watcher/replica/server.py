"""HTTP/1.1 on loopback addresses, by hand: small, exact about what goes wrong, and quick to stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from watcher.replica.answers import Answer, Delivery

_HEAD_LIMIT = 16_384
_BODY_LIMIT = 65_536
_IDLE = 30.0
_DRIP_BYTES = 64
_DRIP_PAUSE = 0.25
_DRIPS = 240


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `host` is the loopback address it came in on, `client` the one it came from."""

    method: str
    target: str
    headers: dict[str, str]
    host: str
    client: str
    keep: bool


@dataclass(frozen=True, slots=True)
class Handler:
    """What answers requests; `done` is called once the answer is sent."""

    answer: Callable[[Request], Answer]
    done: Callable[[Request], None]


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler) -> None:
    """One connection, until either side has had enough."""
    try:
        keep = True
        while keep:
            request = await _read(reader, writer)
            if request is None:
                break
            keep = await _reply(writer, handler, request)
    except (ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        writer.transport.abort()  # the client is gone or speaks no HTTP: nothing is left to say
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _IDLE)
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise
        return None
    line, *rest = head.decode("latin-1").split("\r\n")
    method, _, after = line.partition(" ")
    target, _, version = after.rpartition(" ")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in rest)
    }
    length = headers.get("content-length", "0")
    if length.isdigit():
        await reader.readexactly(min(int(length), _BODY_LIMIT))
    return Request(
        method=method,
        target=target,
        headers=headers,
        host=writer.get_extra_info("sockname")[0],
        client=writer.get_extra_info("peername")[0],
        keep=version == "HTTP/1.1" and headers.get("connection", "").lower() != "close",
    )


async def _reply(writer: asyncio.StreamWriter, handler: Handler, request: Request) -> bool:
    """Send the answer; whether the connection may go on."""
    try:
        answer = handler.answer(request)
        if answer.delivery is Delivery.RESET:
            _slam(writer)
            return False
        body = b"" if request.method == "HEAD" else answer.body
        writer.write(answer.head())
        if answer.delivery is Delivery.CUT:
            writer.write(body[: len(body) * 6 // 10])
            await writer.drain()
            return False
        if answer.delivery is Delivery.SLOW:
            return await _drip(writer, body)
        writer.write(body)
        await writer.drain()
        return request.keep
    finally:
        handler.done(request)


async def _drip(writer: asyncio.StreamWriter, body: bytes) -> bool:
    """A minute of a few bytes at a time, then the end, whatever is left."""
    for start in range(0, min(len(body), _DRIPS * _DRIP_BYTES), _DRIP_BYTES):
        writer.write(body[start : start + _DRIP_BYTES])
        await writer.drain()
        await asyncio.sleep(_DRIP_PAUSE)
    return False


def _slam(writer: asyncio.StreamWriter) -> None:
    """Reset the connection instead of closing it."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def listen(addresses: list[str], port: int) -> list[socket.socket]:
    """One listening socket per address, all on one port; 0 takes a port that is free on all of them."""
    for _ in range(50):
        taken: list[socket.socket] = []
        try:
            number = port
            for address in addresses:
                taken.append(_bound(address, number))
                number = taken[0].getsockname()[1]
            return taken
        except OSError:
            for sock in taken:
                sock.close()
            if port:
                raise
    raise OSError("no port is free on all loopback addresses")


def _bound(address: str, port: int) -> socket.socket:
    if not address.startswith("127."):
        raise ValueError(f"the replica listens on loopback only, not on {address}")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


class Loop:
    """One event loop in one thread of its own, serving `handler` on `sockets` until closed."""

    def __init__(self, sockets: list[socket.socket], handler: Handler) -> None:
        self._sockets = sockets
        self._handler = handler
        self._talks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()

    def run(self, started: Callable[[], None]) -> None:
        """Serve until `close`; calls `started` once connections are accepted."""
        try:
            self._loop.run_until_complete(self._serve(started))
        finally:
            self._loop.close()

    def close(self) -> None:
        """From any thread."""
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self, started: Callable[[], None]) -> None:
        servers = [
            await asyncio.start_server(self._talk, sock=sock, limit=_HEAD_LIMIT) for sock in self._sockets
        ]
        started()
        await self._stop.wait()
        for server in servers:
            server.close()
        for talk in tuple(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._talks.add(task)
        try:
            await converse(reader, writer, self._handler)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            if task is not None:
                self._talks.discard(task)

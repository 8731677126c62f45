"""Connections of whoever asks for our pages: how much one may say before it has asked, and how many there may be.

A stranger needs no more than a few of them, kept open and silent, or one that never comes to its point, to take
the descriptors and the memory that polls and letters need.
"""

from __future__ import annotations

import resource
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LARGEST_HEAD = 65_536  # bytes of a request beside its body; what browsers and programs send is a tenth of it
WAITING = 8  # requests sent before the one in front of them is answered: hardly any program sends one
MOST = 1_000  # connections, and never more than half of the descriptors that this process may have
_HEADERS = (
    "content-type: text/plain; charset=utf-8\r\n"
    "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
    "x-content-type-options: nosniff\r\n"
    "cache-control: no-store\r\n"
    "connection: close\r\n"
)


def most_connections() -> int:
    """How many connections a process of ours keeps."""
    descriptors, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if descriptors == resource.RLIM_INFINITY else max(1, min(MOST, descriptors // 2))


class Caller(HttpToolsProtocol):
    """uvicorn's connection, with ends. Where there are too many, the one whose request is the oldest is given up:
    an honest one lasts for milliseconds.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._since = 0.0  # the beginning of its request, in the loop's time
        self._beside = 0  # bytes of its request that are no body
        self._answering: RequestResponseCycle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > most_connections():
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_answering()

    def data_received(self, data: bytes) -> None:
        self._beside += len(data)
        super().data_received(data)
        if self._beside > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Too much beside the request's body.")

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= WAITING:  # each would be kept, and read on with every answer
            raise ValueError("more requests than can wait")  # told as a bad one
        self._since = self.loop.time()
        super().on_message_begin()

    def on_body(self, body: bytes) -> None:
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._beside = 0
        super().on_message_complete()

    def shutdown(self) -> None:
        if self._unasked():  # nobody waits for the rest of a question when the process is to end
            self._stop_answering()
            self.transport.close()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _refuse(self, status: HTTPStatus, said: str) -> None:
        """Says why, unless that would be taken for the answer to an earlier request, and hangs up."""
        if self._unasked() or self._answering is None or self._answering.response_complete:
            head = f"HTTP/1.1 {status} {status.phrase}\r\n{_HEADERS}content-length: {len(said)}\r\n\r\n"
            self.transport.write(f"{head}{said}".encode("ascii"))
        self._stop_answering()
        self.transport.close()

    def _unasked(self) -> bool:
        """Whether a request's own body is still being sent, and nothing was answered yet."""
        cycle = self._answering
        return cycle is not None and cycle.more_body and not cycle.response_started

    def _stop_answering(self) -> None:
        """Nobody hears the rest."""
        if self._answering is not None and not self._answering.response_complete:
            self._answering.disconnected = True
            self._answering.message_event.set()

    def _make_room(self) -> None:
        oldest = min((one for one in self.connections if isinstance(one, Caller)), key=lambda one: one._since)
        self.connections.discard(oldest)  # it leaves by itself only after others may have come
        oldest.transport.abort()

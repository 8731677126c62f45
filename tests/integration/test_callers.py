"""Strangers who open connections to our pages and never come to their point."""

from __future__ import annotations

import re
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from time import perf_counter

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from watcher.callers import LARGEST_HEAD, MOST, most_connections
from watcher.daemon import WEB_DRAIN, Web, listen

DESCRIPTORS = 120
ASKED = b"GET / HTTP/1.1\r\nHost: vigie.example\r\n"


async def _size(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _left(_request: Request, _error: Exception) -> PlainTextResponse:
    return PlainTextResponse("")


APP = Starlette(
    routes=[Route("/", _size, methods=["GET", "POST"])], exception_handlers={ClientDisconnect: _left}
)


@pytest.fixture
def address() -> Iterator[tuple[str, int]]:
    """Of our web server, which says how long a body was that it was sent."""
    with listen("127.0.0.1", 0) as listener:
        web = Web(APP, listener)
        web.start()
        try:
            yield listener.getsockname()
        finally:
            web.stop()


def answered(to: tuple[str, int], said: bytes) -> bytes:
    with socket.create_connection(to, timeout=10) as caller, suppress(ConnectionError):
        caller.sendall(said)
        return caller.recv(65_536)
    return b""


def is_served(address: tuple[str, int]) -> bool:
    return httpx.get(f"http://{address[0]}:{address[1]}/", timeout=10).text == "0"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"GET /", b"a" * 1000),
        (ASKED + b"X: ", b"a" * 1000),
        (ASKED, b"X-Y: z\r\n" * 100),
        (ASKED + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 1000),
        (ASKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Y: z\r\n" * 100),
    ],
    ids=["address", "header", "headers", "extension of a chunk", "trailers"],
)
def test_a_request_without_an_end_is_hung_up_on(address: tuple[str, int], begun: bytes, more: bytes) -> None:
    said = begun + more * (400 * LARGEST_HEAD // len(more))
    with socket.create_connection(address, timeout=10) as caller, pytest.raises(ConnectionError):
        caller.sendall(said)
    assert is_served(address)


def test_a_head_that_is_too_large_is_told_so(address: tuple[str, int]) -> None:
    answer = answered(address, ASKED + b"X: " + b"a" * LARGEST_HEAD)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"x-content-type-options: nosniff\r\n" in answer
    assert b"content-security-policy: default-src 'none'" in answer


def test_what_is_no_request_is_refused_with_the_headers_of_every_page(address: tuple[str, int]) -> None:
    answer = answered(address, b"\x16\x03\x01 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff\r\n" in answer


def test_a_body_may_be_longer_than_a_head_and_many_may_follow_on_one_connection(
    address: tuple[str, int],
) -> None:
    body = b"a" * (3 * LARGEST_HEAD)
    with httpx.Client(base_url=f"http://{address[0]}:{address[1]}") as client:
        told = [client.post("/", content=body).text for _ in range(3)]
        told += [client.get("/", headers={"X": "a" * 30_000}).text for _ in range(5)]
    assert told == [str(len(body))] * 3 + ["0"] * 5


def test_many_requests_at_once_without_waiting_for_answers_are_hung_up_on(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as caller, pytest.raises(ConnectionError):
        caller.sendall((ASKED + b"\r\n") * 200_000)
    assert is_served(address)


def test_a_few_requests_at_once_are_answered_in_their_order(address: tuple[str, int]) -> None:
    asked = (f"POST / HTTP/1.1\r\nContent-Length: {size}\r\n\r\n{'a' * size}" for size in range(5))
    with socket.create_connection(address, timeout=10) as caller:
        caller.sendall("".join(asked).encode())
        heard = b""
        while heard.count(b"\r\n\r\n") < 5 or not heard.endswith(b"4"):
            heard += caller.recv(4096)
    assert re.findall(rb"\r\n\r\n(\d)", heard) == [b"0", b"1", b"2", b"3", b"4"]


def test_what_is_no_request_is_never_answered_in_place_of_an_earlier_one(address: tuple[str, int]) -> None:
    answer = answered(address, ASKED + b"\r\n" + b"no request\r\n\r\n")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 200 ")


def test_a_body_that_is_none_is_told_so(address: tuple[str, int]) -> None:
    answer = answered(address, b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_the_end_of_the_process_waits_for_no_question_that_is_still_being_asked() -> None:
    with listen("127.0.0.1", 0) as listener, socket.socket() as caller:
        web = Web(APP, listener)
        web.start()
        caller.settimeout(10)
        caller.connect(listener.getsockname())
        caller.sendall(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\na")
        assert caller.recv(4096).startswith(b"HTTP/1.1 100 ")  # it is waited for by now
        start = perf_counter()
        web.stop()
        assert perf_counter() - start < WEB_DRAIN
        assert hung_up(caller)


def test_silent_connections_make_room_for_whoever_asks(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (DESCRIPTORS, DESCRIPTORS))
    with ExitStack() as open_:
        silent = [
            open_.enter_context(socket.create_connection(address, timeout=10)) for _ in range(DESCRIPTORS)
        ]
        for one in silent:
            with suppress(ConnectionError):
                one.sendall(ASKED)
        assert is_served(address)
        assert hung_up(silent[0])
        silent[-1].sendall(b"\r\n")
        assert silent[-1].recv(4096).startswith(b"HTTP/1.1 200 ")


def hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(("allowed", "kept"), [(1024, 512), (100_000, MOST), (1, 1)])
def test_connections_get_half_of_the_descriptors_at_most(
    monkeypatch: pytest.MonkeyPatch, allowed: int, kept: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (allowed, allowed))
    assert most_connections() == kept

"""No server takes more of our memory and time than it is worth."""

from __future__ import annotations

import gzip
import random
import resource
import socket
import threading
import time
import zlib
from collections.abc import Callable

import pytest

from tests.integration.fetching.scripted import Server, Site, answer, drip, endless, stall
from watcher.core.page import FailureKind, FetchFailure
from watcher.fetch import HttpFetcher, Limits

HTML = b"<html></html>"


def test_a_body_that_drips_ends_at_the_deadline(hasty: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"

    def script(connection: socket.socket) -> None:
        connection.sendall(head)
        drip(b"x" * 1000)(connection)

    start = time.monotonic()
    failure = hasty.failure(script)

    assert failure.kind is FailureKind.TIMEOUT
    assert time.monotonic() - start < 3  # and not 50


def test_the_deadline_holds_within_a_single_wait(make: Callable[..., HttpFetcher], server: Server) -> None:
    server.answers["/robots.txt"] = stall
    start = time.monotonic()

    make(limits=Limits(total=0.3, read=10)).fetch(server.url("/page"))

    assert time.monotonic() - start < 3  # and not 10


def test_endless_preliminary_answers_end_at_the_deadline(hasty: Site) -> None:
    failure = hasty.failure(drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 90, pause=0.01))

    assert failure.kind is FailureKind.TIMEOUT


def bomb(layers: int) -> bytes:
    packed = b"\0" * 64_000_000
    for _ in range(layers):
        packed = gzip.compress(packed, 9)
    return packed


@pytest.mark.parametrize("layers", [1, 2])
def test_a_decompression_bomb_goes_off_small(site: Site, layers: int) -> None:
    body = bomb(layers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    failure = site.failure(answer(body, "Content-Encoding: " + ", ".join(["gzip"] * layers)))

    assert failure.kind is FailureKind.BOMB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32_000  # KB


def test_a_page_may_be_compressed_well(site: Site) -> None:
    body = b"<li>" * 240_000
    site.server.answers["/page"] = answer(gzip.compress(body, 9), "Content-Encoding: gzip")

    assert site.get().body == body


def test_a_body_that_inflates_to_too_much_is_refused(
    make: Callable[..., HttpFetcher], server: Server
) -> None:
    noise = random.Random(1).randbytes(1_300_000) * 2  # repeats too far apart to shrink
    server.answers["/page"] = answer(zlib.compress(noise, 1), "Content-Encoding: deflate")

    result = make(limits=Limits(inflated=2_000_000)).fetch(server.url("/page")).result

    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize("length", ["Content-Length: 50000000", "Transfer-Encoding: chunked"])
def test_a_page_of_fifty_megabytes_is_given_up(
    make: Callable[..., HttpFetcher], server: Server, length: str
) -> None:
    block = b"x" * 100_000
    if "chunked" in length:
        block = b"186a0\r\n" + block + b"\r\n"
    server.answers["/page"] = endless(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode(), block, 500)

    fetched = make().fetch(server.url("/page"))

    assert isinstance(fetched.result, FetchFailure)
    assert fetched.result.kind is FailureKind.TOO_LARGE
    assert fetched.wire_bytes < 5_200_000


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "words", "most"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: " + b"x" * 8000 + b"\r\n\r\n", 400_000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 900, 400_000),
        (CHUNKED, (b"1;" + b"x" * 8000 + b"\r\na\r\n") * 9, 10_100_000),
        (CHUNKED, b"1\r\na\r\n" * 9000, 400_000),
    ],
    ids=["hints", "continue", "words about chunks", "chunks of a byte"],
)
def test_what_is_no_body_is_not_taken_without_end(
    make: Callable[..., HttpFetcher], server: Server, first: bytes, words: bytes, most: int
) -> None:
    server.answers["/page"] = endless(first, words, 200_000)

    fetched = make(limits=Limits(pieces=20_000)).fetch(server.url("/page"))

    assert isinstance(fetched.result, FetchFailure)
    assert fetched.result.kind is FailureKind.TOO_LARGE
    assert fetched.wire_bytes < most


def test_slow_sites_do_not_hold_up_the_others(site: Site) -> None:
    """Five sites keep their readers waiting until thirty pages of another were read."""
    enough = threading.Event()

    def late(connection: socket.socket) -> None:
        enough.wait(20)
        connection.sendall(answer(HTML))

    slow = [threading.Thread(target=site.get, args=(f"/slow{n}",)) for n in range(5)]
    site.server.answers["/page"] = answer(HTML)
    site.get()  # so that robots.txt is known
    for n, thread in enumerate(slow):
        site.server.answers[f"/slow{n}"] = late
        thread.start()

    pages = [site.get() for _ in range(30)]
    waiting = [thread.is_alive() for thread in slow]
    enough.set()
    for thread in slow:
        thread.join()

    assert len(pages) == 30
    assert all(waiting)

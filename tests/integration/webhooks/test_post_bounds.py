"""However a receiver behaves, a post ends in time, and reads no more than was agreed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.fakes.outgoing import HASTY
from tests.fakes.receiver import Receiver, always
from tests.integration.fetching.scripted import Script, answer, closing, drip, endless, reset, stall
from watcher.core.page import FailureKind
from watcher.core.posting import LARGEST_ANSWER, LARGEST_BODY, Posted, PostFailure
from watcher.post import HttpPoster

OK = b"HTTP/1.1 200 OK\r\n"


def never_reads(connection: socket.socket) -> None:
    threading.Event().wait(2)


def after_head(then: Callable[[socket.socket], None]) -> Script:
    def script(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 900\r\n\r\na")
        then(connection)

    return script


FAILURES: dict[str, tuple[Script, FailureKind]] = {
    "stalls": (stall, FailureKind.TIMEOUT),
    "drips its head": (drip(OK + b"X-Slow: " + b"a" * 500), FailureKind.TIMEOUT),
    "gives hints for ever": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: " + b"a" * 8000 + b"\r\n\r\n"),
        FailureKind.TOO_LARGE,
    ),
    "resets": (reset(), FailureKind.RESET),
    "hangs up": (closing(b""), FailureKind.RESET),
    "breaks off in its head": (closing(OK + b"Content-Le"), FailureKind.TRUNCATED),
    "speaks no HTTP": (closing(b"220 smtp.example.fr ESMTP\r\n\r\n"), FailureKind.PROTOCOL),
    "has a huge header": (endless(OK, b"X-Big: " + b"a" * 8000 + b"\r\n", times=100), FailureKind.PROTOCOL),
}
ANSWERS: dict[str, Script] = {
    "an endless body": endless(OK + b"Content-Length: 999999999\r\n\r\n", b"a" * 4096),
    "an endless chunked body": endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"a" * 1024 + b"\r\n"
    ),
    "a dripping body": after_head(drip(b"a" * 900)),
    "a stalling body": after_head(stall),
    "a body that is cut off": closing(OK + b"Content-Length: 9\r\n\r\na"),
    "a bomb": closing(OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\naaa"),
    "no body": answer(b""),
}


@pytest.fixture
def poster(make: Callable[..., HttpPoster]) -> HttpPoster:
    return make(limits=HASTY)


@pytest.mark.parametrize("behaviour", FAILURES)
def test_a_receiver_that_gives_no_answer_is_given_up_in_time(
    poster: HttpPoster, receiver: Receiver, behaviour: str
) -> None:
    script, kind = FAILURES[behaviour]
    receiver.reply = always(script)
    started = time.monotonic()

    posted = poster.post(receiver.url("/"), b'{"type":"alert.published"}')

    assert isinstance(posted, PostFailure)
    assert posted.kind is kind
    assert time.monotonic() - started < HASTY.total + 1.0
    assert len(receiver.got) == 1


@pytest.mark.parametrize("behaviour", ANSWERS)
def test_the_status_counts_whatever_follows_it(
    poster: HttpPoster, receiver: Receiver, behaviour: str
) -> None:
    receiver.reply = always(ANSWERS[behaviour])
    started = time.monotonic()

    posted = poster.post(receiver.url("/"), b"{}")

    assert isinstance(posted, Posted)
    assert posted.status == 200
    assert len(posted.body) <= LARGEST_ANSWER
    assert time.monotonic() - started < HASTY.total + 1.0


def test_a_receiver_that_never_reads_does_not_hold_us(
    make: Callable[..., HttpPoster], receiver: Receiver
) -> None:
    receiver.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    receiver.on_connect = never_reads
    started = time.monotonic()

    posted = make(limits=HASTY).post(receiver.url("/"), b"a" * LARGEST_BODY)

    assert posted == PostFailure(FailureKind.TIMEOUT)
    assert time.monotonic() - started < HASTY.total + 1.0


def test_a_resolver_that_hangs_does_not_hold_us(make: Callable[..., HttpPoster]) -> None:
    def hang(host: str, port: int) -> list[str]:
        threading.Event().wait(2)
        return []

    assert make(resolver=hang, limits=HASTY).post("http://hooks.example.fr/", b"") == PostFailure(
        FailureKind.DNS
    )


def test_the_whole_body_arrives_as_it_is(poster: HttpPoster, receiver: Receiver) -> None:
    body = bytes(range(256)) * (LARGEST_BODY // 256)
    receiver.reply = always(answer(b"a" * 10_000))

    posted = poster.post(receiver.url("/a?b=%20c"), body, [("webhook-id", "1")])

    assert posted == Posted(200, b"a" * LARGEST_ANSWER, None)
    assert receiver.got[0].body == body
    assert receiver.got[0].path == "/a?b=%20c"
    assert receiver.got[0].headers["webhook-id"] == "1"
    assert receiver.got[0].headers["user-agent"] == "VigiePrefectures/0.1"
    assert not {"cookie", "authorization", "referer", "from"} & receiver.got[0].headers.keys()


def test_a_larger_body_is_our_own_mistake(poster: HttpPoster, receiver: Receiver) -> None:
    with pytest.raises(ValueError, match="65537 bytes"):
        poster.post(receiver.url("/"), b"a" * (LARGEST_BODY + 1))
    assert receiver.connections == 0


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120), ("1", 60), ("9999999", 21600), ("soon", None)])
def test_how_long_to_wait_is_heard_within_bounds(
    poster: HttpPoster, receiver: Receiver, asked: str, seconds: int | None
) -> None:
    receiver.reply = always(answer(b"", f"Retry-After: {asked}", status="429 Too Many Requests"))

    posted = poster.post(receiver.url("/"), b"{}")

    assert posted == Posted(429, b"", None if seconds is None else timedelta(seconds=seconds))

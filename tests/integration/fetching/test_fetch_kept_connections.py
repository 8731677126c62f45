"""A connection that is kept for the next page may be dead by then, or hold more than was asked for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.integration.fetching.scripted import Server, Site, answer, closing, redirect, reset
from watcher.core.page import FailureKind
from watcher.fetch import HttpFetcher

PAGE = b"<html>the page</html>"
ANOTHER = answer(b"<html>of another address</html>")


@dataclass
class OneAnswerOnly(Server):
    """Keeps every connection, and ends it in place of a second answer, which it had not announced."""

    ending: Callable[[socket.socket], None] | None = None

    def _serve_one(self, connection: socket.socket) -> bool:
        if super()._serve_one(connection) and connection.recv(65536) and self.ending is not None:
            self.ending(connection)
        return False


@pytest.fixture(params=[None, reset()], ids=["closes", "resets"])
def rash(request: pytest.FixtureRequest) -> Iterator[Server]:
    server = OneAnswerOnly(ending=request.param)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(5)


def test_what_met_a_closed_connection_is_asked_again(rash: Server, make: Callable[..., HttpFetcher]) -> None:
    rash.answers |= {"/page": redirect("/there"), "/there": answer(PAGE)}
    fetcher = make()

    for _ in range(2):
        result = fetcher.fetch(rash.url("/page")).result
        assert getattr(result, "body", result) == PAGE

    assert [request.path for request in rash.pages] == ["/page", "/there"] * 2


def test_whoever_never_answers_is_not_asked_again_and_again(site: Site) -> None:
    site.server.answers["/fine"] = answer(PAGE)
    site.get("/fine")

    assert site.failure(closing(b"")).kind is FailureKind.RESET
    assert len(site.server.pages) == 3  # over the kept connection, and once over a new one


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
def test_an_answer_too_many_is_not_taken_for_the_next_page(site: Site, status: str) -> None:
    site.server.answers |= {"/page": answer(PAGE, status=status) + ANOTHER, "/next": answer(PAGE)}
    site.get("/page")

    assert site.get("/next").body == PAGE


def test_a_page_longer_than_its_length_spoils_no_other(site: Site) -> None:
    site.server.answers |= {"/page": answer(PAGE * 9, f"Content-Length: {len(PAGE)}"), "/next": answer(PAGE)}
    site.get("/page")

    assert site.get("/next").body == PAGE

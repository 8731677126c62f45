"""Feeds answered from memory: as the routes would have, and never for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.fakes.alerts import BASE, alert
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.web.front import LONGEST, Front

PATH = "/feeds/all.atom"


@dataclass
class Ticks:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def front(store: MemoryStore, ticks: Ticks) -> Iterator[Visitor]:
    with visiting(Front(site(store), timedelta(seconds=2), ticks)) as visitor:
        yield visitor


@pytest.mark.parametrize(
    "path", [PATH, "/feeds/prefecture/15.json?stream=verified", "/feeds/all.ics", "/", "/feeds"]
)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_answers_are_those_of_the_routes(
    front: Visitor, visitor: Visitor, path: str, coding: str, method: str
) -> None:
    straight = visitor.ask(path, method, accept_encoding=coding)
    for answer in (front.ask(path, method, accept_encoding=coding) for _ in range(2)):
        assert (answer.status_code, answer.content) == (straight.status_code, straight.content)
        assert dict(answer.headers) == dict(straight.headers)


def test_who_has_the_feed_is_told_so_from_memory_too(front: Visitor, visitor: Visitor) -> None:
    first = front.ask(PATH)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for asked in ({"if_none_match": tag}, {"if_none_match": f'"x", W/{tag}'}, {"if_modified_since": date}):
        again, straight = front.ask(PATH, **asked), visitor.ask(PATH, **asked)
        assert (again.status_code, again.content) == (straight.status_code, b"") == (304, b"")
        assert dict(again.headers) == dict(straight.headers)
    assert front.ask(PATH, if_none_match='"other"').status_code == 200


def test_a_new_alert_shows_when_the_memory_ends(front: Visitor, store: MemoryStore, ticks: Ticks) -> None:
    first = front.ask(PATH)
    store.held.append(alert(9))
    ticks.now = 1.9
    assert front.ask(PATH).content == first.content
    ticks.now = 2.0
    assert front.ask(PATH).content != first.content


def test_however_its_address_is_spelt_a_feed_is_made_once(front: Visitor, store: MemoryStore) -> None:
    first = front.ask(PATH)
    store.held.append(alert(9))
    assert front.ask("/feeds/%61ll.atom").content == first.content


def test_what_is_known_to_be_new_shows_at_once_even_where_the_feed_was_just_being_made(
    store: MemoryStore, ticks: Ticks
) -> None:
    straight, news = site(store), [alert(8), alert(9)]

    async def overtaken(scope: object, receive: object, send: object) -> None:
        await straight(scope, receive, send)  # type: ignore[arg-type]
        if news:
            store.held.append(news.pop())
            front.forget()

    front = Front(overtaken, timedelta(seconds=2), ticks)
    with visiting(front) as visitor:
        seen = [visitor.ask(PATH).content for _ in range(4)]
    assert len(set(seen)) == 3
    assert seen[2] == seen[3]


def test_what_took_long_to_make_is_kept_longer_but_a_minute_at_most(store: MemoryStore, ticks: Ticks) -> None:
    straight = site(store)

    async def slow(scope: object, receive: object, send: object) -> None:
        ticks.now += 30
        await straight(scope, receive, send)  # type: ignore[arg-type]

    with visiting(Front(slow, timedelta(seconds=2), ticks)) as visitor:
        first = visitor.ask(PATH)
        store.held.append(alert(9))
        ticks.now = 30 + LONGEST - 1
        assert visitor.ask(PATH).content == first.content
        ticks.now = 30 + LONGEST
        assert visitor.ask(PATH).content != first.content


def test_what_does_not_exist_is_not_remembered_and_endless_names_lead_to_the_plain_one(
    front: Visitor, store: MemoryStore
) -> None:
    assert front.ask("/feeds/prefecture/999.atom").status_code == 404
    assert front.ask("/feeds/prefecture/999.atom?x=1").status_code == 404
    for tail, plain in (("?x=1", ""), ("?utm=a&stream=verified", "?stream=verified"), ("?stream=all&x", "")):
        answer = front.ask(f"{PATH}{tail}")
        assert (answer.status_code, answer.content) == (301, b"")
        assert answer.headers["location"] == f"{BASE}{PATH}{plain}"


def test_the_first_feeds_are_made_when_the_server_starts(store: MemoryStore) -> None:
    """Before anybody asks, and once."""
    straight, made = site(store), []

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        made.append(scope.get("path", scope["type"]))
        await straight(scope, receive, send)

    front = Front(counted, timedelta(seconds=2), Ticks(), first=[PATH])

    async def live() -> httpx.Response:
        asked: asyncio.Queue[Any] = asyncio.Queue()
        told: asyncio.Queue[Any] = asyncio.Queue()
        life = asyncio.create_task(front({"type": "lifespan"}, asked.get, told.put))
        await asked.put({"type": "lifespan.startup"})
        assert (await told.get())["type"] == "lifespan.startup.complete"
        assert made == ["lifespan", PATH]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://test") as client:
            answer = await client.get(PATH, headers={"accept-encoding": "gzip"})
        await asked.put({"type": "lifespan.shutdown"})
        await life
        return answer

    assert asyncio.run(live()).status_code == 200
    assert made == ["lifespan", PATH]


def test_an_answer_that_is_too_old_to_be_given_is_not_held_either(store: MemoryStore, ticks: Ticks) -> None:
    front = Front(site(store), timedelta(seconds=2), ticks)
    with visiting(front) as visitor:
        whole, other = visitor.ask(PATH), visitor.ask("/feeds/all.json")
        assert front.held == len(whole.content) + len(other.content)
        ticks.now = 2.0
        again = visitor.ask(PATH)
    assert front.held == len(again.content)

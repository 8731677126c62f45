"""An archive of the Web is asked politely, once, and believed in nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.archives import BEGAN, DAY, MONTH, Kept, Memory, looks_old
from tests.fakes.old_pages import card, cards
from tests.fakes.watch import NEWS
from tests.fakes.web import LIST, article_page, list_page
from tests.fakes.web_archive import WebArchive, serving
from watcher.archive import NAME, ArchiveError, Asker
from watcher.core.catalogue import Brake, Catalogue, Platform, Source, SourceKind
from watcher.core.mementos import archive as addresses
from watcher.core.mementos import listed
from watcher.core.page import Page
from watcher.fetch import HttpFetcher
from watcher.history import History, TakenIn
from watcher.pacing import Pacer
from watcher.spool import Spool

GAP = timedelta(seconds=4)
BUSY = (429, {"Retry-After": "240", "Content-Type": "text/plain"}, b"slowly")


@pytest.fixture
def web() -> Iterator[WebArchive]:
    with serving(WebArchive()) as running:
        running.kept = [
            Kept(LIST, BEGAN, list_page(cards(-4, -3, -2))),
            Kept(LIST, BEGAN + MONTH, list_page(cards(-4, -3, -2, 20))),
        ]
        yield running


class Fetching:
    """`vigie history fetch` of one source, with a clock that is moved by waiting."""

    def __init__(self, memory: Memory, web: WebArchive, *, private: bool = True) -> None:
        self.memory, self.web = memory, web
        source = Source(NAME, "", SourceKind.PAGE, web.home, "content", NAME, DAY)
        platform = Platform(NAME, GAP, 0.0, Brake(1, timedelta(minutes=1)))
        clock = memory.watch.clock
        pacer = Pacer(Catalogue({NAME: platform}, {}, {NAME: source}), clock, lambda: 0.0)
        self.fetcher = HttpFetcher(
            clock, allow_private=private, user_agent="Vigie/1", before_request=pacer.before_request
        )
        tools = replace(memory.watch.tools, fetcher=self.fetcher, pacer=pacer)
        self.spool = Spool()
        self.history = History(tools, memory.watch.catalogue, memory.store.past, looks_old, self.spool)
        self.asker = Asker(addresses(web.home), tools, pacer, source)

    def __call__(self, first: datetime | None = None, last: datetime | None = None) -> TakenIn:
        captures = self.asker.captures(NEWS.id, NEWS.url, self.memory.store.past, first, last)
        shelf = self.asker.shelf(NEWS.id, self.history.shelf(NEWS.id))
        return self.history.one(NEWS, captures, shelf=shelf, at_once=1)

    def close(self) -> None:
        self.fetcher.close()
        self.spool.close()


@pytest.fixture
def fetching(memory: Memory, web: WebArchive) -> Iterator[Callable[..., Fetching]]:
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(closing(Fetching(memory, web, **how)))


def raw(web: WebArchive) -> list[str]:
    return [one for one in web.asked if "id_/" in one]


def test_years_come_in_with_the_pages_of_their_announcements(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    new = card(20)
    text = article_page(new.title, "Le séjour se demande désormais en ligne.")
    web.kept += [
        Kept(new.address, BEGAN + MONTH + 9 * DAY, text),
        Kept(new.address, BEGAN + 9 * MONTH, "later"),
    ]
    done = fetching()()

    assert (done.new, memory.told()) == (2, [("added", new.title, BEGAN + MONTH)])
    assert "désormais en ligne" in memory.alerts()[0].summary
    assert len(raw(web)) == 3


def test_captures_that_say_the_same_are_fetched_once(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    same = web.kept[0]
    web.kept += [replace(same, at=BEGAN + n * DAY) for n in range(1, 20)]
    done = fetching()()

    assert len(raw(web)) == 2
    assert done.new == 3  # the first and the last of those that say the same, and the other
    assert memory.store.page_before(memory.alerts()[0].id).fetched_at == BEGAN + 19 * DAY  # type: ignore[union-attr]


def test_what_is_there_is_not_asked_for_again(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    fetching()()
    before = len(raw(web))
    web.kept.append(Kept(LIST, BEGAN + 2 * MONTH, list_page(cards(-4, -3, -2, 20, 50))))

    done = fetching()()

    assert (done.new, len(raw(web)) - before - 1) == (1, 0)
    assert [at for _, _, at in memory.told()] == [BEGAN + MONTH, BEGAN + 2 * MONTH]


def test_a_fetch_that_ends_in_the_middle_goes_on_where_it_was(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    web.kept += [Kept(LIST, BEGAN + n * MONTH, list_page(cards(*range(20, 20 * n, 20)))) for n in range(2, 6)]
    this = fetching()
    this.asker.page = dying(this.asker, after=3)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        this()
    assert len(raw(web)) == 3

    fetching()()

    assert len(raw(web)) == len(set(raw(web))) == 6
    assert memory.store.past.status()[0].captures == 6


def dying(asker: Asker, after: int) -> Callable[[str, datetime], Page | None]:
    page, left = asker.page, iter(range(after))

    def asked(address: str, at: datetime) -> Page | None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return page(address, at)

    return asked


def test_only_a_stretch_of_time_is_asked_for(web: WebArchive, fetching: Callable[..., Fetching]) -> None:
    done = fetching()(first=BEGAN + DAY, last=BEGAN + 2 * MONTH)

    assert done.captures == 1
    assert "from=20240302090000" in web.asked[1]
    assert "to=20240430090000" in web.asked[1]


@pytest.mark.parametrize("head", ["", " CDX N b a m s k r M S V g\n"])
def test_an_index_without_json_is_read_as_well(head: str) -> None:
    line = "fr,gouv,cantal)/actualites {} https://www.cantal.gouv.fr/Actualites text/html {} {} 1043\n"
    found = listed(
        head + line.format("20240301090000", 200, "AAA") + line.format("20240302090000", 301, "BBB")
    )

    assert found
    assert [(one.at, one.digest) for one in found] == [(BEGAN, "AAA")]


def test_long_lists_of_captures_are_asked_for_in_parts(
    web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    web.page = 1000
    web.kept = [Kept(LIST, BEGAN + n * timedelta(minutes=1), f"<html>{n // 500}</html>") for n in range(2500)]
    asker = fetching().asker

    found = asker.entries(LIST)

    assert len(found) == 2500
    assert len(web.asked) == 1 + 3  # robots.txt first


def test_an_archive_that_asks_for_patience_is_left_alone_for_so_long(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    web.refuses = [BUSY]
    before = memory.watch.clock.now()

    fetching()()

    assert len(memory.alerts()) == 1
    assert memory.watch.clock.now() - before >= timedelta(seconds=240) + 3 * GAP


def test_an_archive_that_stays_busy_ends_the_fetch_and_nothing_is_concluded(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    web.refuses = [BUSY] * 9
    with pytest.raises(ArchiveError, match="statut 429"):
        fetching()()

    assert memory.alerts() == []


def test_trouble_amid_the_looking_through_concludes_nothing(
    memory: Memory, web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    """The page of an announcement could not be asked for: to read the list alone would be to guess."""
    this = fetching()
    answer = web.answer

    def busy(target: str) -> object:
        return BUSY if "Article-20" in target else answer(target)

    web.answer = busy  # type: ignore[method-assign,assignment]
    with pytest.raises(ArchiveError):
        this()
    assert memory.alerts() == []
    assert not memory.store.past.status()[0].replayed

    web.answer = answer  # type: ignore[method-assign]
    fetching()()
    assert len(memory.alerts()) == 1


def test_an_archive_on_a_private_address_is_asked_only_where_that_is_allowed(
    web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    with pytest.raises(ArchiveError):
        fetching(private=False)()

    assert web.asked == []


def test_what_an_archive_lists_of_other_pages_is_passed_over(
    web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    rows = [["timestamp", "original", "mimetype", "statuscode", "digest"]]
    rows += [
        ["20240301090000", address, "text/html", "200", "A"]
        for address in (
            "https://evil.example/x",
            f"{LIST}/(offset)/10",
            "http://127.0.0.1:1/",
            f"{LIST}\r\nX: y",
            "",
        )
    ]
    rows += [
        [date, LIST, "text/html", "200", "B"] for date in ("99991231235959", "00000000000000", "2024", "x")
    ]
    rows += [
        ["20240301090000", LIST, "image/png", "200", "C"],
        ["20240302090000", LIST, "text/html", "301", "D"],
    ]
    web.refuses = [(200, {"Content-Type": "application/json"}, json.dumps(rows).encode())]

    assert fetching().asker.entries(LIST) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[[]]",
        b"[1]",
        b"{}",
        b"[" * 100_000,
        b"null",
        b"<html>",
        b'[["timestamp"],[null]]',
        b"\xff",
    ],
)
def test_nothing_that_an_index_answers_makes_the_asking_fall(
    web: WebArchive, body: bytes, fetching: Callable[..., Fetching]
) -> None:
    web.refuses = [(200, {"Content-Type": "application/json"}, body)]

    assert all(one.address for one in fetching().asker.entries(LIST))


def test_a_capture_of_another_moment_bears_its_own_date(
    web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    """Archives give the nearest one they have."""
    page = fetching().asker.page(LIST, BEGAN + 10 * DAY)

    assert page
    assert page.fetched_at == BEGAN
    assert page.archive == web.home
    assert ("Server", "Apache") in page.headers


def test_a_page_larger_than_the_watch_would_take_is_none(
    web: WebArchive, fetching: Callable[..., Fetching]
) -> None:
    web.kept = [Kept(LIST, BEGAN, raw=b"x" * 6_000_000), Kept(LIST, BEGAN + DAY, list_page(cards(-4)))]
    done = fetching()()

    assert done.captures == 1


def test_the_addresses_follow_from_that_of_the_archive(tmp_path: Path) -> None:
    wayback, collection = addresses("https://web.archive.org/"), addresses("https://archive.example/pref")

    assert wayback.index(0, "http://a.fr/é", None, None).startswith(
        "https://web.archive.org/cdx/search/cdx?url="
    )
    assert (
        wayback.raw("http://a.fr/b c", BEGAN)
        == "https://web.archive.org/web/20240301090000id_/http://a.fr/b%20c"
    )
    assert wayback.timemap("http://a.fr") == "https://web.archive.org/web/timemap/link/http://a.fr"
    assert addresses("https://web.archive.org/web") == replace(
        wayback,
        home="https://web.archive.org/web",
        indexes=(*wayback.indexes[:2], "https://web.archive.org/web/cdx"),
    )
    assert collection.indexes == ("https://archive.example/pref/cdx", "https://archive.example/pref/index")
    assert (
        collection.raw("http://a.fr", BEGAN) == "https://archive.example/pref/20240301090000id_/http://a.fr"
    )

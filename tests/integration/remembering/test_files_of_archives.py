"""Files of archives are whatever somebody wrote: what can be read is taken in, and the rest is said."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest

from tests.fakes.archives import BEGAN, DAY, MONTH, Kept, Memory, warc, whole
from tests.fakes.old_pages import card, cards
from tests.fakes.web import LIST, list_page
from watcher.core import inflate
from watcher.core.captures import page_key
from watcher.core.page import Page, Validators
from watcher.warc import Bounds, Passed, Record, records, written

BEFORE = Kept(LIST, BEGAN, list_page(cards(-4, -3, -2)))
AFTER = Kept(LIST, BEGAN + MONTH, list_page(cards(-4, -3, -2, 20)))
TOLD = [("added", "Séjour nouvelle 20", BEGAN + MONTH)]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(content: bytes, bounds: Bounds | None = None) -> tuple[list[Record], Passed]:
    passed = Passed()
    found = list(records(BytesIO(content), "x.warc", NOW, passed, bounds or Bounds()))
    return found, passed


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("form", ["plain", "records", "whole"])
def test_each_form_of_a_file_is_read(memory: Memory, version: str, form: str) -> None:
    content = warc(BEFORE, AFTER, compressed=form == "records", version=version)
    (done,) = memory.take(whole(content) if form == "whole" else content)

    assert done.new == 2
    assert memory.told() == TOLD


@pytest.mark.parametrize(
    "address",
    [
        LIST.replace("https", "http"),
        LIST.replace("www.", ""),
        LIST.replace("www.cantal", "WWW.Cantal"),
        LIST + "/",
        LIST.replace("fr/", "fr:443/"),
        LIST + "?utm_source=x",
        f"<{LIST}>",
    ],
)
def test_a_page_is_known_by_any_spelling_of_its_address(memory: Memory, address: str) -> None:
    memory.take(warc(BEFORE, Kept(address, AFTER.at, AFTER.html)))

    assert memory.told() == TOLD


@pytest.mark.parametrize(
    "address", [f"{LIST}/(offset)/10", f"{LIST}?page=2", LIST.replace("fr/", "fr/layout/set/print/")]
)
def test_further_pages_and_printed_ones_are_not_the_page(memory: Memory, address: str) -> None:
    memory.take(warc(BEFORE, Kept(address, AFTER.at, AFTER.html)))

    assert memory.told() == []


def test_bodies_are_undone_as_far_as_the_archive_left_them_done(memory: Memory) -> None:
    body = AFTER.html.encode()
    packed = gzip.compress(body)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    plainly = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    for raw, headers in (
        (packed, (("Content-Encoding", "gzip"),)),
        (zlib.compress(body), (("Content-Encoding", "deflate"),)),
        (chunked, plainly),
        (body, plainly),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), (("Transfer-Encoding", "chunked"),)),
    ):
        ((one,), passed) = read(warc(Kept(LIST, BEGAN, raw=raw, headers=headers)))
        assert (one.page.body, passed.why) == (body, {})


def test_a_resource_is_a_page_without_an_answer_around_it(memory: Memory) -> None:
    memory.take(warc(BEFORE, Kept(LIST, AFTER.at, AFTER.html, kind="resource")))

    assert memory.told() == TOLD


def test_requests_and_metadata_are_passed_over(memory: Memory) -> None:
    notes = [Kept(LIST, AFTER.at, "x: y", kind=kind) for kind in ("metadata", "conversion")]
    (done,) = memory.take(
        warc(BEFORE, *notes, Kept("dns:www.cantal.gouv.fr", AFTER.at, "x", kind="resource"))
    )

    assert (done.captures, memory.passed.why) == (1, {})


def digest_of(content: bytes) -> str:
    (one,), _ = read(content)
    return one.payload


@pytest.mark.parametrize("by", ["digest", "address"])
@pytest.mark.parametrize("apart", [False, True])
def test_what_an_archive_found_unchanged_has_the_body_of_what_it_named(
    memory: Memory, by: str, apart: bool
) -> None:
    first = warc(AFTER)
    told = (
        (("WARC-Payload-Digest", digest_of(first)),)
        if by == "digest"
        else (
            ("WARC-Refers-To-Target-URI", LIST),
            ("WARC-Refers-To-Date", f"{AFTER.at:%Y-%m-%dT%H:%M:%SZ}"),
        )
    )
    again = Kept(LIST, AFTER.at + DAY, kind="revisit", record=told)
    memory.take(warc(BEFORE), first)
    if apart and by == "digest":
        memory.take(warc(again))
    else:
        memory.take(warc(BEFORE), first, warc(again))

    status = memory.store.past.status()[0]
    assert (status.captures, status.last) == (3, again.at)
    last = memory.store.past.captures("15-actualites", ["https://www.cantal.gouv.fr/Actualites"])[-1]
    assert last.page.body == AFTER.body


def test_a_revisit_of_what_nobody_has_is_said(memory: Memory) -> None:
    memory.take(
        warc(BEFORE, Kept(LIST, AFTER.at, kind="revisit", record=(("WARC-Payload-Digest", "sha1:NO"),)))
    )

    assert memory.history
    assert memory.history.sorted.why == {"qui renvoient à une capture absente": 1}


def test_what_is_elsewhere_is_counted_and_named(memory: Memory) -> None:
    memory.take(warc(BEFORE, *(Kept(f"https://example.org/{n}", BEGAN, "x") for n in range(9))))

    assert memory.history
    assert memory.history.sorted.others == {"www.example.org": 9}
    assert memory.history.sorted.examples == [f"https://example.org/{n}" for n in range(5)]


def test_a_redirect_of_a_page_to_itself_is_no_capture(memory: Memory) -> None:
    """As every archive has them from before https."""
    led = Kept(
        LIST.replace("https", "http"), AFTER.at - DAY, status="301 Moved", headers=(("Location", LIST),)
    )
    (done,) = memory.take(warc(BEFORE, led, AFTER))

    assert (done.captures, memory.told()) == (2, TOLD)


def test_a_redirect_is_followed_within_the_archive(memory: Memory) -> None:
    there = f"{LIST}-2024"
    led = Kept(LIST, AFTER.at, status="302 Found", headers=(("Location", "/Actualites-2024"),))
    memory.take(warc(BEFORE, led, Kept(there, AFTER.at, AFTER.html)))

    assert [title for _, title, _ in memory.told()] == ["Séjour nouvelle 20"]


def test_a_page_beyond_the_bounds_is_said_and_not_kept() -> None:
    found, passed = read(warc(Kept(LIST, BEGAN, "x" * 90_000), BEFORE), Bounds(raw=50_000))

    assert [one.page.body for one in found] == [BEFORE.body]
    assert passed.why == {"de plus de 50000 octets": 1}


def test_a_bomb_within_a_record_is_not_inflated() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    found, passed = read(warc(Kept(LIST, BEGAN, raw=bomb, headers=(("Content-Encoding", "gzip"),)), BEFORE))

    assert [one.page.fetched_at for one in found] == [BEGAN]
    (why,) = passed.why
    assert "100 times its size" in why


def test_a_file_that_is_a_bomb_is_given_up_with_what_came_before() -> None:
    bounds = Bounds(file=inflate.Bounds(1 << 50, 20, 100_000))
    bomb = warc(Kept(LIST, BEGAN, raw=b"\0" * 3_000_000))
    found, passed = read(warc(BEFORE) + bomb, bounds)

    assert len(found) == 1
    assert passed.failure == "se décompresse en plus de 20 fois sa taille"


@pytest.mark.parametrize("compressed", [True, False])
def test_a_file_that_stops_in_the_middle_gives_what_came_before(memory: Memory, compressed: bool) -> None:
    content = warc(BEFORE, AFTER, compressed=compressed)
    for cut in (1, 5, 40, 200, 700):
        found, passed = read(content[:-cut])
        assert [one.page.fetched_at for one in found][:1] == [BEGAN]
        assert all(one.page.body in (BEFORE.body, AFTER.body) for one in found)
        assert len(found) == 2 or passed.why or passed.failure or cut > 100


def test_a_file_whose_last_page_is_cut_is_said_to_be_cut(memory: Memory) -> None:
    content = warc(BEFORE, AFTER, compressed=False)

    assert read(content)[1].failure == ""
    assert read(content[:-40])[1].failure == "fichier coupé, sa fin manque"


def test_records_that_say_they_are_cut_are_left_out() -> None:
    found, passed = read(warc(Kept(LIST, BEGAN, "<html>", record=(("WARC-Truncated", "length"),)), BEFORE))

    assert len(found) == 1
    assert passed.why == {"tronquées": 1}


@pytest.mark.parametrize(
    "date",
    ["", "2024", "2024-03", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2031-01-01T00:00:00Z", "hier"],
)
def test_dates_that_cannot_be_are_not_believed(date: str) -> None:
    found, passed = read(warc(Kept(LIST, BEGAN, "x", record=(("WARC-Date", date),)), BEFORE))

    assert len(found) == 1
    assert passed.why == {"sans date croyable": 1}


def test_fractions_of_a_second_are_kept() -> None:
    (one,), _ = read(warc(Kept(LIST, BEGAN, "x", record=(("WARC-Date", "2024-03-01T09:00:00.123456789Z"),))))

    assert one.page.fetched_at == BEGAN.replace(microsecond=123456)


def raw_record(head: bytes, body: bytes = b"HTTP/1.1 200 OK\r\n\r\nx") -> bytes:
    return b"WARC/1.0\r\n" + head + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(body), body)


HEAD = f"WARC-Type: response\r\nWARC-Date: 2024-03-01T09:00:00Z\r\nWARC-Target-URI: {LIST}\r\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1f\x8b",
        b"\x1f\x8b\x08\x00" + b"x" * 100,
        b"no archive at all",
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\n" + b"A: " + b"x" * 5_000_000,
        b"WARC/1.0\r\n" + b"A: b\r\n" * 500_000,
        raw_record(HEAD).replace(b"Content-Length: 20", b"Content-Length: -5"),
        raw_record(HEAD).replace(b"Content-Length: 20", b"Content-Length: 99999999999999999999"),
        raw_record(HEAD).replace(b"Content-Length: 20", b"Content-Length: many"),
        raw_record(HEAD).replace(b"Content-Length: 20\r\n", b""),
        raw_record(HEAD.replace(b"WARC-Target-URI", b"X")),
        raw_record(HEAD, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100_000 + b"\r\n"),
        raw_record(HEAD, b"\0" * 1000),
        raw_record(HEAD, b"HTTP/1.1 999999 No\r\n\r\n"),
        raw_record(HEAD.replace(LIST.encode(), b"http://" + b"a" * 10_000)),
        raw_record(HEAD.replace(b"response", b"response\0")),
    ],
    ids=range(17),
)
def test_nothing_that_a_file_says_makes_the_reading_fall(content: bytes) -> None:
    found, passed = read(content)
    followed, _ = read(content + b"\r\n\r\n" + warc(BEFORE, compressed=False))

    assert len(found) <= 1
    assert len(followed) <= 2
    assert "Traceback" not in passed.failure


def test_headers_that_would_be_lines_of_their_own_are_not_written_out() -> None:
    """What comes in from one archive goes out into another: there it must not forge records."""
    evil = (("X-One", "a\r\nX-Two: b\r\n\r\nWARC/1.0"), ("Bad Name\r\nX", "v"), ("X-Nul", "a\0b"))
    page = Page(
        LIST + "\r\nX: y",
        LIST + "\r\nX: y",
        200,
        b"body",
        "text/html",
        None,
        Validators(),
        BEGAN,
        headers=evil,
    )
    out = written([page], "us", "it")

    assert b"X-Two: b\r\n" not in out
    assert out.count(b"WARC/1.") == 2 + 1  # one within a header's value
    (one,), _ = read(out)
    assert one.page.body == b"body"
    assert [name for name, _ in one.page.headers] == ["X-One", "X-Nul", "Content-Length"]


def test_a_moved_page_is_found_under_its_former_address(memory: Memory) -> None:
    old = "http://www.cantal.pref.gouv.fr/actu/index.html"
    at = BEGAN - 20 * DAY
    shown = list_page(cards(-40, -39, -38)).replace(LIST, "http://www.cantal.pref.gouv.fr/actu")
    new = list_page([card(-25), *cards(-40, -39, -38)]).replace(LIST, "http://www.cantal.pref.gouv.fr/actu")
    memory.store.past.move(page_key(old) or "", old, "15-actualites")
    memory.take(warc(Kept(old, at - DAY, shown), Kept(old, at, new), BEFORE, AFTER))

    told = memory.told()
    assert (told[0], told[-1]) == (("added", "Séjour nouvelle -25", at), TOLD[0])
    assert {one for _, _, one in told[1:-1]} == {
        BEGAN
    }  # what was published until the page was seen elsewhere

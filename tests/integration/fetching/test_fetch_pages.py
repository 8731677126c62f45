"""What a page is made of, and what we say about ourselves when we ask for it."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.integration.fetching.scripted import MORNING, NOT_FOUND, Site, answer, closing
from watcher.core.page import FetchFailure, NotModified, Page, Validators
from watcher.fetch import HttpFetcher, Limits

HTML = "<html><body>Étrangers dans le Cantal</body></html>".encode()


def packed(data: bytes) -> bytes:
    """The same bytes at any time, for they name a test."""
    return gzip.compress(data, mtime=0)


def test_a_page_comes_whole_with_what_its_headers_say(site: Site) -> None:
    sent = answer(HTML, "Content-Type: Text/HTML; Charset=UTF-8")
    site.server.answers["/page"] = sent

    fetched = site.fetcher.fetch(site.server.url("/page"))

    assert fetched.result == Page(
        address=site.server.url("/page"),
        final_address=site.server.url("/page"),
        status=200,
        body=HTML,
        content_type="text/html",
        charset="utf-8",
        validators=Validators(),
        fetched_at=MORNING,
        headers=(("Content-Type", "Text/HTML; Charset=UTF-8"), ("Content-Length", str(len(HTML)))),
    )
    assert fetched.requests == 2  # robots.txt and the page
    assert fetched.wire_bytes == len(NOT_FOUND) + len(sent)


def test_we_say_who_we_are_and_nothing_else(site: Site) -> None:
    site.server.answers["/page"] = answer(HTML, "Set-Cookie: eZSESSID=1; Path=/")

    site.get()
    site.get()

    assert site.server.pages[1].headers == {
        "host": f"127.0.0.1:{site.server.port}",
        "user-agent": "VigiePrefectures/0.1 (+equipe@example.fr)",
        "from": "equipe@example.fr",
        "accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "accept-encoding": "gzip, deflate",
    }


def test_a_contact_that_is_a_page_is_no_sender(site: Site, make: Callable[..., HttpFetcher]) -> None:
    make(user_agent="VigiePrefectures/0.1 (+https://example.fr/@robot)").fetch(site.server.url())

    assert "from" not in site.server.requests[0].headers


def test_a_name_that_no_header_can_carry_is_refused_at_once(make: Callable[..., HttpFetcher]) -> None:
    with pytest.raises(UnicodeEncodeError):
        make(user_agent="VigiePrefectures/0.1 (+équipe@example.fr)")


def test_proxies_and_credentials_of_the_environment_are_ignored(
    site: Site, make: Callable[..., HttpFetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    site.server.answers["/page"] = answer(HTML)

    result = make().fetch(site.server.url("/page")).result

    assert isinstance(result, Page)


@pytest.mark.parametrize(
    "status", ["404 Not Found", "503 Service Unavailable", "401 Unauthorized", "999 Odd"]
)
def test_a_page_of_any_status_is_a_page_with_its_body(site: Site, status: str) -> None:
    site.server.answers["/page"] = answer(b"x" * 118, status=status)

    page = site.get()

    assert (page.status, len(page.body)) == (int(status[:3]), 118)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", packed(HTML)),
        ("x-gzip", packed(HTML)),
        ("GZip", packed(HTML[:9]) + packed(HTML[9:])),
        ("gzip", packed(HTML) + b"\0" * 40),
        ("deflate", zlib.compress(HTML)),
        ("deflate", zlib.compress(HTML, wbits=-15)),
        ("deflate, gzip", packed(zlib.compress(HTML))),
        ("identity", HTML),
    ],
)
def test_compressed_pages_are_inflated(site: Site, encoding: str, body: bytes) -> None:
    site.server.answers["/page"] = answer(body, f"Content-Encoding: {encoding}")

    assert site.get().body == HTML


def test_an_empty_body_needs_no_inflating(site: Site) -> None:
    site.server.answers["/page"] = answer(b"", "Content-Encoding: gzip")

    assert site.get().body == b""


def test_a_chunked_page_is_put_together(site: Site) -> None:
    chunks = b"4\r\nList\r\n7;x=y\r\ne vide.\r\n0\r\n\r\n"
    site.server.answers["/page"] = answer(chunks, "Transfer-Encoding: chunked")

    assert site.get().body == b"Liste vide."


def test_an_old_server_may_end_a_page_by_hanging_up(site: Site) -> None:
    site.server.answers["/page"] = closing(b"HTTP/1.0 200 OK\r\n\r\n" + HTML)

    assert site.get().body == HTML


@pytest.mark.parametrize(
    ("declared", "charset"),
    [
        ("text/html; charset=utf-8", "utf-8"),
        ('text/html;charset="UTF8"', "utf-8"),
        ("text/html; charset=ISO-8859-1", "iso-8859-1"),
        ("text/html; charset=latin9", "iso-8859-15"),
        ("text/html; charset=cp1252", "windows-1252"),
        *[
            (f"text/html; charset={odd}", None)
            for odd in ("base64", "rot_13", "idna", "utf-7", "undefined", "utf-16", "x" * 9000, "é")
        ],
        ("text/html; charset=", None),
        ("text/html", None),
    ],
)
def test_only_charsets_of_french_pages_are_believed(site: Site, declared: str, charset: str | None) -> None:
    site.server.answers["/page"] = answer(HTML, f"Content-Type: {declared}")

    page = site.get()

    assert (page.content_type, page.charset, page.body) == ("text/html", charset, HTML)


def test_validators_of_a_page_are_sent_back(site: Site) -> None:
    asked = Validators('"v1"', "Mon, 01 Sep 2025 00:00:00 GMT")
    site.server.answers["/page"] = answer(HTML, 'ETag: "v1"', "Last-Modified: Mon, 01 Sep 2025 00:00:00 GMT")
    learnt = site.get().validators
    site.server.answers["/page"] = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'

    again = site.fetcher.fetch(site.server.url("/page"), learnt).result

    assert learnt == asked
    assert again == NotModified(site.server.url("/page"), MORNING)
    sent = site.server.pages[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == (asked.etag, asked.last_modified)


def test_a_304_nobody_asked_for_is_no_answer(site: Site) -> None:
    failure = site.failure(b"HTTP/1.1 304 Not Modified\r\n\r\n")

    assert failure.kind == "protocol"


def test_retry_after_is_told_with_the_page(site: Site) -> None:
    site.server.answers["/page"] = answer(b"busy", "Retry-After: 120", status="503 Busy")

    assert site.get().retry_after == timedelta(minutes=2)


def test_connections_are_kept_between_pages_and_304s(site: Site) -> None:
    site.server.answers["/page"] = answer(HTML)
    site.get()
    site.server.answers["/page"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for _ in range(3):
        site.fetcher.fetch(site.server.url("/page"), Validators('"v"'))

    assert site.server.connections == 1


def test_every_request_is_announced_before_it_is_made(site: Site) -> None:
    site.server.answers["/page"] = answer(b"", "Location: /other", status="301 Moved")
    site.server.answers["/other"] = answer(HTML)

    fetched = site.fetcher.fetch(site.server.url("/page"))

    assert site.hooked == [site.server.url(p) for p in ("/robots.txt", "/page", "/other")]
    assert [r.path for r in site.server.requests] == ["/robots.txt", "/page", "/other"]
    assert fetched.requests == 3


def test_waiting_for_ones_turn_is_not_the_servers_fault(site: Site, make: Callable[..., HttpFetcher]) -> None:
    site.server.answers["/page"] = answer(HTML)
    turn = threading.Event()
    fetcher = make(before_request=lambda _address: bool(turn.wait(0.6)), limits=Limits(total=0.5))

    result = fetcher.fetch(site.server.url("/page")).result

    assert not isinstance(result, FetchFailure)

"""Feeds as readers' programs fetch them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import feedparser
import pytest
from lxml import etree

from tests.fakes.alerts import BASE, SEEN, alert
from tests.fakes.feed_rules import atom_errors, json_errors, rss_errors
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState

ADDRESSES = ["all", "prefecture/15", "category/rdv_modality", "motif/hors_anef", "prefecture/974"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_is_served_in_three_formats_that_name_their_own_address(
    visitor: Visitor, address: str
) -> None:
    for extension, media_type, errors in (
        ("atom", "application/atom+xml", atom_errors),
        ("rss", "application/rss+xml", rss_errors),
        ("json", "application/feed+json", json_errors),
    ):
        answer = visitor.ask(f"/feeds/{address}.{extension}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")
        assert errors(answer.content, f"{BASE}/feeds/{address}.{extension}") == []


def test_a_feed_carries_the_alerts_of_its_subject(visitor: Visitor) -> None:
    entries = feedparser.parse(visitor.ask("/feeds/prefecture/69.atom").content).entries
    assert [entry.title for entry in entries] == [
        "Rhône (69) – Modifié : Renouvellement des cartes de résident"
    ]


def test_the_verified_stream_is_a_feed_of_its_own(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], state=AlertState.UNVERIFIED)
    answer = visitor.ask("/feeds/all.atom?stream=verified")
    assert atom_errors(answer.content, f"{BASE}/feeds/all.atom?stream=verified") == []
    parsed = feedparser.parse(answer.content)
    assert len(parsed.entries) == 2
    assert parsed.feed.id.endswith("feed/all/verified")


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/all.xml",
        "/feeds/all.",
        "/feeds/all",
        "/feeds/prefecture/999.atom",
        "/feeds/prefecture/.atom",
        "/feeds/category/weather.rss",
        "/feeds/motif/none.json",
        "/feeds/all/x.atom",
        "/feeds/ville/lyon.atom",
        "/feeds/all.atom?stream=secret",
        "/feeds/prefecture/69.atom/",
        "/feeds/prefecture/%00.atom",
        "/feeds/prefecture/..%2f..%2fetc.atom",
        "/feeds/category/%ff%fe.atom",
    ],
)
def test_a_feed_that_does_not_exist_is_a_french_page(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<h1>" in answer.text
    assert "Not Found" not in answer.text


@pytest.mark.parametrize("extension", ["atom", "rss", "json"])
def test_who_has_the_feed_is_not_sent_it_again(visitor: Visitor, extension: str) -> None:
    path = f"/feeds/all.{extension}"
    first = visitor.ask(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    assert tag.startswith('"')
    for asked in (
        {"if_none_match": tag},
        {"if_none_match": f'"other", W/{tag}'},
        {"if_none_match": "*"},
        {"if_modified_since": date},
        {"if_none_match": tag, "if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        again = visitor.ask(path, **asked)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"):
            assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    "asked",
    [
        {"if_none_match": '"other"'},
        {"if_none_match": '"other"', "if_modified_since": "Thu, 01 Jan 2099 00:00:00 GMT"},
        {"if_modified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
        {"if_modified_since": ""},
    ],
)
def test_who_has_another_version_is_sent_the_feed(visitor: Visitor, asked: dict[str, str]) -> None:
    assert visitor.ask("/feeds/all.atom", **asked).status_code == 200


def test_a_new_alert_changes_tag_and_date(visitor: Visitor, store: MemoryStore) -> None:
    first = visitor.ask("/feeds/all.atom")
    store.held.append(alert(9))
    asked = {"if_none_match": first.headers["etag"], "if_modified_since": first.headers["last-modified"]}
    assert visitor.ask("/feeds/all.atom", **asked).status_code == 200
    assert visitor.ask("/feeds/all.atom", if_modified_since=first.headers["last-modified"]).status_code == 200


def test_an_alert_written_late_is_not_missed_by_who_knows_only_dates(
    visitor: Visitor, store: MemoryStore
) -> None:
    """Its own date is before that of the newest: the feed's date must move all the same."""
    date = visitor.ask("/feeds/all.rss").headers["last-modified"]
    store.held.append(alert(5, detected_at=SEEN, updated_at=SEEN))
    late = visitor.ask("/feeds/all.rss", if_modified_since=date)
    assert late.status_code == 200
    assert visitor.ask("/feeds/all.rss", if_modified_since=late.headers["last-modified"]).status_code == 304


def test_the_date_is_that_of_the_newest_entry(visitor: Visitor) -> None:
    newest = (SEEN + timedelta(minutes=2)).replace(microsecond=0)
    assert visitor.ask("/feeds/all.atom").headers["last-modified"] == format_datetime(newest, usegmt=True)


@pytest.mark.parametrize(
    "path", ["/feeds/all.atom", "/feeds/prefecture/15.json", "/", "/feeds", "/feeds.opml"]
)
def test_head_says_what_get_would(visitor: Visitor, path: str) -> None:
    got, asked = visitor.ask(path), visitor.ask(path, "HEAD")
    assert (asked.status_code, asked.content) == (200, b"")
    assert dict(asked.headers) == dict(got.headers)
    assert int(asked.headers["content-length"]) == len(got.content)


def test_gzip_is_sent_to_who_accepts_it_under_another_tag(visitor: Visitor) -> None:
    plain = visitor.ask("/feeds/all.atom")
    squeezed = visitor.ask("/feeds/all.atom", accept_encoding="br, gzip;q=0.8")
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.content == plain.content
    assert int(squeezed.headers["content-length"]) < len(plain.content) / 2
    assert squeezed.headers["etag"] != plain.headers["etag"]
    assert plain.headers["vary"] == squeezed.headers["vary"] == "Accept-Encoding"
    for answer in (plain, squeezed):
        again = visitor.ask("/feeds/all.atom", accept_encoding="gzip", if_none_match=answer.headers["etag"])
        assert again.status_code == 304


def test_a_very_long_feed_comes_packed_and_whole(visitor: Visitor, store: MemoryStore) -> None:
    text = " ".join(f"mot{number}" for number in range(3000))
    store.held.extend(alert(number, summary=text) for number in range(20, 220))
    plain = visitor.ask("/feeds/all.atom")
    squeezed = visitor.ask("/feeds/all.atom", accept_encoding="gzip")

    assert len(plain.content) > 1 << 20
    assert squeezed.content == plain.content
    assert int(squeezed.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.parametrize("header", ["identity", "gzip;q=0", "gzip;q=0.000", "br", "*;q=0", "gzip;q=0, *", ""])
def test_gzip_is_not_sent_to_who_refuses_it(visitor: Visitor, header: str) -> None:
    assert "content-encoding" not in visitor.ask("/feeds/all.atom", accept_encoding=header).headers


def test_feeds_may_be_kept_five_minutes_and_read_from_any_site(visitor: Visitor) -> None:
    headers = visitor.ask("/feeds/all.json").headers
    assert headers["cache-control"].startswith("public, max-age=300, stale-while-revalidate=")
    assert headers["access-control-allow-origin"] == "*"


def test_two_fresh_clients_get_the_same_bytes_and_headers(visitor: Visitor) -> None:
    for path in ("/", "/feeds", "/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/coverage"):
        one = visitor.ask(path, user_agent="A", accept_language="fr")
        other = visitor.ask(path, user_agent="B", accept_language="en", cookie="id=1")
        assert (one.content, dict(one.headers)) == (other.content, dict(other.headers))
        assert "set-cookie" not in one.headers


def test_all_feeds_can_be_imported_at_once(visitor: Visitor) -> None:
    answer = visitor.ask("/feeds.opml")
    assert answer.headers["content-type"] == "text/x-opml; charset=utf-8"
    outlines = etree.fromstring(answer.content).findall(".//outline[@xmlUrl]")
    addresses = [outline.get("xmlUrl") for outline in outlines]
    assert len(addresses) == len(set(addresses)) == 1 + 12 + 3 + 4
    for address in addresses:
        assert visitor.ask(address.removeprefix(BASE)).status_code == 200


@pytest.fixture
def under_a_path(store: MemoryStore) -> Iterator[Visitor]:
    with visiting(site(store, base_url="https://example.org/vigie/")) as visitor:
        yield visitor


def test_behind_a_proxy_path_every_address_carries_it(under_a_path: Visitor) -> None:
    assert (
        atom_errors(under_a_path.ask("/feeds/all.atom").content, "https://example.org/vigie/feeds/all.atom")
        == []
    )
    page = under_a_path.ask("/").text
    assert 'href="/vigie/feeds/all.atom"' in page
    assert 'href="/feeds' not in page

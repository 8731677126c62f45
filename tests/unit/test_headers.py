"""How far headers are believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.headers import charset, media_type, retry_after, validators
from watcher.core.page import Validators

NOW = datetime(2025, 9, 10, 8, 0, tzinfo=UTC)
DATE = "Wed, 10 Sep 2025 08:00:00 GMT"
LAST_WEEK = "Wed, 03 Sep 2025 08:00:00 GMT"
MINUTE, HOURS_6 = timedelta(minutes=1), timedelta(hours=6)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", timedelta(minutes=2)),
        (" 3600 ", timedelta(hours=1)),
        ("0", MINUTE),
        ("-5", MINUTE),
        ("999999999", HOURS_6),
        ("9" * 5000, HOURS_6),
        ("-" + "9" * 5000, MINUTE),
        ("Wed, 10 Sep 2025 09:00:00 GMT", timedelta(hours=1)),
        ("Wednesday, 10-Sep-25 09:00:00 GMT", timedelta(hours=1)),
        ("Wed, 10 Sep 2025 11:00:00 +0200", timedelta(hours=1)),
        ("Wed, 10 Sep 2025 07:00:00 GMT", MINUTE),
        ("Fri, 31 Dec 9999 23:59:59 GMT", HOURS_6),
        ("Fri, 31 Dec 9999 23:59:59 -0900", None),
        ("Mon, 00 Foo 0000 99:99:99", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("٣٠٠", None),
        (None, None),
    ],
)
def test_a_wish_to_be_left_alone_is_heard_within_reason(
    value: str | None, expected: timedelta | None
) -> None:
    assert retry_after(value, NOW) == expected


@given(st.text())
def test_no_wish_is_beyond_bounds(value: str) -> None:
    wish = retry_after(value, NOW)

    assert wish is None or MINUTE <= wish <= HOURS_6


@pytest.mark.parametrize(
    ("etag", "kept"),
    [
        *(('"abc"', True), ('W/"1-2"', True), ("bare", True), ("", False), ('"a b"', False), ('"é"', False)),
        *(('"a\r\nX: y"', False), ('"' + "x" * 255 + '"', False), ('"\x7f"', False)),
    ],
)
def test_a_tag_is_kept_when_it_may_be_sent_back(etag: str, kept: bool) -> None:
    assert validators(etag, None, DATE, NOW).etag == (etag if kept else None)


@pytest.mark.parametrize(
    ("modified", "date", "kept"),
    [
        (LAST_WEEK, DATE, True),
        (LAST_WEEK, None, True),
        (LAST_WEEK, "nonsense", True),
        (DATE, DATE, False),
        ("Wed, 10 Sep 2025 07:59:30 GMT", DATE, False),
        ("Wed, 10 Sep 2025 07:59:00 GMT", DATE, True),
        ("Thu, 11 Sep 2025 08:00:00 GMT", "Fri, 12 Sep 2025 08:00:00 GMT", False),
        (LAST_WEEK, LAST_WEEK, False),
        ("nonsense", DATE, False),
        ("", DATE, False),
        (LAST_WEEK + " é", DATE, False),
        (LAST_WEEK + " " * 90, DATE, False),
    ],
)
def test_the_time_of_the_request_is_no_date_of_change(modified: str, date: str | None, kept: bool) -> None:
    expected = Validators(None, modified if kept else None)

    assert validators(None, modified, date, NOW) == expected


@given(st.text(), st.text(), st.text())
def test_any_header_is_survived(first: str, second: str, third: str) -> None:
    kept = validators(first, f"{LAST_WEEK}{second}", third, NOW)

    assert kept.last_modified is None or kept.last_modified.isprintable()
    assert kept.etag is None or (kept.etag.isascii() and kept.etag.isprintable())
    assert media_type(first) == media_type(first).lower()
    assert charset(first) in {None, "utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"}


@pytest.mark.parametrize(
    ("content_type", "kind", "name"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ('Text/HTML ;x=1; Charset="Latin1"', "text/html", "iso-8859-1"),
        ("text/html;charset=iso-8859-15, text/plain", "text/html", "iso-8859-15"),
        ("text/html, text/plain; charset=cp1252", "text/html", "windows-1252"),
        ("application/pdf", "application/pdf", None),
        ("text/html; charset=utf-7", "text/html", None),
        ("text/html; charset=base64", "text/html", None),
        ("", "", None),
    ],
)
def test_a_page_says_what_it_is_and_how_it_is_written(content_type: str, kind: str, name: str | None) -> None:
    assert (media_type(content_type), charset(content_type)) == (kind, name)

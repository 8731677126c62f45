"""Calendars as readers' programs fetch them, and as pages offer them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
from lxml import html

from tests.fakes.alerts import BASE, SEEN, VOCABULARY, alert
from tests.fakes.calendar_rules import calendar_errors
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState
from watcher.core.calendar import Status
from watcher.core.feed import FeedQuery, FeedQueryError
from watcher.feeds import read_calendar


def summaries(document: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(document).events]


@pytest.mark.parametrize(
    "address", ["all", "prefecture/15", "category/rdv_modality", "motif/hors_anef", "prefecture/974"]
)
def test_every_feed_is_a_calendar_too(visitor: Visitor, address: str) -> None:
    answer = visitor.ask(f"/feeds/{address}.ics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"].startswith("public, max-age=300, stale-while-revalidate=")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert calendar_errors(answer.content, f"{BASE}/feeds/{address}.ics") == []


def test_a_calendar_carries_the_days_of_its_subject(visitor: Visitor) -> None:
    assert summaries(visitor.ask("/feeds/prefecture/69.ics").content) == [
        "69 Rhône – Dès ce jour : Modifié : Renouvellement des cartes de résident"
    ]
    assert summaries(visitor.ask("/feeds/prefecture/974.ics").content) == []


def test_the_verified_stream_is_a_calendar_of_its_own(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], state=AlertState.UNVERIFIED)
    answer = visitor.ask("/feeds/all.ics?stream=verified")
    assert calendar_errors(answer.content, f"{BASE}/feeds/all.ics?stream=verified") == []
    assert len(summaries(answer.content)) == 2


@pytest.mark.parametrize(
    "path",
    ["/feeds/prefecture/999.ics", "/feeds/ville/lyon.ics", "/feeds/all.ics?stream=x", "/feeds/all.ical"],
)
def test_a_calendar_that_does_not_exist_is_a_french_page(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_who_has_the_calendar_is_not_sent_it_again(visitor: Visitor, store: MemoryStore) -> None:
    first = visitor.ask("/feeds/all.ics")
    tag, date = first.headers["etag"], first.headers["last-modified"]
    assert visitor.ask("/feeds/all.ics", if_none_match=tag).status_code == 304
    assert visitor.ask("/feeds/all.ics", if_modified_since=date).status_code == 304
    store.held.append(alert(9))
    assert visitor.ask("/feeds/all.ics", if_none_match=tag).status_code == 200
    assert visitor.ask("/feeds/all.ics", if_modified_since=date).status_code == 200


@pytest.mark.parametrize(
    ("path", "subjects"),
    [
        ("/feeds", {"all", "prefecture/15", "category/fee", "motif/salarie"}),
        ("/prefectures/69", {"prefecture/69"}),
        (f"/alerts/{0:024x}", {"prefecture/15", "category/rdv_modality", "motif/hors_anef"}),
    ],
)
def test_pages_show_the_whole_address_to_copy_and_link_it(
    visitor: Visitor, path: str, subjects: set[str]
) -> None:
    page = html.fromstring(visitor.ask(path).text)
    shown = {code.text_content() for code in page.xpath("//*[@class='copied']/code")}
    linked = set(page.xpath("//main//a[@type='text/calendar']/@href"))
    assert {f"{BASE}/feeds/{subject}.ics" for subject in subjects} <= shown
    assert {f"/feeds/{subject}.ics" for subject in subjects} <= linked
    for address in linked:
        assert visitor.ask(address).status_code == 200


def test_one_click_selects_an_address(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask("/feeds").text)
    (sheet,) = page.xpath("//link[@rel='stylesheet']/@href")
    (rule,) = [line for line in visitor.ask(sheet).text.splitlines() if line.startswith(".copied code ")]
    assert "user-select: all" in rule


def test_behind_a_proxy_path_the_address_to_copy_carries_it(store: MemoryStore) -> None:
    with visiting(site(store, base_url="https://example.org/vigie/")) as visitor:
        page = html.fromstring(visitor.ask("/prefectures/15").text)
        calendar = visitor.ask("/feeds/prefecture/15.ics").content
    (shown,) = page.xpath("//*[@class='copied']/code/text()")
    assert shown == "https://example.org/vigie/feeds/prefecture/15.ics"
    assert calendar_errors(calendar, shown) == []


def test_a_day_ahead_stays_however_many_alerts_came_since() -> None:
    def seen(number: int, **changes: object) -> object:
        time = SEEN + number * timedelta(hours=1)
        return alert(number, detected_at=time, updated_at=time, **changes)

    store = MemoryStore([seen(number) for number in range(900)])
    calendar = read_calendar(store, FeedQuery.parse("all"), VOCABULARY, BASE)
    assert len(calendar.events) == 900


def test_a_correction_keeps_the_age_of_what_it_corrects_however_many_alerts_came_since() -> None:
    times = [SEEN + number * timedelta(minutes=20) for number in range(3500)]
    corrected = times[600]
    first = alert(0, state=AlertState.CORRECTED, updated_at=corrected)
    others = [alert(n, detected_at=at, updated_at=at) for n, at in enumerate(times) if n]
    notice = alert(9999, corrects=first.id, detected_at=corrected, updated_at=corrected, reviewed=True)
    store = MemoryStore([first, *others, notice])

    calendar = read_calendar(store, FeedQuery.parse("all"), VOCABULARY, BASE)

    (told,) = [event for event in calendar.events if first.id in event.uid]
    assert (told.created, told.updated) == (SEEN, corrected)


def test_what_was_retracted_is_cancelled_for_those_who_had_it() -> None:
    """Among as many alerts as a calendar has, each of which was there before it was taken back."""
    step = timedelta(minutes=10)
    held = [alert(n, detected_at=SEEN + n * step, updated_at=SEEN + n * step) for n in range(3100)]
    last = held[-1].detected_at
    for number in (0, 3050):  # too old for the calendar, but decided on lately; and one that is in it
        held[number] = replace(
            held[number], state=AlertState.RETRACTED, was_verified=True, updated_at=last, reviewed=True
        )

    for verified_only in (False, True):
        calendar = read_calendar(
            MemoryStore(held), FeedQuery.parse("all"), VOCABULARY, BASE, verified_only=verified_only
        )
        cancelled = {event.uid for event in calendar.events if event.status is Status.CANCELLED}
        assert {held[0].id in uid or held[3050].id in uid for uid in cancelled} == {True}
        assert len(cancelled) == 2


def test_a_calendar_that_does_not_exist_is_refused_before_the_store_is_asked() -> None:
    with pytest.raises(FeedQueryError):
        read_calendar(MemoryStore(fails=True), FeedQuery.parse("prefecture:999"), VOCABULARY, BASE)

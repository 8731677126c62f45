"""The calendar's document follows its specification and cannot be broken by a text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifiers.render.calendar import render_calendar
from tests.fakes.alerts import BASE, SENTENCE, VOCABULARY, alert, poisoned, verdict
from tests.fakes.calendar_rules import calendar_errors, unfolded
from watcher.core.alerts import Alert, AlertState
from watcher.core.calendar import Calendar, build_calendar
from watcher.core.changes import ChangeKind
from watcher.core.feed import FeedQuery
from watcher.core.verdict import PartialDate

ADDRESS = f"{BASE}/feeds/all.ics"
ROOT = Path(__file__).parents[2]
POISON = [
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:faux",
    "\rATTACH:https://evil.example/x",
    "\nX: y",
    "\x0b\x0c\x1c\x85\u2028\u2029",
    "\x00\x07\x1b[2J\x7f",
    "a,b;c:d\"e'f\\g\\nh\\Ni\\",
    "\\" * 200,
    ",;" * 200,
    "\ud800\udfff",
    "\ufffe\U0001ffff\u202e",
    "é" * 5000,
    "👩‍👩‍👧‍👦" * 500,
    "x" * 1_000_000,
    "",
    "   ",
    "BEGIN:VALARM",
    "=?utf-8?q?x?=",
]


def calendar(*alerts: Alert) -> Calendar:
    return build_calendar(FeedQuery(), alerts, VOCABULARY, BASE)


def events(document: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(document).events


@pytest.mark.parametrize("size", [0, 1, 60])
def test_a_document_follows_its_specification(size: int) -> None:
    states, kinds = list(AlertState), [ChangeKind.ADDED, ChangeKind.EDITED]
    alerts = [
        alert(n, state=states[n % 4], kind=kinds[n % 2], before="Avant.", updated_at=alert(n + 9).updated_at)
        for n in range(size)
    ]
    document = render_calendar(calendar(*alerts))
    assert calendar_errors(document, ADDRESS) == []
    assert len(events(document)) == size


def test_a_program_reads_what_was_written() -> None:
    (read,) = events(render_calendar(calendar(alert(7))))
    assert str(read["UID"]) == f"alert-{7:024x}-start@vigie-prefectures.invalid"
    assert (date(2025, 10, 1), date(2025, 10, 2)) == (read.DTSTART, read.DTEND)
    assert read["DTSTART"].params["VALUE"] == "DATE"
    assert read["DTSTAMP"].dt == read["LAST-MODIFIED"].dt == alert(7).updated_at
    assert str(read["SUMMARY"]).startswith("15 Cantal – Dès ce jour : Prise de rendez-vous en ligne")
    assert f"« {SENTENCE} »" in str(read["DESCRIPTION"])
    assert str(read["URL"]) == "https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous"
    assert read.categories[:2] == ["Cantal (15)", "Prise de rendez-vous"]
    assert (str(read["STATUS"]), read["SEQUENCE"], str(read["TRANSP"])) == ("CONFIRMED", 0, "TRANSPARENT")


@pytest.mark.parametrize(("last", "exclusive"), [("2025-12-22", 23), ("2025-12-26", 27)])
def test_the_end_that_programs_are_told_is_the_day_after_the_last(last: str, exclusive: int) -> None:
    said = verdict(
        categories=("opening_hours_or_closure",),
        effective_from=PartialDate("2025-12-22"),
        effective_to=PartialDate(last),
    )
    lines = unfolded(render_calendar(calendar(alert(verdict=said))))
    assert "DTSTART;VALUE=DATE:20251222" in lines
    assert f"DTEND;VALUE=DATE:202512{exclusive}" in lines


def test_the_calendar_says_its_name_its_address_and_when_to_come_again() -> None:
    lines = unfolded(render_calendar(calendar()))
    for expected in (
        "X-WR-CALNAME:Vigie préfectures – toutes les alertes",
        "NAME:Vigie préfectures – toutes les alertes",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        f"SOURCE;VALUE=URI:{ADDRESS}",
        f"URL:{BASE}/",
    ):
        assert expected in lines


def test_the_rules_would_notice_a_fault() -> None:
    document = render_calendar(calendar(alert(0), alert(1)))
    assert calendar_errors(document, "https://elsewhere.example/") != []
    for found, spoilt in [
        (b"\r\n", b"\n"),
        (b"\r\n ", b""),
        (b"VERSION:2.0\r\n", b""),
        (b"DTEND;VALUE=DATE:20251002", b"DTEND;VALUE=DATE:20251001"),
        (b"DTSTAMP", b"X-STAMP"),
        (b"alert-000000000000000000000001", b"alert-000000000000000000000000"),
        (b"l'ANEF", b"l;ANEF"),
        (b"CONFIRMED", b"MAYBE"),
        (b"SUMMARY:15", b"SUMMARY:15\r\n\x07"),
        (b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:PUBLISH"),
        (b"URL:https", b"URL:javascript"),
    ]:
        assert found in document
        assert calendar_errors(document.replace(found, spoilt), ADDRESS) != []


@pytest.mark.parametrize("poison", POISON, ids=lambda text: ascii(text[:12]))
def test_one_poisoned_alert_of_fifty_breaks_and_hides_nothing(poison: str) -> None:
    alerts = [poisoned(n, poison) if n == 21 else alert(n) for n in range(50)]
    document = render_calendar(calendar(*alerts))
    assert calendar_errors(document, ADDRESS) == []
    read = events(document)
    assert len({str(event["UID"]) for event in read}) == len(read) == 50
    assert len(document) < 200_000
    assert b"\r\nATTACH" not in document
    assert b"\r\nBEGIN:VALARM" not in document


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_no_text_whatever_breaks_a_document(text: str) -> None:
    document = render_calendar(calendar(poisoned(0, text), alert(1)))
    assert calendar_errors(document, ADDRESS) == []
    assert len(events(document)) == 2


def test_the_renderer_cleans_what_the_model_did_not() -> None:
    built = calendar(alert())
    evil = "a\r\nX-EVIL:1\x00,;\\N"
    spoilt = replace(
        built.events[0],
        uid=evil,
        summary=evil,
        description=evil,
        link=f"https://x/{evil}",
        categories=(evil, ""),
    )
    document = render_calendar(
        replace(built, title=evil, description=evil, page=f"https://x/{evil}", events=(spoilt,))
    )
    assert not any(line.startswith("X-EVIL") for line in unfolded(document))
    assert "SUMMARY:a X-EVIL:1\\,\\;/N" in unfolded(document)
    assert len(events(document)) == 1


def test_equal_calendars_give_equal_bytes_whenever_they_are_written() -> None:
    code = (
        "import sys; from tests.contract.test_calendar_format import *;"
        "sys.stdout.buffer.write(render_calendar(calendar(alert(0), alert(1))))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert render_calendar(calendar(alert(1), alert(0))) == elsewhere.stdout


def test_an_event_that_was_never_revised_keeps_its_bytes_when_others_come() -> None:
    alone = events(render_calendar(calendar(alert(0))))[0].to_ical()
    later = alert(1, detected_at=alert().detected_at + timedelta(days=5))
    assert alone in [event.to_ical() for event in events(render_calendar(calendar(alert(0), later)))]


def test_asking_for_the_renderer_does_not_load_icalendar() -> None:
    code = "import sys, notifiers.render.calendar; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0

"""`vigie feed … --format ics`: the days that were announced."""

from __future__ import annotations

import icalendar

from tests.fakes.command_line import Vigie


class TestCalendars:
    def test_the_announced_day_is_an_event(self, told: Vigie) -> None:
        ran = told("feed", "prefecture:15", "--format", "ics")
        events = icalendar.Calendar.from_ical(ran.out).events

        assert (ran.status, ran.err) == (0, "")
        assert "2025-10-01" in {str(event.DTSTART) for event in events}
        assert all(str(event["SUMMARY"]).startswith("15 Cantal – ") for event in events)

    def test_an_empty_calendar_is_a_whole_document(self, cantal: Vigie) -> None:
        ran = cantal("feed", "all", "--format", "ics", "--stream", "verified")

        assert ran.status == 0
        assert icalendar.Calendar.from_ical(ran.out).events == []

    def test_an_unknown_calendar_is_one_line(self, cantal: Vigie) -> None:
        ran = cantal("feed", "prefecture:999", "--format", "ics")

        assert (ran.status, ran.out) == (2, "")
        assert ran.error.startswith("vigie : Flux inconnu : ")

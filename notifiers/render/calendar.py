"""iCalendar (RFC 5545, with the names of RFC 7986) by icalendar, whose one home is here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from watcher.core.calendar import REFRESH, Calendar, Event
from watcher.core.printable import one_line, printable

if TYPE_CHECKING:
    import icalendar

MEDIA_TYPE = "text/calendar"
_MAKER = "-//Vigie prefectures//Dates des prefectures//FR"
_NEVER_EMPTY = "–"
_ONE_DAY = timedelta(days=1)
_END = b"END:VCALENDAR\r\n"


def render_calendar(calendar: Calendar) -> bytes:
    """The document in UTF-8. Equal calendars give equal bytes; no text can break it.

    There is no METHOD: it would make of a calendar to subscribe to a message about a meeting.
    """
    from icalendar import Calendar as Document
    from icalendar import vDuration, vText, vUri

    document = Document()
    document.add("prodid", _MAKER)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("uid", _line(calendar.uid))
    # What the library does not know as text it would write unescaped.
    for name, text in (
        ("name", calendar.title),
        ("x-wr-calname", calendar.title),
        ("description", calendar.description),
        ("x-wr-caldesc", calendar.description),
    ):
        document.add(name, vText(_line(text)))
    document.add("last-modified", _moment(calendar.updated))
    document.add("url", vUri(_line(calendar.page)))
    document.add("source", vUri(_line(calendar.self_address)), parameters={"VALUE": "URI"})
    document.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    document.add("x-published-ttl", vDuration(REFRESH))
    if not calendar.events:
        document.add_component(_time_zone())
    head = bytes(document.to_ical()).removesuffix(_END)
    return head + b"".join(map(_event, calendar.events)) + _END


@lru_cache(maxsize=6000)
def _event(event: Event) -> bytes:
    """Kept, because the library takes 0.4 ms for one and most are asked for again and again."""
    from icalendar import Event as Component
    from icalendar import vUri

    component = Component()
    component.add("uid", _line(event.uid))
    component.add("dtstamp", _moment(event.updated))
    component.add("created", _moment(event.created))
    component.add("last-modified", _moment(event.updated))
    component.add("sequence", event.sequence)
    component.add("dtstart", event.first)
    component.add("dtend", event.last + _ONE_DAY)
    component.add("summary", _line(event.summary) or _NEVER_EMPTY)
    component.add("description", _sane(printable(event.description)))
    component.add("categories", [name for name in map(_line, event.categories) if name])
    component.add("status", event.status.value)
    component.add("transp", "TRANSPARENT")  # news does not make a reader busy
    if event.link:
        component.add("url", vUri(_line(event.link)))
    return bytes(component.to_ical())


def _time_zone() -> icalendar.Timezone:
    """A calendar without any component is none (RFC 5545, 3.6), and some programs refuse it."""
    from icalendar import Timezone, TimezoneStandard

    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local, as the format wants
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone = Timezone()
    zone.add("tzid", "UTC")
    zone.add_component(standard)
    return zone


def _moment(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(microsecond=0)


def _line(text: str) -> str:
    return _sane(one_line(text))


def _sane(text: str) -> str:
    """Programs disagree on what an escaped backslash before an n means, so there is none."""
    return text.replace("\\", "/")

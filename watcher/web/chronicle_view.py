"""Everything that is known of a préfecture, by date, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from watcher.core.french import PARIS
from watcher.core.official_list import Procedure, Shelf, Span, after, before, procedures
from watcher.core.printable import one_line
from watcher.core.speech import Speech
from watcher.core.weblinks import WebLink, web_link
from watcher.core.wording import TITLE
from watcher.web.views import AlertView

MOST_LISTED = 1000  # lines of the table; no préfecture has a tenth of it


@dataclass(frozen=True, slots=True)
class Entry:
    day: date  # in Paris
    alert: AlertView


@dataclass(frozen=True, slots=True)
class Year:
    """The alerts of one year, newest first."""

    number: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A time through which a procedure stood in the official list; words say how far its ends are known."""

    title: str
    link: WebLink | None
    since: str
    until: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of the official list for one préfecture."""

    stays: tuple[Stay, ...]
    versions: int
    first: date
    last: date


def years(alerts: Iterable[AlertView]) -> list[Year]:
    """By the year in which it was seen, in Paris; the order stays."""
    entries = (Entry(alert.detected_at.astimezone(PARIS).date(), alert) for alert in alerts)
    return [Year(number, tuple(found)) for number, found in groupby(entries, key=lambda one: one.day.year)]


def listed(shelf: Shelf, speech: Speech) -> Listed | None:
    """The procedures that still stand first, then those that left, the latest first; `None` of no list."""
    found = [(one, span) for one in procedures(shelf) for span in one.spans]
    if not found:
        return None
    found.sort(key=lambda pair: (pair[1].gone, -pair[1].last.toordinal() if pair[1].gone else 0))
    stays = tuple(_stay(one, span, shelf.versions, speech) for one, span in found[:MOST_LISTED])
    return Listed(stays, len(shelf.versions), shelf.versions[0], shelf.versions[-1])


def _stay(procedure: Procedure, span: Span, versions: Sequence[date], speech: Speech) -> Stay:
    return Stay(
        one_line(procedure.title_at(span.last), TITLE),
        web_link(procedure.address),
        _since(span, versions, speech),
        _until(span, versions, speech),
        not span.gone,
    )


def _since(span: Span, versions: Sequence[date], speech: Speech) -> str:
    without, day = before(span.first, versions), speech.manners.day
    if without is None:
        return speech.say("chronicle.by", day=day(span.first))
    return speech.say("chronicle.between", since=day(without), by=day(span.first))


def _until(span: Span, versions: Sequence[date], speech: Speech) -> str:
    without, day = after(span.last, versions) if span.gone else None, speech.manners.day
    if without is None:
        return speech.say("chronicle.at_least", day=day(span.last))
    return speech.say("chronicle.between", since=day(span.last), by=day(without))

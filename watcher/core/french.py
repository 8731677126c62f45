"""Dates and numbers as French readers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from watcher.core.printable import one_line
from watcher.core.verdict import PartialDate, parts_of

MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARIS = ZoneInfo("Europe/Paris")
_LOOSE = re.compile("(?<=\\S) (?=[:;?!»])|(?<=«) ")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a phrase; `iso` is the machine form when the piece is a date."""

    text: str
    iso: str = ""


def day(value: date) -> str:
    """``1er octobre 2025``"""
    return _day(value.year, value.month, value.day)


def moment(value: datetime) -> str:
    """``10 septembre 2025 à 9 h 05``, in Paris."""
    return f"{day(value.astimezone(PARIS).date())} à {hour(value)}"


def hour(value: datetime) -> str:
    """``9 h 05``, in Paris; it stays on one line."""
    local = value.astimezone(PARIS)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}"


def full_day(value: datetime) -> str:
    """``mercredi 10 septembre 2025``, in Paris."""
    local = value.astimezone(PARIS).date()
    return f"{DAYS[local.weekday()]} {day(local)}"


def month(year: int, number: int) -> str:
    """``septembre 2025``"""
    return f"{MONTHS[number - 1]} {year}"


def unbroken(text: str) -> str:
    """`text` with no-break spaces where French typography wants one, before : ; ? ! » and after «."""
    return _LOOSE.sub("\u00a0", text)


def count(number: int, one: str, many: str) -> str:
    """``0 page``, ``1 page``, ``2 pages``, ``1 200 pages``: French keeps the singular up to one."""
    return f"{number:,}".replace(",", "\u202f") + f" {one if number < 2 else many}"


def period(start: PartialDate | None, end: PartialDate | None) -> tuple[Words, ...]:
    """When something holds: ``à compter du 1er octobre 2025``; empty when nothing is known.

    A date that has none of the three partial forms is shown as it is.
    """
    if start and end and start == end and len(start) == 10:
        return Words("le "), _words(start)
    if start and end and len(start) == len(end) == 10:
        return Words("du "), _words(start), Words(" au "), _words(end)
    phrase: tuple[Words, ...] = ()
    if start:
        phrase += Words(_preposition("à compter ", start)), _words(start)
    if start and end:
        phrase += (Words(" et "),)
    if end:
        phrase += Words("jusqu'au " if len(end) == 10 else "jusqu'en "), _words(end)
    return phrase


def known_date(value: PartialDate | None) -> PartialDate | None:
    """`value` when it has one of the three partial forms, for machines."""
    return value if value and parts_of(value) else None


def plain(phrase: tuple[Words, ...]) -> str:
    return "".join(words.text for words in phrase)


def _day(year: int, month: int, number: int) -> str:
    return f"{'1er' if number == 1 else number} {MONTHS[month - 1]} {year}"


def _words(value: PartialDate) -> Words:
    parts = parts_of(value)
    if not parts:
        return Words(one_line(value, 40))
    year, number, day_ = parts
    if day_:
        return Words(_day(year, number, day_), value)
    return Words(month(year, number) if number else str(year), value)


def _preposition(verb: str, value: PartialDate) -> str:
    if len(value) == 10:
        return verb + "du "
    return verb + ("d'" if _words(value).text.startswith(("a", "o")) else "de ")

"""Dates and numbers as English readers of a French site write them; the times are those of Paris."""

from __future__ import annotations

from datetime import date, datetime

from watcher.core.french import PARIS, Words
from watcher.core.printable import one_line
from watcher.core.verdict import PartialDate, parts_of

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: date) -> str:
    """``1 October 2025``"""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """``10 September 2025 at 09:05``, in Paris."""
    return f"{day(value.astimezone(PARIS).date())} at {hour(value)}"


def hour(value: datetime) -> str:
    """``09:05``, in Paris."""
    return f"{value.astimezone(PARIS):%H:%M}"


def full_day(value: datetime) -> str:
    """``Wednesday 10 September 2025``, in Paris."""
    local = value.astimezone(PARIS).date()
    return f"{DAYS[local.weekday()]} {day(local)}"


def month(year: int, number: int) -> str:
    """``September 2025``"""
    return f"{MONTHS[number - 1]} {year}"


def unbroken(text: str) -> str:
    """English puts no blank before its signs: `text` as it is."""
    return text


def count(number: int, one: str, many: str) -> str:
    """``0 pages``, ``1 page``, ``1,200 pages``"""
    return f"{number:,} {one if number == 1 else many}"


def period(start: PartialDate | None, end: PartialDate | None) -> tuple[Words, ...]:
    """When something holds: ``from 1 October 2025``; empty when nothing is known."""
    if start and end and start == end:
        return Words("on " if len(start) == 10 else "in "), _words(start)
    phrase: tuple[Words, ...] = ()
    if start:
        phrase += Words("from "), _words(start)
    if start and end:
        phrase += (Words(" "),)
    if end:
        phrase += Words("until "), _words(end)
    return phrase


def _words(value: PartialDate) -> Words:
    parts = parts_of(value)
    if not parts:
        return Words(one_line(value, 40))
    year, number, day_ = parts
    if day_:
        return Words(f"{day_} {MONTHS[number - 1]} {year}", value)
    return Words(month(year, number) if number else str(year), value)

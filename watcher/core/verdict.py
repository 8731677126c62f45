"""What a text was understood to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from watcher.core.items import OfficialLink

PartialDate = NewType("PartialDate", str)
"""A day as far as a text tells it: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. Never completed by guessing."""

_PARTIAL = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


def parts_of(value: PartialDate) -> tuple[int, int, int] | None:
    """Year, month and day, 0 for what is not told; `None` for what has none of the three forms."""
    match = _PARTIAL.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    return year, month, day


class Certainty(StrEnum):
    ANNOUNCED = "announced"
    PLANNED = "planned"
    REMINDER = "reminder"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a text says, with the sentence that says it."""

    sentence: str
    operation: str | None = None
    motifs: tuple[str, ...] = ()
    channel_before: str | None = None
    channel_after: str | None = None
    effective_from: PartialDate | None = None
    effective_to: PartialDate | None = None
    territory: str | None = None
    regime: str | None = None
    links: tuple[str, ...] = ()
    certainty: Certainty = Certainty.ANNOUNCED


class Route(StrEnum):
    PUBLISH = "publish"
    REVIEW = "review"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a category was given: the rule and the words of the text that carry it."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A text to be understood. For an edit, `before` is what the text was."""

    title: str
    body: str
    prefecture: str | None = None
    published: date | None = None
    before: str | None = None
    links: tuple[OfficialLink, ...] = ()
    links_before: tuple[OfficialLink, ...] = ()
    foreigners_page: bool = False  # it stands on a page about residence permits
    unread: bool = False  # a document that belongs to it could not be read
    published_as: PartialDate | None = None  # as far as it is known, when `published` is not
    differs: str = ""  # of an edited section, the lines before and after that are not the same
    page: str = ""  # the heading of the page that a section stands on


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text was understood to say; categories are most important first."""

    categories: tuple[str, ...]
    is_change: bool
    confidence: float
    route: Route
    facts: tuple[Fact, ...] = ()
    motifs: tuple[str, ...] = ()
    channel_before: str | None = None
    channel_after: str | None = None
    effective_from: PartialDate | None = None
    effective_to: PartialDate | None = None
    reasons: tuple[Reason, ...] = ()

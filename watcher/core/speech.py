"""One language of the readers' pages: its phrases, and how it writes dates and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from watcher.core.french import Words
from watcher.core.verdict import PartialDate


class Manners(Protocol):
    """How a language writes dates and numbers: the modules `french` and `english`. Times are those of Paris."""

    def day(self, value: date) -> str: ...

    def moment(self, value: datetime) -> str: ...

    def hour(self, value: datetime) -> str: ...

    def full_day(self, value: datetime) -> str: ...

    def month(self, year: int, number: int) -> str: ...

    def unbroken(self, text: str) -> str: ...

    def count(self, number: int, one: str, many: str) -> str: ...

    def period(self, start: PartialDate | None, end: PartialDate | None) -> tuple[Words, ...]: ...


@dataclass(frozen=True, slots=True)
class Speech:
    """The catalogue of one language; a phrase is named by its path in the file: ``home.title``.

    Phrases have ``{named}`` places and may hold simple HTML of ours. What is counted has two phrases,
    ``….one`` and ``….many``.
    """

    code: str  # "fr"
    phrases: Mapping[str, str]
    manners: Manners

    def say(self, key: str, **parts: object) -> str:
        """The phrase with its places filled; nothing is escaped. Raises `KeyError` for what it lacks."""
        return self.phrases[key].format(**parts)

    def count(self, number: int, key: str) -> str:
        """``3 pages``, for a key that has `one` and `many`."""
        return self.manners.count(number, self.phrases[f"{key}.one"], self.phrases[f"{key}.many"])

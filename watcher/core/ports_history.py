"""What the past asks of the outside world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from watcher.core.alerts import Alert
from watcher.core.captures import Capture, Past, PastStatus
from watcher.core.page import Page


class HistoryStore(Protocol):
    """The past, beside what the watch itself reads. Each method is one transaction."""

    def keep(self, told: Sequence[Alert]) -> Sequence[Alert]:
        """Write historical alerts that are not there yet, and return them."""

    def add(self, captures: Iterable[Capture]) -> int:
        """Write those that are not there yet; how many."""

    def captures(self, source: str, keys: Sequence[str]) -> Sequence[Capture]:
        """Of pages of a source, oldest first."""

    def moments(self, source: str, key: str) -> Sequence[datetime]:
        """When a page of a source was captured, oldest first."""

    def by_payload(self, payload: str) -> Page | None:
        """A page that an archive named so."""

    def move(self, key: str, address: str, source: str) -> None:
        """Remember that a source's page stood under another address."""

    def moved(self) -> Sequence[tuple[str, str, str]]:
        """(key, address, source) of all such addresses."""

    def conclude(self, past: Past) -> Past:
        """Put what was concluded in the place of what was before; what a person decided about stays.

        Returned is what is history: what the watch itself found at its time is left out.
        """

    def status(self, source: str | None = None) -> Sequence[PastStatus]:
        """Of every source that has a past, by id; or of this one."""

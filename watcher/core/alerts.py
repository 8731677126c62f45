"""What is told, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from watcher.core.changes import ChangeKind
from watcher.core.verdict import Verdict


class AlertState(StrEnum):
    """How far an alert may be relied upon.

    `VERIFIED` is confident enough to be published without review, or was checked by a maintainer;
    `UNVERIFIED` waits for review and is marked « non vérifié » wherever it is shown.
    """

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Alert:
    """A change worth telling; its id is the change's and never moves."""

    id: str
    source: str
    prefecture: str
    kind: ChangeKind
    state: AlertState
    title: str
    address: str
    summary: str  # the announcement's own words, as much as a reader needs
    published: date | None  # the page's own date
    detected_at: datetime
    updated_at: datetime
    verdict: Verdict
    before: str = ""  # an edit: the words that were there
    group: str = ""  # equal for the same text in several préfectures
    corrects: str | None = None
    reviewed: bool = False  # by a person
    was_verified: bool = (
        False  # of one that is corrected or retracted: readers of verified alerts had seen it
    )
    first: str = ""  # of a notice: the alert that a poll found, whatever else corrected it in between
    former: Verdict | None = None  # of a notice: what was told before it
    historical: bool = False  # found in captures or lists of the past: shown as such, and sent to nobody

    @property
    def root(self) -> str:
        """The id that all alerts about one change share: the first's."""
        return self.first or self.corrects or self.id

    @property
    def trusted(self) -> bool:
        """Whether readers of verified alerts alone are told of it: they had it, or may rely on it."""
        return self.state is AlertState.VERIFIED or self.was_verified

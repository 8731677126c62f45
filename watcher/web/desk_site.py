"""What the desk's pages rest on, and how they name times and addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from watcher.core.page import Page
from watcher.core.speech import Speech
from watcher.review import Review
from watcher.site_review import SiteReview

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_IN_HOURS, _IN_DAYS = timedelta(hours=1), timedelta(hours=48)  # from here on told so


@dataclass(frozen=True, slots=True)
class DeskPages:
    """`evidence` gives the page on which a change was found, by the change's id."""

    review: Review
    evidence: Callable[[str], Page | None]
    sites: SiteReview | None = None


def age(since: datetime, now: datetime, speech: Speech) -> str:
    """``12 min``, ``5 h``, ``3 j``: as much as one needs to know which is older."""
    span = max(now - since, timedelta())
    if span < _IN_HOURS:
        return speech.say("desk.age.minutes", number=span // _MINUTE)
    if span < _IN_DAYS:
        return speech.say("desk.age.hours", number=span // _HOUR)
    return speech.say("desk.age.days", number=span // _DAY)


def case_path(alert: str, done: Sequence[int] = ()) -> str:
    """Where an alert is decided about; `done` are the decisions that the page tells of."""
    return f"/desk/alerts/{quote(alert, safe='')}{_told(done)}"


def queue_path(done: Sequence[int] = ()) -> str:
    return f"/desk{_told(done)}"


def _told(done: Sequence[int]) -> str:
    return "?" + urlencode({"done": ",".join(map(str, done))}) if done else ""


def numbers(text: str, most: int) -> list[int]:
    """``3,4`` as numbers of decisions; whatever is none is left out."""
    found = [
        part for part in text.split(",")[:most] if part.isascii() and part.isdecimal() and len(part) < 10
    ]
    return [int(part) for part in found]

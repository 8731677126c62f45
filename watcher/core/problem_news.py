"""What maintainers are written to about: problems that stay, and the end of those they were told of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.catalogue import Catalogue
from watcher.core.incidents import apart
from watcher.core.state import OF_READING, Problem, ProblemKind
from watcher.core.subscriptions import Choices, Recipient, Subscription, Way

GRACE = timedelta(minutes=10)  # what ends by itself before is not written about
APART = timedelta(hours=1)  # two letters at least; what comes in between is gathered
_STAFF = "maintainer"  # no id of a subscription begins like this: they are hexadecimal


@dataclass(frozen=True, slots=True)
class Noted:
    """A problem with whether its beginning was written about; `id` is the database's own."""

    id: int
    problem: Problem
    told: bool


@dataclass(frozen=True, slots=True)
class News:
    """What one letter says."""

    opened: tuple[Noted, ...]
    ended: tuple[Noted, ...]
    open: int  # all that are open now, told before or not


@dataclass(frozen=True, slots=True)
class Written:
    """News as a mail that lacks its recipient's lines; `content` is its id."""

    news: News
    content: str
    body: bytes


def news(noted: Sequence[Noted], catalogue: Catalogue, now: datetime) -> News | None:
    """What is to be written now; `None` when it is nothing.

    `noted`: all open problems, and those that ended since their beginning was told. A page that shares an
    incident of its platform is told with it, and by itself only when it outlasts it.
    """
    problems = [one.problem for one in noted if one.problem.closed_at is None]
    alone = {(one.subject, one.kind) for one in apart(problems, catalogue)}
    opened = tuple(one for one in noted if not one.told and _is_due(one.problem, now) and _key(one) in alone)
    ended = tuple(one for one in noted if one.told and one.problem.closed_at is not None)
    if not opened and not ended:
        return None
    return News(tuple(sorted(opened, key=_urgency)), ended, len(problems))


def staff(number: int) -> str:
    """What a letter to the maintainer of this number, from 1, is about; addresses are in the settings alone."""
    return f"{_STAFF}{number}"


def staff_number(about: str) -> int | None:
    """`staff`, read back."""
    number = about.removeprefix(_STAFF)
    return int(number) if about.startswith(_STAFF) and number.isdecimal() else None


def as_recipient(about: str, at: datetime) -> Subscription:
    """A maintainer where senders expect a subscriber: French, and without anything that could be kept."""
    return Subscription(about, Way.MAIL, Recipient(b"", "", ""), Choices(), at, at, "")


def _is_due(problem: Problem, now: datetime) -> bool:
    """Whether it has lasted; a trouble of the watch itself that nobody else mends is told at once, and a dead link
    on a page that reads well in no letter.
    """
    if problem.closed_at is not None or problem.kind is ProblemKind.DOCUMENT:
        return False
    at_once = problem.needs_human and problem.kind not in OF_READING
    return at_once or now - problem.since >= GRACE


def _key(one: Noted) -> tuple[str, str]:
    return one.problem.subject, one.problem.kind


def _urgency(one: Noted) -> tuple[bool, bool, datetime]:
    return not one.problem.needs_human, one.problem.kind in OF_READING, one.problem.since

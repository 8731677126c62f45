"""What came back of a mail, as its report tells it; who is meant is known by a token alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REMEMBERED = timedelta(days=60)
COMES_BACK = timedelta(
    days=5
)  # for as long after a server took a mail, it may say that it could not pass it on


class Returned(StrEnum):
    HARD = "hard"  # the address does not exist, or takes nothing for good
    PASSING = (
        "passing"  # late, full for now, refused for what it said or who sent it: not the address's fault
    )
    COMPLAINT = "complaint"  # its owner called it unwanted
    UNSUBSCRIBE = "unsubscribe"  # a mail program unsubscribed by mail
    OTHER = "other"  # no report at all: an answer from holidays, junk


@dataclass(frozen=True, slots=True)
class Report:
    """One returned mail. Whatever it says anybody may have written: only a token that is ours counts."""

    kind: Returned
    tokens: tuple[str, ...] = ()  # candidates, at most a handful
    status: str = ""  # ``5.1.1``


def counting(bounced: Collection[date], taken: Iterable[date], today: date) -> frozenset[date]:
    """Which days of hard bounces still count.

    None that is long ago, and none before a day on which a mail was taken that did not come back since:
    whoever can be reached again begins anew.
    """
    reached = [
        day
        for day in taken
        if day + COMES_BACK < today and not any(day <= one <= day + COMES_BACK for one in bounced)
    ]
    since = max([today - REMEMBERED, *reached])
    return frozenset(day for day in bounced if day > since)

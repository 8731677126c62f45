"""What came back of a mail, as its report tells it; who is meant is known by a token alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

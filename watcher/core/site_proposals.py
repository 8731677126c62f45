"""What discovery proposes to watch, and to change about what is watched."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.address import canonical
from watcher.core.catalogue import SourceKind
from watcher.core.text import fold

LONGEST_ID = 48


class Role(StrEnum):
    """What a page is to people who are at the préfecture for their stay."""

    SECTION = "section"  # where everything for foreigners begins
    SECTION_NEWS = "section_news"  # its own list of news
    NEWS = "news"  # the site's list of news
    APPOINTMENTS = "appointments"
    DOCUMENTS = "documents"
    GUIDE = "guide"
    BOOKING = "booking"  # a place to book, noted where it is linked and not looked at
    PROCEDURE = "procedure"  # an online form, likewise
    MOVED = "moved"  # the new address of a page that is watched


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stanza:
    """A page as `sources.yaml` names it; what is empty is that of the préfecture or of the defaults."""

    id: str
    kind: SourceKind
    url: str
    layout: str = ""
    platform: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True)
class SiteProposal:
    """`way` is how it was found, from the home page on; `evidence` one French line each.

    Of `Role.MOVED`, the stanza's id is that of the source, and `instead_of` the address that it has.
    """

    id: str
    prefecture: str
    role: Role
    stanza: Stanza
    confidence: float  # 0..1
    way: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Unwatchable:
    """A page that would be watched if it could be, and why it cannot."""

    address: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explored:
    """What exploring one préfecture's site came to."""

    prefecture: str
    begun_at: datetime
    ended_at: datetime | None = None  # `None`: there is more to ask for
    requests: int = 0
    found: bool = False  # the foreigners' section
    trouble: str = ""  # why the site could not be explored
    unwatchable: tuple[Unwatchable, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A proposal as it is kept."""

    proposal: SiteProposal
    made_at: datetime
    state: State = State.OPEN
    settled_at: datetime | None = None
    settled_by: str = ""


def proposal_id(prefecture: str, role: Role, url: str, source: str = "") -> str:
    """The same for the same page in the same role, whenever it is proposed again."""
    words = "\x1f".join((prefecture, "moved" if role is Role.MOVED else "new", source, canonical(url) or url))
    return hashlib.blake2b(words.encode(), digest_size=6).hexdigest()


def source_id(prefecture: str, name: str, taken: Collection[str]) -> str:
    """An id for a new source: the préfecture and a name, with a number where that is taken."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "page"
    if len(words) > LONGEST_ID:
        words = words[: LONGEST_ID + 1].rpartition("-")[0] or words[:LONGEST_ID]
    base = f"{prefecture}-{words}"
    number = 1
    while (found := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return found

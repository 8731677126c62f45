"""Who asked for what, and how they want to be told.

What these values hold of an address is never the address: it is sealed, and known again by an index that
only the key can compute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.core.severity import Severity


class Way(StrEnum):
    """The ways out, each with its own sender."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    CHAT = "chat"


class Cadence(StrEnum):
    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Interest:
    """What a subscription wants; an empty set means everything."""

    prefectures: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    motifs: frozenset[str] = frozenset()
    verified_only: bool = False
    severity: Severity = Severity.INFO  # at least


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a subscriber chose. A web-hook and a chat are told at once, whatever the cadence says."""

    interest: Interest = field(default_factory=Interest)
    cadence: Cadence = Cadence.NOW
    language: str = "fr"
    zone: str = "Europe/Paris"  # in which a day begins, and digests are sent in the morning
    neutral: bool = False  # subjects tell neither place nor topic


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where to send: as much of an address as the database knows."""

    sealed: bytes  # opened with the id of the sign-up or subscription that it was sealed for
    index: str  # the same for the same address
    mailbox: str  # the same for all spellings (`+tag`) that lead to one mailbox; of no use to others

    @property
    def erased(self) -> bool:
        return not self.sealed


@dataclass(frozen=True, slots=True)
class Signup:
    """Somebody typed an address; nobody knows yet whether it is theirs."""

    id: str
    way: Way
    recipient: Recipient
    choices: Choices
    asked_at: datetime
    consent: str  # the version of the text that was shown


class SignupState(StrEnum):
    ASKED = "asked"  # waits until it is decided whether a confirmation may be sent
    MAILED = "mailed"
    SILENCED = "silenced"  # too many for this address, or it never wants to hear of us
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class AddressHistory:
    """What was sent to one mailbox without its owner having asked: confirmations and management links."""

    mailed_at: tuple[datetime, ...] = ()  # within the last day, oldest first
    silent_until: datetime | None = None
    suppressed: bool = False  # the owner said "never again"


@dataclass(frozen=True, slots=True)
class SignupRuling:
    """Whether a confirmation may be sent, when, and what is remembered of the mailbox afterwards."""

    allowed: bool
    history: AddressHistory
    due_at: datetime


class EndReason(StrEnum):
    """Why a subscription ended; kept when the address is not."""

    UNSUBSCRIBED = "unsubscribed"  # by the page
    ONE_CLICK = "one_click"  # by the mail program
    NEVER = "never"  # and never wants to hear of us
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    GONE = "gone"  # a web-hook answered 410
    FAILING = "failing"  # a web-hook or chat that took nothing for days
    ERASED = "erased"  # by a maintainer, at the owner's wish


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who confirmed that they want alerts."""

    id: str
    way: Way
    recipient: Recipient
    choices: Choices
    confirmed_at: datetime
    asked_at: datetime
    consent: str
    ended_at: datetime | None = None
    ended_reason: EndReason | None = None

    @property
    def active(self) -> bool:
        return self.ended_at is None

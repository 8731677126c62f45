"""What waits to be sent, and what became of it.

A *delivery* is the promise that one subscription is told of one alert; it is written in the transaction of
the alert. A *message* is what is sent: one delivery or several, a digest, or a letter that somebody asked
for. The state of a delivery is that of the message which carries it, `queued` until there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.core.subscriptions import Subscription, Way

GIVE_UP = timedelta(days=5)  # after the first try


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    AMBIGUOUS = "ambiguous"
    EXPIRED = "expired"
    SHUNTED = "shunted"


OPEN = frozenset(
    {DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.DEFERRED, DeliveryState.AMBIGUOUS}
)
"""What is still to be sent."""


class MessageKind(StrEnum):
    ALERTS = "alerts"  # one or several, at once
    DIGEST = "digest"
    CONFIRMATION = "confirmation"  # of a sign-up
    MANAGEMENT = "management"  # a link to one's choices, asked for
    CHALLENGE = "challenge"  # is this web-hook willing?
    PROBLEMS = "problems"  # to maintainers, who are no subscribers


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert for one subscription; unique by the two."""

    id: str
    alert: str
    subscription: str
    due_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    message: str | None = None


@dataclass(frozen=True, slots=True)
class DigestRun:
    """One period of one cadence in one time zone: its window is what its messages tell of.

    `coverage` is the line about what could be read, by language, as it was when the run began.
    """

    id: str  # ``daily:Europe/Paris:2026-11-22``, ``weekly:Indian/Reunion:2026-W47``
    starts_at: datetime
    ends_at: datetime
    coverage: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to send to one recipient; under its id receivers know all attempts as one."""

    id: str
    kind: MessageKind
    way: Way
    about: str  # the subscription, or the sign-up that is to be confirmed
    alerts: tuple[str, ...]  # ids, in the order in which they are told
    run: str | None  # of a digest
    created_at: datetime
    due_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: int = 0
    ambiguous: int = 0  # attempts of which nobody knows whether they arrived
    poisoned: int = 0  # attempts that failed in our own hands
    content: str | None = None  # id of what was rendered; the same for all attempts
    sequence: int = 0  # of the subscription's messages, from 1: a web-hook sees gaps by it


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker may send, with whom it goes to as the database knew it at the claim."""

    message: Message
    subscription: Subscription  # of a sign-up: what it would become
    answers: str | None = None  # id of the message that first told this subscription what this one corrects


class Fate(StrEnum):
    """What one attempt came to."""

    ACCEPTED = "accepted"  # SMTP 250 after the dot, HTTP 2xx
    RETRY = "retry"  # this one later, others may go on
    AMBIGUOUS = "ambiguous"  # everything was sent, no answer came
    BOUNCED = "bounced"  # the recipient does not exist or takes nothing
    REFUSED = "refused"  # this very message is refused: no use in trying again
    GONE = "gone"  # the recipient says: never again (HTTP 410)
    STOPPED = "stopped"  # our own fault or the server's: nothing can be sent this way now
    POISONED = "poisoned"  # our own code failed on it


@dataclass(frozen=True, slots=True)
class Attempt:
    """The fate of one attempt, with what a maintainer needs to understand it (no address in it)."""

    fate: Fate
    detail: str = ""  # ``RCPT 550 5.1.1``, ``HTTP 503``, ``timeout``
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an attempt makes of its message and, where it ends it, of the subscription."""

    state: DeliveryState
    due_at: datetime
    attempts: int
    ambiguous: int
    poisoned: int
    detail: str
    ends: bool = False  # the subscription, for the reason that the way out gives
    again: bool = False  # its alerts are left to the next message

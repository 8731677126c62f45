"""What telling people asks of the outside world: their store, the keeper of addresses, and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from watcher.core.alarms import Flow
from watcher.core.alerts import Alert
from watcher.core.outbox import (
    Attempt,
    Claimed,
    Delivery,
    DeliveryState,
    DigestRun,
    Message,
    MessageKind,
    Settlement,
)
from watcher.core.problem_news import Noted, Written
from watcher.core.subscriptions import (
    AddressHistory,
    Choices,
    EndReason,
    Recipient,
    Signup,
    SignupRuling,
    Subscription,
    Way,
)


class Purpose(StrEnum):
    """What a link is good for; a token of one purpose opens nothing else."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    UNSUBSCRIBE = "unsubscribe"
    NEVER = "never"
    BOUNCE = "bounce"
    FORM = "form"


class Vault(Protocol):
    """Holds the only key: seals addresses, computes their indexes, signs links."""

    def seal(self, address: str, owner: str) -> Recipient:
        """What the database may know of an address that belongs to `owner`, a sign-up or subscription."""

    def open(self, recipient: Recipient, owner: str) -> str:
        """The address. Raises `VaultError` when it was sealed for somebody else or with a lost key."""

    def token(self, purpose: Purpose, subject: str, expires_at: datetime | None = None) -> str:
        """Letters, digits, ``-``, ``_`` and ``.``; the same for the same arguments and key."""

    def subject(self, purpose: Purpose, token: str, now: datetime) -> str | None:
        """Whom a token speaks of; `None` for one that is forged, expired, or of another purpose."""


class SubscriptionStore(Protocol):
    """Sign-ups and subscriptions. Each method is one transaction."""

    def ask(self, signup: Signup) -> None:
        """Keep a sign-up until it is decided whether a confirmation may be sent."""

    def judge_signups(
        self, now: datetime, rule: Callable[[Signup, AddressHistory, int], SignupRuling], limit: int
    ) -> int:
        """Decide on sign-ups that wait, oldest first, and queue what may be sent; how many were decided.

        `rule` is pure; its integer is how many confirmations were due within the last hour or still will be.
        """

    def confirm(self, signup: str, subscription: str, now: datetime) -> Subscription | None:
        """The owner agreed: make it a subscription, or give the one with this index its new choices.

        `None` when it is not waiting for this any more. The first confirmation gets the id `subscription`,
        for which the vault must have sealed the address: see `signup`.
        """

    def add(self, subscription: Subscription) -> bool:
        """Make known one that nobody has to confirm; false when its address or id is known already."""

    def signup(self, signup: str) -> Signup | None:
        """One that was mailed and not yet confirmed."""

    def reseal(self, signup: str, recipient: Recipient) -> None: ...

    def signups(self, index: str) -> Sequence[Signup]:
        """All that are kept of the address with this index, whatever became of them; oldest first."""

    def forget_signups(self, index: str) -> None:
        """Erase them, and cancel their confirmations."""

    def history(self, mailbox: str, now: datetime) -> AddressHistory:
        """What is remembered of a mailbox."""

    def subscription(self, subscription: str) -> Subscription | None:
        """Ended ones included."""

    def subscriptions(self, *, ended: bool = False) -> Sequence[Subscription]:
        """Active ones, and the ended ones when asked for; oldest first."""

    def some_subscriptions(self, limit: int) -> Sequence[Subscription]:
        """At most so many active ones, in the order of their ids, which means nothing."""

    def wishes(self, way: Way) -> Mapping[Choices, int]:
        """What active subscriptions by this way want, and how many want it."""

    def find_subscription(self, index: str) -> Subscription | None:
        """The active one whose address has this index."""

    def choose(self, subscription: str, choices: Choices, now: datetime) -> bool:
        """Other choices from now on; false when it is not active. What is queued already stays queued."""

    def end(self, subscription: str, reason: EndReason, now: datetime) -> bool:
        """End a subscription, erase its address and interest, and cancel what is queued. Idempotent."""

    def suppress(self, mailbox: str, reason: EndReason, now: datetime) -> None:
        """Never write to this mailbox again unless its owner signs up by another way."""

    def ask_management(
        self, subscription: str, now: datetime, rule: Callable[[AddressHistory], SignupRuling]
    ) -> None:
        """Queue the letter with a link to one's choices, as far as `rule` allows."""

    def note_bounce(self, subscription: str, day: str) -> int:
        """Remember a hard bounce of this day (ISO); on how many different days there were some that count.

        See `watcher.core.bounces.counting`; 0 when no such subscription is active.
        """

    def sealed(self) -> int:
        """How many active subscriptions have an address that only the key opens."""

    def flow(self, now: datetime) -> Flow:
        """How many come and go."""

    def erase_expired(self, now: datetime) -> None:
        """Forget sign-ups that nobody confirmed, histories that count no more, and contents nobody needs."""


class OutboxStore(Protocol):
    """What waits to be sent. Each method is one transaction."""

    def compose(self, now: datetime, way: Way, limit: int) -> int:
        """Make messages of due deliveries to active subscriptions of this way; how many were made or grew.

        Mail: everything that is due for one subscriber goes into one message; what was deferred and never
        left us is written anew. Digest subscribers get one message for the last run that has closed; what
        comes once that has left is for the next run. Web-hooks and chats: one message for each alert.
        """

    def tell_problems(
        self, now: datetime, write: Callable[[Sequence[Noted]], Written | None], maintainers: int
    ) -> bool:
        """Queue a letter to each maintainer about what `write` chooses of the problems it is given.

        See `problem_news.news` about these. `write` is not asked within an hour of the last letter, nor while
        one waits. What was told is not told again. False when nothing was queued.
        """

    def claim_messages(
        self,
        way: Way,
        owner: str,
        now: datetime,
        until: datetime,
        limit: int,
        only: MessageKind | None = None,
    ) -> Sequence[Claimed]:
        """Lease due messages whose subscription is still active, the first due first; others are cancelled.

        `only` those of one kind, where it is named.
        """

    def settle(self, message: str, settlement: Settlement, now: datetime, then: str | None = None) -> bool:
        """Write down what became of a message and end its lease.

        Whether `then`, the message to be sent next, is still wanted: asked in the same transaction, so that
        whoever unsubscribed a moment ago gets nothing.
        """

    def wanted(self, message: str) -> bool:
        """Whether a claimed message is still to be sent."""

    def release_messages(self, owner: str) -> None:
        """Give back what was claimed and not tried; it stays as it was before."""

    def keep_content(self, content: str, body: bytes, messages: Sequence[str]) -> None:
        """Freeze what these messages say, before the first of them is sent."""

    def content(self, content: str) -> bytes | None: ...

    def digest_run(self, run: DigestRun) -> DigestRun:
        """Find or create: the run as it was first written."""

    def told(self, alerts: Sequence[str]) -> Mapping[str, Alert]: ...

    def counted(self, since: datetime | None = None) -> Mapping[tuple[Way, DeliveryState], int]:
        """How many messages are in each state, and deliveries without a message as `queued`.

        `since`: of those that were accepted, only the ones that were since then, itself included.
        """

    def accepted_before(self, moment: datetime) -> Mapping[Way, int]:
        """How many messages: with those of `counted` since the same moment, all of them."""

    def took_since(self, subscription: str, since: datetime) -> bool:
        """Whether a message for this subscription was accepted since then."""

    def lease_owners(self) -> set[str]:
        """Everybody who holds a message, dead processes included."""

    def doubts(self) -> Mapping[Way, int]:
        """How many attempts ended without an answer: at most as many copies arrived twice."""

    def held(self) -> str:
        """Why nothing is sent at all, of which somebody must say that it is over; "" when there is nothing."""

    def suspend(self, why: str, now: datetime) -> None:
        """Let nothing be sent before `resume`."""

    def resume(self, now: datetime) -> bool:
        """Let things be sent again; false when nothing held them."""

    def oldest_due(self, way: Way) -> datetime | None:
        """When the first of those that still wait was due."""

    def messages(self, *, state: DeliveryState | None = None, limit: int = 100) -> Sequence[Message]: ...

    def replay(self, message: str, now: datetime) -> bool:
        """Queue a message that was given up or shunted again, under its id; false when it is not one."""

    def deliveries(
        self, alert: str | None = None, *, subscription: str | None = None
    ) -> Sequence[Delivery]: ...


class Sender(Protocol):
    """One way out."""

    @property
    def way(self) -> Way: ...

    def open(self) -> AbstractContextManager[Send]:
        """A connection for many messages. Raises `SenderDown` when there is none to be had."""


class Send(Protocol):
    def __call__(self, claimed: Claimed, content: bytes) -> Attempt:
        """Try once. Everything that the other side may do is a fate; what it raises is our own fault."""


class Renderer(Protocol):
    """Puts alerts into the form that one way out sends; pure."""

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        """Bytes that hold nothing of the recipient: equal for all who get the same."""


class SenderDown(Exception):  # noqa: N818  # a state of things, nobody's mistake
    """A way out cannot be used now; says why, in a word for maintainers."""


class VaultError(Exception):
    """An address cannot be read: it was sealed for somebody else, or with a key that is lost."""

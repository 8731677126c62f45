"""Sign-ups and subscriptions in memory, and a place to subscribe at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core.outbox import Delivery, MessageKind
from watcher.core.ports_outgoing import OutboxStore, SubscriptionStore
from watcher.core.subscriptions import (
    AddressHistory,
    Choices,
    EndReason,
    Interest,
    Recipient,
    Signup,
    SignupRuling,
    SignupState,
    Subscription,
    Way,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Letter:
    """A message that was queued for somebody."""

    kind: MessageKind
    about: str
    mailbox: str
    due_at: datetime


@dataclass
class MemorySubscriptions(SubscriptionStore):
    asked: dict[str, Signup] = field(default_factory=dict)
    states: dict[str, SignupState] = field(default_factory=dict)
    histories: dict[str, AddressHistory] = field(default_factory=dict)
    known: dict[str, Subscription] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)

    def ask(self, signup: Signup) -> None:
        self.asked[signup.id] = signup
        self.states[signup.id] = SignupState.ASKED

    def judge_signups(
        self, now: datetime, rule: Callable[[Signup, AddressHistory, int], SignupRuling], limit: int
    ) -> int:
        waiting = [one for one in self.asked.values() if self.states[one.id] is SignupState.ASKED][:limit]
        for one in waiting:
            letters = [x for x in self.letters if x.kind is MessageKind.CONFIRMATION]
            booked = sum(letter.due_at > now - HOUR for letter in letters)
            ruling = rule(one, self.history(one.recipient.mailbox, now), booked)
            self.histories[one.recipient.mailbox] = ruling.history
            self.states[one.id] = SignupState.MAILED if ruling.allowed else SignupState.SILENCED
            if ruling.allowed:
                self._queue(MessageKind.CONFIRMATION, one.id, one.recipient.mailbox, ruling.due_at)
        return len(waiting)

    def confirm(self, signup: str, subscription: str, now: datetime) -> Subscription | None:
        one = self.signup(signup)
        if one is None:
            return None
        self.states[signup] = SignupState.CONFIRMED
        held = self.find_subscription(one.recipient.index)
        made = (
            replace(held, choices=one.choices, confirmed_at=now, consent=one.consent)
            if held
            else Subscription(
                subscription, one.way, one.recipient, one.choices, now, one.asked_at, one.consent
            )
        )
        self.known[made.id] = made
        return made

    def signup(self, signup: str) -> Signup | None:
        return self.asked.get(signup) if self.states.get(signup) is SignupState.MAILED else None

    def reseal(self, signup: str, recipient: Recipient) -> None:
        self.asked[signup] = replace(self.asked[signup], recipient=recipient)

    def signups(self, index: str) -> Sequence[Signup]:
        return [one for one in self.asked.values() if one.recipient.index == index]

    def forget_signups(self, index: str) -> None:
        for one in self.signups(index):
            del self.asked[one.id]

    def history(self, mailbox: str, now: datetime) -> AddressHistory:
        return self.histories.get(mailbox, AddressHistory())

    def subscription(self, subscription: str) -> Subscription | None:
        return self.known.get(subscription)

    def subscriptions(self, *, ended: bool = False) -> Sequence[Subscription]:
        return [one for one in self.known.values() if ended or one.active]

    def some_subscriptions(self, limit: int) -> Sequence[Subscription]:
        return sorted(self.subscriptions(), key=lambda one: one.id)[:limit]

    def wishes(self, way: Way) -> Mapping[Choices, int]:
        return Counter(one.choices for one in self.subscriptions() if one.way is way)

    def find_subscription(self, index: str) -> Subscription | None:
        return next((one for one in self.subscriptions() if one.recipient.index == index), None)

    def choose(self, subscription: str, choices: Choices, now: datetime) -> bool:
        held = self.known.get(subscription)
        if held is None or not held.active:
            return False
        self.known[subscription] = replace(held, choices=choices)
        return True

    def end(self, subscription: str, reason: EndReason, now: datetime) -> bool:
        held = self.known.get(subscription)
        if held is None or not held.active:
            return False
        nobody, nothing = Recipient(b"", "", ""), replace(held.choices, interest=Interest())
        self.known[subscription] = replace(
            held, recipient=nobody, choices=nothing, ended_at=now, ended_reason=reason
        )
        return True

    def suppress(self, mailbox: str, reason: EndReason, now: datetime) -> None:
        self.histories[mailbox] = replace(self.history(mailbox, now), suppressed=True)

    def ask_management(
        self, subscription: str, now: datetime, rule: Callable[[AddressHistory], SignupRuling]
    ) -> None:
        held = self.known.get(subscription)
        if held is None or not held.active:
            return
        ruling = rule(self.history(held.recipient.mailbox, now))
        self.histories[held.recipient.mailbox] = ruling.history
        if ruling.allowed:
            self._queue(MessageKind.MANAGEMENT, subscription, held.recipient.mailbox, ruling.due_at)

    def _queue(self, kind: MessageKind, about: str, mailbox: str, due_at: datetime) -> None:
        self.letters.append(Letter(kind, about, mailbox, due_at))


@dataclass
class MemoryOutbox(OutboxStore):
    """Nothing waits in it."""

    def deliveries(self, alert: str | None = None, *, subscription: str | None = None) -> Sequence[Delivery]:
        return []

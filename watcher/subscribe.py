"""Signing up, confirming, choosing, leaving: what the owner of an address can do, and what is told to nobody else."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from watcher.core.choices_form import filled
from watcher.core.ports import Clock
from watcher.core.ports_outgoing import OutboxStore, Purpose, SubscriptionStore, Vault, VaultError
from watcher.core.signups import FORM_FOR, rule, rule_management
from watcher.core.subscriptions import Choices, EndReason, Recipient, Signup, Subscription, Way

AT_ONCE = 500  # sign-ups decided in one go
_FORM = "subscribe"


def _random_id() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What the pages do for people. Links that are forged, expired or for something else lead to nothing."""

    store: SubscriptionStore
    outbox: OutboxStore
    vault: Vault
    clock: Clock
    open: bool = True  # sign-ups are taken: mail can be sent; links in old mails work in any case
    new_id: Callable[[], str] = _random_id

    def form(self) -> str:
        """What a form must send back."""
        return self.vault.token(Purpose.FORM, _FORM, self.clock.now() + FORM_FOR)

    def is_form(self, token: str) -> bool:
        return self.vault.subject(Purpose.FORM, token, self.clock.now()) == _FORM

    def ask(self, address: str, choices: Choices, consent: str) -> None:
        """Keep a sign-up; what becomes of it is decided later, so that it takes the same time for everybody."""
        id_ = self.new_id()
        recipient = self.vault.seal(address, id_)
        self.store.ask(Signup(id_, Way.MAIL, recipient, choices, self.clock.now(), consent))

    def signup(self, purpose: Purpose, token: str) -> Signup | None:
        """The sign-up that a link of its confirmation speaks of, as long as it waits."""
        id_ = self.vault.subject(purpose, token, self.clock.now())
        return self.store.signup(id_) if id_ else None

    def confirm(self, token: str) -> Subscription | None:
        """The subscription that a confirmed sign-up becomes; `None` when it does not wait for this any more."""
        signup = self.signup(Purpose.CONFIRM, token)
        if signup is None:
            return None
        subscription = _subscription_of(signup.id)
        sealed = self.vault.seal(self._address(signup, subscription), subscription)
        self.store.reseal(signup.id, sealed)
        return self.store.confirm(signup.id, subscription, self.clock.now())

    def never(self, token: str) -> bool:
        """Whoever got a confirmation never wants to hear of us; false when the sign-up is gone."""
        signup = self.signup(Purpose.NEVER, token)
        if signup is None:
            return False
        now = self.clock.now()
        self.store.suppress(signup.recipient.mailbox, EndReason.NEVER, now)
        known = self.store.find_subscription(signup.recipient.index)
        if known:
            self.store.end(known.id, EndReason.NEVER, now)
        return True

    def subject(self, purpose: Purpose, token: str) -> str | None:
        """The id of the subscription that a link speaks of."""
        return self.vault.subject(purpose, token, self.clock.now())

    def subscription(self, purpose: Purpose, token: str) -> Subscription | None:
        """That subscription, as long as it is active."""
        id_ = self.subject(purpose, token)
        found = self.store.subscription(id_) if id_ else None
        return found if found and found.active else None

    def leave(self, purpose: Purpose, token: str, reason: EndReason) -> bool:
        """End the subscription that a link speaks of, again if need be; false for a link that leads to none."""
        id_ = self.subject(purpose, token)
        if id_:
            self.store.end(id_, reason, self.clock.now())
        return id_ is not None

    def ask_management(self, token: str) -> bool:
        """Send a link to one's choices by mail, to whoever holds a link to leave; false for one that leads to none."""
        found = self.subscription(Purpose.UNSUBSCRIBE, token)
        if found and found.way is Way.MAIL:
            now = self.clock.now()
            self.store.ask_management(found.id, now, partial(rule_management, now))
        return self.subject(Purpose.UNSUBSCRIBE, token) is not None

    def choose(self, token: str, choices: Choices) -> bool:
        id_ = self.subject(Purpose.MANAGE, token)
        return id_ is not None and self.store.choose(id_, choices, self.clock.now())

    def address(self, subscription: Subscription) -> str:
        return self.vault.open(subscription.recipient, subscription.id)

    def data(self, subscription: Subscription) -> Mapping[str, object]:
        """All that is kept of its owner, fit for JSON."""
        records = Records(self.store, self.outbox, self.vault)
        return records.told(subscription.id, self.clock.now()) or {}

    def _address(self, signup: Signup, subscription: str) -> str:
        """An earlier try may have sealed it for the subscription, and then been cut short."""
        try:
            return self.vault.open(signup.recipient, signup.id)
        except VaultError:
            return self.vault.open(signup.recipient, subscription)


def judge(store: SubscriptionStore, now: datetime) -> int:
    """Decide which sign-ups get their confirmation; how many were decided."""
    return store.judge_signups(now, partial(rule, now), AT_ONCE)


@dataclass(frozen=True, slots=True)
class Records:
    """What a maintainer can look up for the person behind an address, who has a right to it."""

    store: SubscriptionStore
    outbox: OutboxStore
    vault: Vault

    def find(self, who: str) -> Subscription | None:
        """By id, or by address while the subscription is active."""
        found = self.store.subscription(who)
        return found or self.store.find_subscription(self._known_as(who).index)

    def told(self, who: str, now: datetime) -> Mapping[str, object] | None:
        """All that is kept of one person, fit for JSON; `None` when it is nothing."""
        subscription = self.find(who)
        known_as = subscription.recipient if subscription and subscription.active else self._known_as(who)
        signups = self.store.signups(known_as.index)
        history = self.store.history(known_as.mailbox, now)
        if not (subscription or signups or history.mailed_at or history.suppressed or history.silent_until):
            return None
        deliveries = self.outbox.deliveries(subscription=subscription.id) if subscription else ()
        return {
            "subscription": subscription and told(subscription, self._opened(subscription)),
            "signups": [
                {"asked_at": one.asked_at.isoformat(), "consent": one.consent, **_chosen(one.choices)}
                for one in signups
            ],
            "letters": [at.isoformat() for at in history.mailed_at],
            "silent_until": history.silent_until and history.silent_until.isoformat(),
            "never": history.suppressed,
            "alerts": [
                {"alert": one.alert, "due_at": one.due_at.isoformat(), "state": str(one.state)}
                for one in deliveries
            ],
        }

    def erase(self, who: str, now: datetime) -> bool:
        """End the subscription and forget the sign-ups; false when there is neither."""
        subscription = self.find(who)
        known_as = subscription.recipient if subscription and subscription.active else self._known_as(who)
        signups = self.store.signups(known_as.index)
        self.store.forget_signups(known_as.index)
        if subscription and subscription.active:
            self.store.end(subscription.id, EndReason.ERASED, now)
        return bool(subscription or signups)

    def _known_as(self, who: str) -> Recipient:
        return self.vault.seal(who, "")

    def _opened(self, subscription: Subscription) -> str:
        return self.vault.open(subscription.recipient, subscription.id) if subscription.active else ""


def told(subscription: Subscription, address: str) -> Mapping[str, object]:
    """A subscription as its owner is told of it, fit for JSON; no address when it is erased, no secret ever."""
    ended = subscription.ended_at
    return {
        "id": subscription.id,
        "way": str(subscription.way),
        "address": address.partition("\n")[0] or None,  # a web-hook's secret is the next line
        "asked_at": subscription.asked_at.isoformat(),
        "confirmed_at": subscription.confirmed_at.isoformat(),
        "consent": subscription.consent,
        "ended_at": ended and ended.isoformat(),
        "ended_reason": subscription.ended_reason and str(subscription.ended_reason),
        **(_chosen(subscription.choices) if subscription.active else {}),
    }


def _chosen(choices: Choices) -> Mapping[str, object]:
    return {"choices": {field: list(map(str, values)) for field, values in filled(choices).items()}}


def _subscription_of(signup: str) -> str:
    """The id of what a sign-up becomes: the same in each try, so that one that was cut short is no harm."""
    return hashlib.sha256(f"subscription of {signup}".encode()).hexdigest()[:32]

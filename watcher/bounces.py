"""What comes back of our mails, and what it does to subscriptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from watcher.core.bounces import Report, Returned
from watcher.core.ports_outgoing import Purpose, SubscriptionStore
from watcher.core.subscriptions import EndReason, Subscription

DAYS = 3  # different ones, on which an address took nothing


class Outcome(StrEnum):
    NOTED = "noted"
    ENDED = "ended"
    PASSING = "passing"  # nothing that counts against an address
    STRANGER = "stranger"  # a token that is not ours, or of somebody who is gone
    OTHER = "other"  # no report


@dataclass(frozen=True, slots=True)
class Taken:
    outcome: Outcome
    kind: Returned
    status: str = ""


@dataclass(frozen=True, slots=True)
class BounceDesk:
    """`read` understands a mail, `subject` tells whom a token speaks of: the vault's."""

    read: Callable[[bytes], Report]
    store: SubscriptionStore
    subject: Callable[[Purpose, str, datetime], str | None]

    def take(self, mail: bytes, now: datetime) -> Taken:
        """Believes nothing but the token; the same mail twice in a day counts once."""
        report = self.read(mail)
        if report.kind is Returned.OTHER:
            return Taken(Outcome.OTHER, report.kind)
        if report.kind is Returned.PASSING:
            return Taken(Outcome.PASSING, report.kind, report.status)
        subscription = self._of(report, now)
        if subscription is None:
            return Taken(Outcome.STRANGER, report.kind, report.status)
        return Taken(self._settle(report.kind, subscription, now), report.kind, report.status)

    def _of(self, report: Report, now: datetime) -> Subscription | None:
        purpose = Purpose.UNSUBSCRIBE if report.kind is Returned.UNSUBSCRIBE else Purpose.BOUNCE
        for token in report.tokens:
            name = self.subject(purpose, token, now)
            found = self.store.subscription(name) if name else None
            if found is not None and found.active:
                return found
        return None

    def _settle(self, kind: Returned, subscription: Subscription, now: datetime) -> Outcome:
        if kind is Returned.HARD:
            day = now.astimezone(UTC).date().isoformat()
            if self.store.note_bounce(subscription.id, day) < DAYS:
                return Outcome.NOTED
            self.store.end(subscription.id, EndReason.BOUNCED, now)
        elif kind is Returned.COMPLAINT:
            self.store.suppress(subscription.recipient.mailbox, EndReason.COMPLAINED, now)
            self.store.end(subscription.id, EndReason.COMPLAINED, now)
        else:
            self.store.end(subscription.id, EndReason.UNSUBSCRIBED, now)
        return Outcome.ENDED

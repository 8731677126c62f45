"""Sign-ups and subscriptions, as use cases see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine

from storage import compose, contents, mailboxes, messages, signups, subscriptions
from storage.dialect import alone
from storage.engine import forget_overwritten, reading, retried, writing
from watcher.core.alarms import USUAL, Flow
from watcher.core.outbox import Message, MessageKind
from watcher.core.subscriptions import (
    AddressHistory,
    Choices,
    EndReason,
    Recipient,
    Signup,
    SignupRuling,
    SignupState,
    Subscription,
    Way,
)

_LOCK = 0x56494753  # of PostgreSQL's advisory locks


class SqlSubscriptions:
    """A `SubscriptionStore` on a database whose schema is today's. Threads may share it; every method is
    one transaction and raises `StorageError` when the database fails it. `on_asked` is called with the driver's
    own connection inside the transaction of whatever is answered by mail.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.on_asked: Callable[[object], None] | None = None

    def ask(self, signup: Signup) -> None:
        with writing(self._engine) as connection:
            signups.add(connection, signup)
            self._asked(connection)

    @retried
    def judge_signups(
        self, now: datetime, rule: Callable[[Signup, AddressHistory, int], SignupRuling], limit: int
    ) -> int:
        with self._alone() as connection:
            waiting = signups.waiting(connection, limit)
            booked = signups.booked(connection, now)
            for signup in waiting:
                mailbox = signup.recipient.mailbox
                ruling = rule(signup, mailboxes.history(connection, mailbox, now), booked)
                mailboxes.remember(connection, mailbox, ruling.history)
                booked += _follow(connection, signup, ruling, now)
        return len(waiting)

    @retried
    def confirm(self, signup: str, subscription: str, now: datetime) -> Subscription | None:
        """What an older subscription is given is the new choices and consent, not the new sealed address."""
        with self._alone() as connection:
            asked = signups.mailed(connection, signup, lock=True)
            if asked is None:
                return None
            signups.close(connection, signup, SignupState.CONFIRMED, now)
            new = _subscription(asked, subscription, now)
            if subscriptions.add(connection, new):
                return new
            return subscriptions.renew(connection, asked, now)

    def add(self, subscription: Subscription) -> bool:
        with writing(self._engine) as connection:
            return subscriptions.add(connection, subscription)

    def signup(self, signup: str) -> Signup | None:
        with reading(self._engine) as connection:
            return signups.mailed(connection, signup)

    def reseal(self, signup: str, recipient: Recipient) -> None:
        with self._alone() as connection:
            signups.reseal(connection, signup, recipient)

    def signups(self, index: str) -> Sequence[Signup]:
        with reading(self._engine) as connection:
            return signups.of_address(connection, index)

    @retried
    def forget_signups(self, index: str) -> None:
        with self._alone() as connection:
            signups.forget(connection, index)

    def history(self, mailbox: str, now: datetime) -> AddressHistory:
        with reading(self._engine) as connection:
            return mailboxes.history(connection, mailbox, now)

    def subscription(self, subscription: str) -> Subscription | None:
        with reading(self._engine) as connection:
            return subscriptions.read(connection, subscription)

    def subscriptions(self, *, ended: bool = False) -> Sequence[Subscription]:
        with reading(self._engine) as connection:
            return subscriptions.read_all(connection, ended=ended)

    def some_subscriptions(self, limit: int) -> Sequence[Subscription]:
        with reading(self._engine) as connection:
            return subscriptions.some(connection, limit)

    def wishes(self, way: Way) -> Mapping[Choices, int]:
        with reading(self._engine) as connection:
            return subscriptions.wishes(connection, way)

    def find_subscription(self, index: str) -> Subscription | None:
        with reading(self._engine) as connection:
            return subscriptions.find(connection, index)

    def choose(self, subscription: str, choices: Choices, now: datetime) -> bool:
        with self._alone() as connection:
            return subscriptions.choose(connection, subscription, choices, now)

    @retried
    def end(self, subscription: str, reason: EndReason, now: datetime) -> bool:
        """True when it was active until now. Sign-ups that wait for the same address are forgotten too."""
        with self._alone() as connection:
            before = subscriptions.lock(connection, subscription)
            if before is None or not before.active:
                return False
            subscriptions.end(connection, subscription, reason, now)
            signups.forget(connection, before.recipient.index)
            messages.cancel(connection, subscription, now)
            compose.bury(connection, subscription, before.way, now)
        return True

    @retried
    def suppress(self, mailbox: str, reason: EndReason, now: datetime) -> None:
        """Sign-ups that wait for its owner are silenced."""
        with self._alone() as connection:
            mailboxes.suppress(connection, mailbox, reason, now)
            signups.silence(connection, mailbox, now)

    def ask_management(
        self, subscription: str, now: datetime, rule: Callable[[AddressHistory], SignupRuling]
    ) -> None:
        with self._alone() as connection:
            known = subscriptions.read(connection, subscription)
            if known is None or not known.active:
                return
            mailbox = known.recipient.mailbox
            ruling = rule(mailboxes.history(connection, mailbox, now))
            mailboxes.remember(connection, mailbox, ruling.history)
            if ruling.allowed:
                messages.add(connection, [_management(known, now, ruling.due_at)])
                self._asked(connection)

    @retried
    def note_bounce(self, subscription: str, day: str) -> int:
        """0 when no such subscription is active."""
        with writing(self._engine) as connection:
            known = subscriptions.lock(connection, subscription)
            if known is None or not known.active:
                return 0
            return subscriptions.note_bounce(connection, subscription, day)

    def sealed(self) -> int:
        with reading(self._engine) as connection:
            return subscriptions.count(connection)

    def flow(self, now: datetime) -> Flow:
        with reading(self._engine) as connection:
            left, before = subscriptions.left(connection, now)
            return Flow(signups.asked(connection, now), left, before / USUAL.days)

    @retried
    def erase_expired(self, now: datetime) -> None:
        with self._alone() as connection:
            signups.erase_expired(connection, now)
            mailboxes.erase_expired(connection, now)
            subscriptions.erase_expired(connection, now)
        with writing(self._engine) as connection:
            contents.erase_expired(connection, now)
        forget_overwritten(self._engine)

    def _asked(self, connection: Connection) -> None:
        if self.on_asked is not None:
            self.on_asked(connection.connection.driver_connection)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """Whoever decides on somebody knows what was decided before, and waits for nobody who waits for them."""
        with writing(self._engine) as connection:
            alone(connection, _LOCK)
            yield connection


def _follow(connection: Connection, signup: Signup, ruling: SignupRuling, now: datetime) -> int:
    """How many confirmations were queued."""
    if not ruling.allowed:
        signups.close(connection, signup.id, SignupState.SILENCED, now)
        return 0
    signups.mail(connection, signup, now, ruling.due_at)
    return 1


def _subscription(signup: Signup, name: str, now: datetime) -> Subscription:
    return Subscription(
        id=name,
        way=signup.way,
        recipient=signup.recipient,
        choices=signup.choices,
        confirmed_at=now,
        asked_at=signup.asked_at,
        consent=signup.consent,
    )


def _management(subscription: Subscription, now: datetime, due_at: datetime) -> Message:
    return Message(
        id=messages.message_id(MessageKind.MANAGEMENT, subscription.id, now.isoformat()),
        kind=MessageKind.MANAGEMENT,
        way=subscription.way,
        about=subscription.id,
        alerts=(),
        run=None,
        created_at=now,
        due_at=due_at,
    )

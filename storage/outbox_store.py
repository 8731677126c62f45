"""What waits to be sent, as the worker that sends it sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from storage import (
    alerts,
    answers,
    compose,
    contents,
    holding,
    messages,
    outbox,
    problem_news,
    signups,
    subscriptions,
    tallies,
)
from storage.engine import believing, reading, retried, writing
from storage.reconcile import gaps
from storage.settling import Settling
from watcher.core.alerts import Alert
from watcher.core.outbox import (
    Claimed,
    Delivery,
    DeliveryState,
    DigestRun,
    Message,
    MessageKind,
    Settlement,
)
from watcher.core.problem_news import Noted, Written, as_recipient, staff_number
from watcher.core.reconcile import Gap
from watcher.core.subscriptions import Signup, Subscription, Way


class SqlOutbox:
    """An `OutboxStore` on a database whose schema is today's. Threads may share it; every method is one
    transaction and raises `StorageError` when the database fails it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settling = Settling(engine)

    @retried
    def compose(self, now: datetime, way: Way, limit: int) -> int:
        """At most for `limit` subscribers, and for fewer when much is due; 0 only when nothing is any more."""
        with writing(self._engine) as connection, believing(self._engine):
            return compose.compose(connection, now, way, limit)

    def tell_problems(
        self, now: datetime, write: Callable[[Sequence[Noted]], Written | None], maintainers: int
    ) -> bool:
        with writing(self._engine) as connection:
            return problem_news.tell(connection, now, write, maintainers)

    @retried
    def claim_messages(
        self,
        way: Way,
        owner: str,
        now: datetime,
        until: datetime,
        limit: int,
        only: MessageKind | None = None,
    ) -> Sequence[Claimed]:
        with writing(self._engine) as connection, believing(self._engine):
            claimed = messages.claim(connection, way, owner, now, until, limit, only)
            whom = _whom(connection, claimed)
            messages.cancel_these(connection, [m.id for m in claimed if m.about not in whom], now)
            first = answers.answered(connection, claimed)
            return [Claimed(m, whom[m.about], first.get(m.id)) for m in claimed if m.about in whom]

    @retried
    def settle(self, message: str, settlement: Settlement, now: datetime, then: str | None = None) -> bool:
        """False also when `then` is not leased any more by whoever held `message`."""
        return self._settling.settle(message, settlement, now, then)

    def wanted(self, message: str) -> bool:
        with reading(self._engine) as connection:
            return messages.wanted(connection, message)

    @retried
    def release_messages(self, owner: str) -> None:
        with writing(self._engine) as connection:
            messages.release(connection, owner)

    @retried
    def disown_messages(self, owner: str) -> None:
        """Free what a dead process held, so that it is taken up at once, by whoever claims next."""
        with writing(self._engine) as connection:
            messages.disown(connection, owner)

    @retried
    def keep_content(self, content: str, body: bytes, messages: Sequence[str]) -> None:
        with writing(self._engine) as connection:
            contents.keep(connection, content, body, messages)

    def content(self, content: str) -> bytes | None:
        with reading(self._engine) as connection:
            return contents.read(connection, content)

    def digest_run(self, run: DigestRun) -> DigestRun:
        with writing(self._engine) as connection:
            return contents.digest_run(connection, run)

    def told(self, alerts_: Sequence[str]) -> Mapping[str, Alert]:
        with reading(self._engine) as connection:
            return alerts.read_these(connection, alerts_)

    def counted(self, since: datetime | None = None) -> Mapping[tuple[Way, DeliveryState], int]:
        with reading(self._engine) as connection:
            found = tallies.counted_since(connection, since) if since else tallies.counted(connection)
            counted = dict(found)
            for way, number in outbox.unsent(connection).items():
                queued = (way, DeliveryState.QUEUED)
                counted[queued] = counted.get(queued, 0) + number
        return counted

    def accepted_before(self, moment: datetime) -> Mapping[Way, int]:
        with reading(self._engine) as connection:
            return tallies.accepted_before(connection, moment)

    def doubts(self) -> Mapping[Way, int]:
        with reading(self._engine) as connection:
            return tallies.doubts(connection)

    def took_since(self, subscription: str, since: datetime) -> bool:
        with reading(self._engine) as connection:
            return messages.took_since(connection, subscription, since)

    def held(self) -> str:
        with reading(self._engine) as connection:
            return holding.held(connection)

    @retried
    def notice_elsewhere(self, now: datetime) -> bool:
        """Hold everything back when this database was copied or restored by a tool of its server."""
        with reading(self._engine) as connection:
            if holding.at_home(connection):
                return False
        with writing(self._engine) as connection:
            return holding.notice_elsewhere(connection, now)

    def suspend(self, why: str, now: datetime) -> None:
        with writing(self._engine) as connection:
            holding.hold(connection, why, now)

    def resume(self, now: datetime) -> bool:
        with writing(self._engine) as connection:
            return holding.release(connection, now)

    def lease_owners(self) -> set[str]:
        with reading(self._engine) as connection:
            return messages.owners(connection)

    def oldest_due(self, way: Way) -> datetime | None:
        with reading(self._engine) as connection:
            first = [messages.first_due(connection, way), outbox.first_due(connection, way)]
        return min((due for due in first if due), default=None)

    def messages(self, *, state: DeliveryState | None = None, limit: int = 100) -> Sequence[Message]:
        """The last due first."""
        with reading(self._engine) as connection:
            return messages.read_some(connection, state, limit)

    def replay(self, message: str, now: datetime) -> bool:
        """Its attempts begin anew. False too when whom it went to is gone."""
        with writing(self._engine) as connection:
            known = messages.read(connection, message)
            if known is None or known.about not in _whom(connection, [known]):
                return False
            return messages.replay(connection, message, now)

    def gaps(self, since: datetime, until: datetime) -> Sequence[Gap]:
        """See `reconcile.gaps`."""
        return gaps(self._engine, since, until)

    def deliveries(self, alert: str | None = None, *, subscription: str | None = None) -> Sequence[Delivery]:
        """The first due first."""
        with reading(self._engine) as connection:
            return outbox.read(connection, alert, subscription)


def _whom(connection: Connection, sent: Sequence[Message]) -> Mapping[str, Subscription]:
    """By id whom these are about: active subscriptions, sign-ups that wait for an answer, and maintainers."""
    ids = list({message.about for message in sent})
    if not ids:
        return {}
    known = subscriptions.read_these(connection, ids)
    found = {name: one for name, one in known.items() if one.active}
    rest = [name for name in ids if name not in known]
    if rest:
        asked = signups.mailed_these(connection, rest)
        found |= {name: _to_become(signup) for name, signup in asked.items()}
        at = {message.about: message.created_at for message in sent}
        found |= {name: as_recipient(name, at[name]) for name in rest if staff_number(name) is not None}
    return found


def _to_become(signup: Signup) -> Subscription:
    """It keeps the id for which its address is sealed."""
    return Subscription(
        id=signup.id,
        way=signup.way,
        recipient=signup.recipient,
        choices=signup.choices,
        confirmed_at=signup.asked_at,
        asked_at=signup.asked_at,
        consent=signup.consent,
    )

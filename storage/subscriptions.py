"""Who wants alerts: the rows of those who confirmed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from storage import recipients
from storage.columns import AnyRow, instant
from storage.dialect import ask, insert_new, marks
from storage.tables import bounces, deliveries, messages, subscriptions
from watcher.core.alarms import USUAL
from watcher.core.bounces import REMEMBERED, counting
from watcher.core.outbox import DeliveryState
from watcher.core.subscriptions import Choices, EndReason, Signup, Subscription, Way

_this = subscriptions.c.id == bindparam("subscription")
_is_active = subscriptions.c.ended_at.is_(None)
_has_address = (subscriptions.c.address_index == bindparam("address"), _is_active)

_ALL = select(subscriptions).order_by(subscriptions.c.confirmed_at, subscriptions.c.id)
_SOME = select(subscriptions).where(_is_active).order_by(subscriptions.c.id).limit(bindparam("limit"))
_WISHES = (
    select(subscriptions.c.choices, func.count().label("number"))
    .where(_is_active, subscriptions.c.way == bindparam("by"))
    .group_by(subscriptions.c.choices)
    .order_by(subscriptions.c.choices)
)
_ONE = select(subscriptions).where(_this)
_THESE = """
    SELECT id, way, sealed, address_index, mailbox, choices, confirmed_at, asked_at, consent, ended_at,
        ended_reason
    FROM subscriptions WHERE id IN (%s)
"""
_FOUND = select(subscriptions).where(*_has_address).order_by(subscriptions.c.way).limit(1)
_RENEW = (
    update(subscriptions)
    .where(*_has_address, subscriptions.c.way == bindparam("by"))
    .values(
        choices=bindparam("chosen"),
        confirmed_at=bindparam("now"),
        chosen_at=bindparam("now"),
        asked_at=bindparam("asked"),
        consent=bindparam("agreed"),
    )
    .returning(subscriptions)
)
_CHOOSE = (
    update(subscriptions)
    .where(_this, _is_active)
    .values(choices=bindparam("chosen"), chosen_at=bindparam("now"))
)
_END = (
    update(subscriptions)
    .where(_this, _is_active)
    .values(ended_at=bindparam("now"), ended_reason=bindparam("reason"), **recipients.NOTHING)
)
_COUNT = select(func.count()).where(_is_active)
_OWN_WISH = (EndReason.UNSUBSCRIBED, EndReason.ONE_CLICK, EndReason.NEVER)
_LEFT = select(func.count()).where(
    subscriptions.c.ended_reason.in_([reason.value for reason in _OWN_WISH]),
    subscriptions.c.ended_at > bindparam("since"),
    subscriptions.c.ended_at <= bindparam("until"),
)
_BOUNCES = select(bounces.c.day).where(bounces.c.subscription == bindparam("subscription"))
_TAKEN = (
    select(messages.c.settled_at)
    .where(messages.c.state == DeliveryState.ACCEPTED.value)
    .where(
        messages.c.id.in_(
            select(deliveries.c.message).where(deliveries.c.subscription == bindparam("subscription"))
        )
    )
)
_FORGET_BOUNCES = bounces.delete().where(bounces.c.subscription == bindparam("subscription"))
_OLD_BOUNCES = bounces.delete().where(bounces.c.day <= bindparam("before"))


def add(connection: Connection, subscription: Subscription) -> bool:
    """Write a new one; false when there is an active one with the same address and way, or with this id."""
    row = {
        "id": subscription.id,
        "way": subscription.way.value,
        **recipients.written(subscription.recipient, subscription.choices),
        "confirmed_at": subscription.confirmed_at,
        "asked_at": subscription.asked_at,
        "consent": subscription.consent,
        "sequence": 0,
    }
    added = connection.execute(insert_new(connection, subscriptions).returning(subscriptions.c.id), row)
    return added.first() is not None


def renew(connection: Connection, signup: Signup, now: datetime) -> Subscription | None:
    """Give the active subscription of this address the choices and consent of a newer sign-up."""
    asked = {
        "address": signup.recipient.index,
        "by": signup.way.value,
        "chosen": recipients.document(signup.choices),
        "now": now,
        "asked": signup.asked_at,
        "agreed": signup.consent,
    }
    row = connection.execute(_RENEW, asked).first()
    return _subscription(row) if row else None


def read(connection: Connection, subscription: str) -> Subscription | None:
    row = connection.execute(_ONE, {"subscription": subscription}).first()
    return _subscription(row) if row else None


def lock(connection: Connection, subscription: str) -> Subscription | None:
    """Nobody else can change it before this transaction ends."""
    row = connection.execute(_ONE.with_for_update(key_share=True), {"subscription": subscription}).first()
    return _subscription(row) if row else None


def read_these(connection: Connection, ids: Sequence[str]) -> Mapping[str, Subscription]:
    rows = ask(connection, _THESE % marks(len(ids)), ids)
    return {row.id: _subscription(row, instant) for row in rows}


def read_all(connection: Connection, *, ended: bool) -> Sequence[Subscription]:
    wanted = _ALL if ended else _ALL.where(_is_active)
    return [_subscription(row) for row in connection.execute(wanted)]


def some(connection: Connection, limit: int) -> Sequence[Subscription]:
    return [_subscription(row) for row in connection.execute(_SOME, {"limit": limit})]


def wishes(connection: Connection, way: Way) -> Mapping[Choices, int]:
    counted: Counter[Choices] = Counter()
    for row in connection.execute(_WISHES, {"by": way.value}):
        counted[recipients.choices_of(row)] += row.number
    return counted


def find(connection: Connection, index: str) -> Subscription | None:
    row = connection.execute(_FOUND, {"address": index}).first()
    return _subscription(row) if row else None


def choose(connection: Connection, subscription: str, choices: Choices, now: datetime) -> bool:
    asked = {"subscription": subscription, "chosen": recipients.document(choices), "now": now}
    return connection.execute(_CHOOSE, asked).rowcount == 1


def end(connection: Connection, subscription: str, reason: EndReason, now: datetime) -> bool:
    """Forget whose it was and what they chose; that there was one, and why it ended, is kept."""
    asked = {"subscription": subscription, "reason": reason.value, "now": now}
    ended = connection.execute(_END, asked).rowcount == 1
    forget_bounces(connection, subscription)
    return ended


def count(connection: Connection) -> int:
    """How many are active."""
    return connection.scalar(_COUNT) or 0


def left(connection: Connection, now: datetime) -> tuple[int, int]:
    """How many left by links of their own: within the last day, and in the time before that is usual."""
    day = now - timedelta(days=1)
    spans = ({"since": day, "until": now}, {"since": day - USUAL, "until": day})
    last, before = (connection.scalar(_LEFT, span) or 0 for span in spans)
    return last, before


def note_bounce(connection: Connection, subscription: str, day: str) -> int:
    """On how many days there were some that count; the others are forgotten."""
    who = {"subscription": subscription}
    bounced = {*map(date.fromisoformat, connection.scalars(_BOUNCES, who)), date.fromisoformat(day)}
    taken = {moment.date() for moment in connection.scalars(_TAKEN, who) if moment}
    counted = counting(bounced, taken, max(bounced))
    forget_bounces(connection, subscription)
    connection.execute(insert_new(connection, bounces), [who | {"day": one.isoformat()} for one in counted])
    return len(counted)


def erase_expired(connection: Connection, now: datetime) -> None:
    """Forget bounces that count no more."""
    connection.execute(_OLD_BOUNCES, {"before": (now - REMEMBERED).date().isoformat()})


def forget_bounces(connection: Connection, subscription: str) -> None:
    connection.execute(_FORGET_BOUNCES, {"subscription": subscription})


def _subscription(row: AnyRow, time: Callable[[Any], datetime] = lambda value: value) -> Subscription:
    """`time` makes a time of what stands in the row."""
    return Subscription(
        id=row.id,
        way=Way(row.way),
        recipient=recipients.recipient_of(row),
        choices=recipients.choices_of(row),
        confirmed_at=time(row.confirmed_at),
        asked_at=time(row.asked_at),
        consent=row.consent,
        ended_at=None if row.ended_at is None else time(row.ended_at),
        ended_reason=EndReason(row.ended_reason) if row.ended_reason else None,
    )

"""The promise that one subscription is told of one alert: written with the alert, kept by a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, text, update

from storage import bulk
from storage.codec import load
from storage.columns import AnyRow, moment
from storage.dialect import ask, repeat
from storage.tables import IS_UNSENT, deliveries, messages, subscriptions
from watcher.core.alerts import Alert, AlertState
from watcher.core.digests import next_due
from watcher.core.outbox import Delivery, DeliveryState
from watcher.core.publish import matches
from watcher.core.subscriptions import Cadence, Choices, Way

# From one to the next in an index: DISTINCT would read every subscription for each alert.
_WISHES = """
    WITH RECURSIVE wish(way, choices) AS (
        SELECT asked.column1, (
            SELECT min(choices) FROM subscriptions WHERE ended_at IS NULL AND way = asked.column1
        ) FROM (VALUES (?), (?), (?)) AS asked
        UNION ALL
        SELECT wish.way, (
            SELECT min(following.choices) FROM subscriptions AS following
            WHERE following.ended_at IS NULL AND following.way = wish.way AND following.choices > wish.choices
        ) FROM wish WHERE wish.choices IS NOT NULL
    )
    SELECT way, choices FROM wish WHERE choices IS NOT NULL
"""
_WAYS = tuple(way.value for way in Way)
_SUBSCRIPTIONS = select(subscriptions.c.id, subscriptions.c.way, subscriptions.c.choices).where(
    subscriptions.c.ended_at.is_(None)
)
_DELIVERIES = (
    select(deliveries, messages.c.state)
    .outerjoin(messages, messages.c.id == deliveries.c.message)
    .order_by(deliveries.c.due_at, deliveries.c.id)
)
# What was given up without doubt reached nobody.
_WERE_TOLD = (
    select(deliveries.c.subscription)
    .join(messages, messages.c.id == deliveries.c.message)
    .where(or_(messages.c.state != DeliveryState.EXPIRED.value, messages.c.ambiguous > 0))
)
_TOLD = _SUBSCRIPTIONS.where(
    subscriptions.c.id.in_(_WERE_TOLD.where(deliveries.c.alert == bindparam("alert")))
)
_WITHHOLD = delete(deliveries).where(deliveries.c.alert == bindparam("told"), deliveries.c.message.is_(None))
_WITHHOLD_FROM = _WITHHOLD.where(deliveries.c.subscription.in_(bindparam("whom", expanding=True)))
_AT_ONCE = 500
_CARRY = "UPDATE deliveries SET message = ? WHERE id = ?"
_POSTPONE = update(deliveries).where(deliveries.c.id == bindparam("delivery")).values(due_at=bindparam("due"))
_UNSENT = (
    select(deliveries.c.way, func.count().label("number")).where(text(IS_UNSENT)).group_by(deliveries.c.way)
)
_FIRST = select(func.min(deliveries.c.due_at)).where(text(IS_UNSENT), deliveries.c.way == bindparam("by"))


def cadence_of(way: Way, choices: Choices) -> Cadence:
    """A program has no morning: only mail is collected into digests."""
    return choices.cadence if way is Way.MAIL else Cadence.NOW


def queue(connection: Connection, alerts: Sequence[Alert]) -> None:
    """One delivery of each of these alerts, written by this transaction, to each subscription that wants it."""
    if not alerts:
        return
    wishes = _wishes(connection)
    for alert in alerts:
        _promise(connection, alert, wishes, alert.detected_at, fresh=True)


def queue_verified(connection: Connection, alerts: Iterable[Alert], now: datetime) -> None:
    """Tell of these, which a person verified, whoever waits for verified alerts alone."""
    wishes = [wish for wish in _wishes(connection) if wish.choices.interest.verified_only]
    for alert in alerts:
        _promise(connection, alert, wishes, now)


def queue_notice(connection: Connection, notice: Alert) -> None:
    """Tell of a notice everybody who was told of what it corrects and, unless it retracts, whoever wants it."""
    if notice.historical:
        return
    at = notice.detected_at
    for wish in _by_wish(connection.execute(_TOLD, {"alert": notice.corrects})):
        due = moment(_due(wish.way, wish.choices, at))
        bulk.promise_to(connection, notice.id, wish.way.value, wish.names, due)
    if notice.state is not AlertState.RETRACTED:
        _promise(connection, notice, _wishes(connection), at)


def withhold(connection: Connection, alert: str) -> None:
    """Do not tell of it those whom no message tells of it yet."""
    connection.execute(_WITHHOLD, {"told": alert})


def withhold_verified(connection: Connection, alert: str) -> None:
    """The same, but only those who want verified alerts alone."""
    active = _by_wish(connection.execute(_SUBSCRIPTIONS))
    careful = [n for wish in active if wish.choices.interest.verified_only for n in wish.names]
    for start in range(0, len(careful), _AT_ONCE):
        connection.execute(_WITHHOLD_FROM, {"told": alert, "whom": careful[start : start + _AT_ONCE]})


def count_told(connection: Connection, alerts: Sequence[str]) -> int:
    """How many subscriptions were told of any of these, or are about to be."""
    asked = _WERE_TOLD.where(deliveries.c.alert.in_(alerts)).with_only_columns(
        func.count(deliveries.c.subscription.distinct())
    )
    return connection.scalar(asked) or 0


@dataclass(frozen=True, slots=True)
class _Wish:
    """What some subscriptions want."""

    way: Way
    choices: Choices
    document: str  # of the choices


@dataclass(frozen=True, slots=True)
class _Told:
    way: Way
    choices: Choices
    names: list[str]  # of the subscriptions


def _wishes(connection: Connection) -> list[_Wish]:
    """What active subscriptions want: many people want the same, and each text is read once."""
    return [
        _Wish(Way(way), load(choices, Choices), choices) for way, choices in ask(connection, _WISHES, _WAYS)
    ]


def _by_wish(rows: Iterable[AnyRow]) -> list[_Told]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, way, document in rows:
        found.setdefault((way, document), []).append(name)
    return [_Told(Way(way), load(document, Choices), names) for (way, document), names in found.items()]


def _promise(
    connection: Connection, alert: Alert, wishes: Iterable[_Wish], at: datetime, *, fresh: bool = False
) -> None:
    """Nobody is told of the same twice: what was promised once stays as it is. `fresh`: of this alert nothing was."""
    wanted: dict[tuple[Way, datetime], list[str]] = {}
    for wish in wishes:
        if matches(wish.choices.interest, alert):
            wanted.setdefault((wish.way, _due(wish.way, wish.choices, at)), []).append(wish.document)
    # Those who are told at once are most. Who changes their mind meanwhile may be met again among the others.
    for (way, due), documents in sorted(wanted.items(), key=lambda one: one[0][1]):
        bulk.promise(connection, alert.id, way.value, documents, due, fresh=fresh)
        fresh = False


def _due(way: Way, choices: Choices, at: datetime) -> datetime:
    return next_due(cadence_of(way, choices), choices.zone, at)


def carry(connection: Connection, carried: Iterable[tuple[str, str]]) -> None:
    """Put deliveries into messages: pairs of their ids."""
    repeat(connection, _CARRY, [(message, delivery) for delivery, message in carried])


def postpone(connection: Connection, due: Iterable[tuple[str, datetime]]) -> None:
    rows = [{"delivery": delivery, "due": due_at} for delivery, due_at in due]
    if rows:
        connection.execute(_POSTPONE, rows)


def unsent(connection: Connection) -> Mapping[Way, int]:
    """How many have no message yet."""
    return {Way(row.way): row.number for row in connection.execute(_UNSENT)}


def first_due(connection: Connection, way: Way) -> datetime | None:
    """When the first of those without a message is due."""
    found: datetime | None = connection.scalar(_FIRST, {"by": way.value})
    return found


def read(connection: Connection, alert: str | None, subscription: str | None = None) -> Sequence[Delivery]:
    """The first due first."""
    wanted = _DELIVERIES
    if alert is not None:
        wanted = wanted.where(deliveries.c.alert == alert)
    if subscription is not None:
        wanted = wanted.where(deliveries.c.subscription == subscription)
    return [_delivery(row) for row in connection.execute(wanted)]


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.id,
        alert=row.alert,
        subscription=row.subscription,
        due_at=row.due_at,
        state=DeliveryState(row.state) if row.message else DeliveryState.QUEUED,
        message=row.message,
    )

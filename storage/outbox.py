"""The promise that one subscription is told of one alert: written with the alert, kept by a message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from storage.codec import load
from storage.columns import AnyRow
from storage.dialect import insert_new, repeat
from storage.tables import IS_UNSENT, deliveries, messages, subscriptions
from watcher.core.alerts import Alert
from watcher.core.digests import next_due
from watcher.core.outbox import Delivery, DeliveryState
from watcher.core.publish import matches
from watcher.core.subscriptions import Cadence, Choices, Way

_SUBSCRIPTIONS = select(subscriptions.c.id, subscriptions.c.way, subscriptions.c.choices).where(
    subscriptions.c.ended_at.is_(None)
)
_DELIVERIES = (
    select(deliveries, messages.c.state)
    .outerjoin(messages, messages.c.id == deliveries.c.message)
    .order_by(deliveries.c.due_at, deliveries.c.id)
)
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
    """One delivery of each of these alerts to each subscription that wants it, once and for all."""
    if not alerts:
        return
    wishes = _wishes(connection)
    for alert in alerts:
        rows = [row for wish in wishes for row in _rows(alert, wish)]
        if rows:
            connection.execute(insert_new(connection, deliveries), rows)


@dataclass(frozen=True, slots=True)
class _Wish:
    way: Way
    choices: Choices
    names: list[str]  # of the subscriptions


def _wishes(connection: Connection) -> list[_Wish]:
    """What active subscriptions want: many people want the same, and each text is read once."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, way, document in connection.execute(_SUBSCRIPTIONS):
        found.setdefault((way, document), []).append(name)
    return [_Wish(Way(way), load(document, Choices), names) for (way, document), names in found.items()]


def _rows(alert: Alert, wish: _Wish) -> list[dict[str, Any]]:
    choices = wish.choices
    if not matches(choices.interest, alert):
        return []
    due_at = next_due(cadence_of(wish.way, choices), choices.zone, alert.detected_at)
    return [
        {
            "id": delivery_id(alert.id, name),
            "alert": alert.id,
            "subscription": name,
            "way": wish.way.value,
            "due_at": due_at,
        }
        for name in wish.names
    ]


def delivery_id(alert: str, subscription: str) -> str:
    """The same for the same alert and subscription."""
    return hashlib.sha256(f"{alert}\x1f{subscription}".encode()).hexdigest()[:32]


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

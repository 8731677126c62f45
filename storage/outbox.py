"""Who wants alerts, and what waits to be sent to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from storage.codec import dump, load
from storage.dialect import insert_new, insert_or_replace
from storage.tables import deliveries, subscriptions
from watcher.core.alerts import Alert, Delivery, DeliveryState, Interest, Subscription
from watcher.core.publish import matches

_SUBSCRIPTIONS = select(subscriptions.c.id, subscriptions.c.interest)
_DELIVERIES = select(deliveries).order_by(deliveries.c.due_at, deliveries.c.id)


def subscribe(connection: Connection, subscription: Subscription, confirmed_at: datetime) -> None:
    """Make a confirmed subscription known; one that is known takes the new interest."""
    connection.execute(
        insert_or_replace(connection, subscriptions),
        {
            "id": subscription.id,
            "confirmed_at": confirmed_at,
            "interest": dump(subscription.interest, Interest),
        },
    )


def queue(connection: Connection, alerts: Sequence[Alert]) -> None:
    """One delivery of each of these alerts to each subscription that wants it, once and for all."""
    if not alerts:
        return
    interests = [(name, load(text, Interest)) for name, text in connection.execute(_SUBSCRIPTIONS)]
    rows = [
        {
            "id": delivery_id(alert.id, name),
            "alert": alert.id,
            "subscription": name,
            "state": DeliveryState.QUEUED.value,
            "attempts": 0,
            "due_at": alert.detected_at,
        }
        for alert in alerts
        for name, interest in interests
        if matches(interest, alert)
    ]
    if rows:
        connection.execute(insert_new(connection, deliveries), rows)


def delivery_id(alert: str, subscription: str) -> str:
    """The id under which receivers know a delivery; the same in all attempts."""
    return hashlib.sha256(f"{alert}\x1f{subscription}".encode()).hexdigest()[:32]


def read(connection: Connection, alert: str | None) -> Sequence[Delivery]:
    wanted = _DELIVERIES if alert is None else _DELIVERIES.where(deliveries.c.alert == alert)
    return [
        Delivery(
            id=row.id,
            alert=row.alert,
            subscription=row.subscription,
            due_at=row.due_at,
            state=DeliveryState(row.state),
            attempts=row.attempts,
        )
        for row in connection.execute(wanted)
    ]

"""What a message told that was sent twice without an answer: it may never have come, and is told once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from storage import outbox, recipients
from storage.codec import load
from storage.tables import deliveries, messages, subscriptions
from watcher.core.digests import next_due
from watcher.core.outbox import DeliveryState
from watcher.core.subscriptions import Cadence, Way

_CHOICES = (
    select(subscriptions.c.id, subscriptions.c.choices)
    .join(messages, messages.c.about == subscriptions.c.id)
    .where(messages.c.id == bindparam("message"), subscriptions.c.ended_at.is_(None))
)
_DOUBTFUL = select(messages.c.alerts).where(
    messages.c.way == Way.MAIL.value,
    messages.c.state == DeliveryState.SHUNTED.value,
    messages.c.about == bindparam("who"),
    messages.c.id != bindparam("message"),
    messages.c.ambiguous > 1,
)
_CARRIED = select(deliveries.c.id, deliveries.c.alert).where(deliveries.c.message == bindparam("message"))
_LOOSEN = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("ids", expanding=True)))
    .values(message=None, due_at=bindparam("due"))
)


def tell_again(connection: Connection, message: str, now: datetime) -> None:
    """Leave the alerts of a mail to its reader's next digest, or to the next morning: each alert once."""
    who = connection.execute(_CHOICES, {"message": message}).first()
    if who is None:
        return
    doubtful = connection.scalars(_DOUBTFUL, {"who": who.id, "message": message})
    before = {alert for told in doubtful for alert in load(told, tuple[str, ...])}
    carried = connection.execute(_CARRIED, {"message": message})
    ids = [row.id for row in carried if row.alert not in before]
    if ids:
        choices = recipients.choices_of(who)
        cadence = outbox.cadence_of(Way.MAIL, choices)
        daily = Cadence.DAILY if cadence is Cadence.NOW else cadence
        connection.execute(_LOOSEN, {"ids": ids, "due": next_due(daily, choices.zone, now)})

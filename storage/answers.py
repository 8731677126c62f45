"""Which message a correction answers: the one that first told the same reader of what is corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, or_, select

from storage.codec import load
from storage.tables import alerts, deliveries, messages
from watcher.core.alerts import Alert
from watcher.core.outbox import DeliveryState, Message
from watcher.core.subscriptions import Way

# No text can hold this: the quotes of texts are escaped.
_CORRECTIONS = select(alerts.c.id, alerts.c.document).where(
    alerts.c.id.in_(bindparam("ids", expanding=True)), alerts.c.document.contains('"corrects":"')
)
_TOLD_BY = (
    select(deliveries.c.alert, deliveries.c.subscription, deliveries.c.message)
    .join(messages, messages.c.id == deliveries.c.message)
    .where(deliveries.c.alert.in_(bindparam("ids", expanding=True)))
    .where(deliveries.c.subscription.in_(bindparam("whom", expanding=True)))
    .where(or_(messages.c.state == DeliveryState.ACCEPTED.value, messages.c.ambiguous > 0))
)


def answered(connection: Connection, claimed: Sequence[Message]) -> Mapping[str, str]:
    """By id of a mail whose first alert is a correction: the mail that it answers, when there was one."""
    first = {m.id: m.alerts[0] for m in claimed if m.alerts and m.way is Way.MAIL}
    if not first:
        return {}
    found = connection.execute(_CORRECTIONS, {"ids": sorted(set(first.values()))})
    corrected = {row.id: load(row.document, Alert).corrects for row in found}
    wanted = {m.id: (corrected[m.alerts[0]], m.about) for m in claimed if first.get(m.id) in corrected}
    if not wanted:
        return {}
    asked = {"ids": sorted({str(alert) for alert, _ in wanted.values()}), "whom": _whom(wanted)}
    told = {(row.alert, row.subscription): row.message for row in connection.execute(_TOLD_BY, asked)}
    return {name: told[key] for name, key in wanted.items() if told.get(key, name) != name}


def _whom(wanted: Mapping[str, tuple[str | None, str]]) -> list[str]:
    return sorted({who for _, who in wanted.values()})

"""How many messages came to what, each figure from an index alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal_column, select

from storage.tables import messages
from watcher.core.outbox import DeliveryState
from watcher.core.subscriptions import Way

_ACCEPTED = DeliveryState.ACCEPTED
_number = func.count().label("number")
_COUNTED = select(messages.c.way, messages.c.state, _number).group_by(messages.c.way, messages.c.state)
_OTHERS = _COUNTED.where(
    messages.c.way.in_([way.value for way in Way]),
    messages.c.state.in_([state.value for state in DeliveryState if state is not _ACCEPTED]),
)
# By way as an expression: grouped by the column, SQLite walks all that was ever sent in its order.
_way = messages.c.way.concat(literal_column("''"))
_BY_WAY = select(_way.label("way"), _number).where(messages.c.state == _ACCEPTED.value).group_by(_way)
_SINCE = _BY_WAY.where(messages.c.settled_at >= bindparam("moment"))
_BEFORE = _BY_WAY.where(messages.c.settled_at < bindparam("moment"))
_DOUBTS = (
    select(messages.c.way, func.sum(messages.c.ambiguous).label("number"))
    .where(messages.c.ambiguous > 0)
    .group_by(messages.c.way)
)


def counted(connection: Connection) -> Mapping[tuple[Way, DeliveryState], int]:
    return {(Way(row.way), DeliveryState(row.state)): row.number for row in connection.execute(_COUNTED)}


def counted_since(connection: Connection, moment: datetime) -> Mapping[tuple[Way, DeliveryState], int]:
    """The same, but of what was accepted only that since then, which is included."""
    others = {(Way(row.way), DeliveryState(row.state)): row.number for row in connection.execute(_OTHERS)}
    lately = connection.execute(_SINCE, {"moment": moment})
    return others | {(Way(row.way), _ACCEPTED): row.number for row in lately}


def accepted_before(connection: Connection, moment: datetime) -> Mapping[Way, int]:
    return {Way(row.way): row.number for row in connection.execute(_BEFORE, {"moment": moment})}


def doubts(connection: Connection) -> Mapping[Way, int]:
    return {Way(row.way): int(row.number) for row in connection.execute(_DOUBTS)}

"""People who confirmed that they want alerts, as the store knows them, without the letters in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from storage import subscriptions
from storage.engine import writing
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.plans import NOW
from watcher.core.outbox import Delivery
from watcher.core.subscriptions import Choices, Interest, Recipient, Subscription, Way


def subscriber(
    name: str = "s",
    interest: Interest | None = None,
    *,
    way: Way = Way.MAIL,
    at: datetime = NOW,
    recipient: Recipient | None = None,
    **choices: Any,
) -> Subscription:
    """Somebody called `name`, who wants everything at once unless told otherwise."""
    return Subscription(
        id=name,
        way=way,
        recipient=recipient or Recipient(f"sealed {name}".encode(), f"index {name}", f"mailbox {name}"),
        choices=Choices(interest or Interest(), **choices),
        confirmed_at=at,
        asked_at=at,
        consent="2026-09",
    )


def subscribe(at: SqlStore | Engine, *who: Subscription) -> None:
    """Make them known, as if each had confirmed."""
    engine = at._engine if isinstance(at, SqlStore) else at
    with writing(engine) as connection:
        for one in who:
            assert subscriptions.add(connection, one), one.id


def deliveries(at: SqlStore, alert: str | None = None) -> Sequence[Delivery]:
    """What is promised to them, the first due first."""
    return SqlOutbox(at._engine).deliveries(alert)

"""How a fleet fares: who is there, what waits, who speaks to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate.exceptions import ConnectorException

from watcher.bootstrap import App
from watcher.core.state import Duty, HeldPlatform
from watcher.core.subscriptions import Way
from watcher.fleet import orders
from watcher.fleet.reaper import STALLED
from watcher.fleet.worker import WORKER


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs of one kind."""

    name: str
    waiting: int
    doing: int
    failed: int


@dataclass(frozen=True, slots=True)
class Status:
    workers: Sequence[Duty]
    duties: Sequence[Duty]  # what one process does for all
    queues: Sequence[Queue]
    stalled: int  # jobs of workers that are gone
    due_pages: int
    oldest_page: datetime | None  # since when it is due
    oldest_messages: Mapping[Way, datetime]
    platforms: Sequence[HeldPlatform]


def status(app: App) -> Status:
    now = app.clock.now()
    duties = app.store.duties(now)
    queues, stalled = asyncio.run(_jobs(app.settings.database))
    due, oldest = app.store.overdue(now)
    first = {way: app.outbox.oldest_due(way) for way in Way}
    return Status(
        workers=[duty for duty in duties if duty.name.startswith(WORKER)],
        duties=[duty for duty in duties if not duty.name.startswith(WORKER)],
        queues=queues,
        stalled=stalled,
        due_pages=due,
        oldest_page=oldest,
        oldest_messages={way: at for way, at in first.items() if at is not None and at <= now},
        platforms=app.store.platforms(),
    )


async def _jobs(database: str) -> tuple[Sequence[Queue], int]:
    async with orders.engine(database, connections=1).open_async() as engine:
        try:
            rows: Iterable[dict[str, Any]] = await engine.job_manager.list_queues_async()
            stalled = await engine.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED)
        except ConnectorException:  # no worker has ever been here, and made its tables
            return (), 0
        queues = [Queue(row["name"], row["todo"], row["doing"], row["failed"]) for row in rows]
        return queues, len(list(stalled))

"""A worker that only keeps the books: `python -m bench.fleet.clerk DATABASE`. It fetches jobs as any worker of a fleet
does, and writes what their polls would have come to by the product's own functions.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker

from storage.engine import open_engine
from storage.store import SqlStore
from tests.fakes.plans import alert
from watcher.clock import SystemClock
from watcher.core.page import Outcome
from watcher.core.state import PollPlan, SourceState
from watcher.fleet import orders

RECORD, TELL = "bench.record", "bench.tell"
BATCH = 500  # pages of one job
HOUR = timedelta(hours=1)


def owner(pid: int) -> str:
    return f"bench/{pid}"


def page(number: int) -> str:
    return f"p{number:07}"


def told(number: int) -> str:
    """The page on which an alert is found."""
    return f"a{number:05}"


def recording(first: int) -> Job:
    return Job(queue=RECORD, task_name=RECORD, lock=None, queueing_lock=None, task_kwargs={"first": first})


def telling(number: int) -> Job:
    return Job(queue=TELL, task_name=TELL, lock=None, queueing_lock=None, task_kwargs={"number": number})


class HeldError(Exception):
    """Somebody else has pages of this job, and may die before they are recorded: it is tried again."""


class Clerk:
    def __init__(self, database: str) -> None:
        self._store = SqlStore(open_engine(database))
        self._owner = owner(os.getpid())

    def record(self, first: int) -> None:
        """Each of the pages was polled once: that is counted among its failures."""
        now = SystemClock().now()
        names = [page(number) for number in range(first, first + BATCH)]
        states = self._store.claim_all(names, self._owner, now, now + HOUR)
        polled = [state for state in states.values() if state.next_poll_at <= now]
        self._store.save_quiet([_quiet(state, now) for state in polled])
        for name in states.keys() - {
            state.source for state in polled
        }:  # by whoever died before it could say so
            self._store.release(name, self._owner)
        if len(states) < len(names):
            raise HeldError(f"{len(names) - len(states)} of {len(names)} from {names[0]}")

    def tell(self, number: int) -> None:
        """The poll of a page that brought one alert, with all deliveries in its transaction."""
        now, name = SystemClock().now(), told(number)
        state = SourceState(name, now + HOUR, Outcome.OK, now, now, now)
        plan = PollPlan(
            name, Outcome.OK, state, 0, alerts=(alert(f"n{number}", source=name, detected_at=now),)
        )
        self._store.save(plan)


def _quiet(state: SourceState, now: datetime) -> PollPlan:
    after = replace(state, next_poll_at=now + 24 * HOUR, last_poll_at=now, failures=state.failures + 1)
    return PollPlan(state.source, Outcome.UNCHANGED, after, 0)


def application(database: str, connections: int = 2) -> App:
    return orders.engine(database, connections)


async def main(database: str) -> None:
    clerk, engine = Clerk(database), application(database)
    with suppress(HeldError):  # of no page: connections and queries are made ready before anybody counts
        clerk.record(-BATCH)
    for name, work in ((RECORD, clerk.record), (TELL, clerk.tell)):
        engine.task(name=name, queue=name, retry=orders.AGAIN)(work)
    async with engine.open_async():
        worker: Any = Worker(
            app=engine,
            queues=[RECORD, TELL],
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            update_heartbeat_interval=0.5,
            fetch_job_polling_interval=0.5,
        )
        await worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

"""The jobs there are, and how they are ordered.

Each kind of job has a queue of its own, and its number grows when what it says or means does: a worker of another
version does not listen there, and leaves alone what it would not understand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from watcher.fleet import schema

POLL, SEND = "vigie.poll.1", "vigie.send.1"
"""Both names of tasks and of their queues."""

AGAIN = RetryStrategy(max_attempts=20, wait=5, linear_wait=10)
"""Of a job that fails: it is ordered anew when all attempts are used up, as long as something is due."""


def address_of(database: str) -> str:
    """The address of the database as libpq spells it."""
    return re.sub(r"^postgresql\+psycopg:", "postgresql:", database)


def engine(database: str, connections: int) -> App:
    """What fetches jobs and notes what became of them."""
    return App(connector=PsycopgConnector(conninfo=address_of(database), min_size=1, max_size=connections))


class Within:
    """Orders sending inside a transaction of ours: there is a job when there is something to send, and not before."""

    def __init__(self, database: str, ways: Sequence[str], *, paced: bool) -> None:
        # Never opened: each order goes over the connection it is given.
        self._app = App(connector=SyncPsycopgConnector(conninfo=address_of(database)))
        self._jobs = [sending(way, paced=paced, once=False) for way in ways]

    def __call__(self, connection: object) -> None:
        self._app.job_manager.batch_defer_jobs(self._jobs, connection=connection)


class IfSomebodyWorks:
    """The same of a process that is no worker: without workers its orders would only heap up, and the first that
    comes orders all that is due.
    """

    def __init__(self, within: Within) -> None:
        self._within = within

    def __call__(self, connection: Any) -> None:
        if schema.somebody_works(connection):
            self._within(connection)


def polling(platform: str) -> Job:
    return Job(
        queue=POLL,
        task_name=POLL,
        lock=None,
        queueing_lock=f"poll:{platform}",
        task_kwargs={"platform": platform},
    )


def sending(way: str, *, paced: bool, once: bool = True) -> Job:
    """`paced`: one at a time of all workers, for the pace is one for all. `once`: not while another waits."""
    return Job(
        queue=SEND,
        task_name=SEND,
        lock=f"send:{way}" if paced else None,
        queueing_lock=f"send:{way}" if once else None,
        task_kwargs={"way": way},
        priority=10,
    )


async def order(app: App, job: Job) -> bool:
    """False when the same waits already."""
    try:
        await app.job_manager.defer_job_async(job)
    except AlreadyEnqueued:
        return False
    return True

"""What is kept in the books, how fast, and what is lost of it while those who keep them are killed."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event

import psycopg
from procrastinate.jobs import Job

from bench.fleet import busy
from bench.fleet.clerk import BATCH, application, owner, page, recording, telling, told
from storage.codec import dump
from storage.columns import moment
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.servers import administer, created
from tests.fakes.watch import NEWS
from watcher.clock import SystemClock
from watcher.core.state import SourceState
from watcher.core.subscriptions import Choices
from watcher.fleet import orders, reaper, schema

LONGEST = 900.0  # seconds
KILLS = 40  # of a run, or so: a new worker takes seconds to begin
STALLED = 3.0  # seconds without a heartbeat
_pause = Event()

# As the store registers them, in bulk.
_WATCHED = """
    INSERT INTO sources (id, next_poll_at, snapshot, state)
    SELECT name, %s, 0, replace(%s, %s, name) FROM (
        SELECT 'p' || lpad(g::text, 7, '0') AS name FROM generate_series(0, %s - 1) g
    ) AS named
"""
_PEOPLE = """
    INSERT INTO subscriptions
        (id, way, sealed, address_index, mailbox, choices, confirmed_at, asked_at, consent, sequence)
    SELECT md5(g::text), 'mail', '', md5(g::text), md5(g::text), %s, 0, 0, 'x', 0 FROM generate_series(1, %s) g
"""
_LAST = "SELECT coalesce(max(id), 0) FROM procrastinate_workers"
_NEWER = "SELECT count(*) FROM procrastinate_workers WHERE id >"
_LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
_RECORDED = """
    SELECT count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1)
    FROM (SELECT (state::jsonb->>'failures')::int AS n FROM sources WHERE id LIKE 'p%') AS recorded
"""
_TOLD = "SELECT count(*), count(DISTINCT (alert, subscription)) FROM deliveries"


@dataclass(frozen=True, slots=True)
class Size:
    pages: int
    alerts: int
    people: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run came to."""

    seconds: float
    lost: int
    doubled: int
    spent: busy.Spent  # by those who were there at the end
    killed: int = 0

    @property
    def busy(self) -> float:
        """Cores that workers and server kept busy."""
        return (self.spent.workers + self.spent.server) / self.seconds


class Books:
    """A database with pages to be recorded and people to be told; one for each run."""

    def __init__(self, server: str, name: str, size: Size) -> None:
        self.size, self.database = size, created(server, name)
        self._server, self._name = server, name
        self._address = orders.address_of(self.database)
        engine = open_engine(self.database)
        upgrade(engine)
        schema.upgrade(self._address)
        self._engine, self.store = engine, SqlStore(engine)
        now = SystemClock().now()
        self.store.register([replace(NEWS, id=told(number)) for number in range(size.alerts)], now)
        with psycopg.connect(self._address, autocommit=True) as connection:
            state = dump(SourceState(page(0), now), SourceState)
            connection.execute(_WATCHED, (moment(now), state, page(0), size.pages))
            connection.execute(_PEOPLE, (dump(Choices(), Choices), size.people))
            connection.execute("VACUUM ANALYZE")

    def close(self) -> None:
        """With all that was written: the next may need the room."""
        self._engine.dispose()
        administer(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")

    def pages(self, clerks: int) -> Kept:
        return self._run([recording(first) for first in range(0, self.size.pages, BATCH)], clerks)

    def tell(self, clerks: int) -> Kept:
        return self._run([telling(number) for number in range(self.size.alerts)], clerks)

    def both_while_killed(self, clerks: int) -> Kept:
        """Whoever is killed is replaced, as a service manager does."""
        jobs = [recording(first) for first in range(0, self.size.pages, BATCH)]
        jobs += [telling(number) for number in range(self.size.alerts)]
        return self._run(_shuffled(jobs), clerks, kills=True)

    def _run(self, jobs: Sequence[Job], clerks: int, *, kills: bool = False) -> Kept:
        with psycopg.connect(self._address, autocommit=True) as looks:
            server, last = busy.parent(looks.info.backend_pid), _count(looks, _LAST)
            with _clerks(self.database, clerks) as at_work:
                while _count(looks, f"{_NEWER} {last}") < clerks:
                    _all_are_there(at_work)
                    _pause.wait(0.1)
                before, begun = busy.spent((one.pid for one in at_work), server), time.perf_counter()
                asyncio.run(self._order(jobs))
                killed = self._kill_on(at_work, looks) if kills else 0
                while _count(looks, _LEFT) and time.perf_counter() - begun < LONGEST:
                    _all_are_there(at_work)
                    _pause.wait(0.05)
                seconds = time.perf_counter() - begun
                spent = busy.spent((one.pid for one in at_work), server).since(before)
            lost, doubled = looks.execute(_RECORDED).fetchone() or (0, 0)
            deliveries, different = looks.execute(_TOLD).fetchone() or (0, 0)
        promised = sum(job.task_name == "bench.tell" for job in jobs) * self.size.people
        recorded = any(job.task_name == "bench.record" for job in jobs)
        missing = max(promised - different, 0)
        return Kept(seconds, missing + lost * recorded, deliveries - different + doubled, spent, killed)

    async def _order(self, jobs: Sequence[Job]) -> None:
        async with application(self.database).open_async() as app:
            await app.job_manager.batch_defer_jobs_async(list(jobs))

    def _kill_on(self, at_work: list[subprocess.Popen[bytes]], looks: psycopg.Connection) -> int:
        """Kill clerks at random until all is done; what they held is freed as a worker of the same machine does it."""
        chance, until = _chance(11), time.perf_counter() + LONGEST
        dead: list[str] = []
        left = _count(looks, _LEFT)
        between = max(left // KILLS, 2)  # jobs that are done between two kills
        while left and time.perf_counter() < until:
            goal = left - chance.randint(between // 2, between * 3 // 2)
            while (left := _count(looks, _LEFT)) > max(goal, 0) and time.perf_counter() < until:
                _pause.wait(chance.uniform(0.02, 0.2))
                asyncio.run(self._reap())
                if dead:  # what the last one asked for may have been granted after its end
                    self.store.release_all(dead[-1])
            place = chance.randrange(len(at_work))
            at_work[place].kill()
            at_work[place].wait()
            dead.append(owner(at_work[place].pid))
            self.store.release_all(dead[-1])
            at_work[place] = _clerk(self.database)
        return len(dead)

    async def _reap(self) -> None:
        async with application(self.database).open_async() as app:
            await reaper.reap(app, STALLED)


@contextmanager
def _clerks(database: str, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    at_work = [_clerk(database) for _ in range(number)]
    try:
        yield at_work
    finally:
        for one in at_work:
            one.kill()
            one.wait()


def _clerk(database: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bench.fleet.clerk", database], stderr=subprocess.DEVNULL)


def _all_are_there(at_work: Iterable[subprocess.Popen[bytes]]) -> None:
    """Whoever ended by itself would be waited for without end, or counted as slow."""
    if any(one.poll() is not None for one in at_work):
        raise RuntimeError("a clerk ended by itself; python -m bench.fleet.clerk DATABASE says why")


def _count(connection: psycopg.Connection, sql: str) -> int:
    row = connection.execute(sql.encode()).fetchone()
    return int(row[0]) if row else 0


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # the same each time


def _shuffled(jobs: Sequence[Job]) -> Sequence[Job]:
    return _chance(7).sample(jobs, len(jobs))

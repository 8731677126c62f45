"""The process `vigie fleet worker`: fetches jobs and does them until it is asked to end."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker

from watcher.bootstrap import App
from watcher.care import Care
from watcher.daemon import DRAIN, Watch
from watcher.fleet import burial, feeding, orders, reaper, schema
from watcher.fleet.work import Work
from watcher.postroom import Post
from watcher.systemd import notify
from watcher.upkeep import Upkeep
from watcher.visit import Tools

FEED = 5.0  # seconds, as are the next
SIGN = 10.0
UPKEEP = 60.0
LOOK = 1.0  # for jobs that nobody announced: those to be begun later
THREADS = 3.0  # left to the last threads when all jobs have ended
PRESENT = timedelta(seconds=45)  # without a sign of life a worker is not there
WORKER = "worker:"
"""Begins the duty that every worker has: to be there."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many jobs of a kind one process does at once; 0: none of that kind."""

    polls: int = 8
    sends: int = 3


class FleetWorker:
    """One process of many. All that it begins is finished, or given back, when it ends."""

    def __init__(self, app: App, tools: Tools, post: Post, care: Care, shape: Shape) -> None:
        self._app, self._tools, self._post, self._shape = app, tools, post, shape
        self._watch = Watch(app, tools)
        self._paced = app.settings.mail is not None and app.settings.mail.rate is not None
        self._work = Work(self._watch, post, self._order_from_thread, paced=self._paced)
        self._upkeep = Upkeep(app, tools.owner, post, care)
        self._engine = orders.engine(app.settings.database, connections=4)
        self._log: Any = structlog.get_logger("vigie")
        self._jobs = [
            (orders.POLL, shape.polls, self._poll),
            (orders.SEND, shape.sends, self._send),
        ]
        for name, _, work in self._jobs:
            self._engine.task(name=name, queue=name, retry=orders.AGAIN, pass_context=True)(work)

    def run(self) -> int:
        """Until asked to end; 1 when the engine gave up, as without its database."""
        ways = [str(way) for way in self._post.deliverer.ways]
        schema.upgrade(orders.address_of(self._app.settings.database))
        self._app.store.on_alerts = orders.Within(self._app.settings.database, ways, paced=self._paced)
        return asyncio.run(self._main())

    def _poll(self, context: JobContext, platform: str) -> None:
        self._work.poll(context.job, platform)

    def _send(self, context: JobContext, way: str) -> None:
        self._work.send(context.job, way)

    async def _main(self) -> int:
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(self._shape.polls + self._shape.sends + 4))
        asked = self._heed_signals()
        async with self._engine.open_async():
            workers = [
                asyncio.create_task(self._fetching(name, most)) for name, most, _ in self._jobs if most
            ]
            every = ((FEED, self._feed), (SIGN, self._sign), (UPKEEP, self._see_to))
            ticks = [asyncio.create_task(self._again_and_again(*one)) for one in every]
            notify("READY=1")
            ending = asyncio.create_task(asked.wait())
            done, _ = await asyncio.wait({*workers, ending}, return_when=asyncio.FIRST_COMPLETED)
            gave_up = [task for task in done if task is not ending]
            for task in gave_up:
                self._log.error("engine_gave_up", exc_info=task.exception())
            notify("STOPPING=1")
            self._app.clock.stop.set()
            status = int(bool(gave_up))
            await self._end(workers, ticks, status)
        return status

    async def _fetching(self, name: str, most: int) -> None:
        worker: Any = Worker(  # untyped
            app=self._engine,
            queues=[name],
            name=name,
            concurrency=most,
            fetch_job_polling_interval=LOOK,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            update_heartbeat_interval=SIGN,
            stalled_worker_timeout=reaper.STALLED,
        )
        await worker.run()

    async def _end(
        self, workers: list[asyncio.Task[None]], ticks: list[asyncio.Task[None]], status: int
    ) -> None:
        """Within 20 s: whoever asked may not wait longer before it kills. `status` is the process's, should it be
        ended here.
        """
        for task in (*ticks, *workers):
            task.cancel()
        _, left = await asyncio.wait([*workers, *ticks], timeout=DRAIN.total_seconds())
        await self._quietly(self._take_leave)
        if left:  # threads that cannot be ended: their leases will, and their jobs are given back
            self._log.warning("left_unfinished", jobs=self._work.at.names)
            await asyncio.wait([asyncio.create_task(self._quietly(self._give_back))], timeout=THREADS)
            os._exit(status)
        # A thread of a tick may still wait for somebody outside. Not `wait_for`: it would wait for that thread.
        ending = asyncio.create_task(self._loop.shutdown_default_executor())
        _, left = await asyncio.wait([ending], timeout=THREADS)
        if left:
            os._exit(status)

    async def _give_back(self) -> None:
        """While the database is away each would wait for long: what is not given back here, others reap."""
        for job in self._work.at.jobs:
            await reaper.give_back(self._engine, job)

    async def _take_leave(self) -> None:
        store, owner = self._app.store, self._tools.owner
        for duty in (f"{WORKER}{owner}", feeding.DUTY):
            await asyncio.to_thread(store.release_duty, duty, owner)
        await asyncio.to_thread(self._upkeep.end, 0.0)

    async def _again_and_again(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._quietly(work)
            await asyncio.sleep(seconds)

    async def _quietly(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:  # told, and tried again: a database that is away for a while comes back
            self._log.exception("fleet_failed", part=work.__name__.strip("_"))

    async def _feed(self) -> None:
        await asyncio.to_thread(self._app.renewal.look)
        await asyncio.to_thread(burial.bury, self._app)
        due = await asyncio.to_thread(feeding.due_platforms, self._app, self._tools.owner)
        if due is None:
            return
        for platform in due:
            await orders.order(self._engine, orders.polling(platform))
        for way in self._post.deliverer.ways:
            await orders.order(self._engine, orders.sending(str(way), paced=self._paced))
        await asyncio.to_thread(self._post.tell_hub)
        given = await reaper.reap(self._engine)
        if given:
            self._log.warning("jobs_given_back", jobs=given)

    async def _sign(self) -> None:
        """Tell the others that this worker is there, and systemd that it gets on."""
        now, names = self._app.clock.now(), self._work.at.names
        what = f"relevés {self._shape.polls}, envois {self._shape.sends}"
        doing = f"{what} ; {', '.join(names)}" if names else what
        store, owner = self._app.store, self._tools.owner
        await asyncio.to_thread(store.lease_duty, f"{WORKER}{owner}", owner, now, now + PRESENT, doing)
        if not self._work.hangs():
            notify("WATCHDOG=1")

    async def _see_to(self) -> None:
        await asyncio.to_thread(self._hear_of_senders)
        await asyncio.to_thread(self._upkeep.round, self._work.hangs)
        await asyncio.to_thread(self._upkeep.alive, self._work.hangs)
        await reaper.forget(self._engine)

    def _hear_of_senders(self) -> None:
        """What others send is no sending that stands still here."""
        beats = self._post.deliverer.beats
        for duty in self._app.store.duties(self._app.clock.now()):
            for way in self._post.deliverer.ways:
                if f"send:{way}" in duty.what:
                    beats.beat(way)

    def _order_from_thread(self, job: Job, later: int) -> None:
        if later:
            job = job.evolve(scheduled_at=self._app.clock.now() + timedelta(seconds=later))
        asyncio.run_coroutine_threadsafe(orders.order(self._engine, job), self._loop).result(30)

    def _heed_signals(self) -> asyncio.Event:
        """SIGTERM and Ctrl-C ask the process to end; asked twice, it ends at once."""
        asked = asyncio.Event()

        def ask(number: int) -> None:
            if asked.is_set():
                os._exit(128 + number)
            self._app.clock.stop.set()
            asked.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, ask, number)
        return asked

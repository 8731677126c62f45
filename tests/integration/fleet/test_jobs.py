"""Jobs of a fleet: ordered with what they are about, taken by who understands them, given back when somebody dies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
import pytest
from procrastinate import App
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, NOW, alert, first_reading, news, source
from watcher.fleet import orders, reaper, schema

T = TypeVar("T")
WAYS = ("mail", "webhook")


@pytest.fixture
def address(database: str) -> str:
    address = orders.address_of(database)
    schema.upgrade(address)
    return address


@pytest.fixture
def store(database: str, address: str) -> Iterator[SqlStore]:
    engine = open_engine(database)
    upgrade(engine)
    store = SqlStore(engine)
    store.register([source(CANTAL)], NOW)
    store.save(first_reading())
    store.on_alerts = orders.Within(database, WAYS, paced=False)
    yield store
    engine.dispose()


def jobs(address: str) -> list[tuple[str, str, str]]:
    """Task, status and arguments of each."""
    with psycopg.connect(address) as connection:
        return connection.execute(
            "SELECT task_name, status::text, args::text FROM procrastinate_jobs ORDER BY id"
        ).fetchall()


def with_app(database: str, work: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        async with orders.engine(database, 2).open_async() as app:
            return await work(app)

    return asyncio.run(run())


async def once(app: App, *queues: str) -> None:
    """A worker that does what there is and goes."""
    worker: Any = Worker(
        app=app,
        queues=list(queues),
        wait=False,
        delete_jobs=DeleteJobCondition.SUCCESSFUL,
        install_signal_handlers=False,
        listen_notify=False,
    )
    await worker.run()


def test_workers_that_start_at_once_make_the_tables_once(database: str) -> None:
    address = orders.address_of(database)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(schema.upgrade, [address] * 4))

    assert jobs(address) == []
    schema.upgrade(address)


def test_what_procrastinate_adds_later_is_applied_and_what_others_cannot_bear_waits_for_them(
    address: str,
) -> None:
    steps = {
        "99.00.00_01_pre_more.sql": "CREATE TABLE more (n int); -- 100 %",
        "99.00.00_50_post_more.sql": "DROP TABLE more",
    }
    with psycopg.connect(address) as connection:
        connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    schema.upgrade(address, schema.shipped() | steps)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)
        connection.execute("DELETE FROM procrastinate_workers")
    schema.upgrade(address, schema.shipped() | steps)

    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT to_regclass('more')").fetchone() == (None,)


def test_sending_is_ordered_with_the_alerts_or_not_at_all(store: SqlStore, address: str) -> None:
    assert not store.save(news("late", baseline=7, alerts=(alert("late"),)))
    assert store.save(news("quiet", baseline=1, alerts=()))
    assert jobs(address) == []

    assert store.save(news("told", baseline=2, alerts=(alert("told"),)))

    assert jobs(address) == [("vigie.send.1", "todo", f'{{"way": "{way}"}}') for way in WAYS]


def test_an_order_is_undone_with_what_it_is_about(store: SqlStore, address: str) -> None:
    order = store.on_alerts

    def fail(connection: object) -> None:
        assert order is not None
        order(connection)
        raise RuntimeError("after the order")

    store.on_alerts = fail
    with pytest.raises(RuntimeError):
        store.save(news("told", baseline=1, alerts=(alert("told"),)))

    assert jobs(address) == []
    assert store.alerts() == []


def test_the_same_is_ordered_once_while_it_waits(database: str, address: str) -> None:
    async def order(app: App) -> list[bool]:
        return [await orders.order(app, orders.polling(name)) for name in ("ide", "ide", "outremer")]

    assert with_app(database, order) == [True, False, True]
    assert len(jobs(address)) == 2


def test_what_a_worker_does_not_know_is_left_to_those_who_do(database: str, address: str) -> None:
    done: list[str] = []

    async def work(app: App) -> None:
        @app.task(name=orders.POLL, queue=orders.POLL)
        def poll(platform: str) -> None:
            done.append(platform)

        newer = Job(queue="vigie.poll.2", task_name="vigie.poll.2", lock=None, queueing_lock=None)
        for job in (newer, orders.polling("ide")):
            await orders.order(app, job)
        await once(app, orders.POLL, orders.SEND)

    with_app(database, work)
    assert done == ["ide"]
    assert jobs(address) == [("vigie.poll.2", "todo", "{}")]


def test_a_job_that_fails_waits_and_is_tried_again(database: str, address: str) -> None:
    def stumble(platform: str) -> None:
        raise RuntimeError(platform)

    async def work(app: App) -> None:
        app.task(name=orders.POLL, queue=orders.POLL, retry=orders.AGAIN)(stumble)
        await orders.order(app, orders.polling("ide"))
        await once(app, orders.POLL)

    with_app(database, work)
    with psycopg.connect(address) as connection:
        later = connection.execute(
            "SELECT status::text, scheduled_at > now() FROM procrastinate_jobs"
        ).fetchall()
    assert later == [("todo", True)]


def test_jobs_of_the_dead_are_given_back_unless_the_same_was_ordered_meanwhile(
    database: str, address: str
) -> None:
    async def die(app: App) -> None:
        worker = await app.job_manager.register_worker()
        for platform in ("ide", "outremer"):
            await orders.order(app, orders.polling(platform))
            await app.job_manager.fetch_job(queues=[orders.POLL], worker_id=worker)
        await orders.order(app, orders.polling("outremer"))

    with_app(database, die)
    assert with_app(database, reaper.reap) == 0, "alive as far as anybody knows"
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    assert with_app(database, reaper.reap) == 2
    assert sorted(jobs(address)) == [
        ("vigie.poll.1", "todo", '{"platform": "ide"}'),
        ("vigie.poll.1", "todo", '{"platform": "outremer"}'),
    ]


def test_a_way_with_a_pace_is_one_worker_s_at_a_time(database: str, address: str) -> None:
    async def take(app: App) -> list[bool]:
        worker = await app.job_manager.register_worker()
        for _ in range(2):
            await orders.order(app, orders.sending("mail", paced=True, once=False))
        return [await app.job_manager.fetch_job([orders.SEND], worker) is not None for _ in range(2)]

    assert with_app(database, take) == [True, False]

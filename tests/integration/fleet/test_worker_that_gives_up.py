"""A worker whose engine gives up ends so that its service manager starts another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.fleet import Fleet
from tests.fakes.plans import NOW
from tests.fakes.processes import until
from watcher.fleet.feeding import DUTY
from watcher.replica import Replica

WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
ENGINE_FAILS = "DROP FUNCTION procrastinate_fetch_job_v2 CASCADE"


@pytest.fixture
def fleet(tmp_path: Path, database: str) -> Iterator[Fleet]:
    """Somebody fed it long ago."""
    engine = open_engine(database)
    upgrade(engine)
    SqlStore(engine).lease_duty(DUTY, "somebody", NOW, NOW + timedelta(seconds=1))
    engine.dispose()
    fleet = Fleet(tmp_path, database)
    with Replica(limiter=False, prefectures=["15"]) as replica:
        fleet.watches(replica)
        yield fleet


def test_it_tells_of_its_failure_although_one_of_its_threads_still_waits(fleet: Fleet) -> None:
    with psycopg.connect(fleet.address) as busy, fleet.worker("worker") as worker:
        busy.execute("SELECT FROM duties WHERE name = %s FOR UPDATE", (DUTY,))
        until(lambda: fleet.number(WAITING), 20, "a thread waits")
        fleet.rows(ENGINE_FAILS)
        status = worker.process.wait(20)

    assert status == 1
    assert "engine_gave_up" in worker.said

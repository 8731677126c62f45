"""One platform has one pace, however many processes poll it and whatever becomes of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.processes import environment, until
from watcher.replica import Replica

GAP = 0.15
LEASE = 3.0
IN_TRANSACTION = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND state = 'idle in transaction' AND xact_start < clock_timestamp() - interval '1 second'"
)


@contextmanager
def speakers(number: int, database: str, sources: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    program = [sys.executable, "-m", "tests.fakes.speaker", database, str(sources), "ide", str(LEASE)]
    running = [subprocess.Popen(program, env=environment()) for _ in range(number)]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()


def followed(one: subprocess.Popen[bytes], engine: Engine, replica: Replica, asked: int) -> bool:
    """Whether others speak since `one` stands still. Where it does so with a lock in its hands, which the server
    takes from it after a minute, it stands still once more.
    """
    with engine.connect() as connection:
        if connection.scalar(IN_TRANSACTION):
            one.send_signal(signal.SIGCONT)
            one.send_signal(signal.SIGSTOP)
    return len(replica.arrivals()) > asked + 3


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    with Replica(limiter=False, prefectures=[f"{number:02}" for number in range(1, 20)]) as running:
        (tmp_path / "sources.yaml").write_text(running.sources_yaml(gap=f"{GAP * 1000:.0f}ms", every="1m"))
        yield running


def test_no_two_requests_are_closer_than_the_gap_while_speakers_stand_still_and_die(
    database: str, replica: Replica, tmp_path: Path
) -> None:
    engine = open_engine(database)
    upgrade(engine)
    with speakers(3, database, tmp_path / "sources.yaml") as running:
        until(lambda: len(replica.arrivals()) > 4, 15, "the first requests")
        for one in running:  # whoever speaks now stands still, and the others take over
            asked = len(replica.arrivals())
            one.send_signal(signal.SIGSTOP)
            until(partial(followed, one, engine, replica, asked), 15, "requests of the others")
            one.send_signal(signal.SIGCONT)
        running[0].kill()
        asked = len(replica.arrivals())
        until(lambda: len(replica.arrivals()) > asked + 3, 15, "requests of those that are left")
    engine.dispose()

    gaps = [later - earlier for earlier, later in pairwise(replica.arrivals())]
    assert min(gaps) >= GAP

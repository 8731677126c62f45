"""One platform has one pace, however many processes poll it and whatever becomes of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.processes import environment, until
from watcher.replica import Replica

GAP = 0.15
LEASE = 3.0
TAKEN_OVER = 90  # seconds: who stands still may hold a lock, which the server frees after a minute


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
            until(
                lambda before=asked: len(replica.arrivals()) > before + 3,
                TAKEN_OVER,
                "requests of the others",
            )  # type: ignore[misc]
            one.send_signal(signal.SIGCONT)
        running[0].kill()
        asked = len(replica.arrivals())
        until(lambda: len(replica.arrivals()) > asked + 3, TAKEN_OVER, "requests of those that are left")
    engine.dispose()

    gaps = [later - earlier for earlier, later in pairwise(replica.arrivals())]
    assert min(gaps) >= GAP

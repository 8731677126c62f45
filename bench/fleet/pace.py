"""Ten processes poll the hosts of one platform, stand still and are killed; the replica's log tells how close
requests came.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event

from storage.engine import open_engine
from storage.migrations import upgrade
from tests.fakes.servers import created
from watcher.replica import Replica

SPEAKERS = 10
GAP = 0.5
LEASE = 4.0
_pause = Event()
_chance = random.Random(5)  # noqa: S311  # the same each time


@dataclass(frozen=True, slots=True)
class Pace:
    requests: int
    hosts: int
    closest: float  # seconds
    too_close: int
    stood_still: int
    killed: int


def measure(server: str, seconds: float) -> Pace:
    database = created(server, "pace")
    engine = open_engine(database)
    upgrade(engine)
    engine.dispose()
    with tempfile.TemporaryDirectory() as folder, Replica(limiter=False) as replica:
        sources = Path(folder, "sources.yaml")
        sources.write_text(replica.sources_yaml(gap=f"{GAP * 1000:.0f}ms", every="10m"), encoding="utf-8")
        with _speakers(database, sources) as speakers:
            while len(replica.arrivals()) < 2:
                _pause.wait(0.1)
            stood, killed = _disturb(speakers, database, sources, seconds)
        hosts = {code for code, _, _ in replica.log}
        gaps = [later - earlier for earlier, later in pairwise(replica.arrivals())]
    return Pace(len(gaps) + 1, len(hosts), min(gaps), sum(gap < GAP for gap in gaps), stood, killed)


def _disturb(
    speakers: list[subprocess.Popen[bytes]], database: str, sources: Path, seconds: float
) -> tuple[int, int]:
    """Stop, wake and kill at random; whoever is killed is replaced."""
    until = time.monotonic() + seconds
    stood = killed = 0
    while time.monotonic() < until:
        place = _chance.randrange(len(speakers))
        if _chance.random() < 0.3:
            speakers[place].kill()
            speakers[place].wait()
            speakers[place] = _speaker(database, sources)
            killed += 1
        else:
            speakers[place].send_signal(signal.SIGSTOP)
            _pause.wait(_chance.uniform(0.2, 1.5 * LEASE))
            speakers[place].send_signal(signal.SIGCONT)
            stood += 1
        _pause.wait(_chance.uniform(0.1, 1.0))
    return stood, killed


@contextmanager
def _speakers(database: str, sources: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    speakers = [_speaker(database, sources) for _ in range(SPEAKERS)]
    try:
        yield speakers
    finally:
        for one in speakers:
            one.kill()
            one.wait()


def _speaker(database: str, sources: Path) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", "tests.fakes.speaker", database, str(sources), "ide", str(LEASE)]
    return subprocess.Popen(program)

"""The memory of the whole daemon: it watches, serves its pages and sees to everything, with much to watch."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

from bench.polling.scene import Scene
from tests.fakes.processes import Served

SHOWN = ("/", "/alerts", "/coverage", "/prefectures/001", "/metrics", "/api/v1/alerts", "/feeds/all.atom")
A_ROUND = 75.0  # seconds, in which everything that is done each minute is done
A_WHILE = 10.0
IN_UNITS = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072"}  # as deploy/ sets them
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_mb(scene: Scene, folder: Path) -> tuple[float, int]:
    """The most that `vigie serve` ever holds while it polls every page of a swept database and is asked for pages;
    and how many pages were still due when it went on to others.
    """
    scene.become("cached")
    with closing(sqlite3.connect(folder / "bench.db")) as database, database:
        database.execute("UPDATE sources SET next_poll_at = 0")
    options = ["--sources", f"{folder}/sources.yaml", "--database", f"sqlite:///{folder}/bench.db"]
    with Served("serve", [*options, "--allow-private"], folder / "serve.log", IN_UNITS) as served:
        for path in SHOWN:
            served.answers(path)
        Event().wait(A_ROUND)
        left = -1
        while left != (left := _due(folder)):  # as long as it gets on
            Event().wait(A_WHILE)
        status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    peak = _PEAK.search(status)
    return (int(peak[1]) / 1024 if peak else 0.0), left


def _due(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bench.db")) as database:
        number: int = database.execute("SELECT count(*) FROM sources WHERE next_poll_at = 0").fetchone()[0]
        return number

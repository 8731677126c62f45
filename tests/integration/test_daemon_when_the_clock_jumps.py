"""The time of day may be set back while the daemon runs: its ticks come all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from prove.calendar.machine import jump, own_clock

HOUR = 3600


def test_the_ticks_go_on_when_the_clock_is_set_back_by_an_hour(tmp_path: Path) -> None:
    told = own_clock(tmp_path)
    if told is None:
        pytest.skip("no C compiler to build another clock with")
    daemon = subprocess.Popen(
        [sys.executable, "-c", _DAEMON], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | told
    )
    with daemon:
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"3 ticks\n"

        jump(tmp_path, -HOUR)
        daemon.stdin.write(b"\n")
        daemon.stdin.flush()

        assert daemon.stdout.readline() == b"3 ticks\n"


_DAEMON = """
import sys, threading
from datetime import timedelta
from types import SimpleNamespace
from watcher.daemon import Periods, _ticks

ticked, moment = threading.Semaphore(0), timedelta(milliseconds=20)
nothing, app = lambda: None, SimpleNamespace(clock=SimpleNamespace(stop=threading.Event()))
watch = SimpleNamespace(
    app=app, periods=Periods(moment, moment, moment, moment),
    tick=ticked.release, deliver=nothing, heartbeat=nothing, upkeep=nothing,
)

def see():
    came = sum(ticked.acquire(timeout=5) for _ in range(3))
    print(came, "ticks", flush=True)

_ticks(watch).start()
see()
sys.stdin.readline()
while ticked.acquire(blocking=False):
    pass
see()
"""

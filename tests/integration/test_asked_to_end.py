"""A process that is asked to end does so, whichever of its threads the kernel tells."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A watch without work, whose main thread is deaf to SIGTERM: another thread gets it.
_DEAF = """
import os, signal
from threading import Event, Thread
from types import SimpleNamespace
from watcher.daemon import Periods, run

asleep, done = Event(), []

def end_us():
    asleep.wait(0.2)
    os.kill(os.getpid(), signal.SIGTERM)

def tick():
    if not done:
        Thread(target=end_us).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        done.append("begun")

nothing = lambda: None
clock = SimpleNamespace(stop=Event())
watch = SimpleNamespace(
    app=SimpleNamespace(clock=clock), periods=Periods(), tick=tick, deliver=nothing, heartbeat=nothing,
    upkeep=nothing, drain=lambda: done.append("drained"),
)
run(watch, SimpleNamespace(start=nothing, stop=nothing))
print(*done)
"""


def test_a_signal_that_another_thread_was_given_is_heard() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _DEAF], cwd=ROOT, capture_output=True, text=True, timeout=15, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "begun drained\n", "")

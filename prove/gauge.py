"""What something takes: time on the wall, time of its thread, memory, descriptors, threads.

Such figures are measured once more where they are not as promised: a machine has other work besides.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from prove.report import Figure

_ME = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Taken:
    """`seconds` on the wall, `busy` of them on a core; `memory`: MB above what was held before, at its highest."""

    seconds: float
    busy: float
    memory: float


@dataclass(frozen=True, slots=True)
class Timed(Figure):
    """A figure that other work of the machine may spoil."""


def once_more(measure: Callable[[], list[Figure]]) -> list[Figure]:
    """What `measure` finds; where a `Timed` figure is not kept, what it finds the second time, which counts.

    Whatever is no time is kept only when it is so both times.
    """
    first = measure()
    if all(figure.kept for figure in first if isinstance(figure, Timed)):
        return first
    return [_second(before, after) for before, after in zip(first, measure(), strict=True)]


def _second(before: Figure, after: Figure) -> Figure:
    if not isinstance(after, Timed):
        return after if before.kept else before
    return after if before.kept else replace(after, value=f"{after.value}; at first {before.value}")


def gauge(work: Callable[[], object]) -> Taken:
    """Do it in this thread. The memory is the whole process's: others must rest meanwhile."""
    (_ME / "clear_refs").write_text("5", encoding="ascii")  # the highest mark is taken anew from here
    before = _status("VmRSS")
    start, busy = time.perf_counter(), time.thread_time()
    work()
    busy, seconds = time.thread_time() - busy, time.perf_counter() - start
    return Taken(seconds, busy, max(_status("VmHWM") - before, 0) / 1024)


def open_things() -> tuple[int, int]:
    """Descriptors and threads of this process."""
    return len(list((_ME / "fd").iterdir())), threading.active_count()


def left_open(before: tuple[int, int], patience: float = 5.0) -> tuple[int, int]:
    """How many more there are than before, once those that played the others had time to end."""
    until = time.monotonic() + patience
    while True:
        more = tuple(max(now - then, 0) for now, then in zip(open_things(), before, strict=True))
        if not any(more) or time.monotonic() > until:
            return more[0], more[1]
        threading.Event().wait(0.05)


def _status(name: str) -> int:
    """A figure of the process, in KB."""
    for line in (_ME / "status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)

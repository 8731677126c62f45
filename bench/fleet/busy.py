"""How much of the machine's cores some workers and their server used, as the kernel counts it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PARENT, _OWN, _CHILDREN = 1, slice(11, 13), slice(13, 15)  # of the fields behind the name in /proc/…/stat


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU."""

    workers: float
    server: float

    def since(self, before: Spent) -> Spent:
        return Spent(self.workers - before.workers, self.server - before.server)


def spent(workers: Iterable[int], server: int) -> Spent:
    """Until now, by processes; of a server, with all that it started."""
    every = {int(path.name): fields for path in Path("/proc").glob("[0-9]*") if (fields := _fields(path))}
    theirs = [fields for fields in every.values() if int(fields[_PARENT]) == server]
    own = every[server]
    return Spent(
        _seconds(field for number in workers for field in every[number][_OWN]),
        _seconds(own[_OWN] + own[_CHILDREN]) + _seconds(field for fields in theirs for field in fields[_OWN]),
    )


def parent(process: int) -> int:
    return int(_fields(Path("/proc", str(process)))[_PARENT])


def _seconds(fields: Iterable[str]) -> float:
    return sum(map(int, fields)) * _TICK


def _fields(process: Path) -> list[str]:
    """None of a process that is gone."""
    try:
        text = (process / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()

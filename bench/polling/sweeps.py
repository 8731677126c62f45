"""`vigie poll --all` as a whole process: its CPU time and peak memory, start-up included."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.polling.scene import Scene

FIRST, SAME, TOKENS, NEWS, NOISE = (
    "first sweep",
    "all 304",
    "all 200, tokens differ",
    "10 % changed, articles read",
    "40 % noise, no news",
)
COURSE = {FIRST: "plain", SAME: "cached", TOKENS: "tokens", NEWS: "news", NOISE: "noise"}


@dataclass(frozen=True, slots=True)
class Used:
    """CPU time of a process for each of its pages, and the most memory it ever held."""

    cpu_ms: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Sweep:
    """One run of the command."""

    used: Used
    changes: int
    read: int  # pages that could be read


def course(
    scene: Scene,
    pages: int,
    names: Sequence[str] = tuple(COURSE),
    after: Mapping[str, Callable[[Path], None]] = MappingProxyType({}),
) -> dict[str, Sweep]:
    """Sweeps of one database, one after the other; what is to be done `after` one is given the folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sources.yaml").write_text(scene.catalogue(pages))
        found = {}
        for name in names:
            scene.become(COURSE[name])
            found[name] = _sweep(Path(folder), pages)
            if name in after:
                after[name](Path(folder))
        return found


def _sweep(folder: Path, pages: int) -> Sweep:
    out = folder / "out.jsonl"
    command = [
        *(str(Path(sys.executable).parent / "vigie"), "poll", "--all", "--json", "--allow-private"),
        *("--sources", f"{folder}/sources.yaml", "--database", f"sqlite:///{folder}/bench.db"),
    ]
    used = spent(command, pages, out)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    read = sum(line["outcome"] in {"ok", "unchanged", "not_modified"} for line in lines)
    return Sweep(used, sum(len(line["changes"]) for line in lines), read)


def spent(command: Sequence[str], pages: int, out: Path) -> Used:
    """Runs a command to its end. Started from a process of its own, whose memory it does not inherit."""
    told = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURE, str(out), *command],
        stdout=subprocess.PIPE,
        check=True,
    )
    cpu, peak = json.loads(told.stdout)
    return Used(cpu * 1000 / pages, peak / 1024)


# Linux counts the memory of whoever forks into the peak of what is started.
_MEASURE = """
import os, sys, json
out, *command = sys.argv[1:]
sink = os.open(out, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
silence = os.open(os.devnull, os.O_WRONLY)
pid = os.posix_spawn(command[0], command, os.environ,
                     file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_DUP2, silence, 2)])
_, status, used = os.wait4(pid, 0)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""

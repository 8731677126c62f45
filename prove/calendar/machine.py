"""`vigie serve` on a machine whose clock jumps: a small library, put before the system's, says what time it is."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event

from prove.gauge import Timed, once_more
from prove.report import Figure
from tests.fakes.processes import Served, until

JUMPS = {
    "an hour back": timedelta(hours=-1),
    "a day back": timedelta(days=-1),
    "a day ahead": timedelta(days=1),
    "ten years ahead": timedelta(days=3652),
    "to 1970": None,
}
WATCHED = 20.0  # seconds after a jump: a tick that does not come is told after twelve
_TICKS = os.sysconf("SC_CLK_TCK")

_SHIM = """
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static int64_t *off;
static int64_t by(void) {
  if (!off) off = mmap(0, 8, PROT_READ, MAP_SHARED, open(getenv("VIGIE_PROVE_CLOCK"), O_RDONLY), 0);
  return *off;
}
int clock_gettime(clockid_t id, struct timespec *t) {
  int r = syscall(SYS_clock_gettime, id, t);
  if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) t->tv_sec += by();
  return r;
}
int gettimeofday(struct timeval *t, void *z) {
  struct timespec s; clock_gettime(CLOCK_REALTIME, &s);
  t->tv_sec = s.tv_sec; t->tv_usec = s.tv_nsec / 1000; return 0;
}
time_t time(time_t *t) {
  struct timespec s; clock_gettime(CLOCK_REALTIME, &s);
  if (t) *t = s.tv_sec; return s.tv_sec;
}
"""
_SOURCES = """\
platforms:
  ide: {gap: 1s, jitter: 0.0, brake: {after: 3, for: 15m}}
defaults: {platform: ide, every: 1h, layout: dsfr}
prefectures:
  "15":
    name: Cantal
    home: http://127.0.0.1:9/
    pages:
      - {id: 15-actualites, kind: news, url: 'http://127.0.0.1:9/Actualites'}
"""


def own_clock(folder: Path) -> dict[str, str] | None:
    """The variables under which a program takes its time from `folder`; `None` without a C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    (folder / "clock.c").write_text(_SHIM, encoding="ascii")
    command = [compiler, "-shared", "-fPIC", "-o", str(folder / "clock.so"), str(folder / "clock.c")]
    subprocess.run(command, check=True)
    jump(folder, 0)
    return {"LD_PRELOAD": str(folder / "clock.so"), "VIGIE_PROVE_CLOCK": str(folder / "offset")}


def machine(folder: Path) -> list[Figure]:
    told = own_clock(folder)
    if told is None:
        return [Figure("`vigie serve` when the clock jumps", "not tried: there is no C compiler", "")]
    (folder / "sources.yaml").write_text(_SOURCES, encoding="utf-8")
    files = ("--database", f"sqlite:///{folder}/vigie.db", "--sources", str(folder / "sources.yaml"))
    with Served("serve", (*files, "--allow-private"), folder / "log", told) as served:
        until(lambda: _ready(served), 60, "ready")
        return [
            figure
            for name, by in JUMPS.items()
            for figure in once_more(partial(_after, name, by, folder, served))
        ]


def _after(name: str, by: timedelta | None, folder: Path, served: Served) -> list[Figure]:
    jump(folder, int(by.total_seconds()) if by is not None else -1_795_000_000)
    before = _busy(served.process.pid)
    Event().wait(WATCHED)
    share, well = (_busy(served.process.pid) - before) / WATCHED, _ready(served)
    jump(folder, 0)
    return [
        Timed(
            f"`vigie serve`, the clock jumps {name}",
            f"{'at work' if well else 'stands still'}, {share:.1%} of a core",
            "at work, 5 % at most",
            well and share <= 0.05,
        )
    ]


def jump(folder: Path, seconds: int) -> None:
    """Let the clock stand so much ahead from now on."""
    with (folder / "offset").open("r+b" if (folder / "offset").exists() else "wb") as file:
        file.write(struct.pack("q", seconds))


def _ready(served: Served) -> bool:
    answer = served.get("/readyz")
    return answer is not None and answer.status_code == 200


def _busy(process: int) -> float:
    """Seconds that it spent on a core."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS

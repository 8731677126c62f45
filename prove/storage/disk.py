"""A disk that fails on demand (`disk.c`), for a process that is started on it."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import subprocess
import sys
from enum import IntFlag
from pathlib import Path
from typing import Any

_SOURCE = Path(__file__).with_name("disk.c")


class Call(IntFlag):
    """What a program asks of a disk, and of the network beside it."""

    WRITE = 1
    SYNC = 2
    READ = 4
    SEND = 8


class Disk:
    """That of this process, which was started by `on_disk`."""

    def __init__(self) -> None:
        self._c = ctypes.CDLL(None)
        for name in ("calls", "cuts", "opened", "synced"):
            getattr(self._c, f"disk_{name}").restype = ctypes.c_long

    def watch(self, path: Path) -> None:
        """From here on what is said below is said of this database."""
        self._c.disk_watch(str(path).encode())

    def fail(self, calls: Call, first: int, times: int) -> None:
        """Answer with an error to so many of these calls, from the `first` on, which counts from 1."""
        self._c.disk_fail(int(calls), ctypes.c_long(first), ctypes.c_long(times))

    def heal(self) -> None:
        self.fail(Call(0), 0, 0)

    def cut(self, calls: Call, at: int, seed: int, kept: int) -> None:
        """Let the power go before call number `at` of these: what was not synced is lost, but for `kept` % of it."""
        self._c.disk_cut(int(calls), ctypes.c_long(at), ctypes.c_uint(seed), ctypes.c_long(kept))

    def tell(self, file: Path) -> None:
        """Write down each call from here on, one a line."""
        self._c.disk_tell(str(file).encode())

    def note(self, word: str) -> None:
        self._c.disk_note(word.encode())

    def count(self, what: str) -> int:
        """``calls`` that could have failed, ``cuts`` that could have been made, files ``opened``."""
        return int(getattr(self._c, f"disk_{what}")())


def built(folder: Path) -> Path | None:
    """The disk, ready to be put under a process; `None` where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "disk.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl", "-lpthread"], check=True
    )
    return library


def on_disk(library: Path, module: str, *arguments: object) -> Any:
    """What the `main` of a module, in a process of its own on this disk, prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", f"from {module} import main; main()", *map(str, arguments)],
        env={**os.environ, "LD_PRELOAD": str(library)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)

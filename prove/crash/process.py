"""Lives in processes of their own, forked from a parent that has read everything there is to be read."""

from __future__ import annotations

import functools
import gc
import mmap
import os
import signal
import ssl
import struct
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import storage.engine
import watcher.bootstrap
import watcher.filing_file
import watcher.rules
from prove.crash.life import Stage, live
from prove.crash.points import Points, arm

_ACT, _COUNT = 0, 8  # where the shared page says so


@contextmanager
def warmed() -> Iterator[None]:
    """Spare each child what all would read from files in the same way; nothing of it is ever written."""
    plain = [(module, name, getattr(module, name)) for module, name in _READ_ONCE]
    for module, name, function in plain:
        setattr(module, name, functools.lru_cache(maxsize=8)(function))
    try:
        yield
    finally:
        gc.unfreeze()
        for module, name, function in plain:
            setattr(module, name, function)


_READ_ONCE = (
    (watcher.rules, "load"),
    (watcher.filing_file, "load"),
    (watcher.bootstrap, "french_reader"),
    (storage.engine, "open_engine"),  # with its compiled statements; connections are each child's own
    (ssl, "create_default_context"),
)


def forked(work: Callable[[], None]) -> int:
    """Do it in a child, which is left to itself; its number."""
    child = os.fork()
    if child:
        return child
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        work()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


@dataclass(frozen=True, slots=True)
class Process:
    """`act` and `count` tell how far a child came, also when it was killed."""

    stage: Stage
    deeds: bool = False  # the only points
    _page: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, mmap.PAGESIZE))

    @property
    def act(self) -> int:
        return int(struct.unpack_from("q", self._page, _ACT)[0])

    @property
    def count(self) -> int:
        return int(struct.unpack_from("q", self._page, _COUNT)[0])

    def live(
        self, database: str, acts: Sequence[int], last_point: int | None = None, names: Path | None = None
    ) -> bool:
        """Play acts until killed at a point; whether it came to the end. `names` gets those of the points."""
        self.begun(acts[0])
        child = forked(lambda: self._live(database, acts, last_point, names))
        status = os.waitpid(child, 0)[1]
        self.stage.outside.settle()
        if status and os.WTERMSIG(status) != signal.SIGKILL:
            raise RuntimeError(f"a life failed with status {status}")
        return status == 0

    def _live(self, database: str, acts: Sequence[int], last_point: int | None, names: Path | None) -> None:
        seen: list[str] = []

        def reached(number: int, name: str) -> None:
            struct.pack_into("q", self._page, _COUNT, number)
            if names:
                seen.append(name)

        if last_point or names:
            arm(Points(last_point, reached, deeds=self.deeds))
        live(self.stage, database, acts, self.begun)
        if names:
            names.write_text("\n".join(seen), encoding="utf-8")

    def begun(self, act: int) -> None:
        struct.pack_into("q", self._page, _ACT, act)

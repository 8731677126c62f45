"""Where lives are lived and ended: databases, and everything outside that a life speaks to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prove.crash.databases import Kept, Sqlite, postgresql
from prove.crash.life import Stage
from prove.crash.outside import Outside
from prove.crash.process import warmed
from prove.folders import quick_folder


@dataclass
class Ground:
    """One kind of database; each stage has a folder and a database of its own."""

    outside: Outside
    kind: str
    make: Callable[[Path], Kept]
    folder: Path
    _made: int = field(default=0, init=False)

    def stage(self, every: str = "15m") -> tuple[Stage, Kept]:
        """`every`: how often its pages are read."""
        place = self.folder / str(self._made)
        self._made += 1
        place.mkdir()
        return Stage(place, self.outside, every), self.make(place)


def grounds(*, long: bool) -> Iterator[Ground]:
    """SQLite always, PostgreSQL in the long form; each is taken down before the next is put up."""
    with warmed(), Outside().running() as outside:
        with _folder() as folder:
            yield Ground(outside, "SQLite", Sqlite, folder)
        if not long:
            return
        with _folder() as folder, postgresql() as kept:

            def fresh(_folder: Path) -> Kept:
                kept.create()
                return kept

            yield Ground(outside, "PostgreSQL", fresh, folder)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as name:
        yield Path(name)

"""The database keeps what it was told, or says in words why it cannot."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from prove.folders import quick_folder
from prove.report import Chapter, Figure
from prove.storage.copies import flipped, killed, under_load
from prove.storage.full import full_disks
from prove.storage.schemas import killed_migrations, newer, read_only
from prove.storage.shared import crowd, locked, race
from storage.migrations import VERSIONS

_HOW = (
    "A small life (alerts, subscribers, sending) on SQLite, with a disk that is full at each page in turn, a "
    "database that others hold, share, wrote with a newer program or may not write, migrations killed at their "
    "statements, copies made under load and killed at their lines, and single bits flipped."
)


def prove(*, long: bool, seed: int) -> Chapter:
    figures: list[Figure] = []
    with _folders() as folder:
        figures += full_disks(folder(), 1 if long else 60, 1 if long else 4)
        figures += crowd(folder(), 8, 200 if long else 50, 5 if long else 1)
        figures += locked(folder())
        figures += race(folder(), 4, 10_000 if long else 1000)
        figures += newer(folder())
        figures += read_only(folder())
        figures += killed_migrations(folder(), VERSIONS[:-1], 1 if long else 25)
        figures += under_load(folder(), 40)
        figures += killed(folder(), 1 if long else 12)
        figures += flipped(folder(), 2000 if long else 60, seed)
    return Chapter("What the database keeps", _HOW, tuple(figures))


@contextmanager
def _folders() -> Iterator[Callable[[], Path]]:
    """A new folder for each part; in memory, where a killed process leaves the same behind as on a disk."""
    with tempfile.TemporaryDirectory(dir=quick_folder(), prefix="vigie-prove") as name:
        numbers = count()

        def folder() -> Path:
            number = next(numbers)
            shutil.rmtree(Path(name) / str(number - 1), ignore_errors=True)
            (Path(name) / str(number)).mkdir()
            return Path(name) / str(number)

        yield folder

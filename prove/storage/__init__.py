"""The database keeps what it was told, or says in words why it cannot."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from prove.folders import quick_folder
from prove.gauge import once_more
from prove.report import Chapter, Figure
from prove.storage.broken import broken
from prove.storage.carried import killed_migrations as killed_elsewhere
from prove.storage.carried import killed_moves, killed_with_many
from prove.storage.copies import flipped, killed, under_load
from prove.storage.daemons import two_watches
from prove.storage.disk import built
from prove.storage.falling import fallen, without_room
from prove.storage.full import full_disks
from prove.storage.halted import halted_migrations
from prove.storage.leaving import leaving
from prove.storage.power import power
from prove.storage.schemas import killed_migrations, newer, read_only
from prove.storage.served import Bases, held_by_others, raced, refused
from prove.storage.shared import crowd, locked, race
from storage.migrations import VERSIONS
from tests.fakes.servers import running_server

_HOW = (
    "A small life (alerts, subscribers, sending) on SQLite, with a disk that is full at each page in turn, a "
    "database that others hold, share, wrote with a newer program or may not write, migrations killed at their "
    "statements (in the long form those of a hundred thousand rows too), copies made under load and killed at "
    "their lines, and single bits flipped. Then on PostgreSQL, whose server falls at random and whose disk is "
    "full, with moves to it that are killed at their lines."
)

_BAD = "a disk that answers with errors, and a power cut"
_LATER = Figure(_BAD, "not tried in the short form", "")


def prove(*, long: bool, seed: int) -> Chapter:
    figures: list[Figure] = []
    with _folders() as folder:
        figures += full_disks(folder(), 1 if long else 60, 1 if long else 4)
        figures += once_more(lambda: crowd(folder(), 8, 200 if long else 50, 5 if long else 1))
        figures += locked(folder())
        figures += race(folder(), 4, *((100_000, 10) if long else (1000, 1)))
        figures += two_watches(folder(), 4, seed) if long else []
        figures += leaving(folder(), 1000, seed)
        figures += newer(folder())
        figures += read_only(folder())
        figures += killed_migrations(folder(), VERSIONS[:-1], 1 if long else 25)
        figures += halted_migrations(folder(), 13_000, 500) if long else []
        figures += under_load(folder(), 40)
        figures += killed(folder(), 1 if long else 12)
        figures += flipped(folder(), 2000 if long else 60, seed)
        figures += _on_postgresql(folder, seed, long=long)
        figures += _bad_disks(folder(), seed) if long else [_LATER]
    return Chapter("What the database keeps", _HOW, tuple(figures))


def _bad_disks(folder: Path, seed: int) -> list[Figure]:
    library = built(folder)
    if library is None:
        return [Figure(_BAD, "not tried: it takes Linux and a C compiler", "")]
    apart = [folder / "errors", folder / "power"]
    for place in apart:
        place.mkdir()
    return [*broken(library, apart[0], 20), *power(library, apart[1], 200, seed)]


def _on_postgresql(folder: Callable[[], Path], seed: int, *, long: bool) -> list[Figure]:
    """A part of it in the short form: a server falls, many send, and a move is killed."""
    with running_server() as server:
        bases = Bases(server)
        figures = raced(bases, folder(), 4, *((10_000, 10) if long else (100, 1)))
        figures += fallen(bases, 60 if long else 3, seed)
        figures += killed_moves(bases, folder(), 40 if long else 3000)
        if long:
            figures += held_by_others(bases)
            figures += refused(bases, folder())
            figures += without_room(bases, 8192)
            figures += killed_elsewhere(bases, VERSIONS[:-1], 5)
            figures += killed_with_many(bases, 13_000, 4)
        return figures


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

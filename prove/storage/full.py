"""A disk that is full at each page that the database wants, and has room again later."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from prove.report import Figure
from prove.storage.small import NAMES, Life, fresh, make, on_each_transaction, opened, sound
from tests.fakes.telling import World

_PAGE = 4096
_STEPS = len(NAMES) + 3


@dataclass
class Tally:
    tried: int = 0
    refusals: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    wordless: set[str] = field(default_factory=set)  # refusals that do not speak of the disk


Full = Callable[[Engine, Path, int], AbstractContextManager[None]]


def full_disks(folder: Path, bytes_every: int, pages_every: int) -> list[Figure]:
    template = make(folder / "template.db")
    pages = _sweep(template, folder / "pages", _few_pages, pages_every)
    files = _sweep(template, folder / "files", _short_files, bytes_every)
    figures = []
    for name, tally in (("no page left", pages), ("no byte left in a file", files)):
        figures += [
            Figure(
                f"{name}: tried at", f"{tally.tried} sizes, {tally.refusals} refusals", "", tally.refusals > 0
            ),
            Figure(
                f"{name}: lost, doubled, torn",
                f"{tally.lost}, {tally.doubled}, {tally.torn}",
                "0, without a restart",
                not (tally.lost or tally.doubled or tally.torn),
            ),
            Figure(
                f"{name}: refusals that do not name the disk",
                ", ".join(tally.wordless) or "0",
                "0",
                not tally.wordless,
            ),
        ]
    return figures


def _sweep(template: Path, folder: Path, full: Full, every: int) -> Tally:
    """With room for none, one, two … more pages, until there is room for everything."""
    tally, room = Tally(), 0
    while True:
        path = fresh(template, folder)
        with opened(path) as engine:
            life = Life(World(engine))
            with full(engine, path, room):
                for _ in range(_STEPS):
                    life.step()
            refused = list(life.refusals)
            for _ in range(_STEPS):
                life.step()
        tally.tried += 1
        tally.refusals += len(refused)
        tally.lost += life.lost()
        tally.doubled += life.doubled()
        tally.torn += not sound(path)
        tally.wordless |= {str(error) for error in refused if "disque" not in str(error) or error.permanent}
        if not refused:
            return tally
        room += every


@contextmanager
def _few_pages(engine: Engine, path: Path, room: int) -> Iterator[None]:
    """SQLite itself refuses to let the database grow."""
    limit = path.stat().st_size // _PAGE + room
    on_each_transaction(engine, lambda: f"max_page_count = {limit}")
    try:
        yield
    finally:
        limit = 1 << 30


@contextmanager
def _short_files(_engine: Engine, path: Path, room: int) -> Iterator[None]:
    """The kernel refuses to let any file grow, the log too, which SQLite may have half written by then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = path.with_name("vigie.db-wal")
    size = log.stat().st_size if log.exists() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room * _PAGE, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

"""`sources.yaml`, read when a process starts, and again whenever it changes while that goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from watcher import sources
from watcher.core.catalogue import Catalogue, Source
from watcher.core.ports import Clock
from watcher.core.silence import Faults
from watcher.core.watchlist import Watchlist
from watcher.sources import SourceProblem, SourcesError

_Mark = tuple[int, int, int] | None
"""Another one when the file is another; `None` where there is none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the file said, and which file it was."""

    path: Path
    mark: _Mark
    catalogue: Catalogue
    faults: Faults


def read(path: Path) -> Reading:
    """What is watched. A bad stanza is named and left out: the rest must not fall silent with it.

    Raises `SourcesError` where there is nothing to begin with.
    """
    mark = _mark(path)  # first: what changes while it is read is then seen to have changed
    catalogue, problems = sources.load_lenient(path)
    for problem in problems:
        sys.stderr.write(f"vigie : {problem} (laissé de côté)\n")
    return Reading(path, mark, catalogue, Faults(_lines(problems)))


class Known(Protocol):
    """Where pages are known."""

    def register(self, sources_: Iterable[Source], now: datetime) -> None: ...

    def look_again(self, source: str, now: datetime) -> None: ...


class Renewal:
    """Looks at the file again and again, and makes its pages known to the store.

    A file with a fault anywhere changes nothing: while people write, much is wrong for a moment, and what is left
    out would fall silent. It is taken once two looks in turn saw it the same, for not everybody writes it at once.
    """

    def __init__(self, first: Reading, store: Known, clock: Clock) -> None:
        self._path, self._store, self._clock = first.path, store, clock
        self._seen = self._taken = first.mark
        self._log: Any = structlog.get_logger("vigie")
        self.watchlist, self.faults = Watchlist(first.catalogue), first.faults
        store.register(first.catalogue.sources.values(), clock.now())

    def look(self) -> None:
        """Take the file if it is another. Costs nothing while it is not."""
        mark = _mark(self._path)
        settled, self._seen = mark == self._seen, mark
        if mark == self._taken or not settled:
            return
        try:
            catalogue = sources.load(self._path)
        except SourcesError as error:
            self._refuse(error.problems)
        else:
            self._take(catalogue)
        self._taken = mark

    def _refuse(self, problems: tuple[SourceProblem, ...]) -> None:
        self.faults = Faults(_lines(problems), refused=True)
        self._log.error("sources_refused", file=str(self._path), faults=len(problems), first=str(problems[0]))

    def _take(self, catalogue: Catalogue) -> None:
        before = self.watchlist.catalogue
        added = sorted(catalogue.sources.keys() - before.sources.keys())
        removed = sorted(before.sources.keys() - catalogue.sources.keys())
        if catalogue != before:
            self._store.register(catalogue.sources.values(), self._clock.now())
            moved = [one.id for one in catalogue.sources.values() if _is_elsewhere(one, before)]
            self.watchlist.renew(catalogue)
            for name in moved:  # whoever wrote another address wants to see what is there
                self._store.look_again(name, self._clock.now())
            pages = len(catalogue.sources)
            self._log.info("sources_renewed", pages=pages, added=added, removed=removed)
        self.faults = Faults()


def _is_elsewhere(source: Source, before: Catalogue) -> bool:
    known = before.sources.get(source.id)
    return known is not None and known.url != source.url


def _lines(problems: Iterable[SourceProblem]) -> tuple[str, ...]:
    return tuple(f"ligne {problem.line} : {problem.key} : {problem.message}" for problem in problems)


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino

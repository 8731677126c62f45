"""Past decisions at hand, each read once: the trail only grows."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from watcher.core.alerts import Alert
from watcher.core.decisions import Decision
from watcher.core.ports_desk import DeskStore
from watcher.core.similar import Precedent, precedent, similar

REMEMBERED = 1000  # precedents, the newest ones
_PAGE = 200  # lines of the trail that are read at once


class Precedents:
    """What was decided lately about which texts. Threads may share it."""

    def __init__(self, desk: DeskStore) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._last = 0  # the newest line that was read
        self._known: deque[Precedent] = deque(maxlen=REMEMBERED)  # oldest first
        self._gone: set[int] = set()

    def like(self, alerts: Sequence[Alert]) -> Sequence[Decision]:
        """At most five decisions about texts like that of the first alert, the likest first."""
        with self._lock:
            for line in reversed(self._new()):
                self._last = line.number
                if line.undoes is not None:
                    self._gone.add(line.undoes)
                if found := precedent(line):
                    self._known.append(found)
            known, gone = list(reversed(self._known)), frozenset(self._gone)
        return similar(alerts, known, gone)

    def _new(self) -> list[Decision]:
        """Lines that were not read yet, newest first, as many as are of use."""
        lines: list[Decision] = []
        before = None
        while len(lines) < REMEMBERED:
            page = self._desk.decisions(before=before, limit=_PAGE)
            lines += [line for line in page if line.number > self._last]
            if len(page) < _PAGE or page[-1].number <= self._last:
                break
            before = page[-1].number
        return lines

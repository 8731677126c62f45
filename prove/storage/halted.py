"""Migrations of many rows, looked at after their statements: what the files hold then is what a kill leaves.

Nothing but the files outlives a killed process. So one walk through a migration that halts at a statement, has
its files copied and goes on, shows as many kills as there are halts. (`schemas.py` kills, with few rows.)
"""

from __future__ import annotations

import filecmp
import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prove.crash.points import Points, arm
from prove.crash.process import forked
from prove.gauge import Timed
from prove.report import Figure
from prove.storage.schemas import downgrade, held, migrate
from prove.storage.small import address, fresh, opened, sound
from prove.storage.years import lived
from storage.backup import put_back, save
from storage.migrations import HEAD, VERSIONS, schema_version
from tests.fakes.plans import HOUR, NOW

_AS_BEFORE, _DONE, _TORN = "as before", "done", "torn"


class Halts(Points):
    """Stops the process, until somebody lets it go on, after each statement of the first migration that differs
    from those before it by more than its values, and after each `every`th of all.
    """

    def __init__(self, every: int) -> None:
        super().__init__(None, self._reached)
        self._every, self._sql, self._first, self._number = every, "", True, 0
        self._met: set[tuple[str, str]] = set()

    def statement(self, sql: object, on: Any) -> AbstractContextManager[None]:
        self._sql = str(sql)
        return super().statement(sql, on)

    def _reached(self, _number: int, name: str) -> None:
        if not name.endswith(": after"):
            return  # nothing was written since the one before
        self._number += 1
        known = (name, self._sql) in self._met
        self._met.add((name, self._sql))
        if (self._first and not known) or self._number % self._every == 0 or "COMMIT" in name:
            os.kill(os.getpid(), signal.SIGSTOP)
        self._first = self._first and not self._sql.startswith("UPDATE alembic_version")


@dataclass
class _Found:
    rows: int = 0  # of the oldest
    left: Counter[str] = field(default_factory=Counter)  # by halted processes: databases in which state
    differs: bool = True  # the oldest, once it was killed and done again
    fewer: int = 0  # tables that lost rows
    back: float = 0.0  # seconds that all steps back took


def halted_migrations(folder: Path, announcements: int, every: int) -> list[Figure]:
    found, path = _Found(), folder / "vigie.db"
    lived(path, announcements)
    for version in reversed(VERSIONS[:-1]):
        began = time.perf_counter()
        downgrade(path, version)
        found.back += time.perf_counter() - began
        number = _walked(path, folder, every, found)
    found.rows = sum(counted(held(path)).values())
    found.differs = _done_again(path, folder, every, number // 2)
    save(address(path), folder / "copy.db", NOW)
    began = time.perf_counter()
    put_back(folder / "copy.db", address(folder / "back.db"), NOW + HOUR, replace=False)
    return _figures(found, time.perf_counter() - began)


def _figures(found: _Found, restored: float) -> list[Figure]:
    halts, torn = sum(found.left.values()), found.left[_TORN]
    return [
        Figure(
            f"migrations of {found.rows} rows, looked at as a kill would leave them",
            f"after {halts} statements, from {', '.join(VERSIONS[:-1])}",
            "",
            halts > torn,
        ),
        Figure("neither the old, byte for byte, nor the new schema with its rows", str(torn), "0", not torn),
        Figure(
            f"{VERSIONS[0]} killed on the way and done again: differs",
            "yes" if found.differs else "no",
            "no",
            not found.differs,
        ),
        Figure("tables with fewer rows than before", str(found.fewer), "0", not found.fewer),
        Timed(f"from {HEAD} back to {VERSIONS[0]}", f"{found.back:.0f} s", "600 s", found.back <= 600),
        Timed(
            f"a copy of {VERSIONS[0]} put back, and migrated", f"{restored:.0f} s", "600 s", restored <= 600
        ),
    ]


def _walked(old: Path, folder: Path, every: int, found: _Found) -> int:
    path, states = fresh(old, folder / "walk"), []
    for _ in halts(path, every):
        states.append(left_by(path, old, folder / "left"))
    before, after = held(old), held(path)
    found.left.update(_AS_BEFORE if one is None else _DONE if one == after else _TORN for one in states)
    now = counted(after)
    found.fewer += sum(number > now.get(name, 0) for name, number in counted(before).items())
    return len(states)


def _done_again(old: Path, folder: Path, every: int, last: int) -> bool:
    """Whether a migration that is killed, and then done, comes to something else than the one that was walked."""
    killed = fresh(old, folder / "killed")
    kill_at(killed, every, last)
    migrate(killed)
    return held(killed) != held(folder / "walk" / "vigie.db")


def halts(where: Path | str, every: int, last: int | None = None) -> Iterator[None]:
    """Migrate in a process that goes on when the next halt is asked for, or is killed at the `last`."""

    def walk() -> None:
        arm(Halts(every))
        migrate(where)

    child, number = forked(walk), 0
    while os.WIFSTOPPED(status := os.waitpid(child, os.WUNTRACED)[1]):
        number += 1
        try:
            yield
        except GeneratorExit:
            os.kill(child, signal.SIGKILL)
            raise
        os.kill(child, signal.SIGKILL if number == last else signal.SIGCONT)
    if os.WIFSIGNALED(status) == (last is None):
        raise RuntimeError(f"a migration ended with status {status}")


def kill_at(where: Path | str, every: int, last: int) -> None:
    for _ in halts(where, every, last):
        pass


def left_by(path: Path, old: Path, folder: Path) -> Mapping[str, str] | None:
    """What the next process finds; `None` where it is the old database, byte for byte."""
    found = fresh(path, folder)
    for log in path.parent.glob(f"{path.name}-*"):
        shutil.copy(log, folder)
    with opened(found) as engine:  # which is when SQLite sees to what was left
        schema_version(engine)
    if filecmp.cmp(found, old, shallow=False):
        return None
    return held(found) if sound(found) else {}


def counted(tables: Mapping[str, str]) -> dict[str, int]:
    return {name: int(rows.partition(":")[0]) for name, rows in tables.items() if name.startswith("rows of ")}

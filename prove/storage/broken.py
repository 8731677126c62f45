"""A disk that answers with an error, once or for a while, at each of its calls in turn."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from prove.report import Figure
from prove.storage.disk import Call, Disk, on_disk
from prove.storage.small import NAMES, Life, fresh, make, opened, sound
from storage.errors import StorageError
from tests.fakes.telling import World

_STEPS = len(NAMES) + 3
_SAID = "le disque"
_TRIALS = {
    "writes": (Call.WRITE, (1, 4)),
    "syncs": (Call.SYNC, (1, 4)),
    "reads": (Call.READ, (1, 4)),
}  # the calls, and how many of them in a row


@dataclass
class Tally:
    points: int = 0
    refusals: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    trusted: int = 0  # connections that were used again after they had failed
    wordless: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)


def broken(library: Path, folder: Path, every: int) -> list[Figure]:
    figures = []
    for name, told in on_disk(library, __name__, folder, every).items():
        tally = Tally(**told)
        harm = (tally.lost, tally.doubled, tally.torn)
        words = sorted({*tally.wordless, *tally.surprises})
        figures += [
            Figure(
                f"{name} answered by an error: tried at",
                f"{tally.points} points, {tally.refusals} refusals",
                "",
                tally.refusals > 0,
            ),
            Figure(
                f"{name} answered by an error: lost, doubled, torn",
                ", ".join(map(str, harm)),
                "0, without a restart",
                not any(harm),
            ),
            Figure(
                f"{name} answered by an error: refusals that do not name the disk",
                "; ".join(words[:3]) or "0",
                "0",
                not words,
            ),
            Figure(
                f"{name} answered by an error: connections used again",
                str(tally.trusted),
                "0: all is read anew",
                not tally.trusted,
            ),
        ]
    return figures


def main() -> None:
    folder, every = Path(sys.argv[1]), int(sys.argv[2])
    template, disk = make(folder / "template.db"), Disk()
    disk.watch(folder / "life" / "vigie.db")
    told: dict[str, Any] = {}
    for name, (calls, rows) in _TRIALS.items():
        tally = Tally()
        for times in rows:
            _sweep(disk, template, folder / "life", calls, times, 1 if calls is Call.SYNC else every, tally)
        told[name] = asdict(tally)
    print(json.dumps(told))


def _sweep(
    disk: Disk, template: Path, folder: Path, calls: Call, times: int, every: int, tally: Tally
) -> None:
    """From the first call to the last that a life makes."""
    point = 1
    while True:
        path = fresh(template, folder)
        with opened(path) as engine:
            life, connections = Life(World(engine)), _Connections(engine)
            disk.fail(calls, point, times)
            for _ in range(_STEPS):
                tally.trusted += connections.trusted(life, tally)
                if calls is Call.READ:  # what was read is kept as long as a connection is
                    engine.dispose()
            made = disk.count("calls")
            disk.heal()
            refused = list(life.refusals)
            for _ in range(_STEPS):
                tally.trusted += connections.trusted(life, tally)
        tally.points += 1
        tally.refusals += len(refused)
        tally.lost += life.lost()
        tally.doubled += life.doubled()
        tally.torn += not sound(path)
        tally.wordless += {str(error) for error in refused if _SAID not in str(error)}
        if made < point:
            return
        point += every


class _Connections:
    """How often one was opened, and whether one that failed was used again."""

    def __init__(self, engine: Engine) -> None:
        self.made = 0
        self._since: int | None = None
        event.listen(engine, "connect", self._connected)

    def _connected(self, *_: object) -> None:
        self.made += 1

    def trusted(self, life: Life, tally: Tally) -> bool:
        """Take one step; true when it, and the one before, which was refused, went by without a new connection."""
        before, refusals = self.made, len(life.refusals)
        try:
            if self._since is not None:  # what was refused may be there all the same: a poll reads what is
                life.published = len(life.world.store.alerts())
            life.step()
        except StorageError as error:
            life.refusals.append(error)
        except Exception as error:  # each is a figure
            tally.surprises.append(f"{type(error).__name__}: {error}"[:200])
        old = self._since is not None and self.made == self._since
        self._since = before if len(life.refusals) > refusals else None
        return old and self._since is None

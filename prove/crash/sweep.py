"""Kills a life at one point after the other, lets the next process take over, and asks what became of it."""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from prove.crash.databases import Kept
from prove.crash.invariants import torn, whole
from prove.crash.life import ACTS, ANNE, BOB, CARL, DORA, TRUTH, Stage, live, prepare
from prove.crash.outside import HOOK, Copy
from prove.crash.process import Process

LAST = len(ACTS) - 1
_NEWS = [number for number, act in enumerate(ACTS) if act.changes and "down" not in act.changes]


@dataclass
class Tally:
    """What a sweep came to."""

    points: int = 0  # of the whole life
    kills: int = 0
    torn: int = 0
    lost: int = 0
    doubled: int = 0
    copies: int = 0
    most_copies: int = 0  # of one run, above what it needs
    ambiguous: int = 0
    ended: int = 0  # runs that met no such point: each sweep ends with one for each act
    names: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


@dataclass
class Sweep:
    """`every` of 3 kills at every third point of each act, beginning at one that chance chose."""

    stage: Stage
    database: Kept
    chance: random.Random
    every: int = 1
    deeds: bool = False
    tally: Tally = field(default_factory=Tally)
    _taken: dict[int, list[Copy]] = field(default_factory=lambda: {0: []})  # before each act

    _counts: list[int] = field(default_factory=list)  # of points in each act

    def __post_init__(self) -> None:
        self._process = Process(self.stage, self.deeds)

    def prepare(self) -> None:
        """Live once, undisturbed, keeping everything as it is before each act; this also counts the points."""
        outside = self.stage.outside
        prepare(self.stage, self.database.url)
        self.database.save("0")
        outside.answer = lambda path: self.stage.site(self._process.act).page(path)
        live(self.stage, self.database.url, range(len(ACTS)), self._process.begun)  # so that all is at hand
        self._restore(0)
        for act in range(len(ACTS)):
            self.database.save(str(act))
            self._taken[act] = list(outside.copies)
            names = self.stage.folder / "names"
            self._process.live(self.database.url, [act], names=names)
            seen = names.read_text(encoding="utf-8").splitlines()
            self._counts.append(len(seen))
            self.tally.names.update(seen)
        self.tally.points = self.tally.names.total()
        self._note("undisturbed", kills=0)
        gc.collect()
        gc.freeze()  # children share what is there

    def once(self) -> Tally:
        """One kill in each run."""
        for act in range(len(ACTS)):
            first = self.chance.randrange(self.every) + 1
            for number, point in enumerate(range(first, 1_000_000, self.every)):
                self._restore(act)
                if self._process.live(self.database.url, [act], point):
                    self.tally.ended += 1
                    break
                self._killed(f"{ACTS[act].name}, point {point}")
                self._recover(act, late=bool(number % 2))
                self._note(f"{ACTS[act].name}, point {point}", kills=1)
        return self.tally

    def twice(self, runs: int) -> Tally:
        """Another kill while the first one is recovered from."""
        for _ in range(runs):
            act = self.chance.randrange(len(ACTS))
            first, second = (self.chance.randrange(self._counts[act]) + 1 for _ in range(2))
            self._restore(act)
            where = f"{ACTS[act].name}, points {first} and {second}"
            kills = 0
            for point in (first, second):
                if not self._process.live(self.database.url, [act], point):
                    self._killed(where)
                    kills += 1
            self._recover(act, late=bool(second % 2))
            self._note(where, kills=kills)
        return self.tally

    def _restore(self, act: int) -> None:
        self.database.restore(str(act))
        self.stage.outside.begin(self._taken[act])

    def _killed(self, where: str) -> None:
        self.tally.kills += 1
        broken = torn(self.database)
        self.tally.torn += bool(broken)
        self.tally.broken += [f"{where}: {line}" for line in broken]

    def _recover(self, act: int, *, late: bool) -> None:
        """By the next process: at once, or only when there is other news."""
        later = [number for number in _NEWS if number > act]
        begin = later[0] if late and later else act
        missed = [number for number in _DEEDS if act <= number < begin]
        self.stage.outside.over = lambda: self._process.act == LAST
        self._process.live(self.database.url, [*missed, *range(begin, LAST), LAST])
        self.stage.outside.over = lambda: False

    def _note(self, where: str, *, kills: int) -> None:
        found = whole(self.database, self.stage.outside.copies, TRUTH, self._names())
        tally = self.tally
        tally.lost += found.lost
        tally.doubled += found.doubled
        tally.copies += found.copies
        tally.most_copies = max(tally.most_copies, found.copies - kills)
        tally.ambiguous += found.ambiguous
        tally.broken += [f"{where}: {line}" for line in found.broken]

    def _names(self) -> Mapping[str, str]:
        """Of receivers: the ids of their subscriptions."""
        known = self.database.rows(
            "SELECT id, way FROM subscriptions WHERE id NOT IN ('anne', 'bob', 'dora')"
        )
        ways = {way: id_ for id_, way in known}
        return {
            ANNE: "anne",
            BOB: "bob",
            DORA: "dora",
            CARL: ways.get("mail", ""),
            HOOK: ways.get("webhook", ""),
        }


_DEEDS = [number for number, act in enumerate(ACTS) if act.name in {"a confirmation", "somebody leaves"}]
"""What people do, whether or not there is anybody to notice."""

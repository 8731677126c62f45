"""What all sources of a platform teach about when to look at one of them; learnt anew now and then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from zoneinfo import ZoneInfo

from watcher.core import budget
from watcher.core.budget import Budget, Plan
from watcher.core.catalogue import Catalogue, Source, SourceKind
from watcher.core.outlook import demand
from watcher.core.ports import Clock
from watcher.core.rhythm import HOUR, Shape, later
from watcher.core.state import SourceState
from watcher.core.tempo import Tempo, rates_of, shape_of
from watcher.pacing import Pacer

LEARN = timedelta(hours=6)  # between two looks at all sources; a plan reaches days further
SAMPLE = 500  # sources of one platform speak for all of them

_zone = cache(ZoneInfo)


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Of one platform."""

    at: datetime
    shapes: Mapping[SourceKind, Shape]
    plan: Plan


@dataclass(slots=True)
class Tempi:
    """`if_watched(source)` is what a poll needs to choose its next look."""

    catalogue: Catalogue
    states: Callable[[Sequence[str]], Mapping[str, SourceState]]
    pacer: Pacer
    clock: Clock
    _learnt: dict[str, _Learnt] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _stale: bool = False

    def renew(self, catalogue: Catalogue) -> None:
        """Something else is watched next, which is another thing to plan."""
        with self._lock:
            self.catalogue, self._stale = catalogue, True

    def of(self, source: Source) -> Tempo:
        """Raises `LookupError` where `if_watched` knows none."""
        found = self.if_watched(source)
        if found is None:
            raise LookupError(source.id)
        return found

    def if_watched(self, source: Source) -> Tempo | None:
        """`None` for a page that left with all of its kind, or with its platform, while it is polled."""
        known = self._known(source.platform)
        if known is None or source.kind not in known.shapes:
            return None
        purse = self.pacer.state(source.platform).purse
        return Tempo(known.shapes[source.kind], known.plan, purse, self._zone_of(source))

    def plan(self, platform: str) -> Plan:
        """Raises `LookupError` for a platform without any page."""
        known = self._known(platform)
        if known is None:
            raise LookupError(platform)
        return known.plan

    def _zone_of(self, source: Source) -> ZoneInfo:
        return _zone(self.catalogue.prefectures[source.prefecture].timezone)

    def _known(self, platform: str) -> _Learnt | None:
        now = self.clock.now()
        with self._lock:
            known = self._learnt.get(platform)
            if known is None or self._stale or abs(now - known.at) >= LEARN:
                self._stale = False
                stated = {name for name, one in self.catalogue.platforms.items() if one.per_day}
                for name in stated | {source.platform for source in self.catalogue.sources.values()}:
                    self._learnt[name] = self._learn(name, now)
            return self._learnt.get(platform)

    def _learn(self, platform: str, now: datetime) -> _Learnt:
        sources = [one for one in self.catalogue.sources.values() if one.platform == platform]
        chosen = sources[:: max(1, len(sources) // SAMPLE)]
        states = self.states([one.id for one in chosen])
        known = {one.id: states[one.id].rhythm if one.id in states else None for one in chosen}
        shape = shape_of([rhythm for rhythm in known.values() if rhythm], now)
        shapes = {}
        for kind in {one.kind for one in sources}:
            alike = [rhythm for one in chosen if one.kind is kind and (rhythm := known[one.id])]
            shapes[kind] = replace(shape, rates=rates_of(alike, now))
        rates: dict[tuple[str, int], list[float]] = {}
        for one in chosen:
            wanted = demand(known[one.id], shapes[one.kind], one.every, now)
            rates.setdefault((self._zone_of(one).key, later(known[one.id])), []).append(wanted)
        spread = len(sources) / max(1, len(chosen))
        plan = budget.plan(rates, shape, self._budget(platform, sources), now, _local, spread)
        return _Learnt(now, shapes, plan)

    def _budget(self, platform: str, sources: Sequence[Source]) -> Budget:
        where = self.catalogue.platforms[platform]
        per_day = where.per_day or budget.default_per_day([one.every for one in sources])
        return Budget(per_day, where.gap * (1 + where.jitter / 2) / HOUR)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A `Spare`: bounded where the platform's stanza says how many requests a day it is to get (`per_day`).

    Where it does not, what watched pages come to says nothing of what its server bears, and is all theirs.
    """

    tempi: Tempi

    def left(self, platform: str) -> bool:
        plan, now = self._plan(platform), self.tempi.clock.now()
        if plan is None:
            return True
        purse = self.tempi.pacer.state(platform).purse
        return budget.spent(purse, plan, now) < budget.EXPLORED * plan.per_day

    def spend(self, platform: str, requests: int) -> None:
        plan = self._plan(platform)
        if plan is not None:
            for _ in range(requests):
                self.tempi.pacer.spend(platform, plan)

    def _plan(self, platform: str) -> Plan | None:
        return self.tempi.plan(platform) if self.tempi.catalogue.platforms[platform].per_day else None


def _local(place: tuple[str, int], at: datetime) -> datetime:
    zone, hours = place
    return at.astimezone(_zone(zone)) - hours * HOUR

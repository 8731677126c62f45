"""A store in memory that readers can ask; it writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.core.alerts import Alert, AlertState
from watcher.core.full_text import findable, says, terms
from watcher.core.ports import NEAR, Store
from watcher.core.state import Problem, SourceOutline, SourceState


@dataclass
class MemoryStore(Store):
    held: list[Alert] = field(default_factory=list)
    known: dict[str, SourceState] = field(default_factory=dict)
    troubles: list[Problem] = field(default_factory=list)
    fails: bool = False

    def alerts(
        self,
        *,
        since: datetime | None = None,
        prefecture: str | None = None,
        category: str | None = None,
        motif: str | None = None,
        state: AlertState | None = None,
        words: str | None = None,
        after: tuple[datetime, str] | None = None,
        limit: int | None = None,
        historical: bool | None = False,
    ) -> Sequence[Alert]:
        if self.fails:
            raise ConnectionError("the database is away")
        found = [
            alert
            for alert in self.held
            if (since is None or alert.detected_at >= since)
            and prefecture in {None, alert.prefecture}
            and (category is None or category in alert.verdict.categories)
            and (motif is None or motif in alert.verdict.motifs)
            and state in {None, alert.state}
            and historical in {None, alert.historical}
            and says(findable(alert), terms(words or ""))
        ]
        newest = sorted(sorted(found, key=lambda a: a.id), key=lambda a: a.detected_at, reverse=True)
        return [a for a in newest if after is None or _follows(a, *after)][:limit]

    def counts(self, since: datetime) -> Mapping[str, int]:
        told = self.alerts(since=since)
        over = {AlertState.CORRECTED, AlertState.RETRACTED}
        return Counter(one.prefecture for one in told if one.state not in over)

    def count_kinds(self, since: datetime) -> Mapping[tuple[str, AlertState], int]:
        told = self.alerts(since=since)
        return Counter(((one.verdict.categories or ("",))[0], one.state) for one in told)

    def alert(self, alert: str) -> Alert | None:
        return next((one for one in self.held if one.id == alert), None)

    def related(self, alert: Alert) -> Sequence[Alert]:
        return [
            one
            for one in self.alerts(historical=alert.historical)
            if alert.id in {one.corrects, one.first}
            or (one.id != alert.id and alert.group == one.group != "" and _near(one, alert))
        ]

    def decided(self, since: datetime, before: datetime) -> Sequence[Alert]:
        return [
            one
            for one in self.held
            if one.updated_at != one.detected_at
            and one.updated_at >= since
            and one.detected_at < before
            and not one.historical
        ]

    def states(self, names: Sequence[str] | None = None) -> Mapping[str, SourceState]:
        return self.known if names is None else {n: self.known[n] for n in names if n in self.known}

    def outlines(self) -> Mapping[str, SourceOutline]:
        return self.known

    def problems(self) -> Sequence[Problem]:
        return [problem for problem in self.troubles if problem.closed_at is None]


def _near(one: Alert, other: Alert) -> bool:
    return abs(one.detected_at - other.detected_at) <= NEAR


def _follows(alert: Alert, detected_at: datetime, name: str) -> bool:
    return alert.detected_at < detected_at or (alert.detected_at == detected_at and alert.id > name)

"""What is read and what is not, said plainly: silence must never pass for calm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.catalogue import Catalogue, Prefecture, Source
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind, SourceOutline

STALE_AFTER = timedelta(hours=24)
_OF_READING = frozenset(
    {
        ProblemKind.PLATFORM,
        ProblemKind.OVERDUE,
        ProblemKind.LEFT_OUT,
        ProblemKind.ACCEPTED,
        ProblemKind.STUCK,
    }
)
_OF_TELLING = frozenset({ProblemKind.SENDER, ProblemKind.HELD, ProblemKind.UNTOLD, ProblemKind.CANARY})


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    source: Source
    outcome: Outcome | None  # of its last poll
    last_read_at: datetime | None
    problems: tuple[Problem, ...]
    stale: bool  # not read for a day, or twice its period when that is longer; never read included


@dataclass(frozen=True, slots=True)
class PrefectureCoverage:
    prefecture: Prefecture
    sources: tuple[SourceCoverage, ...]

    @property
    def last_read_at(self) -> datetime | None:
        """Of the page that was read most recently."""
        return max((s.last_read_at for s in self.sources if s.last_read_at), default=None)

    @property
    def oldest_read_at(self) -> datetime | None:
        """Of the page that was read least recently; `None` when one was never read, or none is watched."""
        times = [source.last_read_at for source in self.sources]
        known = [time for time in times if time is not None]
        return min(known) if known and len(known) == len(times) else None

    @property
    def stale(self) -> int:
        return sum(source.stale for source in self.sources)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for source in self.sources for problem in source.problems)


@dataclass(frozen=True, slots=True)
class Coverage:
    prefectures: tuple[PrefectureCoverage, ...]  # in the order of the codes
    incidents: tuple[Problem, ...]  # troubles of a whole platform, or of the watch itself, with reading
    untold: tuple[Problem, ...] = ()  # troubles with telling

    @property
    def sources(self) -> tuple[SourceCoverage, ...]:
        return tuple(source for one in self.prefectures for source in one.sources)

    @property
    def stale(self) -> int:
        return sum(one.stale for one in self.prefectures)

    @property
    def last_read_at(self) -> datetime | None:
        return max((one.last_read_at for one in self.prefectures if one.last_read_at), default=None)

    def of(self, code: str) -> PrefectureCoverage | None:
        return next((one for one in self.prefectures if one.prefecture.code == code), None)


def coverage(
    catalogue: Catalogue,
    states: Mapping[str, SourceOutline],
    problems: Sequence[Problem],
    now: datetime,
) -> Coverage:
    """Put together what the catalogue wants watched and what is known of each page at `now`."""
    troubles: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.closed_at is None:
            troubles.setdefault(problem.subject, []).append(problem)
    pages: dict[str, list[SourceCoverage]] = {}
    for source in catalogue.sources.values():
        state = states.get(source.id)
        outcome, last = (state.outcome, state.last_read_at) if state else (None, None)
        mine = tuple(troubles.get(source.id, ()))
        pages.setdefault(source.prefecture, []).append(
            SourceCoverage(source, outcome, last, mine, _stale(source, last, now))
        )
    ordered = sorted(catalogue.prefectures.values(), key=lambda one: one.code)
    wide = [p for p in problems if p.closed_at is None and p.subject not in catalogue.sources]
    return Coverage(
        tuple(PrefectureCoverage(one, tuple(pages.get(one.code, ()))) for one in ordered),
        tuple(p for p in wide if p.kind in _OF_READING),
        tuple(p for p in wide if p.kind in _OF_TELLING),
    )


def _stale(source: Source, last: datetime | None, now: datetime) -> bool:
    return last is None or now - last > max(STALE_AFTER, 2 * source.every)

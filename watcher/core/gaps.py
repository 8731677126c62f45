"""What of a préfecture is not watched, as far as anybody knows, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from watcher.core.catalogue import SourceKind
from watcher.core.coverage import PrefectureCoverage
from watcher.core.discovered import Discovered
from watcher.core.page import Outcome
from watcher.core.state import ProblemKind


class Gap(StrEnum):
    """The gravest first."""

    NEWS = "news"  # none is watched, nor of the next kinds
    PAGE = "page"
    BOOKING = "booking"
    PROCEDURE = "procedure"
    BLOCKED = "blocked"  # a watched page is shown to people only
    DISALLOWED = "disallowed"
    LOST = "lost"  # a watched page is gone, or elsewhere
    LOCKED = "locked"  # something there is shown only after a form or a log-in, or is refused
    SECTION = "section"  # the site was explored, the section not found
    UNEXPLORED = "unexplored"


_KINDS = {
    SourceKind.NEWS: Gap.NEWS,
    SourceKind.PAGE: Gap.PAGE,
    SourceKind.BOOKING: Gap.BOOKING,
    SourceKind.PROCEDURE: Gap.PROCEDURE,
}
_OUTCOMES = {Outcome.BLOCKED: Gap.BLOCKED, Outcome.DISALLOWED: Gap.DISALLOWED, Outcome.GONE: Gap.LOST}
_PROBLEMS = {
    ProblemKind.BLOCKED: Gap.BLOCKED,
    ProblemKind.DISALLOWED: Gap.DISALLOWED,
    ProblemKind.GONE: Gap.LOST,
    ProblemKind.MOVED: Gap.LOST,
}


def kinds(one: PrefectureCoverage) -> Mapping[SourceKind, int]:
    """How many pages of each kind are watched; every kind is named."""
    counted = Counter(page.source.kind for page in one.sources)
    return {kind: counted[kind] for kind in SourceKind}


def gaps(one: PrefectureCoverage, seen: Discovered | None) -> tuple[Gap, ...]:
    """`seen`: what exploring the site has shown, if it was explored."""
    found = set(_found(one, seen))
    return tuple(gap for gap in Gap if gap in found)


def _found(one: PrefectureCoverage, seen: Discovered | None) -> Iterator[Gap]:
    yield from (_KINDS[kind] for kind, number in kinds(one).items() if not number)
    for page in one.sources:
        if page.outcome in _OUTCOMES:
            yield _OUTCOMES[page.outcome]
        yield from (_PROBLEMS[problem.kind] for problem in page.problems if problem.kind in _PROBLEMS)
    if seen is None:
        yield Gap.UNEXPLORED
        return
    if not seen.found:
        yield Gap.SECTION
    if seen.unwatchable:
        yield Gap.LOCKED


def where(
    covered: Iterable[PrefectureCoverage], discovered: Mapping[str, Discovered]
) -> Mapping[Gap, tuple[str, ...]]:
    """The codes of the préfectures that have each gap; gaps that nobody has are not named."""
    codes: dict[Gap, list[str]] = {gap: [] for gap in Gap}
    for one in covered:
        for gap in gaps(one, discovered.get(one.prefecture.code)):
            codes[gap].append(one.prefecture.code)
    return {gap: tuple(some) for gap, some in codes.items() if some}

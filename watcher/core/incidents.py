"""The same trouble of many pages is one incident of their platform, not a hundred problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.catalogue import Catalogue
from watcher.core.labels import OUTCOMES
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind, SourceOutline

NETWORK = "network"  # subject of the incident that nothing at all can be reached
LATELY = timedelta(hours=24)
MANY, SHARE = 3, 0.2  # of a platform's pages, whichever is more
_NOT_AS_BEFORE = frozenset(
    {Outcome.IMPLAUSIBLE, Outcome.EMPTY, Outcome.SOFT_404, Outcome.MAINTENANCE, Outcome.UNSUPPORTED}
)


_PART_OF = {
    "template": frozenset({ProblemKind.UNREADABLE}),
    "platform": frozenset({ProblemKind.UNREACHABLE, ProblemKind.BLOCKED}),
}


@dataclass(frozen=True, slots=True)
class Incidents:
    opens: tuple[Problem, ...]
    closes: tuple[str, ...]  # subjects of incidents that are over


def widespread(catalogue: Catalogue, states: Mapping[str, SourceOutline], now: datetime) -> Incidents:
    """What many pages of one platform have in common at their last reading, within a day."""
    opens, closes = [], []
    for platform in catalogue.platforms:
        mine = [s.id for s in catalogue.sources.values() if s.platform == platform]
        lately = [states[id_] for id_ in mine if id_ in states and _lately(states[id_], now)]
        odd = [state for state in lately if state.outcome in _NOT_AS_BEFORE]
        subject = f"template:{platform}"
        if len(odd) >= max(MANY, SHARE * len(mine)):
            opens.append(Problem(subject, ProblemKind.PLATFORM, now, _evidence(platform, odd, len(mine))))
        else:
            closes.append(subject)
    return Incidents(tuple(opens), tuple(closes))


def apart(problems: Sequence[Problem], catalogue: Catalogue) -> list[Problem]:
    """Those of these open problems that are told for themselves: not of pages that share an open incident."""
    open_ = {one.subject for one in problems if one.kind is ProblemKind.PLATFORM}
    return [one for one in problems if not _is_part(one, open_, catalogue)]


def _is_part(problem: Problem, incidents: Collection[str], catalogue: Catalogue) -> bool:
    source = catalogue.sources.get(problem.subject)
    if source is None:
        return False
    of = [what for what, kinds in _PART_OF.items() if problem.kind in kinds]
    return any(
        f"{what}:{source.platform}" in incidents or (what == "platform" and NETWORK in incidents)
        for what in of
    )


def _lately(state: SourceOutline, now: datetime) -> bool:
    return state.last_poll_at is not None and now - state.last_poll_at <= LATELY


def _evidence(platform: str, odd: Sequence[SourceOutline], pages: int) -> str:
    outcomes = Counter(state.outcome for state in odd if state.outcome)
    (most, _), *_rest = outcomes.most_common(1)
    return (
        f"{len(odd)} pages sur {pages} de la plateforme {platform} ne se lisent plus comme avant "
        f"({OUTCOMES[most].french}, le plus souvent)"
    )

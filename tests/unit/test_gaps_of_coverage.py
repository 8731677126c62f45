"""What of a préfecture is not watched, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.catalogue import Catalogue, Prefecture, Source, SourceKind
from watcher.core.coverage import PrefectureCoverage, coverage
from watcher.core.discovered import Discovered
from watcher.core.discovery_labels import GAPS, WATCHED
from watcher.core.gaps import Gap, gaps, kinds, where
from watcher.core.page import Outcome
from watcher.core.site_proposals import Unwatchable
from watcher.core.state import Problem, ProblemKind, SourceState

NOW = datetime(2025, 9, 11, 15, tzinfo=UTC)
SEEN = Discovered(NOW, found=True, waiting=0, unwatchable=())
NEWS = Source("15-a", "15", SourceKind.NEWS, "https://a.example/A", "dsfr", "ide", timedelta(hours=1))
ALL = {kind: replace(NEWS, id=f"15-{kind}", kind=kind) for kind in SourceKind}


def cantal(
    *sources: Source, state: SourceState | None = None, problem: Problem | None = None
) -> PrefectureCoverage:
    catalogue = Catalogue(
        {}, {"15": Prefecture("15", "Cantal", "https://a.example")}, {one.id: one for one in sources}
    )
    states = {state.source: state} if state else {}
    (one,) = coverage(catalogue, states, (problem,) if problem else (), NOW).prefectures
    return one


def test_every_kind_that_is_not_watched_is_a_gap() -> None:
    assert gaps(cantal(NEWS), SEEN) == (Gap.PAGE, Gap.BOOKING, Gap.PROCEDURE)
    assert gaps(cantal(*ALL.values()), SEEN) == ()
    assert kinds(cantal(NEWS)) == {
        SourceKind.NEWS: 1,
        SourceKind.PAGE: 0,
        SourceKind.BOOKING: 0,
        SourceKind.PROCEDURE: 0,
    }


@pytest.mark.parametrize(
    ("outcome", "gap"),
    [(Outcome.BLOCKED, Gap.BLOCKED), (Outcome.DISALLOWED, Gap.DISALLOWED), (Outcome.GONE, Gap.LOST)],
)
def test_a_page_that_is_refused_to_us_is_a_gap(outcome: Outcome, gap: Gap) -> None:
    name = ALL[SourceKind.NEWS].id
    read = SourceState(name, NOW, outcome, NOW, NOW)
    assert gaps(cantal(*ALL.values(), state=read), SEEN) == (gap,)


def test_so_is_one_with_such_a_trouble_while_it_is_retried() -> None:
    name = ALL[SourceKind.NEWS].id
    trouble = Problem(name, ProblemKind.BLOCKED, NOW, "x")
    assert gaps(cantal(*ALL.values(), problem=trouble), SEEN) == (Gap.BLOCKED,)


def test_what_exploring_shows_is_a_gap_and_that_nobody_explored_too() -> None:
    whole = cantal(*ALL.values())
    locked = replace(SEEN, unwatchable=(Unwatchable("https://a.example/x", "x", "formulaire"),))
    assert gaps(whole, None) == (Gap.UNEXPLORED,)
    assert gaps(whole, replace(SEEN, found=False)) == (Gap.SECTION,)
    assert gaps(whole, locked) == (Gap.LOCKED,)
    assert where([whole], {"15": locked}) == {Gap.LOCKED: ("15",)}
    assert where([whole], {"15": SEEN}) == {}


def test_everything_has_a_name_in_both_languages() -> None:
    assert set(GAPS) == set(Gap)
    assert set(WATCHED) == set(SourceKind)
    assert all(label.told("fr") != label.told("en") for label in GAPS.values())

"""What is said about what we read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fakes.alerts import SEEN, catalogue
from watcher.core.coverage import Coverage, coverage
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind, SourceState


def states(age: timedelta = timedelta(minutes=5)) -> dict[str, SourceState]:
    return {
        source: SourceState(source, SEEN, Outcome.UNCHANGED, SEEN, SEEN - age)
        for source in catalogue().sources
    }


def cantal(covered: Coverage) -> tuple[int, int]:
    found = covered.of("15")
    assert found is not None
    return found.stale, len(found.sources)


def test_a_page_read_within_a_day_is_up_to_date() -> None:
    assert coverage(catalogue(), states(), [], SEEN).stale == 0


def test_pages_that_were_never_read_are_not_up_to_date() -> None:
    assert cantal(coverage(catalogue(), {}, [], SEEN)) == (2, 2)
    never = {"15-actualites": SourceState("15-actualites", SEEN)}
    assert coverage(catalogue(), {**states(), **never}, [], SEEN).stale == 1


def test_a_page_read_rarely_by_choice_has_twice_its_period() -> None:
    watched = catalogue()
    slow = {s.id: replace(s, every=timedelta(days=2)) for s in watched.sources.values()}
    assert coverage(replace(watched, sources=slow), states(timedelta(days=3)), [], SEEN).stale == 0
    assert coverage(watched, states(timedelta(days=3)), [], SEEN).stale == 6


def test_a_trouble_stands_with_its_prefecture_and_an_incident_with_all() -> None:
    one = Problem("69-sejour", ProblemKind.BLOCKED, SEEN, "HTTP 403")
    many = Problem("platform:ide", ProblemKind.PLATFORM, SEEN, "14 hôtes")
    closed = replace(one, subject="15-sejour", closed_at=SEEN)
    covered = coverage(catalogue(), states(), [one, many, closed], SEEN)
    assert covered.incidents == (many,)
    assert [(p.prefecture.code, p.problems) for p in covered.prefectures if p.problems] == [("69", (one,))]


def test_a_prefecture_without_a_page_is_listed_and_claims_nothing() -> None:
    found = coverage(catalogue(), states(), [], SEEN).of("974")
    assert found is not None
    assert (found.sources, found.last_read_at, found.oldest_read_at) == ((), None, None)


def test_the_oldest_reading_of_a_prefecture_is_unknown_while_a_page_was_never_read() -> None:
    known = states()
    covered = coverage(catalogue(), known, [], SEEN).of("15")
    assert covered is not None
    assert covered.oldest_read_at == SEEN - timedelta(minutes=5)
    del known["15-sejour"]
    covered = coverage(catalogue(), known, [], SEEN).of("15")
    assert covered is not None
    assert covered.oldest_read_at is None

"""Pages that say nothing new for longer than they ever did, that nobody reads, or that were left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.page import Outcome
from watcher.core.silence import ENOUGH, LEAST, Faults, Seen, left_out, overdue, patience, silent
from watcher.core.state import Problem, ProblemKind, SourceState

NOW = datetime(2025, 9, 11, 15, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CODES = [f"{n:02}" for n in range(1, 21)]
CATALOGUE = Catalogue(
    {"ide": Platform("ide", timedelta(seconds=7), 0.3, Brake())},
    {code: Prefecture(code, code, f"https://{code}.example") for code in CODES},
    {
        code: Source(code, code, SourceKind.NEWS, f"https://{code}.example/A", "dsfr", "ide", HOUR)
        for code in CODES
    },
)


def state(name: str, **other: object) -> SourceState:
    fine = SourceState(name, NOW + HOUR, Outcome.UNCHANGED, NOW - HOUR, NOW - HOUR)
    return replace(fine, **other)  # type: ignore[arg-type]


def seen(*states: SourceState, problems: Sequence[Problem] = (), now: datetime = NOW) -> Seen:
    known = {code: state(code) for code in CODES} | {one.source: one for one in states}
    return Seen(CATALOGUE, known, problems, now)


def every(days: int, last: datetime, times: int = ENOUGH + 1) -> list[datetime]:
    """Changes at this distance, oldest first."""
    return [last - n * days * DAY for n in reversed(range(times))]


def subjects(problems: Sequence[Problem]) -> list[str]:
    return [problem.subject for problem in problems]


def test_patience_is_three_times_the_longest_usual_gap() -> None:
    assert patience(every(5, NOW)) == 15 * DAY


def test_patience_is_a_week_at_least() -> None:
    assert patience(every(1, NOW)) == LEAST


def test_the_longest_gap_of_the_year_may_come_back() -> None:
    usual = every(3, NOW, 100)

    assert patience([usual[0] - 4 * DAY, *usual]) == 9 * DAY
    assert patience([usual[0] - 16 * DAY, *usual]) == 32 * DAY


def test_of_few_gaps_the_longest_counts() -> None:
    usual = every(3, NOW, ENOUGH)

    assert patience([usual[0] - 20 * DAY, *usual]) == 60 * DAY


def test_nothing_is_known_from_too_few_changes() -> None:
    assert patience(every(1, NOW, ENOUGH)) is None


def test_a_page_that_is_touched_up_all_day_changed_once() -> None:
    touched = [day + n * HOUR for day in every(6, NOW, 5) for n in range(12)]

    assert patience(touched) is None


def test_a_page_is_silent_after_its_own_rhythm_and_not_before() -> None:
    rhythm = {"01": every(5, NOW - 15 * DAY)}

    assert silent(seen(), rhythm) == []
    (found,) = silent(seen(now=NOW + HOUR), rhythm)
    assert (found.subject, found.kind, found.needs_human) == ("01", ProblemKind.SILENT, True)
    assert found.evidence == (
        "rien de nouveau depuis le 27 août 2025, alors que d'ordinaire il ne se passe pas 15 jours sans changement"
    )


@pytest.mark.parametrize(
    "page",
    [
        state("01", outcome=Outcome.BLOCKED),
        state("01", last_read_at=NOW - 3 * DAY),
        state("01", outcome=None, last_read_at=None),
    ],
    ids=["refused", "not read lately", "never read"],
)
def test_what_is_not_read_is_no_silence(page: SourceState) -> None:
    assert silent(seen(page), {"01": every(5, NOW - 60 * DAY)}) == []


def test_a_page_with_a_trouble_is_not_raised_twice_but_a_silence_goes_on_through_one() -> None:
    rhythm = {"01": every(5, NOW - 60 * DAY)}
    trouble = Problem("01", ProblemKind.MOVED, NOW, "")
    raised = Problem("01", ProblemKind.SILENT, NOW, "")

    assert silent(seen(problems=[trouble]), rhythm) == []
    assert subjects(silent(seen(state("01", outcome=Outcome.BLOCKED), problems=[raised]), rhythm)) == ["01"]


def test_a_page_whose_time_came_long_ago_is_overdue() -> None:
    late = state("01", next_poll_at=NOW - HOUR - timedelta(minutes=1))

    assert overdue(seen(state("01", next_poll_at=NOW - HOUR)), {}) == []
    (found,) = overdue(seen(late), {})
    assert (found.subject, found.kind) == ("01", ProblemKind.OVERDUE)
    assert found.evidence == "la page devait être lue à 13:59 UTC, le 11 septembre 2025"


def test_nobody_is_late_while_the_platform_could_not_be_read() -> None:
    late = state("01", next_poll_at=NOW - DAY)

    assert overdue(seen(late), {"ide": NOW - timedelta(minutes=30)}) == []
    assert subjects(overdue(seen(late), {"ide": NOW - 2 * HOUR})) == ["01"]


def test_a_platform_that_nobody_reads_is_one_trouble() -> None:
    late = [state(code, next_poll_at=NOW - DAY) for code in CODES]

    assert subjects(overdue(seen(*late), {})) == ["overdue:ide"]


def test_pages_that_are_not_watched_any_more_are_said_for_a_week() -> None:
    gone = SourceState("99-actualites", NOW, Outcome.OK, NOW - DAY, NOW - DAY)

    (found,) = left_out(seen(gone), Faults())
    assert found.evidence == "1 page lue jusqu'ici n'est plus suivie : 99-actualites"
    assert left_out(seen(gone, now=NOW + 7 * DAY), Faults()) == []
    (both,) = left_out(seen(gone, replace(gone, source="98-actualites")), Faults(("a", "b")))
    assert both.evidence == (
        "2 pages lues jusqu'ici ne sont plus suivies : 98-actualites, 99-actualites ; 2 fautes, dont a"
    )


def test_faults_of_the_file_are_said_as_long_as_they_are_there() -> None:
    (found,) = left_out(seen(), Faults(("ligne 4 : prefectures.15 : clé inconnue",)))

    assert (found.subject, found.kind) == ("sources.yaml", ProblemKind.LEFT_OUT)
    assert found.evidence == "1 faute : ligne 4 : prefectures.15 : clé inconnue"

"""The line of a digest that says what could be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.alerts import catalogue
from watcher.core.catalogue import Catalogue, Prefecture
from watcher.core.coverage import coverage
from watcher.core.coverage_line import coverage_line
from watcher.core.state import SourceState

NOW = datetime(2026, 3, 10, 6, tzinfo=UTC)
FRESH, OLD = NOW - timedelta(hours=2), datetime(2026, 3, 3, 9, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)


def line(language: str = "fr", since: datetime = SINCE, watched: Catalogue | None = None, **read: Any) -> str:
    """`read`: when each page was read last, ``p15_sejour=OLD``; all others were read just now."""
    watched = watched or catalogue()
    states = {
        id_: SourceState(id_, NOW, last_read_at=read.get(f"p{id_.replace('-', '_')}", FRESH))
        for id_ in watched.sources
    }
    covered = coverage(watched, states, (), NOW)
    return coverage_line(covered, since, NOW, zone="Europe/Paris", language=language).replace("\u00a0", " ")


def test_all_préfectures_read_is_said_in_one_sentence() -> None:
    assert line() == "Les 3 préfectures suivies ont toutes été lues depuis hier."
    assert line("en") == "All 3 préfectures that are watched were read since yesterday."


def test_what_was_not_read_is_named_with_the_day_since_when() -> None:
    unread = {"p15_actualites": OLD, "p15_sejour": OLD}

    assert line(**unread) == "2 préfectures sur 3 lues depuis hier. Non lues : Cantal (15), depuis le 3 mars."
    assert (
        line("en", **unread)
        == "2 préfectures of 3 read since yesterday. Not read: Cantal (15), since 3 March."
    )


def test_one_page_that_could_not_be_read_is_not_passed_over_in_silence() -> None:
    assert "Cantal (15), en partie, depuis le 3 mars" in line(p15_sejour=OLD)


def test_a_page_that_was_never_read_is_said_to_be_so() -> None:
    told = line(p15_actualites=None, p15_sejour=None, p69_actualites=OLD, p69_sejour=OLD)

    assert told == (
        "1 préfecture sur 3 lue depuis hier. Non lues : Cantal (15), jamais ; Rhône (69), depuis le 3 mars."
    )


def test_the_year_is_told_when_it_is_another() -> None:
    assert "depuis le 31 décembre 2025" in line(p15_sejour=datetime(2025, 12, 31, 9, tzinfo=UTC))


def test_days_are_those_of_the_subscribers_zone() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)

    assert "depuis le 3 mars" in line(p15_sejour=late)


def test_a_week_is_told_from_its_first_day() -> None:
    assert "toutes été lues depuis le 3 mars" in line(since=datetime(2026, 3, 3, 6, tzinfo=UTC))


def test_the_day_of_a_clock_change_still_begins_yesterday() -> None:
    assert "depuis hier" in line(since=NOW - timedelta(hours=25))


def test_many_unread_préfectures_are_counted_and_the_first_named() -> None:
    codes = [f"{number:02}" for number in range(1, 31)]
    some = catalogue()
    source = next(iter(some.sources.values()))
    watched = replace(
        some,
        prefectures={code: Prefecture(code, f"Lieu {code}", "https://x.example") for code in codes},
        sources={f"{code}-p": replace(source, id=f"{code}-p", prefecture=code) for code in codes},
    )
    told = line(watched=watched, **dict.fromkeys((f"p{code}_p" for code in codes), OLD))

    assert told.startswith("0 préfecture sur 30 lue depuis hier.")
    assert told.endswith("Lieu 12 (12), depuis le 3 mars ; et 18 autres.")


@pytest.mark.parametrize(("language", "told"), [("fr", "Aucune préfecture"), ("en", "No préfecture")])
def test_a_watch_that_watches_nothing_says_so(language: str, told: str) -> None:
    some = catalogue()

    assert line(language, watched=replace(some, sources={})).startswith(told)

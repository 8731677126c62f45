"""The same trouble of many pages is one incident of their platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.incidents import widespread
from watcher.core.labels import OUTCOMES
from watcher.core.page import Outcome
from watcher.core.state import ProblemKind, SourceState

NOW = datetime(2025, 9, 11, 15, tzinfo=UTC)
CODES = [f"{n:02}" for n in range(1, 21)]
CATALOGUE = Catalogue(
    {"ide": Platform("ide", timedelta(seconds=7), 0.3, Brake())},
    {code: Prefecture(code, code, f"https://{code}.example") for code in CODES},
    {
        code: Source(
            code, code, SourceKind.NEWS, f"https://{code}.example/A", "dsfr", "ide", timedelta(hours=1)
        )
        for code in CODES
    },
)


def states(odd: int, outcome: Outcome = Outcome.IMPLAUSIBLE, ago: int = 1) -> dict[str, SourceState]:
    """All pages were read an hour ago, `odd` of them not as before, `ago` hours ago."""
    fine = {c: SourceState(c, NOW, Outcome.OK, NOW - timedelta(hours=1)) for c in CODES}
    return fine | {c: SourceState(c, NOW, outcome, NOW - timedelta(hours=ago)) for c in CODES[:odd]}


def test_a_template_that_changed_on_many_pages_is_one_incident() -> None:
    (incident,) = widespread(CATALOGUE, states(20), NOW).opens

    assert (incident.subject, incident.kind) == ("template:ide", ProblemKind.PLATFORM)
    assert incident.evidence.startswith("20 pages sur 20 de la plateforme ide ne se lisent plus comme avant")


@pytest.mark.parametrize(
    "read",
    [states(3), states(20, Outcome.UNREACHABLE), states(20, ago=25), states(20, Outcome.UNCHANGED), {}],
    ids=["a few", "another trouble", "long ago", "all is well", "never read"],
)
def test_anything_less_is_none_and_ends_one(read: dict[str, SourceState]) -> None:
    found = widespread(CATALOGUE, read, NOW)

    assert not found.opens
    assert found.closes == ("template:ide",)


def platforms(**pages: int) -> Catalogue:
    """So many pages of each platform."""
    (source, *_) = CATALOGUE.sources.values()
    sources = [replace(source, id=f"{p}{n}", platform=p) for p, count in pages.items() for n in range(count)]
    platform = CATALOGUE.platforms["ide"]
    return replace(
        CATALOGUE,
        platforms={name: replace(platform, name=name) for name in pages},
        sources={one.id: one for one in sources},
    )


@pytest.mark.parametrize(
    ("odd", "of", "wide"),
    [(2, 5, False), (3, 5, True), (3, 3, True), (3, 15, True), (3, 16, False), (4, 16, True), (9, 50, False)],
)
def test_it_takes_three_pages_and_a_fifth_of_them(odd: int, of: int, wide: bool) -> None:
    pages = platforms(ide=of)
    read = {f"ide{n}": SourceState(f"ide{n}", NOW, Outcome.EMPTY, NOW) for n in range(odd)}

    assert bool(widespread(pages, read, NOW).opens) is wide


def test_each_platform_is_looked_at_for_itself() -> None:
    pages = platforms(ide=6, autre=6)
    odd = ["ide0", "ide1", "autre0", "autre1", "autre2"]

    found = widespread(pages, {id_: SourceState(id_, NOW, Outcome.SOFT_404, NOW) for id_ in odd}, NOW)

    assert [problem.subject for problem in found.opens] == ["template:autre"]
    assert found.opens[0].since == NOW
    assert found.closes == ("template:ide",)


@pytest.mark.parametrize(
    "outcome", [Outcome.EMPTY, Outcome.SOFT_404, Outcome.MAINTENANCE, Outcome.UNSUPPORTED]
)
def test_pages_that_are_not_as_before_count_for_a_day(outcome: Outcome) -> None:
    assert widespread(CATALOGUE, states(20, outcome, ago=24), NOW).opens
    never = {c: SourceState(c, NOW, outcome) for c in CODES}
    assert not widespread(CATALOGUE, never, NOW).opens


def test_the_evidence_counts_and_names_what_is_most_often_wrong() -> None:
    read = states(6, Outcome.EMPTY) | {"01": SourceState("01", NOW, Outcome.SOFT_404, NOW)}
    (incident,) = widespread(CATALOGUE, read, NOW).opens

    assert incident.evidence == (
        "6 pages sur 20 de la plateforme ide ne se lisent plus comme avant "
        f"({OUTCOMES[Outcome.EMPTY].french}, le plus souvent)"
    )

"""The same trouble of many pages is one incident of their platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.incidents import widespread
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

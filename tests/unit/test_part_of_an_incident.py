"""A page that shares an incident of its platform is told with it; whatever else is wrong with it is told."""

from __future__ import annotations

import pytest

from tests.fakes.alerts import SEEN, catalogue
from watcher.core.incidents import NETWORK, apart
from watcher.core.state import Problem, ProblemKind

PAGE = "15-actualites"


@pytest.mark.parametrize(
    ("kind", "incident", "alone"),
    [
        (ProblemKind.UNREADABLE, "template:ide", False),
        (ProblemKind.UNREADABLE, "platform:ide", True),
        (ProblemKind.UNREADABLE, "template:autre", True),
        (ProblemKind.UNREACHABLE, "platform:ide", False),
        (ProblemKind.BLOCKED, "platform:ide", False),
        (ProblemKind.UNREACHABLE, NETWORK, False),
        (ProblemKind.UNREACHABLE, "template:ide", True),
        (ProblemKind.GONE, "platform:ide", True),
        (ProblemKind.SILENT, "template:ide", True),
        (ProblemKind.UNREADABLE, NETWORK, True),
    ],
)
def test_a_page_is_part_of_an_incident_of_its_own_kind(kind: ProblemKind, incident: str, alone: bool) -> None:
    page = Problem(PAGE, kind, SEEN, "x")
    wide = Problem(incident, ProblemKind.PLATFORM, SEEN, "y")

    assert apart([page, wide], catalogue()) == ([page, wide] if alone else [wide])


def test_only_an_open_incident_speaks_for_a_page_and_only_for_pages_that_are_watched() -> None:
    page, wide = (Problem(PAGE, ProblemKind.BLOCKED, SEEN, "x"), "platform:ide")
    no_incident = Problem(wide, ProblemKind.SENDER, SEEN, "y")
    stranger = Problem("99-inconnue", ProblemKind.BLOCKED, SEEN, "x")

    assert apart([page, no_incident], catalogue()) == [page, no_incident]
    assert stranger in apart([stranger, Problem(wide, ProblemKind.PLATFORM, SEEN, "y")], catalogue())

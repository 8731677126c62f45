"""When a maintainer is called because of how many people come and go."""

from __future__ import annotations

import pytest

from tests.fakes.alerts import SEEN
from watcher.core.alarms import Flow, alarms


@pytest.mark.parametrize(
    ("flow", "subjects"),
    [
        (Flow(0, 0, 0.0), set()),
        (Flow(299, 9, 0.0), set()),
        (Flow(300, 0, 0.0), {"signups"}),
        (Flow(0, 10, 0.0), {"leaving"}),
        (Flow(0, 29, 3.0), set()),
        (Flow(0, 30, 3.0), {"leaving"}),
        (Flow(1000, 300, 2.5), {"signups", "leaving"}),
    ],
)
def test_an_alarm_is_for_ten_times_what_is_usual_and_for_more_sign_ups_than_are_answered(
    flow: Flow, subjects: set[str]
) -> None:
    found = alarms(flow, SEEN)

    assert {problem.subject for problem in found} == subjects
    assert all(problem.needs_human and problem.since == SEEN for problem in found)


def test_it_says_how_many_and_how_many_are_usual() -> None:
    (problem,) = alarms(Flow(12, 40, 1.26), SEEN)

    assert problem.evidence == "40 désabonnements en un jour, pour 1,3 d'ordinaire"

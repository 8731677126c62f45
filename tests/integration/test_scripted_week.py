"""The replica's whole week, all préfectures, at the default pace: what truly changed is told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.fakes.clocks import LeapingClock
from watcher.bootstrap import App, open_app, open_tools
from watcher.core.alerts import Alert
from watcher.core.changes import Change
from watcher.core.page import Outcome
from watcher.core.state import Problem
from watcher.core.verdict import Route, Verdict
from watcher.poll import Polled
from watcher.replica import STEPS, Replica
from watcher.replica.model import Expected
from watcher.rounds import run_round
from watcher.settings import Settings
from watcher.visit import Tools

CANTAL = "À compter du 1er octobre 2025"


@dataclass
class Step:
    """One round of all sources, and what had truly changed."""

    expected: tuple[Expected, ...]
    polled: dict[str, Polled] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def told(self) -> list[tuple[str, Change, Verdict]]:
        return [
            (polled.source, change, polled.plan.verdicts[change.id])
            for polled in self.polled.values()
            if polled.plan
            for change in polled.plan.changes
            if change.kind.told
        ]


@dataclass
class Week:
    steps: list[Step]
    alerts: list[Alert]
    refused: int
    requests: int


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    folder = tmp_path_factory.mktemp("week")
    clock = LeapingClock()
    with Replica(hosts="addresses", limiter=True, clock=lambda: clock.now().timestamp()) as replica:
        settings = _settings(folder, replica)
        with open_app(settings, clock) as app, open_tools(app) as tools:
            steps = list(_lived(replica, clock, app, tools))
            alerts = list(app.store.alerts())
        return Week(steps, alerts, replica.refused, replica.requests)


def _settings(folder: Path, replica: Replica) -> Settings:
    sources = folder / "sources.yaml"
    sources.write_text(replica.sources_yaml(), encoding="utf-8")
    return Settings(sources=sources, database=f"sqlite:///{folder}/vigie.db", allow_private=True)


def _lived(replica: Replica, clock: LeapingClock, app: App, tools: Tools) -> Iterator[Step]:
    for number in range(STEPS + 1):
        replica.go(number)
        clock.reach(replica.time(number))
        step = Step(replica.expected(number))
        run_round(tools, app.catalogue.sources.values(), lambda p, s=step: s.polled.update({p.source: p}))  # type: ignore[misc]
        step.problems = tuple(app.store.problems())
        yield step


def test_exactly_what_truly_changed_is_found_at_each_step(week: Week) -> None:
    for number, step in enumerate(week.steps):
        found = sorted((source, str(change.kind), change.item.title) for source, change, _ in step.told)

        assert found == sorted((e.source, e.kind, e.title) for e in step.expected), f"step {number}"


def test_what_readers_asked_for_is_told_under_its_category_and_the_rest_is_muted(week: Week) -> None:
    wrong = []
    for number, step in enumerate(week.steps):
        truth = {(e.source, e.kind, e.title): e for e in step.expected}
        for source, change, verdict in step.told:
            event = truth[source, str(change.kind), change.item.title]
            muted = verdict.route is Route.MUTE
            if muted is event.relevant or (event.relevant and verdict.categories[0] not in event.categories):
                wrong.append((number, source, change.item.title, verdict.route, verdict.categories))

    assert wrong == []


def test_every_relevant_change_is_one_alert_and_there_is_no_other(week: Week) -> None:
    relevant = sorted((e.source, e.title) for step in week.steps for e in step.expected if e.relevant)

    assert len(relevant) > 20
    assert sorted((alert.source, _heading(alert)) for alert in week.alerts) == relevant


def _heading(alert: Alert) -> str:
    """A section's alert has all headings above it as its title."""
    return alert.title.rpartition(" – ")[2] if alert.source.endswith("-sejour") else alert.title


def test_dates_are_never_guessed(week: Week) -> None:
    """An alert's effective day is the announced one or none."""
    truth = {(e.source, e.title): e.effective_from for step in week.steps for e in step.expected}
    dated = [
        (alert.source, alert.verdict.effective_from, truth[alert.source, _heading(alert)])
        for alert in week.alerts
        if alert.verdict.effective_from
    ]

    assert dated
    assert [d for d in dated if d[1] != d[2]] == []


def test_the_cantal_announces_online_appointments_from_1_october(week: Week) -> None:
    cantal = [alert for alert in week.alerts if alert.prefecture == "15" and CANTAL in alert.summary]

    assert cantal
    assert {(alert.verdict.categories[0], alert.verdict.effective_from) for alert in cantal} == {
        ("rdv_modality", "2025-10-01")
    }


def test_the_default_pace_never_troubles_the_server(week: Week) -> None:
    assert week.refused == 0
    assert week.requests > 2000


def test_an_outage_of_half_the_platform_is_one_incident_and_is_over_at_the_next_step(week: Week) -> None:
    step, after = week.steps[4], week.steps[5]

    assert "platform:ide" in [problem.subject for problem in step.problems]
    assert Outcome.POSTPONED in [polled.outcome for polled in step.polled.values()]
    assert "platform:ide" not in [problem.subject for problem in after.problems]


def test_at_the_end_of_the_week_only_what_is_truly_broken_is_a_problem(week: Week) -> None:
    assert {problem.subject for problem in week.steps[-1].problems} <= {
        polled.source for polled in week.steps[-1].polled.values() if polled.outcome is not Outcome.UNCHANGED
    }

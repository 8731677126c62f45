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
from watcher.core.text import squeeze
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


def _event(source: str, kind: str, title: str) -> tuple[str, str, str]:
    """What an event is known by; sites type one and the same title in many ways."""
    return source, kind, squeeze(title)


def test_exactly_what_truly_changed_is_found_at_each_step(week: Week) -> None:
    for number, step in enumerate(week.steps):
        found = sorted(_event(source, change.kind, change.item.title) for source, change, _ in step.told)

        assert found == sorted(_event(e.source, e.kind, e.title) for e in step.expected), f"step {number}"


def test_what_readers_asked_for_is_told_under_its_category_and_the_rest_is_muted(week: Week) -> None:
    wrong = []
    for number, step in enumerate(week.steps):
        truth = {_event(e.source, e.kind, e.title): e for e in step.expected}
        for source, change, verdict in step.told:
            event = truth[_event(source, change.kind, change.item.title)]
            muted = verdict.route is Route.MUTE
            if muted is event.relevant or (event.relevant and verdict.categories[0] not in event.categories):
                wrong.append((number, source, change.item.title, verdict.route, verdict.categories))

    assert wrong == []


def test_every_relevant_change_is_one_alert_and_there_is_no_other(week: Week) -> None:
    truth = [event for step in week.steps for event in step.expected if event.relevant]
    relevant = sorted(_event(e.source, e.kind, e.title) for e in truth)

    assert len(relevant) > 20
    assert sorted(_told(alert) for alert in week.alerts) == relevant


def _told(alert: Alert) -> tuple[str, str, str]:
    """The event of an alert; a section's alert has all headings above it in its title."""
    title = alert.title.rpartition(" – ")[2] if alert.source.endswith("-sejour") else alert.title
    return _event(alert.source, alert.kind, title)


def test_every_announced_day_is_found_and_none_is_guessed(week: Week) -> None:
    events = [event for step in week.steps for event in step.expected if event.relevant]
    truth = {_event(e.source, e.kind, e.title): e.effective_from for e in events}

    assert {_told(alert): alert.verdict.effective_from for alert in week.alerts} == truth


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


def test_at_the_end_of_the_week_only_the_page_that_moved_needs_a_human(week: Week) -> None:
    last = week.steps[-1]
    moved = {polled.source for polled in last.polled.values() if polled.outcome is Outcome.MOVED}

    assert len(moved) == 1
    assert {(problem.subject, problem.needs_human) for problem in last.problems} == {(s, True) for s in moved}

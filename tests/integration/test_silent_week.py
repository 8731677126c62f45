"""A week without news: what changes in links, addresses, procedures and bookings is told, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.fakes.clocks import LeapingClock
from watcher.bootstrap import open_app, open_tools
from watcher.core.alerts import Alert
from watcher.core.state import Problem
from watcher.core.text import squeeze
from watcher.core.verdict import Route
from watcher.replica import Replica
from watcher.replica.model import Expected
from watcher.replica.services.model import PROCEDURES, RESERVATIONS
from watcher.rounds import run_round
from watcher.settings import Settings


@dataclass
class Week:
    expected: list[Expected]
    alerts: list[Alert]
    muted: list[str]
    problems: list[Problem]
    asked: Counter[str]
    overstepped: list[tuple[str, str]]
    refused: int


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    folder = tmp_path_factory.mktemp("silent")
    clock = LeapingClock()
    with Replica(week="silent", clock=lambda: clock.now().timestamp()) as replica:
        sources = folder / "sources.yaml"
        sources.write_text(replica.sources_yaml(), encoding="utf-8")
        settings = Settings(sources=sources, database=f"sqlite:///{folder}/vigie.db", allow_private=True)
        muted: list[str] = []
        with open_app(settings, clock) as app, open_tools(app) as tools:
            for number in range(replica.steps + 1):
                replica.go(number)
                clock.reach(replica.time(number))
                for polled in _round(app.catalogue.sources.values(), tools):
                    plan = polled.plan  # type: ignore[attr-defined]
                    changes = plan.changes if plan else ()
                    muted += [c.source for c in changes if plan.verdicts[c.id].route is Route.MUTE]
            alerts, problems = list(app.store.alerts()), list(app.store.problems())
        expected = [one for step in range(replica.steps + 1) for one in replica.expected(step)]
        return Week(
            expected,
            alerts,
            muted,
            problems,
            Counter(code for code, _, _ in replica.log),
            replica.overstepped,
            replica.refused,
        )


def _round(sources: object, tools: object) -> Iterator[object]:
    found: list[object] = []
    run_round(tools, sources, found.append)  # type: ignore[arg-type]
    yield from found


def _event(source: str, kind: str, title: str) -> tuple[str, str, str]:
    return source, kind, squeeze(title)


def _told(alert: Alert) -> tuple[str, str, str]:
    page = alert.source.endswith("-sejour")
    return _event(alert.source, alert.kind, alert.title.rpartition(" – ")[2] if page else alert.title)


def test_every_silent_change_is_one_alert_and_there_is_no_other(week: Week) -> None:
    assert len(week.expected) >= 25
    assert Counter(map(_told, week.alerts)) == Counter(
        _event(one.source, one.kind, one.title) for one in week.expected
    )
    assert {source.partition("-")[2] for source in week.muted} <= {
        "sejour"
    }  # a link that is called otherwise


def _facts(alert: Alert) -> tuple[object, ...]:
    verdict = alert.verdict
    places = {fact.territory for fact in verdict.facts if fact.territory}
    return (
        verdict.channel_before,
        verdict.channel_after,
        set(verdict.motifs),
        verdict.effective_from,
        min(places) if places else None,
    )


def _in_order(expected: list[Expected]) -> list[Expected]:
    """By what they are known by, each in the order in which they happened."""
    return sorted(expected, key=lambda one: _event(one.source, one.kind, one.title))


def _as_expected(week: Week) -> list[Alert]:
    return sorted(week.alerts, key=lambda alert: (_told(alert), alert.detected_at))


def test_each_tells_the_channel_before_and_after_for_whom_where_and_from_when(week: Week) -> None:
    wrong = []
    for one, alert in zip(_in_order(week.expected), _as_expected(week), strict=True):
        said = (one.channel_before, one.channel_after, set(one.motifs), one.effective_from, one.place)
        if _facts(alert) != said or alert.verdict.categories[0] not in one.categories:
            wrong.append((_told(alert), alert.verdict.categories, _facts(alert), said))
    assert wrong == []


def test_what_is_nowhere_is_left_to_people_to_confirm(week: Week) -> None:
    gone = {alert.source: alert.state for alert in week.alerts if "n'existe plus" in alert.summary}

    assert gone == {"92-module-11681": "unverified", "06-demarche-dcem-alpes-maritimes": "unverified"}


def test_a_swap_names_what_the_page_led_to_and_what_it_leads_to(week: Week) -> None:
    (creteil,) = [alert for alert in week.alerts if alert.source == "94-sejour"]

    assert "module de rendez-vous 4963" in creteil.before
    assert "démarche numérique « rdv-sejour-creteil »" in creteil.summary


def test_no_step_of_a_booking_is_asked_for_and_no_host_is_troubled(week: Week) -> None:
    assert week.overstepped == []
    assert week.refused == 0
    assert week.asked[PROCEDURES] > 50
    assert week.asked[RESERVATIONS] > 50


def test_only_what_has_another_address_now_is_left_to_its_keepers(week: Week) -> None:
    assert {(problem.subject, str(problem.kind)) for problem in week.problems} == {
        ("38-demarche-aes-rendez-vous-isere", "moved"),
        ("44-demarche-naturalisation-loire-atlantique", "moved"),
        ("61-sejour", "moved"),  # the address as it was noted, of a rubric that leads to its only page
    }

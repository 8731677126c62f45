"""Reviewers at work for a while, at a desk in memory and at one in a database: both end up the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.fakes.alerts import VOCABULARY, StillClock
from tests.fakes.desk_scene import MemoryScene, Scene, SqlScene
from tests.fakes.filing import rule
from tests.fakes.plans import NOW, VERDICT, alert
from tests.fakes.store import MemoryStore
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case
from watcher.core.decisions import Action, MuteWish, Order, Outcome
from watcher.core.edits import edits_of
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import ProposalState
from watcher.core.verdict import Fact, PartialDate
from watcher.review import Review

STEPS = 25
ORDERED = [action for action in Action if action not in {Action.LOOK, Action.USER}]
OVER = {AlertState.CORRECTED, AlertState.RETRACTED}
FACT = Fact("Sur rendez-vous.", motifs=("salarie",), channel_after="rdv_en_ligne")
SAID = replace(VERDICT, facts=(FACT,), motifs=("salarie",), channel_after="rdv_en_ligne")
GIVEN = (
    alert("a", verdict=SAID, group="g", title="Séjour des salariés", prefecture="15"),
    alert("b", verdict=SAID, group="g", title="Séjour des salariés", prefecture="69"),
    alert("c", verdict=SAID, state=AlertState.VERIFIED, title="Séjour des étudiants", prefecture="2A"),
)


class Work:
    """A desk and those who decide at it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.clock = StillClock(NOW + timedelta(days=1))
        scene.bring(rule("salarie", "courrier", territory="69"))
        for one in GIVEN:
            scene.give(one, proposals=self.suggested([one]))
        find = scene.store.alerts if isinstance(scene, SqlScene) else self.find
        self.review = Review(scene.desk, find, self.suggested, self.clock, VOCABULARY)

    def suggested(self, alerts: Sequence[Alert]) -> tuple[Proposal, ...]:
        book = RuleBook(self.scene.believed())
        return tuple(made for one in alerts for made in proposal(one, book, NOW.date()))

    def find(self, **asked: Any) -> Sequence[Alert]:
        return MemoryStore(self.alerts()).alerts(**asked)

    def alerts(self) -> list[Alert]:
        names = [one.notice for one in self.scene.desk.decisions() if one.notice]
        cases = (self.scene.desk.case(name) for name in (*(one.id for one in GIVEN), *sorted(names)))
        return [case.alert for case in cases if case]

    def step(self, chance: random.Random) -> tuple[str, Outcome]:
        self.clock.time += timedelta(minutes=1)
        action, by = chance.choice(ORDERED), chance.choice(["ada", "bob", "eve"])
        if action is Action.UNDO:
            number = chance.randint(1, 1 + len(self.scene.desk.decisions()))
            return f"undo {number}", self.review.undo(number, by)
        known = self.alerts()
        standing = [one for one in known if one.state not in OVER]
        case = self.scene.desk.case(
            chance.choice(standing if standing and chance.random() < 0.9 else known).id
        )
        assert case
        order = self.order(action, by, case, chance)
        return f"{action} {case.alert.id}", self.review.decide(order, case.alert.id)

    def order(self, action: Action, by: str, case: Case, chance: random.Random) -> Order:
        alerts = tuple(one.id for one in case.alerts) if chance.random() < 0.5 else (case.alert.id,)
        waiting = [one.proposal.id for one in case.open_proposals if one.proposal.alert in alerts]
        accept = tuple(name for name in waiting if chance.random() < 0.5)
        day = PartialDate(f"2026-{chance.randint(10, 12)}-01")
        return Order(
            action,
            alerts,
            case.version,
            by,
            edits=replace(edits_of(case.alert.verdict), effective_from=day),
            mute=MuteWish(case.alert.title, case.alert.prefecture if chance.random() < 0.5 else ""),
            accept=accept,
            refuse=tuple(name for name in waiting if name not in accept and chance.random() < 0.5),
            keep_rules=chance.random() < 0.2,
        )

    def state(self) -> dict[str, Any]:
        """Everything that anybody can see."""
        desk = self.scene.desk
        return {
            "alerts": {one.id: one for one in self.alerts()},
            "queue": [(e.alert.id, [one.id for one in e.also], e.proposals, e.asked) for e in desk.queue()],
            "trail": list(desk.decisions()),
            "proposals": sorted((one.proposal.id, one.state) for one in self.scene.proposals()),
            "rules": sorted(
                (one.id, one.channel, one.valid_from or "", one.valid_to or "")
                for one in self.scene.believed()
            ),
            "mutes": list(desk.mutes(ended=True)),
            "confirmed": list(desk.confirmed()),
        }


@pytest.mark.parametrize("seed", range(8))
def test_both_desks_say_the_same_after_any_work(engine: Engine, seed: int) -> None:
    memory, database = Work(MemoryScene()), Work(SqlScene(engine))
    chances = random.Random(seed), random.Random(seed)

    for _ in range(STEPS):
        told = memory.step(chances[0])
        assert database.step(chances[1]) == told
        seen = memory.state()
        assert database.state() == seen
        _holds(memory, seen)


def _holds(work: Work, seen: dict[str, Any]) -> None:
    """What is true whatever was decided."""
    alerts: dict[str, Alert] = seen["alerts"]
    queued = {name for first, also, _, _ in seen["queue"] for name in (first, *also)}
    waiting = {one.proposal.alert for one in work.scene.proposals() if one.state is ProposalState.OPEN}
    assert not {name for name in (*queued, *waiting) if alerts[name].state in OVER}
    assert {name for name, one in alerts.items() if one.state is AlertState.UNVERIFIED} <= queued
    assert [one.number for one in seen["trail"]] == list(range(len(seen["trail"]), 0, -1))
    for one in GIVEN:  # exactly one alert is in the place of each that was given
        standing = [a for a in alerts.values() if _first(a, alerts) == one.id and not _followed(a, alerts)]
        assert len(standing) == 1


def _first(one: Alert, alerts: dict[str, Alert]) -> str:
    while one.corrects:
        one = alerts[one.corrects]
    return one.id


def _followed(one: Alert, alerts: dict[str, Alert]) -> bool:
    return any(other.corrects == one.id for other in alerts.values())

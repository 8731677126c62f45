"""Two who decide in the same moment: one is heard, the other is told so, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from tests.fakes.alerts import VOCABULARY, StillClock
from tests.fakes.desk_scene import SqlScene
from tests.fakes.plans import NOW, VERDICT, alert
from watcher.core.alerts import AlertState
from watcher.core.decisions import Action, Carried, Order, Outcome, Refusal, Refused
from watcher.core.edits import edits_of
from watcher.core.verdict import PartialDate
from watcher.review import Review

GIVEN = alert(verdict=replace(VERDICT, motifs=("salarie",), channel_after="rdv_en_ligne"))
OTHER_DAY = replace(edits_of(GIVEN.verdict), effective_from=PartialDate("2026-11-03"))


@pytest.fixture
def review(engine: Engine) -> Review:
    scene = SqlScene(engine)
    scene.give(GIVEN)
    clock = StillClock(NOW + timedelta(days=1))
    return Review(scene.desk, scene.store.alerts, lambda alerts: (), clock, VOCABULARY)


def at_once(*orders: Callable[[], Outcome]) -> Sequence[Outcome]:
    start = Barrier(len(orders))

    def go(order: Callable[[], Outcome]) -> Outcome:
        start.wait(10)
        return order()

    with ThreadPoolExecutor(len(orders)) as people:
        return list(people.map(go, orders))


def ordered(review: Review, action: Action, about: str, by: str) -> Callable[[], Outcome]:
    """Seen now, sent later."""
    case = review.case(about)
    assert case
    order = Order(action, (about,), case.version, by, edits=OTHER_DAY)
    return lambda: review.decide(order)


def test_of_many_who_decide_on_what_they_saw_one_is_heard(review: Review) -> None:
    actions = (Action.VERIFY, Action.CORRECT, Action.RETRACT, Action.ASK)
    orders = [ordered(review, action, GIVEN.id, str(action)) for action in actions]

    outcomes = at_once(*orders)

    (carried,) = [one for one in outcomes if isinstance(one, Carried)]
    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert {one.why for one in refused} == {Refusal.OVERTAKEN}
    assert [one.number for one in review.decisions()] == [1]
    assert review.decisions() == list(carried.decisions)


def test_a_correction_is_undone_or_corrected_again_but_not_both(review: Review) -> None:
    first = ordered(review, Action.CORRECT, GIVEN.id, "ada")()
    assert isinstance(first, Carried)
    (decision,) = first.decisions

    outcomes = at_once(
        lambda: review.undo(decision.number, "bob"),
        ordered(review, Action.RETRACT, decision.notice, "eve"),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["Carried", "Refused"]
    notice = review.case(decision.notice)
    assert notice
    assert notice.alert.state in {AlertState.CORRECTED, AlertState.RETRACTED}
    assert len(review.decisions()) == 2


def test_one_decision_is_undone_once(review: Review) -> None:
    done = ordered(review, Action.VERIFY, GIVEN.id, "ada")()
    assert isinstance(done, Carried)

    outcomes = at_once(*(lambda: review.undo(done.decisions[0].number, "bob") for _ in range(4)))

    assert sum(isinstance(one, Carried) for one in outcomes) == 1
    assert [one.action for one in review.decisions()] == [Action.UNDO, Action.VERIFY]

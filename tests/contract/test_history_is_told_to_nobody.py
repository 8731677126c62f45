"""What was found in the past is shown to whoever looks for it, and told to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage.decision_store import SqlDesk
from storage.history_store import SqlHistory
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.alerts import VOCABULARY, StillClock
from tests.fakes.desk_scene import SqlScene, correct, done, retract, verify
from tests.fakes.plans import HOUR, NOW, alert, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Order, Refused
from watcher.core.filing_proposals import Proposal
from watcher.core.publish import matches
from watcher.core.subscriptions import Interest, Way
from watcher.hub import decided
from watcher.review import Review

PAST = alert("past", historical=True, group="one text", detected_at=NOW - timedelta(days=2))


@pytest.fixture
def scene(engine: Engine) -> SqlScene:
    scene = SqlScene(engine)
    subscribe(
        scene.store,
        subscriber("all", at=NOW - 9 * 24 * HOUR),
        subscriber("careful", Interest(verified_only=True), at=NOW - 9 * 24 * HOUR),
        subscriber("program", way=Way.WEBHOOK, at=NOW - 9 * 24 * HOUR),
    )
    scene.give(alert("live", group="one text"))
    SqlHistory(engine).keep([PAST])
    return scene


def names(found: object) -> list[str]:
    return [one.id.rsplit("-", 1)[-1] for one in found]  # type: ignore[attr-defined]


def test_it_is_left_out_unless_it_is_asked_for(scene: SqlScene) -> None:
    store = scene.store
    for query in ({}, {"prefecture": "15"}, {"words": "annonce"}, {"motif": "salarie", "words": "annonce"}):
        assert names(store.alerts(**query)) == ["live"], query  # type: ignore[arg-type]
        assert names(store.alerts(historical=True, **query)) == ["past"], query  # type: ignore[arg-type]
        assert names(store.alerts(historical=None, **query)) == ["live", "past"], query  # type: ignore[arg-type]
    for state in (AlertState.UNVERIFIED, AlertState.RETRACTED):
        expected = ["live"] if state is AlertState.UNVERIFIED else []
        assert names(store.alerts(state=state, category="rdv_modality")) == expected
        assert names(store.alerts(state=state)) == expected
    assert store.alert(PAST.id) == PAST


def test_nobody_is_promised_it_and_nobody_misses_it(scene: SqlScene, engine: Engine) -> None:
    outbox = SqlOutbox(engine)

    assert not outbox.deliveries(PAST.id)
    assert outbox.deliveries(alert("live").id)
    assert outbox.gaps(NOW - 240 * HOUR, NOW + HOUR) == []
    assert scene.store.counts(NOW - 240 * HOUR) == {"15": 1}


@pytest.mark.parametrize("way", Way)
def test_no_interest_whatever_is_told_of_it(way: Way) -> None:
    assert matches(Interest(), replace(PAST, historical=False))
    assert not matches(Interest(), PAST)


def test_it_waits_for_no_reviewer_and_is_of_no_group_of_today(scene: SqlScene, engine: Engine) -> None:
    desk = SqlDesk(engine)
    past, live = desk.case(PAST.id), desk.case(alert("live").id)

    assert [entry.alert.id for entry in desk.queue()] == [alert("live").id]
    assert past
    assert past.also == ()
    assert live
    assert live.also == ()
    assert scene.store.related(PAST) == []
    assert scene.store.related(alert("live", group="one text")) == []


def test_two_of_the_past_are_related(scene: SqlScene, engine: Engine) -> None:
    SqlHistory(engine).keep([replace(PAST, id="elsewhere", prefecture="69")])

    assert [one.id for one in scene.store.related(PAST)] == ["elsewhere"]


@pytest.mark.parametrize("order", [verify, correct, retract], ids=["verified", "corrected", "retracted"])
def test_whatever_a_maintainer_decides_about_it_nobody_is_written_to(
    scene: SqlScene, engine: Engine, order: object
) -> None:
    """It is shown as it was decided, and its notice is as historical as itself."""
    done(scene, order(PAST))  # type: ignore[operator]

    outbox = SqlOutbox(engine)
    everything = scene.store.alerts(historical=True)
    assert len(everything) == (1 if order is verify else 2)
    assert all(not outbox.deliveries(one.id) for one in everything)
    assert names(scene.store.alerts()) == ["live"]
    assert scene.store.decided(NOW - HOUR, NOW + 100 * HOUR) == []


def test_an_alert_of_today_is_not_written_as_history(scene: SqlScene, engine: Engine) -> None:
    with pytest.raises(ValueError, match="alert of today"):
        SqlHistory(engine).keep([alert("x")])


def test_it_is_written_once_and_a_poll_of_today_still_tells(engine: Engine, store: SqlStore) -> None:
    store.register([source()], NOW)
    store.save(first_reading())
    history = SqlHistory(engine)
    assert history.keep([PAST]) == [PAST]
    assert history.keep([PAST]) == []

    store.save(news("today"))

    assert names(store.alerts(historical=None)) == ["today", "past"]


def test_a_page_of_the_past_is_found_after_a_place(scene: SqlScene) -> None:
    first: Alert = scene.store.alerts(historical=None, limit=1)[0]
    after = (first.detected_at, first.id)

    assert names(scene.store.alerts(historical=None, after=after)) == ["past"]
    assert scene.store.alerts(after=after) == []


def test_hubs_are_not_told_of_what_was_decided_about_it(scene: SqlScene, engine: Engine) -> None:
    desk = SqlDesk(engine)
    done(scene, verify(PAST))
    assert list(decided(desk.decisions, NOW)) == []

    done(scene, verify(alert("live", group="one text")))
    assert [one.id for one in decided(desk.decisions, NOW)] == [alert("live").id]


def test_the_past_suggests_nothing_about_the_rules_of_today(scene: SqlScene, engine: Engine) -> None:
    asked: list[Sequence[Alert]] = []

    def propose(alerts: Sequence[Alert]) -> Sequence[Proposal]:
        asked.append(alerts)
        return ()

    review = Review(SqlDesk(engine), scene.store.alerts, propose, StillClock(), VOCABULARY)
    case = review.case(PAST.id)
    assert case
    order = Order(Action.RETRACT, (PAST.id,), case.version, "ada", note="faux")

    assert not isinstance(review.decide(order), Refused)
    assert [list(one) for one in asked] == [[]]
    assert scene.store.alert(PAST.id).state is AlertState.RETRACTED  # type: ignore[union-attr]

"""Who hears of what people decided, and when: promises written together with the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.desk_scene import LATER, SqlScene, correct, done, retract, seen, undo, verify
from tests.fakes.plans import HOUR, NOW, alert
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Decision, Effects
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.subscriptions import Cadence, EndReason, Interest, Way

CAREFUL = Interest(verified_only=True)
ONE = alert("a")


@pytest.fixture
def scene(engine: Engine) -> SqlScene:
    return SqlScene(engine)


def told(scene: SqlScene, name: str) -> dict[str, datetime]:
    """Who is promised an alert, and when."""
    found = SqlOutbox(scene.store._engine).deliveries(name)
    return {one.subscription: one.due_at for one in found}


def send(scene: SqlScene, now: datetime = NOW, state: DeliveryState = DeliveryState.ACCEPTED) -> None:
    """Make messages of all that is due, and be done with them."""
    outbox = SqlOutbox(scene.store._engine)
    for way in Way:
        outbox.compose(now, way, 100)
        for claimed in outbox.claim_messages(way, "me", now, now + HOUR, 100):
            settled = Settlement(state, claimed.message.due_at, 1, 0, 0, "")
            outbox.settle(claimed.message.id, settled, now)


def test_to_verify_tells_those_who_waited_for_it_now(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("all"), subscriber("careful", CAREFUL))
    subscribe(scene.store, subscriber("elsewhere", replace(CAREFUL, prefectures=frozenset({"69"}))))
    scene.give(ONE)
    assert told(scene, ONE.id) == {"all": NOW}

    done(scene, verify(ONE))

    assert told(scene, ONE.id) == {"all": NOW, "careful": LATER}


def test_whoever_waits_for_a_digest_gets_it_with_the_next_one(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("daily", CAREFUL, cadence=Cadence.DAILY))
    scene.give(ONE)

    done(scene, verify(ONE))

    (due,) = told(scene, ONE.id).values()
    assert timedelta(0) < due - LATER <= timedelta(days=1)


def test_whoever_was_told_is_not_told_of_the_same_alert_again(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("turns careful"))
    scene.give(ONE)
    subscriptions = SqlSubscriptions(scene.store._engine)
    subscriptions.choose("turns careful", subscriber("x", CAREFUL).choices, NOW)

    done(scene, verify(ONE))

    assert told(scene, ONE.id) == {"turns careful": NOW}


def test_an_undone_verification_is_told_to_nobody_who_had_not_heard(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("all"), subscriber("careful", CAREFUL))
    scene.give(ONE)
    (decision,) = done(scene, verify(ONE)).decisions

    done(scene, undo(decision, seen(scene, ONE.id).alert))

    assert told(scene, ONE.id) == {"all": NOW}
    done(scene, verify(seen(scene, ONE.id).alert, at=LATER + HOUR))
    assert told(scene, ONE.id) == {"all": NOW, "careful": LATER + HOUR}


def test_an_undone_verification_leaves_alone_what_a_message_has(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("careful", CAREFUL))
    scene.give(ONE)
    (decision,) = done(scene, verify(ONE)).decisions
    send(scene, LATER)

    done(scene, undo(decision, seen(scene, ONE.id).alert))

    assert told(scene, ONE.id) == {"careful": LATER}


def test_a_correction_is_told_to_those_who_were_told_and_to_those_who_want_it(scene: SqlScene) -> None:
    """Whatever those who were told want by now."""
    subscribe(
        scene.store,
        subscriber("all"),
        subscriber("booking", Interest(categories=frozenset({"rdv_modality"}))),
        subscriber("fees", Interest(categories=frozenset({"fee"}))),
        subscriber("careful fees", Interest(categories=frozenset({"fee"}), verified_only=True)),
        subscriber("naturalisation", Interest(categories=frozenset({"naturalisation"}))),
    )
    scene.give(ONE)
    send(scene)

    effects = correct(ONE)
    done(scene, effects)

    (notice,) = effects.notices
    assert set(told(scene, notice.id)) == {"all", "booking", "fees", "careful fees"}
    assert set(told(scene, notice.id).values()) == {LATER}


def test_a_retraction_is_told_to_those_who_were_told_alone(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("first"))
    scene.give(ONE)
    send(scene)
    subscribe(scene.store, subscriber("second"))

    effects = retract(ONE)
    done(scene, effects)

    assert set(told(scene, effects.notices[0].id)) == {"first"}


def test_what_was_not_sent_yet_is_not_sent_any_more(scene: SqlScene) -> None:
    """And whoever had not been told hears nothing of the retraction either."""
    subscribe(scene.store, subscriber("now"), subscriber("weekly", cadence=Cadence.WEEKLY))
    scene.give(ONE)
    send(scene)

    effects = retract(ONE)
    done(scene, effects)

    assert set(told(scene, ONE.id)) == {"now"}
    assert set(told(scene, effects.notices[0].id)) == {"now"}


@pytest.mark.parametrize(("state", "hears"), [(DeliveryState.DEFERRED, True), (DeliveryState.EXPIRED, False)])
def test_whoever_a_message_may_still_reach_is_told(
    scene: SqlScene, state: DeliveryState, hears: bool
) -> None:
    subscribe(scene.store, subscriber("hard to reach"))
    scene.give(ONE)
    send(scene, state=state)

    effects = retract(ONE)
    done(scene, effects)

    assert set(told(scene, effects.notices[0].id)) == ({"hard to reach"} if hears else set())


def test_whoever_has_left_is_told_of_nothing(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("gone"))
    scene.give(ONE)
    send(scene)
    SqlSubscriptions(scene.store._engine).end("gone", EndReason.UNSUBSCRIBED, NOW)

    effects = retract(ONE)
    done(scene, effects)

    assert told(scene, effects.notices[0].id) == {}


def test_a_retraction_that_is_undone_is_told_to_those_who_heard_of_it(scene: SqlScene) -> None:
    subscribe(scene.store, subscriber("first"))
    scene.give(ONE)
    send(scene)
    first = retract(ONE)
    (decision,) = done(scene, first).decisions
    send(scene, LATER)

    effects = _put_back(first, decision)
    done(scene, effects)

    assert set(told(scene, effects.notices[0].id)) == {"first"}


def test_how_many_were_told_counts_each_once(scene: SqlScene) -> None:
    two = alert("b", prefecture="69", group="same")
    subscribe(scene.store, subscriber("all"), subscriber("lyon", Interest(prefectures=frozenset({"69"}))))
    scene.give(ONE, two)
    assert scene.desk.told([ONE.id, two.id]) == 0
    send(scene)
    subscribe(scene.store, subscriber("late"))

    assert scene.desk.told([ONE.id]) == 1
    assert scene.desk.told([ONE.id, two.id]) == 2
    assert scene.desk.told([]) == 0


def test_readers_find_the_verified_and_the_corrected(scene: SqlScene) -> None:
    two = alert("b")
    scene.give(ONE, two)
    done(scene, verify(ONE))
    effects = correct(two)
    done(scene, effects)

    def found(**wanted: Any) -> Sequence[str]:
        return [one.id for one in scene.store.alerts(**wanted)]

    (notice,) = effects.notices
    assert found(state=AlertState.VERIFIED) == [notice.id, ONE.id]
    assert found(state=AlertState.CORRECTED) == [two.id]
    assert found(state=AlertState.UNVERIFIED) == []
    assert found(category="fee") == [notice.id]
    assert [one.id for one in scene.store.related(two)] == [notice.id]


def test_a_page_to_be_looked_at_again_is_due(scene: SqlScene) -> None:
    state = scene.store.states()["15-actualites"]
    scene.give()
    assert scene.store.due(NOW) == []

    scene.desk.look_again(state.source, "ada", NOW)

    assert scene.store.due(NOW) == [state.source]
    assert scene.store.states()[state.source].next_poll_at == NOW


def _put_back(first: Effects, decision: Decision) -> Effects:
    """What readers had been told last is replaced by the first alert as it was."""
    (notice,) = first.notices
    at = datetime(2026, 9, 12, tzinfo=UTC)
    back: Alert = replace(ONE, id="back", corrects=notice.id, detected_at=at, updated_at=at)
    after = replace(notice, state=AlertState.CORRECTED, updated_at=at)
    made = Decision(
        Action.UNDO,
        "ada",
        at,
        alert=ONE.id,
        before=notice,
        after=after,
        notice="back",
        undoes=decision.number,
    )
    return Effects((made,), changed=(after,), notices=(back,), withheld=(notice.id,))

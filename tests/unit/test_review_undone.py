"""Every decision can be taken back, by a new one: what that brings about, and when it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fakes.alerts import SEEN, VOCABULARY, alert
from tests.fakes.desk import MemoryDesk
from tests.fakes.filing import rule
from tests.fakes.store import MemoryStore
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Carried, Edits, MuteWish, Order, Outcome, Refusal, Refused
from watcher.core.edits import edits_of
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import ProposalState
from watcher.core.review import effects
from watcher.core.verdict import PartialDate
from watcher.review import Review

WAITING = alert(1, state=AlertState.UNVERIFIED)
OTHER_DAY = replace(edits_of(WAITING.verdict), effective_from=PartialDate("2025-11-03"))
NOISE = MuteWish("Prise de rendez-vous en ligne", "15")


class Ticking:
    """A clock whose every look is a minute later."""

    def __init__(self) -> None:
        self.time = SEEN

    def now(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time

    def wait(self, span: timedelta) -> bool:
        return False


class Desk:
    """One reviewer after another at a desk with one alert, which suggests a rule."""

    def __init__(self, about: Alert = WAITING) -> None:
        self.kept = MemoryDesk()
        self.kept.give(about)
        self.kept.bring([rule("hors_anef", "courrier")], SEEN - timedelta(days=30))
        self.kept.suggest(*self.suggested([about]))
        self.review = Review(self.kept, self.found, self.suggested, Ticking(), VOCABULARY)

    def suggested(self, alerts: Sequence[Alert]) -> tuple[Proposal, ...]:
        book = RuleBook(self.kept.believed())
        facts = (replace(one, verdict=_with_channel(one)) for one in alerts)
        return tuple(made for one in facts for made in proposal(one, book, SEEN.date()))

    def found(self, **asked: Any) -> Sequence[Alert]:
        return MemoryStore(list(self.kept.kept.alerts.values())).alerts(**asked)

    def order(self, action: Action, about: str = WAITING.id, by: str = "ada", **said: Any) -> Outcome:
        case = self.review.case(about)
        assert case
        return self.review.decide(Order(action, (about,), case.version, by, **said))

    def do(self, action: Action, about: str = WAITING.id, by: str = "ada", **said: Any) -> int:
        outcome = self.order(action, about, by, **said)
        assert isinstance(outcome, Carried), outcome
        return outcome.decisions[0].number

    def undo(self, number: int) -> Carried:
        outcome = self.review.undo(number, "bob", "par erreur")
        assert isinstance(outcome, Carried), outcome
        return outcome

    def alert(self, name: str = WAITING.id) -> Alert:
        return self.kept.kept.alerts[name]

    def states(self) -> list[ProposalState]:
        return [one.state for one in self.kept.kept.proposals.values() if one.proposal.alert == WAITING.id]

    def channels(self) -> set[str]:
        return {one.channel for one in self.kept.believed()}

    @property
    def open(self) -> tuple[str, ...]:
        return tuple(n for n, one in self.kept.kept.proposals.items() if one.state is ProposalState.OPEN)


def _with_channel(one: Alert) -> Any:
    """The fake's fact says nothing of a channel; this one is what the verdict says."""
    said = one.verdict
    facts = tuple(
        replace(f, channel_after=said.channel_after, effective_from=said.effective_from) for f in said.facts
    )
    return replace(said, facts=facts)


def refusal(outcome: Outcome) -> Refusal | None:
    return outcome.why if isinstance(outcome, Refused) else None


def test_an_undone_verification_leaves_everything_as_it_was() -> None:
    desk = Desk()
    number = desk.do(Action.VERIFY, accept=desk.open)
    assert desk.channels() == {"courrier", "rdv_en_ligne"}

    (line,) = desk.undo(number).decisions

    assert replace(desk.alert(), updated_at=WAITING.updated_at) == WAITING
    assert desk.kept.carried[-1].unverified == (WAITING.id,)
    assert not desk.kept.carried[-1].notices
    assert desk.channels() == {"courrier"}
    assert desk.states() == [ProposalState.OPEN]
    assert (line.undoes, line.by, line.note) == (number, "bob", "par erreur")
    assert [entry.alert.id for entry in desk.review.queue()] == [WAITING.id]


def test_an_undone_verification_can_be_made_again() -> None:
    desk = Desk()
    desk.undo(desk.do(Action.VERIFY, accept=desk.open))

    desk.do(Action.VERIFY, accept=desk.open)

    assert desk.alert().state is AlertState.VERIFIED
    assert desk.states() == [ProposalState.ACCEPTED]


def test_what_was_published_is_not_taken_from_anybody_when_its_review_is_undone() -> None:
    published = replace(WAITING, state=AlertState.VERIFIED)
    desk = Desk(published)

    desk.undo(desk.do(Action.VERIFY))

    assert desk.alert().state is AlertState.VERIFIED
    assert not desk.alert().reviewed
    assert desk.kept.carried[-1].unverified == ()


@pytest.mark.parametrize(
    ("action", "said"),
    [(Action.CORRECT, {"edits": OTHER_DAY}), (Action.RETRACT, {}), (Action.MUTE, {"mute": NOISE})],
)
@pytest.mark.parametrize("was", [AlertState.UNVERIFIED, AlertState.VERIFIED])
def test_what_was_told_is_corrected_by_the_first_words_again(
    action: Action, said: dict[str, Any], was: AlertState
) -> None:
    about = replace(WAITING, state=was)
    desk = Desk(about)
    number = desk.do(action, **said)
    first, told = desk.alert(), desk.kept.decision(number)
    assert told

    (line,) = desk.undo(number).decisions

    former, again = desk.alert(told.notice), desk.alert(line.notice)
    assert desk.alert() == first  # the trail only grows
    assert former.state is AlertState.CORRECTED
    assert (again.corrects, again.state, again.verdict) == (former.id, was, about.verdict)
    assert not again.reviewed
    assert former.was_verified == (action is Action.CORRECT or was is AlertState.VERIFIED)
    assert desk.kept.carried[-1].withheld == (former.id,)
    assert not desk.review.mutes()
    assert (again.id in {entry.alert.id for entry in desk.review.queue()}) == (
        was is AlertState.UNVERIFIED or bool(desk.open)
    )


def test_a_retraction_takes_back_the_rules_and_its_undoing_suggests_them_again() -> None:
    desk = Desk()
    desk.do(Action.VERIFY, accept=desk.open)

    number = desk.do(Action.RETRACT)
    assert desk.channels() == {"courrier"}
    assert desk.states() == [ProposalState.REFUSED]

    line = desk.undo(number).decisions[0]
    (again,) = desk.open
    assert desk.kept.kept.proposals[again].proposal.alert == line.notice
    desk.do(Action.ACCEPT, line.notice, accept=(again,))
    assert desk.channels() == {"courrier", "rdv_en_ligne"}


def test_a_correction_of_an_accepted_rule_suggests_the_right_one_against_the_rules_before() -> None:
    desk = Desk()
    desk.do(Action.VERIFY, accept=desk.open)

    number = desk.do(Action.CORRECT, edits=OTHER_DAY)
    assert desk.channels() == {"courrier"}
    (name,) = desk.open
    suggested = desk.kept.kept.proposals[name].proposal
    assert suggested.after.valid_from == "2025-11-03"
    assert suggested.before
    assert suggested.before.channel == "courrier"

    decision = desk.kept.decision(number)
    assert decision
    desk.do(Action.ACCEPT, decision.notice, accept=(name,))
    assert {r.valid_from for r in desk.kept.believed() if r.channel == "rdv_en_ligne"} == {"2025-11-03"}


def test_a_question_is_gone_when_it_is_taken_back() -> None:
    desk = Desk()
    number = desk.do(Action.ASK)
    assert refusal(desk.order(Action.VERIFY)) is Refusal.OWN

    desk.undo(number)

    case = desk.review.case(WAITING.id)
    assert case
    assert case.asked is None
    desk.do(Action.VERIFY)


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.REFUSE])
def test_settled_proposals_are_open_again(action: Action) -> None:
    desk = Desk()
    said: dict[str, Any] = {action.value: desk.open}

    desk.undo(desk.do(action, **said))

    assert desk.states() == [ProposalState.OPEN]
    assert desk.channels() == {"courrier"}


def test_nothing_is_undone_twice_nor_is_an_undoing() -> None:
    desk = Desk()
    number = desk.do(Action.VERIFY)
    (line,) = desk.undo(number).decisions

    assert refusal(desk.review.undo(number, "bob")) is Refusal.UNDONE
    assert refusal(desk.review.undo(line.number, "bob")) is Refusal.UNDONE
    assert refusal(desk.review.undo(99, "bob")) is Refusal.UNKNOWN


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((Action.VERIFY, {}), (Action.RETRACT, {})),
        ((Action.VERIFY, {}), (Action.CORRECT, {"edits": OTHER_DAY})),
        ((Action.ASK, {}), (Action.VERIFY, {})),
        ((Action.ACCEPT, {"accept": True}), (Action.RETRACT, {})),
        ((Action.VERIFY, {}), (Action.ACCEPT, {"accept": True})),
    ],
)
def test_a_decision_that_others_rest_on_stays(
    first: tuple[Action, dict[str, Any]], then: tuple[Action, dict[str, Any]]
) -> None:
    desk = Desk()
    numbers = []
    for by, (action, said) in zip(("ada", "bob"), (first, then), strict=True):
        filled: dict[str, Any] = {key: desk.open if value is True else value for key, value in said.items()}
        numbers.append(desk.do(action, by=by, **filled))

    assert refusal(desk.review.undo(numbers[0], "eve")) is Refusal.UNDONE

    desk.undo(numbers[1])


def test_what_was_decided_about_a_notice_is_undone_first() -> None:
    desk = Desk()
    number = desk.do(Action.CORRECT, edits=OTHER_DAY)
    decision = desk.kept.decision(number)
    assert decision
    later = desk.do(Action.ACCEPT, decision.notice, accept=desk.open)

    assert refusal(desk.review.undo(number, "eve")) is Refusal.UNDONE

    desk.undo(later)
    desk.undo(number)
    assert desk.alert(decision.notice).state is AlertState.CORRECTED


def test_a_correction_can_be_corrected() -> None:
    desk = Desk()
    decision = desk.kept.decision(desk.do(Action.CORRECT, edits=OTHER_DAY))
    assert decision
    another: Edits = replace(OTHER_DAY, effective_from=PartialDate("2025-12-01"))

    again = desk.kept.decision(desk.do(Action.CORRECT, decision.notice, edits=another))

    assert again
    assert desk.alert(again.notice).corrects == decision.notice
    assert desk.alert(again.notice).verdict.effective_from == "2025-12-01"


def test_two_who_decide_at_once_cannot_overwrite_each_other() -> None:
    desk = Desk()
    shown = desk.review.case(WAITING.id)
    assert shown
    desk.do(Action.VERIFY)

    late = desk.review.decide(Order(Action.RETRACT, (WAITING.id,), shown.version, "bob"))

    assert refusal(late) is Refusal.OVERTAKEN
    assert desk.alert().state is AlertState.VERIFIED


def test_a_corrected_day_is_no_reminder_of_the_known_one() -> None:
    desk = Desk()
    desk.kept.bring([rule("hors_anef", "rdv_en_ligne", valid_from="2025-10-01")], SEEN)

    desk.do(Action.CORRECT, edits=OTHER_DAY)

    (name,) = desk.open
    assert desk.kept.kept.proposals[name].proposal.after.valid_from == "2025-11-03"


def test_only_a_decision_of_the_case_and_of_the_alert_meant_is_undone() -> None:
    desk = Desk()
    number = desk.do(Action.CORRECT, edits=OTHER_DAY)
    case = desk.review.case(WAITING.id)
    assert case
    order = Order(Action.UNDO, (WAITING.id,), case.version, "bob", undoes=number)

    assert refusal(desk.review.decide(replace(order, undoes=99))) is Refusal.UNKNOWN
    assert refusal(desk.review.decide(replace(order, undoes=None))) is Refusal.UNKNOWN
    assert refusal(desk.review.decide(replace(order, alerts=("x",)), WAITING.id)) is Refusal.UNKNOWN
    assert effects(order, case, SEEN, None) == Refused(Refusal.UNKNOWN)  # without its notice


def test_what_was_decided_of_an_alert_that_another_one_replaced_stays() -> None:
    desk = Desk()
    accepted = desk.do(Action.ACCEPT, accept=desk.open)
    desk.undo(desk.do(Action.RETRACT, keep_rules=True))

    assert refusal(desk.review.undo(accepted, "bob")) is Refusal.UNDONE
    assert desk.channels() == {"courrier", "rdv_en_ligne"}

"""One case as the desk shows it: every choice made, so that templates only lay out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, undecided
from watcher.core.decisions import Decision
from watcher.core.edits import main_fact
from watcher.core.filing_labels import REASONS
from watcher.core.filing_proposals import Proposal
from watcher.core.filing_store import ProposalState, Recorded
from watcher.core.french import Words
from watcher.core.highlight import Mark, highlighted
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.review import askers
from watcher.core.severity import Severity, severity
from watcher.core.verdict import Fact
from watcher.core.weblinks import WebLink, web_link
from watcher.web.desk_form import Sent
from watcher.web.desk_queue import state_label
from watcher.web.desk_site import age, case_path
from watcher.web.desk_trail import DecisionView, trail
from watcher.web.rules_view import RuleView, RuleWords, last_day
from watcher.web.tongues import Tongue
from watcher.web.views import AlertView, alert_view

_SETTLED = frozenset({AlertState.CORRECTED, AlertState.RETRACTED})


@dataclass(frozen=True, slots=True)
class Can:
    """What may be decided about a case as it is, by somebody who may decide."""

    verify: bool
    correct: bool  # or be retracted, or muted
    ask: bool
    proposals: bool

    @property
    def anything(self) -> bool:
        return self.verify or self.correct or self.ask or self.proposals


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One alert that a decision may hold for."""

    id: str
    place: str
    href: str
    link: WebLink | None
    ticked: bool


@dataclass(frozen=True, slots=True)
class FactView:
    number: int
    sentence: str
    told: tuple[str, ...]  # labels of what it says
    when: tuple[Words, ...]
    replaced: bool  # takes the values of the form
    kept: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    id: str
    motif: str
    place: str
    case: str
    reason: str
    before: RuleView | None
    after: RuleView
    ends: bool  # accepting it ends `before`
    conflicts: tuple[RuleView, ...]
    state: ProposalState
    settled_by: str
    settled_at: datetime | None
    choice: str  # accept, refuse or later


@dataclass(frozen=True, slots=True)
class CaseView:
    alert: AlertView
    severity: Severity
    state_label: str
    age: str
    settled: bool  # corrected or retracted: only undoing is left
    marks: tuple[Mark, ...]
    page_href: str  # the stored page as text
    places: tuple[PlaceView, ...]  # that a decision may hold for
    elsewhere: tuple[PlaceView, ...]  # the same text, where it still waits although it is settled here
    facts: tuple[FactView, ...]
    proposals: tuple[ProposalView, ...]  # open ones
    done_proposals: tuple[ProposalView, ...]
    rests: int  # rules that were accepted on its account
    trail: tuple[DecisionView, ...]
    asked_by: str
    asked_by_me: bool
    can: Can
    corrects_href: str


@dataclass(frozen=True, slots=True)
class CaseWords:
    """Puts cases into the words of one language, for one person, at one moment."""

    vocabulary: Vocabulary
    tongue: Tongue
    me: str
    now: datetime
    today: date

    def view(self, case: Case, form: Sent) -> CaseView:
        alert = case.alert
        asked, settled = case.asked, alert.state in _SETTLED
        mine = [one for one in case.proposals if not settled or one.proposal.alert == alert.id]
        proposals = [self.proposal(one, form) for one in mine]
        places = tuple(self._place(one, form) for one in case.alerts)
        return CaseView(
            alert=alert_view(alert, self.vocabulary, self.tongue),
            severity=severity(alert.verdict),
            state_label=state_label(alert, self.tongue),
            age=age(alert.detected_at, self.now, self.tongue.speech),
            settled=settled,
            marks=highlighted(wording.text(alert), _telling(alert)),
            page_href=f"{self.tongue.root}{case_path(alert.id)}/page",
            places=places[:1] if settled else places,
            elsewhere=places[1:] if settled else (),
            facts=tuple(self._facts(alert, form)),
            proposals=tuple(one for one in proposals if one.state is ProposalState.OPEN),
            done_proposals=tuple(one for one in proposals if one.state is not ProposalState.OPEN),
            rests=sum(one.state is ProposalState.ACCEPTED for one in proposals),
            trail=self.trail(case.decisions),
            asked_by=one_line(asked.by, wording.TITLE) if asked else "",
            asked_by_me=any(self.me in askers(case.decisions, one.id) for one in case.alerts),
            can=can(case, self.me),
            corrects_href=self.tongue.root + case_path(alert.corrects) if alert.corrects else "",
        )

    def trail(self, decisions: Sequence[Decision]) -> tuple[DecisionView, ...]:
        return trail(decisions, self.vocabulary, self.tongue)

    def proposal(self, recorded: Recorded, form: Sent) -> ProposalView:
        one = recorded.proposal
        words = RuleWords(self.vocabulary, self.tongue, self.today)
        return ProposalView(
            id=one.id,
            motif=self.vocabulary.motif(one.after.motif, self.tongue.code),
            place=words.place(one.after.territory) or self.tongue.speech.say("rules.answer.whole"),
            case=words.case(one.after.operation, one.after.regime),
            reason=REASONS[one.reason].told(self.tongue.code),
            before=words.rule(one.before) if one.before else None,
            after=words.rule(one.after),
            ends=_ends(one),
            conflicts=words.rules(one.conflicts),
            state=recorded.state,
            settled_by=one_line(recorded.settled_by, wording.TITLE),
            settled_at=recorded.settled_at,
            choice="accept"
            if one.id in form["accept"]
            else "refuse"
            if one.id in form["refuse"]
            else "later",
        )

    def _place(self, alert: Alert, form: Sent) -> PlaceView:
        return PlaceView(
            alert.id,
            self.vocabulary.place(alert.prefecture),
            self.tongue.root + case_path(alert.id),
            web_link(alert.address),
            alert.id in form["alert"],
        )

    def _facts(self, alert: Alert, form: Sent) -> Iterable[FactView]:
        replaced = main_fact(alert.verdict)
        for number, fact in enumerate(alert.verdict.facts):
            yield FactView(
                number,
                one_line(fact.sentence, wording.SENTENCE),
                self._told(fact),
                self.tongue.speech.manners.period(fact.effective_from, last_day(fact.effective_to)),
                replaced=number == replaced,
                kept=str(number) in form["fact"],
            )

    def _told(self, fact: Fact) -> tuple[str, ...]:
        code, names = self.tongue.code, self.vocabulary
        channels = [names.channel(one, code) for one in (fact.channel_before, fact.channel_after) if one]
        told = [
            names.operation(fact.operation, code) if fact.operation else "",
            ", ".join(names.motif(one, code) for one in fact.motifs),
            " → ".join(channels),
            names.regime(fact.regime, code) if fact.regime else "",
            one_line(fact.territory or "", wording.TITLE),
        ]
        return tuple(filter(None, told))


def can(case: Case, me: str) -> Can:
    """What is left to decide; whoever asked for a second opinion may only take the question back."""
    alert = case.alert
    mine = any(me in askers(case.decisions, one.id) for one in case.alerts)
    live = alert.state not in _SETTLED
    return Can(
        verify=live and not mine and not alert.reviewed,
        correct=live and not mine,
        ask=undecided(alert) and not mine,
        proposals=live and not mine and bool(case.open_proposals),
    )


def _telling(alert: Alert) -> list[str]:
    """The words that carry the verdict: those of its reasons."""
    return [reason.words for reason in alert.verdict.reasons]


def _ends(one: Proposal) -> bool:
    before = one.before
    return bool(
        before and before.id != one.after.id and before.slot == one.after.slot and not one.after.valid_to
    )

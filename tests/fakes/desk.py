"""A desk in memory: the same answers as the database's, of whoever is to be told only who would be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from tests.fakes.desk_kept import Kept, KeptRules, RefusedError, is_open
from tests.fakes.desk_users import MemoryUsers as MemoryUsers
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, Entry, asked, queue, undecided, undone
from watcher.core.changes import Change
from watcher.core.decisions import (
    Action,
    Carried,
    Confirmed,
    Decision,
    Effects,
    Mute,
    Outcome,
    Refusal,
)
from watcher.core.filing import Rule
from watcher.core.filing_proposals import Proposal
from watcher.core.filing_store import Origin, ProposalState, Recorded
from watcher.core.ports import NEAR
from watcher.core.ports_desk import DeskStore
from watcher.core.verdict import Notice


@dataclass
class MemoryDesk(DeskStore):
    """`give` alerts and `suggest` proposals to it; `texts` are changes and notices as they were read.

    `carried` are the effects that were written; `readers` how many people were told, by alert.
    """

    kept: Kept = field(default_factory=Kept)
    texts: dict[str, tuple[Change, Notice | None]] = field(default_factory=dict)
    hidden: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)
    carried: list[Effects] = field(default_factory=list)

    def give(self, *alerts: Alert) -> None:
        self.kept.alerts |= {alert.id: alert for alert in alerts}

    def suggest(self, *proposals: Proposal) -> None:
        for proposal in proposals:
            self.kept.proposals.setdefault(proposal.id, Recorded(proposal))

    def bring(self, rules: Sequence[Rule], at: datetime) -> None:
        KeptRules(self.kept, at).write(rules, Origin.SHIPPED)

    def believed(self) -> list[Rule]:
        return [version.rule for version in self.kept.rules if version.rule.believed]

    def queue(self) -> Sequence[Entry]:
        waiting = [alert for alert in self.kept.alerts.values() if self._waits(alert)]
        proposals = Counter(one.proposal.alert for one in self.kept.proposals.values() if is_open(one))
        questions = {alert.id: asked(self.kept.trail, alert.id) for alert in waiting}
        return queue(waiting, proposals, {name: one for name, one in questions.items() if one})

    def _waits(self, alert: Alert) -> bool:
        suggests = any(one.proposal.alert == alert.id and is_open(one) for one in self._proposals())
        return undecided(alert) or (alert.state is AlertState.VERIFIED and suggests)

    def _proposals(self) -> Sequence[Recorded]:
        return sorted(self.kept.proposals.values(), key=lambda one: (one.proposal.made_at, one.proposal.id))

    def case(self, alert: str) -> Case | None:
        held = self.kept.alerts.get(alert)
        if held is None:
            return None
        also = sorted(
            (one for one in self.kept.alerts.values() if self._waits(one) and _alike(one, held)),
            key=lambda one: (one.detected_at, one.id),
        )
        names = {held.id, *(one.id for one in also)}
        change, notice = self.texts.get(self._first(held).id, (None, None))
        decisions = tuple(one for one in self.kept.trail if one.alert in names)
        proposals = tuple(one for one in self._proposals() if one.proposal.alert in names)
        return Case(held, tuple(also), decisions, proposals, change, notice)

    def _first(self, alert: Alert) -> Alert:
        while alert.corrects and alert.corrects in self.kept.alerts:
            alert = self.kept.alerts[alert.corrects]
        return alert

    def carry_out(self, alert: str, seen: str, effects: Effects, proposals: Sequence[Proposal]) -> Outcome:
        if not effects.decisions and effects != Effects(()):
            raise ValueError("effects that nobody decided on")
        before = self.kept.copy()
        try:
            self._check(alert, seen, effects.decisions)
            made = self._write(effects) if effects.decisions else ()
        except RefusedError as no:
            self.kept = before
            return no.refused
        self.suggest(*proposals)
        self.carried.append(effects)
        return Carried(made)

    def _check(self, alert: str, seen: str, decisions: Sequence[Decision]) -> None:
        case = self.case(alert)
        if case is None:
            raise RefusedError(Refusal.UNKNOWN, alert)
        if case.version != seen:
            raise RefusedError(Refusal.OVERTAKEN, case.decisions[-1].by if case.decisions else "")
        for one in decisions:
            if one.before and self.kept.alerts.get(one.before.id) != one.before:
                raise RefusedError(Refusal.OVERTAKEN)
            if one.undoes in undone(self.kept.trail):
                raise RefusedError(Refusal.UNDONE)

    def _write(self, effects: Effects) -> tuple[Decision, ...]:
        by, at = effects.decisions[0].by, effects.decisions[0].at
        rules = KeptRules(self.kept, at)
        rules.reopen(effects.reopened)
        rules.accept(effects.accepted, by)
        rules.settle(effects.refused, ProposalState.REFUSED, by)
        for changed in effects.changed:
            if changed.id not in self.kept.alerts:
                raise RefusedError(Refusal.UNKNOWN, changed.id)
            if _said(changed) != _said(self.kept.alerts[changed.id]):
                raise ValueError(f"alert {changed.id} would tell something else")
        if any(notice.id in self.kept.alerts for notice in effects.notices):
            raise RefusedError(Refusal.OVERTAKEN)
        self.give(*effects.changed, *effects.notices)
        self.kept.mutes |= {mute.id: mute for mute in effects.mutes}
        for name in effects.unmuted:
            mute = self.kept.mutes.get(name)
            if mute is None or mute.ended_at:
                raise RefusedError(Refusal.UNKNOWN, name)
            self.kept.mutes[name] = replace(mute, ended_at=at)
        return self._note(*effects.decisions)

    def _note(self, *decisions: Decision) -> tuple[Decision, ...]:
        last = len(self.kept.trail)
        made = tuple(replace(one, number=last + n) for n, one in enumerate(decisions, 1))
        self.kept.trail += made
        return made

    def decisions(
        self,
        *,
        alert: str | None = None,
        action: Action | None = None,
        by: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Decision]:
        return [
            one
            for one in reversed(self.kept.trail)
            if alert in {None, one.alert}
            and action in {None, one.action}
            and by in {None, one.by}
            and (before is None or one.number < before)
        ][:limit]

    def decision(self, number: int) -> Decision | None:
        return next((one for one in self.kept.trail if one.number == number), None)

    def mutes(self, *, ended: bool = False) -> Sequence[Mute]:
        known = sorted(self.kept.mutes.values(), key=lambda mute: (mute.at, mute.id))
        return [mute for mute in known if ended or mute.ended_at is None]

    def muted(self) -> Mapping[str, int]:
        return dict(self.hidden)

    def told(self, alerts: Sequence[str]) -> int:
        return sum(self.readers[alert] for alert in set(alerts))

    def confirmed(self) -> Sequence[Confirmed]:
        gone = undone(self.kept.trail)
        vouching = {Action.VERIFY, Action.CORRECT, Action.UNDO}
        made = [one for one in self.kept.trail if one.action in vouching and one.number not in gone]
        vouched = {one.notice or one.alert: one for one in made}
        found = [(self.kept.alerts[name], one) for name, one in vouched.items() if name in self.kept.alerts]
        return [
            Confirmed(alert, one.by, one.at.astimezone(UTC).date())
            for alert, one in sorted(found, key=lambda pair: pair[1].number)
            if alert.reviewed and alert.state is AlertState.VERIFIED
        ]

    def look_again(self, source: str, by: str, now: datetime) -> bool:
        if source in self.sources:
            self._note(Decision(Action.LOOK, by, now, subject=source))
        return source in self.sources


def _said(alert: Alert) -> Alert:
    """All but how far it may be relied upon."""
    return replace(
        alert,
        state=AlertState.UNVERIFIED,
        updated_at=alert.detected_at,
        reviewed=False,
        was_verified=False,
    )


def _alike(one: Alert, other: Alert) -> bool:
    same = one.id != other.id and one.group == other.group != ""
    return same and abs(one.detected_at - other.detected_at) <= NEAR

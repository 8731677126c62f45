"""Taking a decision back: by a new one, since readers and the trail keep what was said. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, undone
from watcher.core.decisions import Action, Decision, Effects, Order, Refusal, Refused
from watcher.core.filing_store import ProposalState
from watcher.core.notices import OVER, ids, notice

_REPLACING = frozenset({Action.CORRECT, Action.RETRACT, Action.MUTE})
_SETTLING = _REPLACING | {Action.VERIFY}
_RESTING: Mapping[Action, frozenset[Action]] = {
    Action.VERIFY: _SETTLING | {Action.ACCEPT, Action.REFUSE},
    Action.ASK: _SETTLING,
    Action.ACCEPT: _REPLACING,
    Action.REFUSE: _REPLACING,
    **dict.fromkeys(_REPLACING, _SETTLING),
}
"""What can be undone, and which later decisions on the same alert rest on it."""


def undo(order: Order, case: Case, now: datetime, told: Case | None) -> Effects | Refused:
    """The effects of an order that takes a decision of `case` back; `told` is the case of its notice."""
    past = next((one for one in case.decisions if one.number == order.undoes), None)
    alert = next((one for one in case.alerts if past and one.id == past.alert), None)
    if past is None or alert is None or alert.id not in order.alerts:
        return Refused(Refusal.UNKNOWN)
    if past.action not in _RESTING or past.number in undone(case.decisions) or _rested_on(past, case):
        return Refused(Refusal.UNDONE)
    if past.action in _REPLACING:
        return _told_again(order, past, now, told)
    if alert.state in OVER:
        return Refused(Refusal.UNDONE)
    back = (*past.accepted, *past.refused)
    if past.action is not Action.VERIFY or past.before is None:
        return Effects((_line(order, past, now),), reopened=back)
    was = past.before
    before = replace(alert, state=was.state, reviewed=was.reviewed, updated_at=now)
    return Effects(
        (replace(_line(order, past, now), before=alert, after=before),),
        changed=(before,),
        unverified=(alert.id,) if was.state is AlertState.UNVERIFIED else (),
        reopened=back,
    )


def _rested_on(past: Decision, case: Case) -> bool:
    gone = undone(case.decisions)
    later = (one for one in case.decisions if one.alert == past.alert and one.number > past.number)
    return any(one.action in _RESTING[past.action] and one.number not in gone for one in later)


def _told_again(order: Order, past: Decision, now: datetime, told: Case | None) -> Effects | Refused:
    """The first alert as it was, in the place of the notice that had taken its own."""
    first = past.before
    if told is None or first is None or told.alert.id != past.notice:
        return Refused(Refusal.UNKNOWN)
    former = told.alert
    expected = AlertState.VERIFIED if past.action is Action.CORRECT else AlertState.RETRACTED
    if former.state is not expected or _decided(told.decisions, former):
        return Refused(Refusal.UNDONE)
    over = replace(
        former,
        state=AlertState.CORRECTED,
        updated_at=now,
        was_verified=former.was_verified or former.state is AlertState.VERIFIED,
    )
    again = replace(notice(first, former, told, now), reviewed=first.reviewed)
    ours = [one for one in told.proposals if one.proposal.alert == former.id]
    resting = ids(ours, ProposalState.ACCEPTED)
    return Effects(
        (replace(_line(order, past, now), before=former, after=over, notice=again.id, mute=past.mute),),
        changed=(over,),
        notices=(again,),
        withheld=(former.id,),
        refused=(*ids(ours, ProposalState.OPEN), *resting),
        reopened=resting,
        unmuted=(past.mute,) if past.mute else (),
    )


def _decided(decisions: Sequence[Decision], alert: Alert) -> bool:
    """Whether something was decided about a notice, and stands."""
    gone, aside = undone(decisions), {Action.ASK, Action.UNDO}
    return any(d.alert == alert.id and d.action not in aside and d.number not in gone for d in decisions)


def _line(order: Order, past: Decision, now: datetime) -> Decision:
    return Decision(Action.UNDO, order.by, now, alert=past.alert, note=order.note, undoes=past.number)

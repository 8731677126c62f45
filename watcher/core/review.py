"""What an order of a reviewer brings about: the order and the case in, everything to be written out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watcher.core import mutes
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, undone
from watcher.core.decisions import Action, Decision, Effects, Mute, Order, Refusal, Refused
from watcher.core.edits import corrected, differs
from watcher.core.filing_store import ProposalState
from watcher.core.notices import OVER, ids, line, notice, notice_id
from watcher.core.review_undo import undo
from watcher.core.text import clean_block

NOTE = 2000  # characters


def effects(order: Order, case: Case, now: datetime, told: Case | None = None) -> Effects | Refused:
    """Everything that `order` brings about, or why nothing.

    `told` is needed to undo a decision that made a notice: the case of that notice. Whether the words and
    days of a correction exist, and what a mute would hide, was looked at before.
    """
    if order.seen != case.version:
        return Refused(Refusal.OVERTAKEN)
    order = replace(order, note=clean_block(order.note, NOTE))
    if order.action is Action.UNDO:
        return undo(order, case, now, told)
    return _refusal(order, case) or _CARRIED[order.action](order, case, now)


def _refusal(order: Order, case: Case) -> Refused | None:
    """What stands against any order but an undoing."""
    alerts = _meant(order, case)
    if order.action not in _CARRIED or not alerts or len(alerts) < len(set(order.alerts)):
        return Refused(Refusal.UNKNOWN)
    if any(alert.state in OVER for alert in alerts):
        return Refused(Refusal.SETTLED)
    if any(order.by in askers(case.decisions, alert.id) for alert in alerts):
        return Refused(Refusal.EMPTY if order.action is Action.ASK else Refusal.OWN)
    if order.action in _TICKED:
        known = {one.proposal.id for one in case.open_proposals if one.proposal.alert in order.alerts}
        odd = [one for one in (*order.accept, *order.refuse) if one not in known]
        odd += [one for one in order.accept if one in order.refuse]
        return Refused(Refusal.UNKNOWN, odd[0]) if odd else None
    return None


def askers(decisions: Sequence[Decision], alert: str) -> frozenset[str]:
    """Who waits for somebody else's opinion on an alert."""
    gone, waiting = undone(decisions), set()
    for one in decisions:
        if one.alert != alert or one.number in gone:
            continue
        if one.action is Action.ASK:
            waiting.add(one.by)
        elif one.action.settles:
            waiting.clear()
    return frozenset(waiting)


def _verify(order: Order, case: Case, now: datetime) -> Effects | Refused:
    alerts = _meant(order, case)
    vouched_for = all(alert.reviewed and alert.state is AlertState.VERIFIED for alert in alerts)
    if vouched_for and not order.accept and not order.refuse:
        return Refused(Refusal.SETTLED)
    changed = [_verified(alert, now) for alert in alerts]
    decisions = tuple(
        line(order, now, alert, after, accepted=order.accept, refused=order.refuse, case=case)
        for alert, after in zip(alerts, changed, strict=True)
    )
    return Effects(
        decisions,
        changed=tuple(changed),
        verified=tuple(alert.id for alert in alerts if alert.state is AlertState.UNVERIFIED),
        accepted=order.accept,
        refused=order.refuse,
    )


def _verified(alert: Alert, now: datetime) -> Alert:
    return replace(alert, state=AlertState.VERIFIED, reviewed=True, updated_at=now)


def _correct(order: Order, case: Case, now: datetime) -> Effects | Refused:
    """The same text elsewhere may have been understood rightly: there it is verified."""
    edits, alerts = order.edits, _meant(order, case)
    wrong = [alert for alert in alerts if edits and differs(alert.verdict, edits)]
    if edits is None or not wrong:
        return Refused(Refusal.EMPTY)
    notices = {
        alert.id: replace(
            notice(alert, alert, case, now),
            state=AlertState.VERIFIED,
            verdict=corrected(alert.verdict, edits, alert.title),
        )
        for alert in wrong
    }
    replaced = _replaced(order, case, now, wrong, notices, AlertState.CORRECTED)
    right = [alert for alert in alerts if alert.id not in notices]
    if not right:
        return replaced
    rest = replace(order, action=Action.VERIFY, alerts=tuple(a.id for a in right), accept=(), refuse=())
    also = _verify(rest, case, now)
    return replaced if isinstance(also, Refused) else _together(replaced, also)


def _retract(order: Order, case: Case, now: datetime) -> Effects:
    alerts = _meant(order, case)
    notices = {
        alert.id: replace(
            notice(alert, alert, case, now),
            state=AlertState.RETRACTED,
            was_verified=alert.state is AlertState.VERIFIED,
        )
        for alert in alerts
    }
    return _replaced(order, case, now, alerts, notices, AlertState.RETRACTED)


def _mute(order: Order, case: Case, now: datetime) -> Effects | Refused:
    wish = order.mute
    if wish is None or not mutes.words(wish):
        return Refused(Refusal.EMPTY)
    if not any(mutes.hides(wish, alert.title, alert.prefecture) for alert in _meant(order, case)):
        return Refused(Refusal.EMPTY, case.alert.title)
    first = _meant(order, case)[0]
    made = Mute(
        f"m{notice_id(first, case)[:11]}",
        " ".join(mutes.words(wish)),
        wish.prefecture,
        order.by,
        now,
        first.id,
    )
    done = _retract(order, case, now)
    one, *others = done.decisions
    return replace(done, mutes=(made,), decisions=(replace(one, mute=made.id), *others))


def _ask(order: Order, case: Case, now: datetime) -> Effects:
    return Effects(tuple(line(order, now, alert, None, case=case) for alert in _meant(order, case)))


def _settle(order: Order, case: Case, now: datetime) -> Effects | Refused:
    """Proposals alone; the alert stays as it is."""
    if not order.accept and not order.refuse:
        return Refused(Refusal.EMPTY)
    all_of_them = [
        line(order, now, alert, None, accepted=order.accept, refused=order.refuse, case=case)
        for alert in _meant(order, case)
    ]
    decisions = tuple(one for one in all_of_them if one.accepted or one.refused)
    return Effects(decisions, accepted=order.accept, refused=order.refuse)


_CARRIED = {
    Action.VERIFY: _verify,
    Action.CORRECT: _correct,
    Action.RETRACT: _retract,
    Action.MUTE: _mute,
    Action.ASK: _ask,
    Action.ACCEPT: _settle,
    Action.REFUSE: _settle,
}
_TICKED = {Action.VERIFY, Action.ACCEPT, Action.REFUSE}
"""Orders that say what becomes of proposals; the others settle all of them."""


def _replaced(
    order: Order,
    case: Case,
    now: datetime,
    alerts: Sequence[Alert],
    notices: dict[str, Alert],
    state: AlertState,
) -> Effects:
    """Alerts whose place is taken by notices: what they suggested and brought about goes with them."""
    changed = {
        alert.id: replace(
            alert,
            state=state,
            reviewed=True,
            updated_at=now,
            was_verified=alert.state is AlertState.VERIFIED,
        )
        for alert in alerts
    }
    ours = [one for one in case.proposals if one.proposal.alert in changed]
    resting = [] if order.keep_rules else ids(ours, ProposalState.ACCEPTED)
    gone = (*ids(ours, ProposalState.OPEN), *resting)
    decisions = (
        line(order, now, alert, changed[alert.id], refused=gone, case=case, notice=notices[alert.id].id)
        for alert in alerts
    )
    return Effects(
        tuple(decisions),
        changed=tuple(changed.values()),
        notices=tuple(notices.values()),
        withheld=tuple(changed),
        refused=gone,
        reopened=tuple(resting),
    )


def _meant(order: Order, case: Case) -> list[Alert]:
    return [alert for alert in case.alerts if alert.id in order.alerts]


def _together(one: Effects, other: Effects) -> Effects:
    return replace(
        one,
        decisions=(*one.decisions, *other.decisions),
        changed=(*one.changed, *other.changed),
        verified=other.verified,
    )

"""Writes what a decision brings about, inside one transaction that a refusal undoes as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage import alerts, cases, compose, muting, outbox, rule_rows, rule_settling, trail
from watcher.core.decisions import Carried, Decision, Effects, Refusal, Refused
from watcher.core.filing_proposals import Proposal
from watcher.core.filing_store import NotOpen, Overtaken


class StoppedError(Exception):
    """Nothing shall be kept of what was written."""

    def __init__(self, why: Refusal, detail: str = "") -> None:
        super().__init__(why)
        self.refused = Refused(why, detail)


def carry_out(
    connection: Connection, alert: str, seen: str, effects: Effects, proposals: Sequence[Proposal]
) -> Carried:
    """Raises `StoppedError`; a caller's mistake is a `ValueError`."""
    if not effects.decisions:
        return _propose(connection, alert, seen, effects, proposals)
    by, at = effects.decisions[0].by, effects.decisions[0].at
    moment = rule_rows.begin(connection, at)
    _check(connection, alert, seen, effects.decisions)
    _settle(connection, effects, by, moment)
    _write_alerts(connection, effects)
    rule_rows.propose(connection, proposals)
    _tell(connection, effects, at)
    muting.add(connection, effects.mutes)
    for mute in effects.unmuted:
        if not muting.end(connection, mute, at):
            raise StoppedError(Refusal.UNKNOWN, mute)
    return Carried(trail.add(connection, effects.decisions))


def _propose(
    connection: Connection, alert: str, seen: str, effects: Effects, proposals: Sequence[Proposal]
) -> Carried:
    if effects != Effects(()):
        raise ValueError("effects that nobody decided on")
    rule_rows.alone_with_rules(connection)
    _check(connection, alert, seen, ())
    rule_rows.propose(connection, proposals)
    return Carried(())


def _check(connection: Connection, alert: str, seen: str, decisions: Sequence[Decision]) -> None:
    case = cases.read(connection, alert)
    if case is None:
        raise StoppedError(Refusal.UNKNOWN, alert)
    if case.version != seen:
        raise StoppedError(Refusal.OVERTAKEN, case.decisions[-1].by if case.decisions else "")
    for decision in decisions:
        if decision.before and alerts.read(connection, decision.before.id) != decision.before:
            raise StoppedError(Refusal.OVERTAKEN)
        if decision.undoes is not None and trail.undone(connection, decision.undoes):
            raise StoppedError(Refusal.UNDONE)


def _settle(connection: Connection, effects: Effects, by: str, moment: datetime) -> None:
    """What is open again comes first: the same order may then close it."""
    if effects.reopened:
        _stop(rule_settling.reopen(connection, effects.reopened, moment))
    if effects.accepted:
        _stop(rule_settling.accept(connection, effects.accepted, by, moment))
    if effects.refused:
        _stop(rule_settling.refuse(connection, effects.refused, by, moment))


def _stop(settled: object) -> None:
    if isinstance(settled, Overtaken):
        raise StoppedError(Refusal.RULE_CHANGED, settled.rule.id)
    if isinstance(settled, NotOpen):
        raise StoppedError(Refusal.OVERTAKEN if settled.recorded else Refusal.UNKNOWN)


def _write_alerts(connection: Connection, effects: Effects) -> None:
    for changed in effects.changed:
        if not alerts.change(connection, changed):
            raise StoppedError(Refusal.UNKNOWN, changed.id)
    if len(alerts.add(connection, effects.notices)) < len(effects.notices):
        raise StoppedError(Refusal.OVERTAKEN)


def _tell(connection: Connection, effects: Effects, now: datetime) -> None:
    """What is withheld comes first: whoever was not told of an alert need not hear of its correction."""
    if not (effects.withheld or effects.unverified or effects.verified or effects.notices):
        return
    compose.pause(connection)
    for alert in effects.withheld:
        outbox.withhold(connection, alert)
    for alert in effects.unverified:
        outbox.withhold_verified(connection, alert)
    verified = alerts.read_these(connection, effects.verified)
    outbox.queue_verified(connection, [verified[alert] for alert in effects.verified], now)
    for notice in effects.notices:
        outbox.queue_notice(connection, notice)

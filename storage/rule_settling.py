"""What becomes of proposals, inside a transaction that nobody else changes rules in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage import rule_rows
from watcher.core.filing import Rule
from watcher.core.filing_settling import settled_together, taken_back, touched
from watcher.core.filing_store import NotOpen, Origin, Overtaken, ProposalState, Recorded


def accept(
    connection: Connection, ids: Sequence[str], by: str, at: datetime
) -> tuple[Rule, ...] | NotOpen | Overtaken:
    """Change the rules as all of these propose; `at` is as `rule_rows.begin` gave it."""
    found = _open(connection, ids)
    if isinstance(found, NotOpen):
        return found
    rules = settled_together(
        [one.proposal for one in found], rule_rows.read(connection, None) if found else [], by, at
    )
    if isinstance(rules, Overtaken):
        return rules
    rule_rows.write(connection, rules, at, Origin.ACCEPTED)
    for name in ids:
        rule_rows.settle(connection, name, ProposalState.ACCEPTED, by, at)
    return rules


def refuse(connection: Connection, ids: Sequence[str], by: str, at: datetime) -> NotOpen | None:
    found = _open(connection, ids)
    if isinstance(found, NotOpen):
        return found
    for name in ids:
        rule_rows.settle(connection, name, ProposalState.REFUSED, by, at)
    return None


def reopen(connection: Connection, ids: Sequence[str], at: datetime) -> NotOpen | Overtaken | None:
    """Open again what was settled, with the rules as they were before it was accepted."""
    known = {one.proposal.id: one for one in _these(connection, ids)}
    for name in ids:
        if name not in known or known[name].state is ProposalState.OPEN:
            return NotOpen(known.get(name))
    accepted = [one for one in known.values() if one.state is ProposalState.ACCEPTED]
    if accepted and (changed := _take_back(connection, accepted, at)):
        return changed
    for name in ids:
        rule_rows.settle(connection, name, ProposalState.OPEN, "", None)
    return None


def _take_back(connection: Connection, accepted: Sequence[Recorded], at: datetime) -> Overtaken | None:
    mine = {one.proposal.id for one in accepted}
    versions = rule_rows.versions(connection, sorted(touched(accepted)))
    confirmed = rule_rows.settled_at(connection, {version.rule.known_from for version in versions})
    kept = [one for one in confirmed if one.proposal.id not in mine]
    former = taken_back(accepted, kept, versions)
    if isinstance(former, Overtaken):
        return former
    for name, version in former.items():
        if version is None:
            rule_rows.close(connection, name, at)
        else:
            rule_rows.write(connection, [version.rule], at, version.origin)
    return None


def _open(connection: Connection, ids: Sequence[str]) -> list[Recorded] | NotOpen:
    """In the order of `ids`."""
    known = {one.proposal.id: one for one in _these(connection, ids)}
    for name in ids:
        if name not in known or known[name].state is not ProposalState.OPEN:
            return NotOpen(known.get(name))
    return [known[name] for name in dict.fromkeys(ids)]


def _these(connection: Connection, ids: Sequence[str]) -> list[Recorded]:
    return rule_rows.proposed(connection, state=None, alert=None, ids=ids) if ids else []

"""Proposals that one decision accepts together, and acceptances that it takes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.filing import Rule
from watcher.core.filing_proposals import EVIDENCE, Proposal, newer, says, settled
from watcher.core.filing_store import Origin, Overtaken, Recorded


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a rule and where it came from."""

    rule: Rule
    origin: Origin


def settled_together(
    proposals: Sequence[Proposal], believed: Sequence[Rule], by: str, at: datetime
) -> tuple[Rule, ...] | Overtaken:
    """The rules as they read once all of these are accepted at the same moment.

    The same text in many préfectures confirms one national rule many times: it then rests on all of them,
    and on what it rested on before. Those that would say different things of one rule or slot cannot be
    accepted together.
    """
    now = {rule.id: rule for rule in believed}
    done: dict[str, Rule] = {}
    for proposal in proposals:
        if changed := newer(proposal, believed):
            return Overtaken(changed)
        rules = settled(proposal, by, at)
        if other := _contradicts(done, rules):
            return Overtaken(other)
        done |= {rule.id: _joined(rule, done.get(rule.id) or now.get(rule.id)) for rule in rules}
    return tuple(done.values())


def _contradicts(done: Mapping[str, Rule], rules: Sequence[Rule]) -> Rule | None:
    ids, slots = {rule.id for rule in rules}, {rule.slot for rule in rules}
    same = next((done[r.id] for r in rules if r.id in done and says(done[r.id]) != says(r)), None)
    return same or next((r for r in done.values() if r.slot in slots and r.id not in ids), None)


def _joined(rule: Rule, other: Rule | None) -> Rule:
    """`rule` with what the same one rests on elsewhere; what showed another channel shows nothing of it."""
    if other is None or other.channel != rule.channel:
        return rule
    evidence = tuple(dict.fromkeys((*rule.evidence, *other.evidence)))[:EVIDENCE]
    return replace(rule, evidence=evidence, checked_on=max(rule.checked_on, other.checked_on))


def touched(proposals: Iterable[Recorded]) -> set[str]:
    """The ids of the rules that accepting these wrote."""
    return {rule.id for one in proposals for rule in _wrote(one)}


def taken_back(
    accepted: Sequence[Recorded], kept: Sequence[Recorded], versions: Sequence[Version]
) -> dict[str, Version | None] | Overtaken:
    """By id: the rules as they read without these acceptances; `None` for one that shall be no more.

    `kept` are proposals that stay accepted, `versions` all there are of the rules that are touched, oldest
    first. A rule that something else says too only loses the evidence of these. `Overtaken` when one says
    something else by now.
    """
    now = {version.rule.id: version for version in versions if version.rule.believed}
    result: dict[str, Version | None] = {}
    for moment in sorted({one.settled_at for one in accepted if one.settled_at}, reverse=True):
        mine = [one for one in accepted if one.settled_at == moment]
        for name in sorted(touched(mine)):
            current = result[name] if name in result else now.get(name)
            history = [v for v in versions if v.rule.id == name]
            if current is None or not _stands(current.rule, history, moment):
                return Overtaken(current.rule if current else _rule(mine, name))
            others = [one for one in kept if name in touched([one])]
            result[name] = _without(current, history, moment, mine, others)
    return result


def _stands(current: Rule, history: Sequence[Version], moment: datetime) -> bool:
    """Whether it still says what was written at a moment."""
    written = next((v.rule for v in history if v.rule.known_from == moment), None)
    return written is not None and says(written) == says(current)


def _without(
    current: Version,
    history: Sequence[Version],
    moment: datetime,
    mine: Sequence[Recorded],
    others: Sequence[Recorded],
) -> Version | None:
    run = _run(current.rule, history)
    since = run[0].rule.known_from if run else moment
    backed = [one for one in others if one.settled_at and one.settled_at >= since]
    is_last = current.rule.known_from == moment
    if is_last and not any(one.settled_at == moment for one in backed):
        return _before(history, moment)
    if backed or any(version.origin is not Origin.ACCEPTED for version in run):
        return _less(current, {one.proposal.alert for one in mine})
    return _before(history, since)


def _run(current: Rule, history: Sequence[Version]) -> list[Version]:
    """The versions up to this one, one after the other, that said the same."""
    run: list[Version] = []
    for version in reversed([v for v in history if v.rule.known_from <= current.known_from]):
        if says(version.rule) != says(current):
            break
        if run and version.rule.known_to != run[0].rule.known_from:
            break
        run.insert(0, version)
    return run


def _before(history: Sequence[Version], moment: datetime) -> Version | None:
    """The version that was believed until a moment."""
    return next((version for version in history if version.rule.known_to == moment), None)


def _less(version: Version, alerts: set[str]) -> Version:
    evidence = tuple(piece for piece in version.rule.evidence if piece.alert not in alerts)
    return replace(version, rule=replace(version.rule, evidence=evidence))


def _wrote(recorded: Recorded) -> tuple[Rule, ...]:
    if recorded.settled_at is None:
        return ()
    return settled(recorded.proposal, recorded.settled_by, recorded.settled_at)


def _rule(recorded: Sequence[Recorded], name: str) -> Rule:
    return next(rule for one in recorded for rule in _wrote(one) if rule.id == name)

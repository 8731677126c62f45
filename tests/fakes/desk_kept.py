"""What a desk in memory keeps, and the rules among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core.alerts import Alert
from watcher.core.decisions import Decision, Mute, Refusal, Refused
from watcher.core.filing import Rule
from watcher.core.filing_settling import Version, settled_together, taken_back
from watcher.core.filing_store import Origin, Overtaken, ProposalState, Recorded

_TICK = timedelta(microseconds=1)


class RefusedError(Exception):
    """Nothing of it shall stay."""

    def __init__(self, why: Refusal, detail: str = "") -> None:
        self.refused = Refused(why, detail)


@dataclass
class Kept:
    """Everything that one order may change."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    proposals: dict[str, Recorded] = field(default_factory=dict)
    rules: list[Version] = field(default_factory=list)  # every version, oldest first
    trail: list[Decision] = field(default_factory=list)
    mutes: dict[str, Mute] = field(default_factory=dict)

    def copy(self) -> Kept:
        return Kept(
            dict(self.alerts), dict(self.proposals), list(self.rules), list(self.trail), dict(self.mutes)
        )


class KeptRules:
    """Rules and proposals, changed at one moment, which is after every other."""

    def __init__(self, kept: Kept, at: datetime) -> None:
        self._kept = kept
        times = [time for one in kept.rules for time in (one.rule.known_from, one.rule.known_to) if time]
        self._at = max([at, *(time + _TICK for time in times)])

    def write(self, rules: Sequence[Rule], origin: Origin) -> None:
        for rule in rules:
            self.close(rule.id)
            self._kept.rules.append(Version(replace(rule, known_from=self._at, known_to=None), origin))

    def close(self, name: str) -> None:
        self._kept.rules = [
            replace(one, rule=replace(one.rule, known_to=self._at))
            if one.rule.id == name and one.rule.believed
            else one
            for one in self._kept.rules
        ]

    def accept(self, names: Sequence[str], by: str) -> None:
        found = [self._open(name) for name in names]
        believed = [one.rule for one in self._kept.rules if one.rule.believed]
        rules = settled_together([one.proposal for one in found], believed, by, self._at)
        if isinstance(rules, Overtaken):
            raise RefusedError(Refusal.RULE_CHANGED, rules.rule.id)
        self.write(rules, Origin.ACCEPTED)
        self.settle(names, ProposalState.ACCEPTED, by)

    def settle(self, names: Sequence[str], state: ProposalState, by: str) -> None:
        for name in names:
            self._kept.proposals[name] = Recorded(self._open(name).proposal, state, self._at, by)

    def reopen(self, names: Sequence[str]) -> None:
        found = [self._kept.proposals.get(name) for name in names]
        mine = [one for one in found if one]
        if len(mine) < len(names):
            raise RefusedError(Refusal.UNKNOWN)
        if any(is_open(one) for one in mine):
            raise RefusedError(Refusal.OVERTAKEN)
        accepted = [one for one in mine if one.state is ProposalState.ACCEPTED]
        others = [
            one
            for one in self._kept.proposals.values()
            if one.state is ProposalState.ACCEPTED and one not in accepted
        ]
        former = taken_back(accepted, others, self._kept.rules)
        if isinstance(former, Overtaken):
            raise RefusedError(Refusal.RULE_CHANGED, former.rule.id)
        for name, version in former.items():
            if version is None:
                self.close(name)
            else:
                self.write([version.rule], version.origin)
        self._kept.proposals |= {one.proposal.id: Recorded(one.proposal) for one in mine}

    def _open(self, name: str) -> Recorded:
        found = self._kept.proposals.get(name)
        if found is None:
            raise RefusedError(Refusal.UNKNOWN)
        if not is_open(found):
            raise RefusedError(Refusal.OVERTAKEN)
        return found


def is_open(recorded: Recorded) -> bool:
    return recorded.state is ProposalState.OPEN

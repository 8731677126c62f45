"""What a reviewer looks at: the queue, and one alert with all that is known about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import Change
from watcher.core.decisions import Action, Decision
from watcher.core.filing_store import ProposalState, Recorded
from watcher.core.severity import Severity, severity
from watcher.core.verdict import Notice

_RANK = {Severity.IMPORTANT: 0, Severity.NOTICE: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Case:
    """One alert, the same text elsewhere as far as it is undecided, and what was decided and proposed.

    `also` is without `alert`. `decisions` and `proposals` are those of all of them, oldest first.
    """

    alert: Alert
    also: tuple[Alert, ...] = ()
    decisions: tuple[Decision, ...] = ()
    proposals: tuple[Recorded, ...] = ()
    change: Change | None = None
    notice: Notice | None = None  # the text as it was read

    @property
    def alerts(self) -> tuple[Alert, ...]:
        return (self.alert, *self.also)

    @property
    def open_proposals(self) -> tuple[Recorded, ...]:
        return tuple(one for one in self.proposals if one.state is ProposalState.OPEN)

    @property
    def asked(self) -> Decision | None:
        """Who waits for a second opinion on the alert."""
        return asked(self.decisions, self.alert.id)

    @property
    def version(self) -> str:
        """Another one as soon as anything that a decision rests on is different."""
        told = [f"{a.id}:{a.state}:{a.updated_at.isoformat()}" for a in self.alerts]
        told += [str(decision.number) for decision in self.decisions]
        told += [f"{one.proposal.id}:{one.state}" for one in self.proposals]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the queue: an alert, and the same text in other préfectures."""

    alert: Alert
    also: tuple[Alert, ...]
    severity: Severity
    proposals: int  # open ones
    asked: Decision | None = None


def undone(decisions: Iterable[Decision]) -> frozenset[int]:
    """The numbers of those that were taken back."""
    return frozenset(one.undoes for one in decisions if one.undoes is not None)


def asked(decisions: Sequence[Decision], alert: str) -> Decision | None:
    """The open question about an alert: asked, and since neither taken back nor settled."""
    gone = undone(decisions)
    mine = [one for one in decisions if one.alert == alert and one.number not in gone]
    mine = [one for one in mine if one.action is Action.ASK or one.action.settles]
    return mine[-1] if mine and mine[-1].action is Action.ASK else None


def queue(
    waiting: Sequence[Alert], proposals: Mapping[str, int], questions: Mapping[str, Decision]
) -> tuple[Entry, ...]:
    """What waits, one entry for each text: the gravest first, of these the oldest.

    `waiting` are unverified alerts and those with open proposals; `proposals` counts the open ones and
    `questions` are the open ones, both by alert.
    """
    groups: dict[str, list[Alert]] = {}
    for alert in sorted(waiting, key=lambda one: (one.detected_at, one.id)):
        groups.setdefault(alert.group or alert.id, []).append(alert)
    entries = [_entry(alerts, proposals, questions) for alerts in groups.values()]
    return tuple(sorted(entries, key=lambda e: (_RANK[e.severity], e.alert.detected_at, e.alert.id)))


def undecided(alert: Alert) -> bool:
    return alert.state is AlertState.UNVERIFIED


def _entry(alerts: Sequence[Alert], proposals: Mapping[str, int], questions: Mapping[str, Decision]) -> Entry:
    first, *also = alerts
    return Entry(
        first,
        tuple(also),
        min((severity(alert.verdict) for alert in alerts), key=_RANK.__getitem__),
        sum(proposals.get(alert.id, 0) for alert in alerts),
        next((questions[alert.id] for alert in alerts if alert.id in questions), None),
    )

"""The queue as the desk shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Entry
from watcher.core.labels import KINDS, STATES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.severity import Severity
from watcher.web.desk_site import age, case_path
from watcher.web.tongues import Tongue
from watcher.web.views import Badge, badge

SHOWN = 200  # entries of one page: nobody decides more in one go
_PLACES = 4  # that are named; the others are counted


@dataclass(frozen=True, slots=True)
class EntryView:
    href: str
    title: str
    line: str
    places: tuple[str, ...]
    others: int  # places that are not named
    prefectures: int
    severity: Severity
    kind: str
    state: str
    state_label: str
    categories: tuple[Badge, ...]
    seen_at: datetime
    age: str
    proposals: int
    asked_by: str
    asked_by_me: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """`counts` are of texts, by severity; the others of texts too."""

    entries: tuple[EntryView, ...]
    total: int
    alerts: int
    counts: tuple[tuple[Severity, int], ...]
    proposals: int
    asked: int


def queue_view(
    entries: Sequence[Entry], vocabulary: Vocabulary, tongue: Tongue, me: str, now: datetime
) -> QueueView:
    by = Counter(entry.severity for entry in entries)
    return QueueView(
        entries=tuple(_entry(entry, vocabulary, tongue, me, now) for entry in entries[:SHOWN]),
        total=len(entries),
        alerts=sum(1 + len(entry.also) for entry in entries),
        counts=tuple((severity, by[severity]) for severity in reversed(Severity) if by[severity]),
        proposals=sum(entry.proposals > 0 for entry in entries),
        asked=sum(entry.asked is not None for entry in entries),
    )


def _entry(entry: Entry, vocabulary: Vocabulary, tongue: Tongue, me: str, now: datetime) -> EntryView:
    alert, code = entry.alert, tongue.code
    codes = dict.fromkeys(one.prefecture for one in (alert, *entry.also))
    return EntryView(
        href=tongue.root + case_path(alert.id),
        title=wording.title(alert, code),
        line=wording.line(alert, vocabulary, code),
        places=tuple(vocabulary.place(one) for one in list(codes)[:_PLACES]),
        others=max(0, len(codes) - _PLACES),
        prefectures=len(codes),
        severity=entry.severity,
        kind=KINDS[alert.kind].told(code),
        state=alert.state,
        state_label=state_label(alert, tongue),
        categories=tuple(badge(name, vocabulary, code) for name in alert.verdict.categories),
        seen_at=alert.detected_at,
        age=age(alert.detected_at, now, tongue.speech),
        proposals=entry.proposals,
        asked_by=one_line(entry.asked.by, wording.TITLE) if entry.asked else "",
        asked_by_me=bool(entry.asked and entry.asked.by == me),
    )


def state_label(alert: Alert, tongue: Tongue) -> str:
    """``Publié sans relecture`` for what was published because the reading was sure of it."""
    if alert.state is AlertState.VERIFIED:
        return tongue.speech.say("desk.verified" if alert.reviewed else "desk.published")
    return STATES[alert.state].told(tongue.code)

"""Keeps a WebSub hub told of what changed; best effort, as whoever misses it still asks the feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Decision
from watcher.core.feed import FeedQuery, Subject, feed_address
from watcher.core.labels import CATEGORIES
from watcher.core.ports import Clock, Store

FORMATS = ("atom", "rss", "json")
RECENT = timedelta(hours=1)  # alerts may appear with the time at which their poll began
_AT_ONCE = 20  # decisions

Ping = Callable[[Sequence[str]], str]
"""The addresses of feeds → "", or why the hub did not take them."""


class Decisions(Protocol):
    """`DeskStore.decisions`, as far as is asked here."""

    def __call__(self, *, before: int | None = None, limit: int | None = None) -> Sequence[Decision]: ...


@dataclass(slots=True)
class HubTold:
    """One process's knowledge of what the hub knows. After a restart it is told the last hour again."""

    store: Store
    ping: Ping
    base_url: str
    clock: Clock
    decisions: Decisions
    _known: frozenset[tuple[str, datetime]] = field(default_factory=frozenset)

    def tick(self) -> str:
        """Tell the hub what is new, if anything; "" or why it was not taken, to be tried at the next tick."""
        recent = self._recent()
        news = [alert for version, alert in recent.items() if version not in self._known]
        trouble = self.ping(topics(news, self.base_url)) if news else ""
        if not trouble:
            self._known = frozenset(recent)
        return trouble

    def _recent(self) -> dict[tuple[str, datetime], Alert]:
        since = self.clock.now() - RECENT
        found = list(self.store.alerts(since=since))
        found += decided(self.decisions, since)
        return {(alert.id, alert.updated_at): alert for alert in found}


def decided(decisions: Decisions, since: datetime) -> Iterator[Alert]:
    """What people decided about since then, as they left it, however old it is."""
    before = None
    while found := decisions(before=before, limit=_AT_ONCE):
        lately = (one.after for one in found if one.at >= since)
        yield from (after for after in lately if after and not after.historical)
        before = found[-1].number
        if found[-1].at < since:
            return


def topics(alerts: Iterable[Alert], base_url: str) -> list[str]:
    """The addresses of all feeds that carry one of these alerts, each once, in a steady order."""
    changed = {
        feed_address(f"{base_url.rstrip('/')}/feeds/{query.path}", extension, verified_only=verified)
        for alert in alerts
        for query in _feeds(alert)
        for extension in FORMATS
        for verified in ((False, True) if alert.trusted or _no_longer(alert) else (False,))
    }
    return sorted(changed)


def _no_longer(alert: Alert) -> bool:
    """Whether it was verified, and is not any more."""
    return alert.state is AlertState.UNVERIFIED and alert.updated_at > alert.detected_at


def _feeds(alert: Alert) -> list[FeedQuery]:
    known = [name for name in alert.verdict.categories if name in CATEGORIES]
    return [
        FeedQuery(),
        FeedQuery(Subject.PREFECTURE, alert.prefecture),
        *(FeedQuery(Subject.CATEGORY, name) for name in known),
        *(FeedQuery(Subject.MOTIF, name) for name in alert.verdict.motifs),
    ]

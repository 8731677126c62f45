"""Digests: what one period's summary says of what could be read, and what one would tell if it were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from watcher.core.alerts import Alert
from watcher.core.catalogue import Catalogue
from watcher.core.coverage import coverage
from watcher.core.coverage_line import LANGUAGES, coverage_line
from watcher.core.digests import period, run_of
from watcher.core.outbox import Claimed, DigestRun, Message, MessageKind
from watcher.core.ports import Clock, Store
from watcher.core.ports_outgoing import OutboxStore, Renderer, SubscriptionStore
from watcher.core.publish import matches
from watcher.core.subscriptions import Cadence, Choices, Recipient, Subscription, Way


class Runs:
    """Finds the runs that messages belong to, and begins those that nobody began yet."""

    def __init__(self, outbox: OutboxStore, store: Store, catalogue: Catalogue, clock: Clock) -> None:
        self._outbox, self._store, self._catalogue, self._clock = outbox, store, catalogue, clock
        self._begun: dict[str, DigestRun] = {}

    def __call__(self, run: str) -> DigestRun:
        """The run with this id, as it was begun: the line about what could be read is that of the time."""
        if run not in self._begun:
            self._begun[run] = self._outbox.digest_run(self.planned(run))
        return self._begun[run]

    def planned(self, run: str) -> DigestRun:
        """As it would be if it began now."""
        window, zone, now = period(run), run.split(":")[1], self._clock.now()
        covered = coverage(self._catalogue, self._store.outlines(), self._store.problems(), now)
        lines = tuple(
            (code, coverage_line(covered, window.starts_at, now, zone=zone, language=code))
            for code in LANGUAGES
        )
        return DigestRun(run, window.starts_at, window.ends_at, lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """What all who chose the same would get."""

    run: str
    choices: Choices
    readers: int
    alerts: int
    body: bytes


def preview(
    cadence: Cadence,
    day: date,
    *,
    store: Store,
    people: SubscriptionStore,
    render: Renderer,
    runs: Callable[[str], DigestRun],
) -> Iterator[Preview]:
    """The digests that close on or last before `day`; whoever has nothing to be told gets none."""
    planned: dict[str, DigestRun] = {}  # to plan one looks at every page that is watched
    for choices, readers in people.wishes(Way.MAIL).items():
        if choices.cadence is not cadence:
            continue
        name = run_of(cadence, choices.zone, _evening(day, choices.zone)).id
        if name not in planned:
            planned[name] = runs(name)
        run = planned[name]
        alerts = told(store, choices, run)
        if alerts:
            body = render(_claimed(choices, alerts, run), alerts, run)
            yield Preview(run.id, choices, readers, len(alerts), body)


def told(store: Store, choices: Choices, run: DigestRun) -> Sequence[Alert]:
    """What this run tells somebody, oldest first."""
    found = [
        alert
        for alert in store.alerts(since=run.starts_at)
        if alert.detected_at < run.ends_at and matches(choices.interest, alert)
    ]
    return found[::-1]


def _evening(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=ZoneInfo(zone))


def _claimed(choices: Choices, alerts: Sequence[Alert], run: DigestRun) -> Claimed:
    """A message to nobody."""
    message = Message(
        id="0" * 32,
        kind=MessageKind.DIGEST,
        way=Way.MAIL,
        about="0" * 32,
        alerts=tuple(alert.id for alert in alerts),
        run=run.id,
        created_at=run.ends_at,
        due_at=run.ends_at,
    )
    nobody = Recipient(b"", "", "")
    return Claimed(
        message,
        Subscription("0" * 32, Way.MAIL, nobody, choices, run.ends_at, run.ends_at, ""),
    )

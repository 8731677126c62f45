"""What the watch would have found, had it read a page whenever an archive did: captures go through the same poll."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core import decide
from watcher.core.address import absolute
from watcher.core.captures import Capture, Past, PastChange, named, page_key
from watcher.core.catalogue import Catalogue, Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.guard import AGREES_AFTER, BELIEVED_AFTER, STRANGE_UNTIL
from watcher.core.items import Article, Extraction, Snapshot
from watcher.core.page import FailureKind, Fetched, FetchFailure, Page, Validators
from watcher.core.ports import Layout
from watcher.core.state import PollPlan, SourceState
from watcher.core.text import squeeze
from watcher.pacing import Pacer
from watcher.poll import poll
from watcher.visit import Tools

LOOKS_AGAIN = tuple(span + timedelta(minutes=1) for span in (AGREES_AFTER, BELIEVED_AFTER, STRANGE_UNTIL))
"""A doubted capture is looked at again so much later, as the watch would have, unless another one says more."""
REDIRECTS = 5
_LED = frozenset({301, 302, 303, 307, 308})

Shelf = Callable[[str, datetime, datetime | None], Capture | None]
"""The capture of an address that speaks for a moment (see `nearest`), seen without the change at the other."""


@dataclass
class PastClock:
    """Stands at the date of a capture."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def wait(self, span: timedelta) -> bool:
        self.at += span
        return False


@dataclass
class Replay:
    """One source's captures, as a store that a poll writes to and a fetcher that it asks."""

    source: Source
    shelf: Shelf
    clock: PastClock
    state: SourceState
    capture: Capture | None = None  # that is looked at
    read: Capture | None = None  # the last one that was read before it
    snapshot: Snapshot | None = None
    page: Page | None = None
    texts: dict[str, Article] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)  # that were ever seen
    snapshots: list[Snapshot] = field(default_factory=list)
    changes: list[PastChange] = field(default_factory=list)
    used: dict[tuple[str, datetime, str], Capture] = field(default_factory=dict)
    stumbled: list[tuple[datetime, str]] = field(default_factory=list)
    _now_read: Capture | None = None

    def claim(self, source: str, owner: str, now: datetime, until: datetime) -> SourceState | None:
        """An archive did not sleep: what it shows next to another capture is compared as if read lately, unless it
        differs as a whole.
        """
        last = self.state.last_read_at
        if last is None or self.state.suspicion:
            return self.state
        return replace(self.state, last_read_at=max(last, now - decide.SILENCE))

    def release(self, source: str, owner: str) -> None:
        """Nobody else looks at it."""

    def latest_snapshot(self, source: str) -> Snapshot | None:
        return self.snapshot

    def latest_page(self, source: str) -> Page | None:
        return self.page

    def article(self, source: str, key: str) -> Article | None:
        return self.texts.get(key)

    def save(self, plan: PollPlan) -> bool:
        redone = self._is_redone(plan)
        self.changes += [change for change in self._changes(plan) if not (redone and self._is_old(change))]
        self.texts |= plan.articles
        self.page = plan.page or self.page
        if plan.snapshot:
            self.snapshot = plan.snapshot
            self.titles |= {squeeze(item.title) for item in plan.snapshot.items}
            self._remember(plan.snapshot)
        read_at = self.state.last_read_at
        if plan.state.last_read_at == self.clock.at:
            read_at, self._now_read = self.clock.at, self.capture
        self.state = replace(plan.state, last_read_at=read_at)
        return True

    def look_at(self, capture: Capture) -> None:
        self.read = self._now_read or self.read
        self.capture, self.clock.at = capture, capture.at

    def fetch(self, address: str, validators: Validators = Validators()) -> Fetched:  # noqa: B008  # frozen
        """Never a request: what no archive kept is not to be had, now or later."""
        missing = FetchFailure(address, FailureKind.REDIRECT_REFUSED, "aucune capture", self.clock.at)
        return Fetched(self._answer(address) or missing, 0, 0)

    def _answer(self, address: str) -> Page | None:
        assert self.capture is not None  # noqa: S101  # a poll is about one
        own = page_key(address) == self.capture.key
        found: Capture | None = self.capture if own else self._find(address)
        for _ in range(REDIRECTS):
            target = led_to(found.page) if found else None
            if found is None or target is None:
                break
            found = self._find(target)
        return replace(found.page, address=address) if found else None

    def _find(self, address: str) -> Capture | None:
        since = self.read.at if self.read else None
        capture = self.capture
        found = self.shelf(address, capture.at, since) if capture else None
        if found:
            self.used[found.name] = found
        return found

    def _remember(self, snapshot: Snapshot) -> None:
        assert self.capture is not None  # noqa: S101
        dated = replace(snapshot, taken_at=self.capture.at)
        if self.snapshots and self.snapshots[-1].taken_at == dated.taken_at:
            self.snapshots.pop()
        self.snapshots.append(dated)

    def _changes(self, plan: PollPlan) -> list[PastChange]:
        capture = self.capture
        assert capture is not None  # noqa: S101
        alerts = {alert.id: alert for alert in plan.alerts}
        found = []
        for change in plan.changes:
            alert = alerts.get(change.id)
            found.append(
                PastChange(
                    replace(change, detected_at=capture.at),
                    self.read,
                    capture,
                    plan.notices.get(change.id),
                    plan.verdicts.get(change.id),
                    replace(alert, detected_at=capture.at, updated_at=capture.at) if alert else None,
                )
            )
        return found

    def _is_redone(self, plan: PollPlan) -> bool:
        """Whether what a page says is seen through other markup, and differs as a whole."""
        was, now_is = self.snapshot, plan.snapshot
        return bool(was and now_is and was.template != now_is.template and self.state.suspicion)

    def _is_old(self, one: PastChange) -> bool:
        """A page that was made anew says what it always said in other words, and dates it anew."""
        news = self.source.kind is SourceKind.NEWS and one.change.kind is ChangeKind.ADDED
        return not news or squeeze(one.change.item.title) in self.titles


@dataclass(slots=True)
class AsItWas:
    """Reads captures in the skin of their time, under the name of today's layout: items are compared all the same."""

    today: Layout
    before: Layout
    looks_old: Callable[[str, str], bool]
    name: str
    version: int

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        layout = self.before if self.looks_old(html, address) else self.today
        return replace(layout.extract(html, address, options), layout=self.name, version=self.version)


def led_to(page: Page) -> str | None:
    """Where a redirect leads."""
    if page.status not in _LED:
        return None
    told = [value for name, value in page.headers if name.lower() == "location"]
    return absolute(told[0], page.final_address) if told else None


def replay(
    tools: Tools,
    catalogue: Catalogue,
    source: Source,
    captures: Sequence[Capture],
    shelf: Shelf,
    looks_old: Callable[[str, str], bool],
) -> Past:
    """What happened between `captures` of a source's own page."""
    ordered = sorted(captures, key=lambda one: one.at)  # of one second, in the order in which they came
    if not ordered:
        return Past(source.id, 0)
    clock = PastClock(ordered[0].at)
    this = Replay(source, shelf, clock, SourceState(source.id, clock.at))
    then = replace(
        tools,
        fetcher=this,
        clock=clock,
        pacer=Pacer(catalogue, clock, _halfway),
        random=_halfway,
        layout=_layouts(tools, looks_old),
        propose=lambda _: (),
        tempo=lambda _: None,
    )
    for number, capture in enumerate(ordered):
        following = ordered[number + 1].at if number + 1 < len(ordered) else None
        this.look_at(capture)
        _look(then, this, _there(source, capture), following)
    found = named(source.id, this.changes)
    return Past(
        source.id,
        len(ordered),
        tuple(this.snapshots),
        found,
        tuple(this.used.values()),
        tuple(this.stumbled),
    )


def _look(tools: Tools, this: Replay, source: Source, following: datetime | None) -> None:
    began = this.clock.at
    surprise = poll(tools, source, this).surprise
    if surprise:
        this.stumbled.append((began, f"{type(surprise).__name__} ({surprise})"))
    for span in LOOKS_AGAIN:
        again = began + span
        if not decide.pending(this.state) or (following is not None and following <= again):
            return
        this.clock.at = again
        poll(tools, source, this)


def _there(source: Source, capture: Capture) -> Source:
    """The source under the address at which it was then."""
    there = capture.page.final_address
    return source if page_key(source.url) == capture.key else replace(source, url=there)


def _layouts(tools: Tools, looks_old: Callable[[str, str], bool]) -> Callable[[str], Layout]:
    def chosen(name: str) -> Layout:
        today = tools.layout(name)
        if name not in {"dsfr", "content"}:
            return today
        return AsItWas(today, tools.layout("legacy"), looks_old, today.name, today.version)

    return chosen


def _halfway() -> float:
    return 0.5

"""What use cases ask of the outside world; every adapter satisfies one of these."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Source
from watcher.core.changes import Change
from watcher.core.items import Article, Extraction, Snapshot
from watcher.core.page import Fetched, Page, Validators
from watcher.core.state import (
    Duty,
    HeldPlatform,
    PlatformState,
    PollPlan,
    Problem,
    ProblemKind,
    SourceOutline,
    SourceState,
)
from watcher.core.verdict import Notice, Verdict

NEAR = timedelta(days=14)  # a text that appears in many préfectures does so within days


class Clock(Protocol):
    """The only place where time comes from."""

    def now(self) -> datetime:
        """The time, aware and in UTC."""

    def wait(self, span: timedelta) -> bool:
        """Let `span` pass; true when it was cut short because the process is asked to stop."""


class Fetcher(Protocol):
    """Gets pages over HTTP; paces nothing and remembers nothing but robots.txt."""

    def fetch(self, address: str, validators: Validators = ...) -> Fetched:
        """One address → a page of any status, "not modified", or a typed failure."""


class RobotsMemory(Protocol):
    """Remembers what robots.txt said, so that no process asks for it again within the day."""

    def robots(self) -> Mapping[str, tuple[datetime, str]]:
        """By origin: until when it is believed, and the part that speaks to us ("" allows everything)."""

    def keep_robots(self, origin: str, until: datetime, text: str) -> None: ...


class Layout(Protocol):
    """Reads one family of pages. Pure: the same text gives the same extraction."""

    name: str
    version: int

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        """The items of a page whose final address is `address`."""


class ArticleReader(Protocol):
    """Reads the page of one item."""

    def __call__(self, html: str, address: str) -> Article: ...


class Reader(Protocol):
    """Understands a French administrative text."""

    def read(self, notice: Notice) -> Verdict: ...


class PollStore(Protocol):
    """What one poll asks of the truth. Each method is one transaction."""

    def claim(self, source: str, owner: str, now: datetime, until: datetime) -> SourceState | None:
        """Lease a source; `None` when somebody else holds it. A lease in the past is nobody's."""

    def release(self, source: str, owner: str) -> None:
        """Give a lease back without having concluded anything."""

    def latest_snapshot(self, source: str) -> Snapshot | None: ...

    def latest_page(self, source: str) -> Page | None: ...

    def article(self, source: str, key: str) -> Article | None:
        """The text of an item as it was last read."""

    def save(self, plan: PollPlan) -> bool:
        """Write all of a poll, outbox rows for every matching subscription included, and end the lease.

        False, and nothing but the end of the lease is written, when `plan.baseline` is no longer the
        number of the source's latest snapshot. A change or alert that is already there stays as it is.
        """


class Store(PollStore, Protocol):
    """The truth."""

    def claim_all(
        self, sources: Sequence[str], owner: str, now: datetime, until: datetime
    ) -> Mapping[str, SourceState]:
        """`claim` for several sources at once: those that nobody else holds."""

    def save_quiet(self, plans: Sequence[PollPlan]) -> None:
        """`save` for several polls at once that found nothing new; see `PollPlan.quiet`."""

    def register(self, sources: Iterable[Source], now: datetime) -> None:
        """Give every source that has none a state, due now. Idempotent; states of others stay."""

    def due(self, now: datetime, limit: int | None = None) -> Sequence[str]:
        """Ids of sources whose time has come and that nobody holds, the most overdue first; at most `limit`."""

    def due_among(self, names: Sequence[str], now: datetime) -> Sequence[str]:
        """The same of these alone, at a cost that does not grow with what else is due."""

    def catch_up(self, now: datetime, states: Mapping[str, SourceOutline] | None = None) -> None:
        """Make due what was put off under a clock that stood ahead of `now`.

        `states` of a moment ago spare reading them again.
        """

    def states(self, names: Sequence[str] | None = None) -> Mapping[str, SourceState]:
        """Of these sources, as far as they are known; of all of them where there are none given."""

    def outlines(self) -> Mapping[str, SourceOutline]:
        """Of all sources: a kB of each would be much to hold of many."""

    def lease_platform(self, name: str, owner: str, now: datetime, until: datetime) -> PlatformState | None:
        """Be the one process that speaks to a platform; `None` while another is."""

    def hold_platform(self, state: PlatformState, owner: str, until: datetime) -> bool:
        """Write the state and prolong the lease, unless it is another's by now."""

    def save_platform(
        self, state: PlatformState, opens: Sequence[Problem], closes: Sequence[str], owner: str | None = None
    ) -> None:
        """With `owner`: only while that one speaks to it."""

    def release_platform(self, name: str, owner: str, state: PlatformState | None = None) -> None:
        """End one's own lease, and write the state with it."""

    def platforms(self) -> Sequence[HeldPlatform]:
        """All that were ever spoken to."""

    def free_lapsed(self, now: datetime) -> Sequence[str]:
        """Names of the platforms whose holder let its lease run out: they are free, and what it held of them is."""

    def lease_duty(self, name: str, owner: str, now: datetime, until: datetime, what: str = "") -> bool:
        """Be the one process that does something for all, or go on being it; false while another is."""

    def release_duty(self, name: str, owner: str) -> None: ...

    def duties(self, now: datetime) -> Sequence[Duty]:
        """Those that somebody has now, by name."""

    def alerts(
        self,
        *,
        since: datetime | None = None,
        prefecture: str | None = None,
        category: str | None = None,
        motif: str | None = None,
        state: AlertState | None = None,
        words: str | None = None,
        after: tuple[datetime, str] | None = None,
        limit: int | None = None,
        historical: bool | None = False,
    ) -> Sequence[Alert]:
        """Newest first; those of one moment in the order of their ids.

        `words` is a reader's own text: each of its words begins one of the alert's, see `full_text`.
        `after` is the (detected_at, id) of the last alert that was read already.
        `historical` ones are left out; with `True` they are all there is, with `None` no difference is made.
        """

    def counts(self, since: datetime) -> Mapping[str, int]:
        """How many alerts each préfecture has from `since` on; those that were corrected or retracted do
        not count, nor is 0 said.
        """

    def count_kinds(self, since: datetime) -> Mapping[tuple[str, AlertState], int]:
        """How many alerts have which first category (``""``: none) and state, from `since` on."""

    def alert(self, alert: str) -> Alert | None: ...

    def related(self, alert: Alert) -> Sequence[Alert]:
        """Alerts that correct this one, and those of its group that were seen within `NEAR`, newest first."""

    def decided(self, since: datetime, before: datetime) -> Sequence[Alert]:
        """Alerts detected before `before` about which a person decided at `since` or later."""

    def readings(self, since: datetime | None = None) -> Iterator[tuple[Change, Notice, Verdict]]:
        """What was read and understood since then, oldest first by (detected_at, id)."""

    def problems(self) -> Sequence[Problem]:
        """Open ones, oldest first."""

    def note_problems(
        self,
        opens: Sequence[Problem],
        closes: Sequence[str],
        now: datetime,
        kinds: Collection[ProblemKind] = ...,
    ) -> None:
        """Open and close troubles that no single poll concluded; of `closes`, those of these kinds (of all)."""

    def rhythms(self, since: datetime) -> Mapping[str, Sequence[datetime]]:
        """By source: when readings found changes since then, oldest first; of each day (UTC) the last moment."""

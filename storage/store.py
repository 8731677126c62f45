"""The truth, as use cases see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from storage import (
    alerts,
    articles,
    changes,
    documents,
    outbox,
    pages,
    past,
    problems,
    retention,
    robots,
    rule_rows,
    setback,
    snapshots,
    sources,
)
from storage.engine import reading, retried, writing
from storage.errors import StorageError
from storage.health import Health, examine, room, sizes
from storage.history_store import SqlHistory
from storage.listing_store import SqlListing
from storage.processes import SqlProcesses
from storage.sowing import sow
from storage.version_store import SqlVersions
from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Source
from watcher.core.changes import Change
from watcher.core.items import Article, Snapshot
from watcher.core.page import Page
from watcher.core.state import (
    OF_READING,
    PollPlan,
    Problem,
    ProblemKind,
    SourceOutline,
    SourceState,
)
from watcher.core.verdict import Notice, Verdict

_BATCH = 200  # texts that are held at once while all of them are read again


class SqlStore(SqlProcesses):
    """A `Store` on a database whose schema is today's. Threads may share it; every method is one
    transaction and raises `StorageError` when the database fails it. `on_alerts` is called with the driver's
    own connection inside the transaction that writes alerts.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.on_alerts: Callable[[object], None] | None = None
        self.listing = SqlListing(engine)
        self.past = SqlHistory(engine)
        self.versions = SqlVersions(engine)

    @retried
    def register(self, sources_: Iterable[Source], now: datetime) -> None:
        with writing(self._engine) as connection:
            sources.register(connection, [source.id for source in sources_], now)

    def look_again(self, source: str, now: datetime) -> None:
        """Make it due, if it is known."""
        with writing(self._engine) as connection:
            sources.look_again(connection, source, now)

    def due(self, now: datetime, limit: int | None = None) -> Sequence[str]:
        with reading(self._engine) as connection:
            return sources.due(connection, now, limit)

    def due_among(self, names: Sequence[str], now: datetime) -> Sequence[str]:
        with reading(self._engine) as connection:
            return sources.due_among(connection, now, names)

    def overdue(self, now: datetime) -> tuple[int, datetime | None]:
        """How many are due and not held, and since when the first of them is."""
        with reading(self._engine) as connection:
            return sources.overdue(connection, now)

    def claim(self, source: str, owner: str, now: datetime, until: datetime) -> SourceState | None:
        """Also `None` for a source that was never registered. Whoever holds a lease may renew it."""
        with writing(self._engine) as connection:
            return sources.claim(connection, source, owner, now, until)

    @retried
    def claim_all(
        self, sources_: Sequence[str], owner: str, now: datetime, until: datetime
    ) -> Mapping[str, SourceState]:
        with writing(self._engine) as connection:
            return sources.claim_all(connection, sources_, owner, now, until)

    @retried
    def save_quiet(self, plans: Sequence[PollPlan]) -> None:
        with writing(self._engine) as connection:
            sources.conclude_quietly(connection, [(plan.state, plan.baseline) for plan in plans])

    def release(self, source: str, owner: str) -> None:
        with writing(self._engine) as connection:
            sources.release(connection, source, owner)

    @retried
    def catch_up(self, now: datetime, states: Mapping[str, SourceOutline] | None = None) -> None:
        """Make due what was put off under a clock that stood ahead of `now`."""
        known = self.outlines() if states is None else states  # not under the lock of a writer
        with writing(self._engine) as connection:
            setback.catch_up(connection, now, setback.ahead(known.values(), now))

    def states(self, names: Sequence[str] | None = None) -> Mapping[str, SourceState]:
        with reading(self._engine) as connection:
            return sources.states(connection, names)

    def outlines(self) -> Mapping[str, SourceOutline]:
        with reading(self._engine) as connection:
            return sources.outlines(connection)

    def sow(self, path: Path) -> None:
        """See `sowing.sow`."""
        sow(self._engine, path)

    def latest_snapshot(self, source: str) -> Snapshot | None:
        with reading(self._engine) as connection:
            return snapshots.latest(connection, source)

    def latest_page(self, source: str) -> Page | None:
        with reading(self._engine) as connection:
            return pages.latest(connection, source)

    def article(self, source: str, key: str) -> Article | None:
        with reading(self._engine) as connection:
            return articles.read(connection, source, key)

    def history(self, source: str) -> Sequence[tuple[Change, Verdict | None]]:
        """All changes of a source, oldest first, as they were understood at the time."""
        with reading(self._engine) as connection:
            return changes.history(connection, source)

    def readings(self, since: datetime | None = None) -> Iterator[tuple[Change, Notice, Verdict]]:
        """`since` itself is included. One transaction for each batch: to read them all again takes long."""
        last = None
        while True:
            with reading(self._engine) as connection:
                batch = changes.readings(connection, since, last, _BATCH)
            yield from batch
            if len(batch) < _BATCH:
                return
            last = batch[-1][0]

    def rhythms(self, since: datetime) -> Mapping[str, Sequence[datetime]]:
        with reading(self._engine) as connection:
            return changes.rhythms(connection, since)

    def evidence(self, change: str) -> Page | None:
        """The raw page on which a change was found."""
        with reading(self._engine) as connection:
            return pages.evidence(connection, change) or past.page(connection, change)

    def documents(self, change: str) -> Sequence[Page]:
        """The files that it rests on, as they were received."""
        with reading(self._engine) as connection:
            return documents.of(connection, change)

    @retried
    def page_before(self, change: str) -> Page | None:
        """The raw page that was believed before it."""
        with reading(self._engine) as connection:
            return pages.before(connection, change) or past.page_before(connection, change)

    def save(self, plan: PollPlan) -> bool:
        """The number of the latest snapshot is the store's to keep: `plan.state.snapshot` is not asked.

        Of `plan.verdicts` and `plan.notices`, those of `plan.changes` are written.
        """
        latest = plan.snapshot.number if plan.snapshot else plan.baseline
        if plan.snapshot and latest <= plan.baseline:
            raise ValueError(f"snapshot {latest} of {plan.source} does not follow {plan.baseline}")
        with writing(self._engine) as connection:
            current = sources.conclude(
                connection, plan.source, plan.state, baseline=plan.baseline, latest=latest
            )
            if current:
                _write(connection, plan)
                if plan.alerts and self.on_alerts is not None:
                    self.on_alerts(connection.connection.driver_connection)
            elif not sources.end_lease(connection, plan.source):
                raise StorageError(f"Source inconnue de la base : {plan.source}.", permanent=True)
        return current

    def robots(self) -> Mapping[str, tuple[datetime, str]]:
        with reading(self._engine) as connection:
            return robots.read(connection)

    def keep_robots(self, origin: str, until: datetime, text: str) -> None:
        with writing(self._engine) as connection:
            robots.keep(connection, origin, until, text)

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
        """`since` itself is included."""
        with reading(self._engine) as connection:
            return alerts.find(
                connection,
                since=since,
                prefecture=prefecture,
                category=category,
                motif=motif,
                state=state,
                words=words,
                after=after,
                limit=limit,
                historical=historical,
            )

    def counts(self, since: datetime) -> Mapping[str, int]:
        with reading(self._engine) as connection:
            return alerts.count(connection, since)

    def count_kinds(self, since: datetime) -> Mapping[tuple[str, AlertState], int]:
        with reading(self._engine) as connection:
            return alerts.count_kinds(connection, since)

    def alert(self, alert: str) -> Alert | None:
        with reading(self._engine) as connection:
            return alerts.read(connection, alert)

    def related(self, alert: Alert) -> Sequence[Alert]:
        with reading(self._engine) as connection:
            return alerts.related(connection, alert)

    def decided(self, since: datetime, before: datetime) -> Sequence[Alert]:
        with reading(self._engine) as connection:
            return alerts.decided(connection, since, before)

    def problems(self) -> Sequence[Problem]:
        with reading(self._engine) as connection:
            return problems.read_open(connection)

    @retried
    def note_problems(
        self,
        opens: Sequence[Problem],
        closes: Sequence[str],
        now: datetime,
        kinds: Collection[ProblemKind] = tuple(ProblemKind),
    ) -> None:
        with writing(self._engine) as connection:
            problems.write(connection, opens, closes, now, kinds)

    def forget(self, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
        """See `retention.forget`."""
        return retention.forget(self._engine, now, go_on)

    def health(self) -> Health:
        return examine(self._engine)

    def sizes(self) -> Mapping[str, int]:
        return sizes(self._engine)

    def room(self) -> int:
        return room(self._engine)


def _write(connection: Connection, plan: PollPlan) -> None:
    page, accepted = None, plan.state.accepted
    if plan.page:
        page = pages.keep(connection, plan.source, plan.page, evidence=plan.proves)
    if plan.snapshot:
        snapshots.add(connection, plan.snapshot, accepted.version if accepted else 0)
    changes.add(connection, plan, page)
    documents.keep(connection, plan.documents)
    articles.keep(connection, plan.source, plan.articles)
    outbox.queue(connection, alerts.add(connection, plan.alerts))
    rule_rows.propose(connection, plan.proposals)
    problems.write(connection, plan.opens, plan.closes, plan.state.last_poll_at, OF_READING)

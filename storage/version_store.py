"""Versions of pages that may hold again, as use cases see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from storage import pages, snapshots, sources, trail
from storage.engine import reading, retried, writing
from watcher.core.acceptance import TakenBack, taken_back
from watcher.core.decisions import Action, Decision
from watcher.core.items import Snapshot


class SqlVersions:
    """On a database whose schema is today's. Threads may share it; every method is one transaction and raises
    `StorageError` when the database fails it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def kept(self, source: str) -> Sequence[Snapshot]:
        """Newest first: the baseline of the next poll, then what may take its place."""
        with reading(self._engine) as connection:
            return snapshots.kept(connection, source)

    @retried
    def revert(self, source: str, number: int, by: str, now: datetime) -> TakenBack | None:
        """Make the version `number` the baseline again, in the trail too, and look at the page now; `None` when it
        is not kept, or holds already. A poll that is under way concludes nothing any more.
        """
        with writing(self._engine) as connection:
            state = sources.locked(connection, source)
            versions = snapshots.kept(connection, source)
            back = taken_back(state, versions, number, now) if state else None
            if back is None:
                return None
            page = pages.latest_before(connection, source, back.until)
            former, latest = versions[0].number, back.baseline.number
            sources.conclude(connection, source, back.state, baseline=former, latest=latest)
            snapshots.add(connection, back.baseline)
            if page is not None:  # what a new version of the layout reads as its baseline
                pages.keep(connection, source, page, evidence=False)
            trail.add(connection, [Decision(Action.REVERT, by, now, subject=source, note=str(number))])
            return back

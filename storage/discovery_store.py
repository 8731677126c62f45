"""What was seen of sites and is proposed about them, as use cases see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from storage.codec import dump, load
from storage.columns import AnyRow
from storage.dialect import insert_new, insert_or_replace
from storage.discovery_tables import explorations, searches, sightings, site_proposals
from storage.engine import reading, retried, writing
from watcher.core.sighting import Sighting
from watcher.core.site_proposals import Explored, Recorded, SiteProposal, State

_OPEN = site_proposals.c.state == State.OPEN.value
_SEEN = select(sightings.c.document).order_by(sightings.c.number)
_KEPT = site_proposals.c
_ROWS = select(_KEPT.document, _KEPT.made_at, _KEPT.state, _KEPT.settled_at, _KEPT.settled_by)


class SqlDiscovery:
    """A `DiscoveryStore` on a database whose schema is today's. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def explored(self) -> Mapping[str, Explored]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(explorations.c.prefecture, explorations.c.document))
            return {prefecture: load(document, Explored) for prefecture, document in rows}

    def sightings(self, prefecture: str) -> Sequence[Sighting]:
        with reading(self._engine) as connection:
            found = connection.scalars(_SEEN.where(sightings.c.prefecture == prefecture))
            return [load(document, Sighting) for document in found]

    @retried
    def begin(self, explored: Explored) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(sightings).where(sightings.c.prefecture == explored.prefecture))
            _write(connection, explored)

    @retried
    def note(self, explored: Explored, sighting: Sighting) -> None:
        with writing(self._engine) as connection:
            mine = sightings.c.prefecture == explored.prefecture
            last: int = connection.scalar(select(func.max(sightings.c.number)).where(mine)) or 0
            row = {
                "prefecture": explored.prefecture,
                "number": last + 1,
                "document": dump(sighting, Sighting),
            }
            connection.execute(insert(sightings), row)
            _write(connection, explored)

    @retried
    def conclude(self, explored: Explored, proposals: Sequence[SiteProposal], now: datetime) -> None:
        with writing(self._engine) as connection:
            _write(connection, explored)
            mine = (_KEPT.prefecture == explored.prefecture, _KEPT.source == "")
            connection.execute(delete(site_proposals).where(_OPEN, *mine))
            _propose(connection, proposals, "", now)

    @retried
    def propose(self, source: str, proposals: Sequence[SiteProposal], now: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(site_proposals).where(_OPEN, _KEPT.source == source))
            _propose(connection, proposals, source, now)
            connection.execute(insert_or_replace(connection, searches), {"source": source, "at": now})

    def searches(self) -> Mapping[str, datetime]:
        with reading(self._engine) as connection:
            rows = connection.execute(select(searches.c.source, searches.c.at))
            return {row.source: row.at for row in rows}

    def proposals(self, state: State | None = State.OPEN, prefecture: str = "") -> Sequence[Recorded]:
        query = _ROWS.order_by(_KEPT.prefecture, _KEPT.confidence.desc(), _KEPT.id)
        if state is not None:
            query = query.where(_KEPT.state == state.value)
        if prefecture:
            query = query.where(_KEPT.prefecture == prefecture)
        with reading(self._engine) as connection:
            return [_recorded(row) for row in connection.execute(query)]

    def proposal(self, proposal: str) -> Recorded | None:
        with reading(self._engine) as connection:
            row = connection.execute(_ROWS.where(_KEPT.id == proposal)).first()
            return _recorded(row) if row else None

    @retried
    def settle(self, proposal: str, state: State, now: datetime, by: str) -> bool:
        settled = {"state": state.value, "settled_at": now, "settled_by": by}
        with writing(self._engine) as connection:
            done = connection.execute(
                update(site_proposals).where(_OPEN, _KEPT.id == proposal).values(settled)
            )
            return done.rowcount > 0


def _write(connection: Connection, explored: Explored) -> None:
    row = {"prefecture": explored.prefecture, "document": dump(explored, Explored)}
    connection.execute(insert_or_replace(connection, explorations), row)


def _propose(connection: Connection, proposals: Sequence[SiteProposal], source: str, now: datetime) -> None:
    """What was settled under the same id stays as it is."""
    rows = [
        {
            "id": one.id,
            "prefecture": one.prefecture,
            "source": source,
            "confidence": one.confidence,
            "made_at": now,
            "state": State.OPEN.value,
            "settled_at": None,
            "settled_by": "",
            "document": dump(one, SiteProposal),
        }
        for one in proposals
    ]
    if rows:
        connection.execute(insert_new(connection, site_proposals), rows)


def _recorded(row: AnyRow) -> Recorded:
    return Recorded(
        load(row.document, SiteProposal), row.made_at, State(row.state), row.settled_at, row.settled_by
    )

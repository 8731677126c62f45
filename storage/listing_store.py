"""What is known of the official list of démarche numérique, as use cases see it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, select

from storage import alerts
from storage.codec import dump, load
from storage.dialect import insert_or_replace
from storage.engine import reading, retried, writing
from storage.listing_tables import official_list
from watcher.core.alerts import Alert
from watcher.core.official_list import Shelf, Shelves

_ALL = select(official_list.c.prefecture, official_list.c.document)


class SqlListing:
    """A `ListingStore` on a database whose schema is today's. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self) -> Shelves:
        with reading(self._engine) as connection:
            return _known(connection)

    def of(self, prefecture: str) -> Shelf:
        with reading(self._engine) as connection:
            mine = official_list.c.prefecture == prefecture
            document = connection.scalar(select(official_list.c.document).where(mine))
            return load(document, Shelf) if document else Shelf()

    def told(self, ids: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            return frozenset(alerts.read_these(connection, ids))

    @retried
    def keep(self, before: Shelves, after: Shelves, told: Sequence[Alert]) -> bool:
        with writing(self._engine) as connection:
            if _known(connection) != before:
                return False
            rows = [{"prefecture": code, "document": dump(shelf, Shelf)} for code, shelf in after.items()]
            if rows:
                connection.execute(insert_or_replace(connection, official_list), rows)
            alerts.add(connection, told)
            return True


def _known(connection: Connection) -> Shelves:
    return {row.prefecture: load(row.document, Shelf) for row in connection.execute(_ALL)}

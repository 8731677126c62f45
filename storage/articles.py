"""The texts behind items, as they were last read."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, select

from storage.codec import dump, load
from storage.dialect import insert_or_replace
from storage.packing import pack_document, unpack_document
from storage.tables import articles
from watcher.core.items import Article

_ONE = select(articles.c.body).where(
    articles.c.source == bindparam("of"), articles.c.item == bindparam("key")
)


def keep(connection: Connection, source: str, texts: Mapping[str, Article]) -> None:
    """Each text takes the place of the one that its item key had."""
    if texts:
        connection.execute(
            insert_or_replace(connection, articles),
            [
                {"source": source, "item": k, "body": pack_document(dump(a, Article))}
                for k, a in texts.items()
            ],
        )


def read(connection: Connection, source: str, key: str) -> Article | None:
    body = connection.scalar(_ONE, {"of": source, "key": key})
    return None if body is None else load(unpack_document(body), Article)

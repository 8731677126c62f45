"""Files that changes rest on, as they were received: kept for ever, with the change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Column, Connection, ForeignKey, LargeBinary, Table, bindparam, select

from storage.columns import Moment, Words, metadata
from storage.dialect import insert_new
from storage.packing import pack, unpack
from watcher.core.page import Page, Validators

documents = Table(
    "documents",
    metadata,
    Column("change", Words, ForeignKey("changes.id"), primary_key=True),
    Column("address", Words, primary_key=True),
    Column("content_type", Words, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("headers", LargeBinary, nullable=False),  # packed JSON
    Column("body", LargeBinary, nullable=False),  # packed
)

_OF = select(documents).where(documents.c.change == bindparam("of")).order_by(documents.c.address)


def keep(connection: Connection, received: Mapping[str, Sequence[Page]]) -> None:
    """The files of changes, by the ids of these; what is there already stays as it is."""
    rows = [
        {
            "change": change,
            "address": page.final_address,
            "content_type": page.content_type,
            "fetched_at": page.fetched_at,
            "headers": pack(json.dumps(page.headers).encode()),
            "body": pack(page.body),
        }
        for change, pages in received.items()
        for page in {page.final_address: page for page in pages}.values()
    ]
    if rows:
        connection.execute(insert_new(connection, documents), rows)


def of(connection: Connection, change: str) -> Sequence[Page]:
    """`ValueError` when one is damaged."""
    return [
        Page(
            address=row.address,
            final_address=row.address,
            status=200,
            body=unpack(row.body),
            content_type=row.content_type,
            charset=None,
            validators=Validators(),
            fetched_at=row.fetched_at,
            headers=tuple((name, value) for name, value in json.loads(unpack(row.headers))),
        )
        for row in connection.execute(_OF, {"of": change})
    ]

"""Raw pages: the newest one of each source, and for ever those on which a change was found."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, false, insert, select

from storage.tables import changes, pages
from watcher.core.page import Page, Validators

_LEVEL = 1  # a page of 80 KB in 1 ms, to a fifth of its size; level 6 takes four times as long
_MICROSECOND = timedelta(microseconds=1)

_DROP_FORMER = delete(pages).where(pages.c.source == bindparam("of"), pages.c.evidence == false())
_ADD = insert(pages).returning(pages.c.id)
_LATEST = select(pages).where(pages.c.source == bindparam("of")).order_by(pages.c.id.desc()).limit(1)
_EVIDENCE = (
    select(pages).join(changes, changes.c.page == pages.c.id).where(changes.c.id == bindparam("change"))
)


def keep(connection: Connection, source: str, page: Page, *, evidence: bool) -> int:
    """Make `page` the newest of `source`; its number. One that is no evidence goes when the next comes."""
    connection.execute(_DROP_FORMER, {"of": source})
    number: int = connection.execute(
        _ADD,
        {
            "source": source,
            "evidence": evidence,
            "address": page.address,
            "final_address": page.final_address,
            "status": page.status,
            "content_type": page.content_type,
            "charset": page.charset,
            "etag": page.validators.etag,
            "last_modified": page.validators.last_modified,
            "fetched_at": page.fetched_at,
            "retry_after": None if page.retry_after is None else page.retry_after // _MICROSECOND,
            "body": zlib.compress(page.body, _LEVEL),
        },
    ).scalar_one()
    return number


def latest(connection: Connection, source: str) -> Page | None:
    return _page(connection.execute(_LATEST, {"of": source}).first())


def evidence(connection: Connection, change: str) -> Page | None:
    """The page on which a change was found."""
    return _page(connection.execute(_EVIDENCE, {"change": change}).first())


def _page(row: Row[Any] | None) -> Page | None:
    if row is None:
        return None
    return Page(
        address=row.address,
        final_address=row.final_address,
        status=row.status,
        body=zlib.decompress(row.body),
        content_type=row.content_type,
        charset=row.charset,
        validators=Validators(row.etag, row.last_modified),
        fetched_at=row.fetched_at,
        retry_after=None if row.retry_after is None else row.retry_after * _MICROSECOND,
    )

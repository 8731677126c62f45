"""Raw pages: the newest one of each source, and for ever those before and after each change.

One version of a page differs little from the one before: only that is kept, so that a version costs a few
hundred bytes. Every so many versions one is kept whole: to read any takes few steps, and what is damaged
takes few with it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, text, update

from storage.packing import pack, unpack
from storage.tables import IS_PASSING, changes, pages
from watcher.core.page import Page, Validators

CHAIN = 16  # versions from one that is whole to the next
_SMALL = 2000  # bytes; a larger difference may be no smaller than the whole
_MICROSECOND = timedelta(microseconds=1)

_is_passing = text(IS_PASSING)
_DROP_FORMER = delete(pages).where(pages.c.source == bindparam("of"), _is_passing)
_KEEP_FORMER = update(pages).where(pages.c.source == bindparam("of"), _is_passing).values(evidence=True)
_ADD = insert(pages).returning(pages.c.id)
_LATEST = select(pages).where(pages.c.source == bindparam("of")).order_by(pages.c.id.desc()).limit(1)
_LATEST_BEFORE = (
    select(pages)
    .where(pages.c.source == bindparam("of"), pages.c.fetched_at < bindparam("moment"))
    .order_by(pages.c.fetched_at.desc(), pages.c.id.desc())
    .limit(1)
)
_BODY = select(pages.c.body, pages.c.base).where(pages.c.id == bindparam("page"))
_EVIDENCE = (
    select(pages).join(changes, changes.c.page == pages.c.id).where(changes.c.id == bindparam("change"))
)
_FOUND = pages.alias("found")
_BEFORE = (
    select(pages)
    .join(_FOUND, _FOUND.c.source == pages.c.source)
    .join(changes, changes.c.page == _FOUND.c.id)
    .where(changes.c.id == bindparam("change"), pages.c.id < _FOUND.c.id)
    .order_by(pages.c.id.desc())
    .limit(1)
)


def keep(connection: Connection, source: str, page: Page, *, evidence: bool) -> int:
    """Make `page` the newest of `source`; its number. Of one that is no evidence nothing stays when the next
    comes, unless that one is: then it is what was there before.
    """
    connection.execute(_KEEP_FORMER if evidence else _DROP_FORMER, {"of": source})
    packed = _packed(connection, page.body, connection.execute(_LATEST, {"of": source}).first())
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
            "headers": pack(json.dumps(page.headers).encode()),
            **packed._asdict(),
        },
    ).scalar_one()
    return number


def latest(connection: Connection, source: str) -> Page | None:
    return _page(connection, connection.execute(_LATEST, {"of": source}).first())


def latest_before(connection: Connection, source: str, moment: datetime) -> Page | None:
    """The newest of those that are kept and were fetched before then."""
    return _page(connection, connection.execute(_LATEST_BEFORE, {"of": source, "moment": moment}).first())


def evidence(connection: Connection, change: str) -> Page | None:
    """The page on which a change was found."""
    return _page(connection, connection.execute(_EVIDENCE, {"change": change}).first())


def before(connection: Connection, change: str) -> Page | None:
    """What was there before the page on which a change was found."""
    return _page(connection, connection.execute(_BEFORE, {"change": change}).first())


class _Packed(NamedTuple):
    """`base`: the page that `body` differs from, `None` of one that is whole; `depth`: how many there are below."""

    body: bytes
    base: int | None = None
    depth: int = 0


def _packed(connection: Connection, body: bytes, former: Row[Any] | None) -> _Packed:
    """Small by what it has in common with `former`, which is never dropped while this one is kept."""
    if former is None or former.depth + 1 >= CHAIN:
        return _Packed(pack(body))
    try:
        difference = pack(body, unpacked(connection, former.body, former.base))
    except ValueError:  # it is told to whoever looks at it; what comes now rests on nothing
        return _Packed(pack(body))
    if len(difference) > _SMALL and 2 * len(difference) > len(whole := pack(body)):
        return _Packed(whole)
    return _Packed(difference, former.id, former.depth + 1)


def unpacked(connection: Connection, body: bytes, base: int | None) -> bytes:
    """A body as it was fetched. `ValueError` where it, or one that it rests on, is damaged or missing."""
    above = [body]
    while base is not None:
        row = connection.execute(_BODY, {"page": base}).first()
        if row is None or len(above) >= CHAIN:
            raise ValueError(f"page {base} is missing, or rests on itself")
        above.append(row.body)
        base = row.base
    whole = b""
    while above:
        whole = unpack(above.pop(), whole)
    return whole


def _page(connection: Connection, row: Row[Any] | None) -> Page | None:
    if row is None:
        return None
    return Page(
        address=row.address,
        final_address=row.final_address,
        status=row.status,
        body=unpacked(connection, row.body, row.base),
        content_type=row.content_type,
        charset=row.charset,
        validators=Validators(row.etag, row.last_modified),
        fetched_at=row.fetched_at,
        retry_after=None if row.retry_after is None else row.retry_after * _MICROSECOND,
        headers=tuple((name, value) for name, value in json.loads(unpack(row.headers)))
        if row.headers
        else (),
    )

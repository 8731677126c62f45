"""Captures as rows: each body as what differs from a whole one of the same page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from storage.columns import AnyRow
from storage.dialect import insert_new
from storage.history_tables import captures
from storage.packing import pack, unpack
from watcher.core.captures import Capture
from watcher.core.page import Page, Validators

_SMALL = 4000  # bytes; a larger difference may be no smaller than the whole
_ONE = select(captures.c.id).where(
    captures.c.source == bindparam("source"),
    captures.c.page == bindparam("page"),
    captures.c.taken_at == bindparam("taken_at"),
    captures.c.digest == bindparam("digest"),
)
_WHOLE = (
    select(captures.c.id, captures.c.body)
    .where(
        captures.c.source == bindparam("source"),
        captures.c.page == bindparam("page"),
        captures.c.base.is_(None),
    )
    .order_by(captures.c.id.desc())
    .limit(1)
)
_BODY = select(captures.c.body).where(captures.c.id == bindparam("capture"))


def number(connection: Connection, capture: Capture) -> int | None:
    """Its row, if it is there."""
    found: int | None = connection.scalar(_ONE, _name(capture))
    return found


def add(connection: Connection, capture: Capture) -> bool:
    """False when it is there already, or another process wrote it meanwhile."""
    if number(connection, capture) is not None:
        return False
    page = capture.page
    whole = connection.execute(_WHOLE, {"source": capture.source, "page": capture.key}).first()
    body, base = _packed(page.body, whole)
    row = {
        **_name(capture),
        "address": page.final_address,
        "status": page.status,
        "content_type": page.content_type,
        "charset": page.charset,
        "headers": pack(json.dumps(page.headers).encode()),
        "archive": page.archive,
        "payload": capture.payload,
        "body": body,
        "base": base,
    }
    written = connection.execute(insert_new(connection, captures).returning(captures.c.id), row)
    return written.first() is not None


def _name(capture: Capture) -> Mapping[str, Any]:
    return {
        "source": capture.source,
        "page": capture.key,
        "taken_at": capture.at,
        "digest": capture.digest,
    }


def _packed(body: bytes, whole: AnyRow | None) -> tuple[bytes, int | None]:
    if whole is None:
        return pack(body), None
    difference = pack(body, unpack(whole.body))
    if len(difference) > _SMALL and 2 * len(difference) > len(alone := pack(body)):
        return alone, None
    return difference, whole.id


def from_row(connection: Connection, row: Row[Any]) -> Capture:
    """`ValueError` where it, or what it rests on, is damaged."""
    whole = b""
    if row.base is not None:
        packed = connection.scalar(_BODY, {"capture": row.base})
        if packed is None:
            raise ValueError(f"capture {row.base} is missing")
        whole = unpack(packed)
    page = Page(
        address=row.address,
        final_address=row.address,
        status=row.status,
        body=unpack(row.body, whole),
        content_type=row.content_type,
        charset=row.charset,
        validators=Validators(),
        fetched_at=row.taken_at,
        headers=tuple((name, value) for name, value in json.loads(unpack(row.headers))),
        archive=row.archive,
    )
    return Capture(row.source, row.page, page, row.payload)

"""Pages as archives keep them (WARC 1.1, ISO 28500): the only user of warcio."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from http import HTTPStatus
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from watcher.core.page import Page

_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_ORIGINAL = "X-Archive-Orig-"
_FORMAT = "WARC File Format 1.1"


def written(pages: Iterable[Page], software: str, description: str) -> bytes:
    """The pages as records, in their order: a `response` with its headers, a `resource` where they are not known.

    Bodies are as they were once inflated, byte for byte; headers that speak of the wire are kept under other
    names, as archives do, for they no longer describe what follows them.
    """
    file = BytesIO()
    writer = WARCWriter(file, gzip=False, warc_version="1.1")
    about = {"software": software, "format": _FORMAT, "description": description}
    writer.write_record(writer.create_warcinfo_record("pages.warc", about))
    for page in pages:
        named = {"WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        writer.write_record(
            writer.create_warc_record(
                page.final_address,
                "response" if page.headers else "resource",
                payload=BytesIO(page.body),
                length=len(page.body),
                http_headers=_headers(page) if page.headers else None,
                warc_content_type="" if page.headers else page.content_type or "text/html",
                warc_headers_dict=named,
            )
        )
    return file.getvalue()


def _headers(page: Page) -> StatusAndHeaders:
    known = {status.value: status.phrase for status in HTTPStatus}
    kept = [
        (f"{_ORIGINAL}{name}" if name.lower() in _OF_THE_WIRE else name, value)
        for name, value in page.headers
    ]
    kept.append(("Content-Length", str(len(page.body))))
    return StatusAndHeaders(f"{page.status} {known.get(page.status, '')}".strip(), kept, protocol="HTTP/1.1")

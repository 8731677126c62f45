"""Answers that a client can ask about again without downloading them again."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from threading import Lock

from fastapi import Request, Response

_REFUSED = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")
WORTH_SQUEEZING = 600  # bytes; below, the answer fits one packet anyway
_LARGE = 1 << 20  # bytes; from there on, the last quarter of squeezing takes two thirds of the time
_THOROUGH, _QUICK = 6, 2  # gzip's levels


@dataclass(slots=True)
class Stamps:
    """`Last-Modified` of each address: it moves on whenever the content did.

    Two alerts of the same second, or one that was written after a newer one, would otherwise change a
    feed without changing its date, and a client that only knows dates would miss them.
    """

    _last: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def stamp(self, address: str, digest: str, updated: datetime) -> datetime:
        """The date to send for content with this digest, last changed at `updated`; whole seconds."""
        date = updated.astimezone(UTC).replace(microsecond=0)
        with self._lock:
            known, sent = self._last.get(address, (digest, date))
            least = sent if known == digest else sent + timedelta(seconds=1)
            date = max(date, least)
            self._last[address] = (digest, date)
        return date


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def answer(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    cache: str,
    modified: datetime | None = None,
    headers: Mapping[str, str] | None = None,
    status: int = 200,
    identity: str = "",
) -> Response:
    """`body`, or 304 when the client has it, or nothing but the headers for HEAD; gzipped if accepted.

    `identity` is the body's digest, where it is known already.
    """
    identity = identity or digest(body)
    squeezed = len(body) >= WORTH_SQUEEZING and accepts_gzip(request.headers.get("accept-encoding", ""))
    sent = {
        "ETag": f'"{identity}-gzip"' if squeezed else f'"{identity}"',
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
        **({"Last-Modified": format_datetime(modified, usegmt=True)} if modified else {}),
        **(headers or {}),
    }
    asked = request.headers
    if status == 200 and has_it(
        asked.get("if-none-match"), asked.get("if-modified-since"), identity, modified
    ):
        return Response(status_code=304, headers=sent)
    if squeezed:
        body = gzip.compress(body, _QUICK if len(body) >= _LARGE else _THOROUGH, mtime=0)
        sent["Content-Encoding"] = "gzip"
    sent["Content-Length"] = str(len(body))
    sent["Content-Type"] = media_type
    return Response(b"" if request.method == "HEAD" else body, status, sent)


@lru_cache(maxsize=500)
def accepts_gzip(header: str) -> bool:
    """Whether an `Accept-Encoding` allows gzip; a quality of zero forbids."""
    allowed: dict[str, bool] = {}
    for part in header.lower().split(","):
        coding, _, parameters = part.partition(";")
        allowed[coding.strip()] = not _REFUSED.fullmatch(parameters)
    return allowed.get("gzip", allowed.get("*", False))


def has_it(tags: str | None, since: str | None, identity: str, modified: datetime | None) -> bool:
    """Whether a client has the content, by its If-None-Match and If-Modified-Since.

    RFC 9110 §13.2.2: the tag decides when there is one, the date otherwise.
    """
    if tags is not None:
        known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
        return bool(known & {"*", identity, f"{identity}-gzip"})
    date = http_date(since)
    return modified is not None and date is not None and date >= modified


def http_date(header: str | None) -> datetime | None:
    """A date, or `None` for what is not one: such a header is as good as absent."""
    try:
        date = parsedate_to_datetime(header) if header else None
    except (ValueError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=date.tzinfo or UTC) if date else None

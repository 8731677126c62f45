"""What the headers of an answer say, as far as they can be believed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from watcher.core.page import Validators

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
SETTLED = timedelta(minutes=1)  # a "last modified" younger than this is the time of the request

_CHARSETS = {
    "utf-8": "utf8 utf-8 unicode-1-1-utf-8",
    "iso-8859-1": "iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1",
    "iso-8859-15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 latin9 latin-9 l9",
    "windows-1252": "windows-1252 cp1252 cp-1252 x-cp1252",
}
_CHARSET_OF = {alias: name for name, aliases in _CHARSETS.items() for alias in aliases.split()}
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_TAG = re.compile(r"[\x21-\x7e]{1,256}")
_DAY = re.compile(r"[\x20-\x7e]{1,64}")
_SECONDS = re.compile(r"[+-]?[0-9]+", re.ASCII)


def media_type(content_type: str) -> str:
    """``"text/html"`` of ``"Text/HTML; charset=utf-8"``; ``""`` when there is none."""
    return re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()


def charset(content_type: str) -> str | None:
    """The declared charset under its usual name, if it is one that a French page may honestly use.

    Everything else is `None`: among Python's codecs are ones that are no charsets (base64, rot13) or
    that turn harmless bytes into markup (utf-7).
    """
    declared = _CHARSET.search(content_type)
    return _CHARSET_OF.get(declared[1].lower()) if declared else None


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long the server asks to be left alone (seconds or an HTTP date), within 1 min and 6 h."""
    if value is None:
        return None
    value = value.strip()
    if _SECONDS.fullmatch(value):
        # Of a number too long to be converted only the sign and the size matter.
        asked = timedelta(seconds=int(value[:8]))
    else:
        until = _date(value)
        if until is None:
            return None
        asked = until - now
    return min(max(asked, SHORTEST_WAIT), LONGEST_WAIT)


def validators(etag: str | None, last_modified: str | None, date: str | None, now: datetime) -> Validators:
    """What may be sent back to ask whether the page changed.

    The préfectures' platform gives the time of the request as `Last-Modified`: that says nothing of the
    page, and sent back it could hide a change. It counts only when older than both clocks say it is now.
    """
    tag = etag if etag and _TAG.fullmatch(etag) else None
    modified = _date(last_modified) if last_modified and _DAY.fullmatch(last_modified) else None
    said = _date(date) if date else None
    if modified is None or modified > min(now, said or now) - SETTLED:
        last_modified = None
    return Validators(tag, last_modified)


def _date(value: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

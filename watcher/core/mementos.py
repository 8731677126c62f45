"""Archives of the Web, as they are asked (RFC 7089, CDX servers): addresses to ask, and what they answer. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from watcher.core.captures import stamp, stamp_date

AT_ONCE = 1000  # captures that one answer lists
MOST_LINES = 100_000  # of one answer

_HTML = frozenset({"text/html", "application/xhtml+xml", "application/pdf", "warc/revisit", "unk", "-", ""})
_SEEN = frozenset({"200", "-", ""})
_LINK = re.compile(r'<([^<>]{1,5000})>((?:\s*;\s*[\w*-]{1,40}(?:=(?:"[^"]{0,2000}"|[^\s;,"]{0,2000}))?)*)')
_PARAMETER = re.compile(r';\s*([\w*-]{1,40})=(?:"([^"]*)"|([^\s;,"]*))')
_STAMPED = re.compile(r"/([0-9]{14})(?:id_)?/")


@dataclass(frozen=True, slots=True)
class Archive:
    """The addresses of an archive: its indexes, the likeliest first, and where its collection begins."""

    home: str
    indexes: tuple[str, ...]
    base: str

    def index(self, number: int, address: str, first: datetime | None, last: datetime | None) -> str:
        """Where captures of an address are listed, oldest first, `AT_ONCE` at most."""
        asked = {"url": address, "output": "json", "limit": str(AT_ONCE)}
        asked |= {"from": stamp(first)} if first else {}
        asked |= {"to": stamp(last)} if last else {}
        return f"{self.indexes[number]}?{urlencode(asked)}"

    def timemap(self, address: str) -> str:
        return f"{self.base}/timemap/link/{_written(address)}"

    def raw(self, address: str, at: datetime) -> str:
        """A capture as it was received: without the archive's own links, frames and banners."""
        return f"{self.base}/{stamp(at)}id_/{_written(address)}"


# Of those that know no JSON: an optional first line names its columns by letters, in this order as a rule.
_WORDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest")
_CDX = re.compile(r"(?:CDX [Nn] b a m s k\b[^\n]*\n)?\S+ \d{14} https?://", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One capture that an archive lists; `digest` is "" where it tells none."""

    at: datetime
    address: str
    digest: str = ""


def archive(home: str) -> Archive:
    """The templates that follow from an address: of an archive (``https://web.archive.org``, whose collection is
    ``/web``), or of a collection (``https://archive.example/prefectures``).
    """
    home = home.rstrip("/")
    parts = urlsplit(home)
    origin = f"{parts.scheme}://{parts.netloc}"
    wayback = (f"{origin}/cdx/search/cdx", f"{origin}/cdx")
    if not parts.path.strip("/"):
        return Archive(home, (*wayback, f"{origin}/web/cdx"), f"{origin}/web")
    if home.endswith("/web"):
        return Archive(home, (*wayback, f"{home}/cdx"), home)
    return Archive(home, (f"{home}/cdx", f"{home}/index"), home)


def listed(text: str) -> tuple[Entry, ...] | None:
    """The captures of a page that an index lists, rows under a first one that names them, an object on each line, or
    lines of words as in CDX files; `None` when it is no such answer. Redirects, errors and pictures are passed over.
    """
    rows = _rows(text)
    return None if rows is None else tuple(_entries(rows))


def mementos(text: str) -> tuple[tuple[Entry, ...], str | None]:
    """The captures of a TimeMap (``application/link-format``), and the address of the next part."""
    found: list[Entry] = []
    following = None
    for number, (address, told) in enumerate(_LINK.findall(text)):
        if number >= MOST_LINES:
            break
        parameters = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(told)}
        rel = parameters.get("rel", "").lower().split()
        at = http_date(parameters.get("datetime", ""))
        if "memento" in rel and at:
            found.append(Entry(at, address))
        elif "timemap" in rel and "self" not in rel:
            following = address
    return tuple(found), following


def taken_at(headers: Iterable[tuple[str, str]], final: str) -> datetime | None:
    """When the capture was made that an archive answered with: it gives the nearest to what was asked."""
    told = {name.lower(): value for name, value in headers}
    at = http_date(told.get("memento-datetime", ""))
    found = _STAMPED.search(final)
    return at or (stamp_date(found[1]) if found else None)


def original(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What the page's own server had said, as far as the archive repeats it."""
    known = tuple(headers)
    prefix = "x-archive-orig-"
    own = tuple((name[len(prefix) :], value) for name, value in known if name.lower().startswith(prefix))
    return own or tuple(pair for pair in known if pair[0].lower() == "content-type")


def http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def rows_of_one(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Captures in a row that say the same, as their digests tell."""
    row: list[Entry] = []
    for entry in entries:
        if row and (not entry.digest or entry.digest != row[-1].digest):
            yield row
            row = []
        row.append(entry)
    if row:
        yield row


def _rows(text: str) -> list[Mapping[str, Any]] | None:
    text = text.strip()
    if _CDX.match(text):
        lines = (line.split() for line in text.splitlines()[:MOST_LINES])
        return [dict(zip(_WORDS, words, strict=False)) for words in lines if len(words) >= len(_WORDS)]
    try:
        if text.startswith("["):
            table = json.loads(text)
            head = table[0] if table else []
            return [dict(zip(head, row, strict=False)) for row in table[1:MOST_LINES]]
        found = [json.loads(line) for line in text.splitlines()[:MOST_LINES] if line.strip()]
    except (ValueError, TypeError, RecursionError):
        return None
    return found if all(isinstance(row, dict) for row in found) else None


def _entries(rows: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    for row in rows:
        at = stamp_date(str(row.get("timestamp", "")))
        address = str(row.get("original") or row.get("url") or "")
        status = str(row.get("statuscode") or row.get("status") or "")
        kind = str(row.get("mimetype") or row.get("mime") or "").split(";")[0].lower()
        if at and address and status in _SEEN and kind in _HTML:
            yield Entry(at, address, str(row.get("digest") or "")[:100])


def _written(address: str) -> str:
    """An address within another one."""
    return quote(address, safe="%/:;=@!$&'()*+,~?[]-._")

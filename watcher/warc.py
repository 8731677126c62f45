"""Pages as archives keep them (WARC 1.0 and 1.1, ISO 28500): the only user of warcio.

What is read in is believed in nothing: lines, headers, lengths, dates and encodings are whatever somebody wrote.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO, StringIO
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from watcher.core import headers, inflate
from watcher.core.captures import believable, warc_date
from watcher.core.page import FailureKind, Page, Validators
from watcher.core.printable import one_line
from watcher.gunzip import Inflated, UnreadableError

_OF_THE_WIRE = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})
_ORIGINAL = "X-Archive-Orig-"
_FORMAT = "WARC File Format 1.1"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADERS, _VALUE = 200, 4000  # of an answer, and characters of each
_LINE, _LINES = 64_000, 2_000  # bytes of a line of headers, and how many there may be one after the other
_REVISIT = "revisit"
_CUT = "coupées"
_KINDS = frozenset({"response", "resource", _REVISIT})


_OF_A_PAGE = inflate.Bounds(10_000_000, 100, 1_000_000)
_OF_A_FILE = inflate.Bounds(1 << 50, 300, 100_000_000)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes: of a record as it is kept, of a page once inflated, and of a whole file that is compressed."""

    raw: int = 5_000_000
    page: inflate.Bounds = _OF_A_PAGE
    file: inflate.Bounds = _OF_A_FILE


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Record:
    """One page of an archive. A revisit has no body: it is that of `payload`, or of `refers` (address, date)."""

    page: Page
    payload: str = ""
    revisit: bool = False
    refers: tuple[str, str] = ("", "")


@dataclass
class Passed:
    """What was not taken in, and why: French words → how many."""

    why: Counter[str] = field(default_factory=Counter)
    failure: str = ""  # why the rest of the file could not be read


def records(
    file: BinaryIO, archive: str, now: datetime, passed: Passed, bounds: Bounds = BOUNDS
) -> Iterator[Record]:
    """The pages of a WARC file, compressed or not, up to where it cannot be read any more."""
    iterator = ArchiveIterator(_plain(file, bounds.file), verify_http=False)
    iterator.reader = _Reader(iterator.fh)
    whole = True  # the record before
    while True:
        try:
            with redirect_stderr(StringIO()):  # warcio speaks to whoever listens
                record = next(iterator)
        except StopIteration:
            passed.failure = "" if whole else "fichier coupé, sa fin manque"
            return
        except (*_BROKEN, AttributeError) as error:  # of an address that is missing
            passed.failure = _failure(error)
            return
        cut = passed.why[_CUT]
        try:
            found = _read(record, archive, now, passed, bounds)
        except _BROKEN as error:
            passed.failure = _failure(error)
            return
        whole = passed.why[_CUT] == cut
        if found:
            yield found


def _failure(error: Exception) -> str:
    if isinstance(error, UnreadableError):
        return str(error)
    return f"archive illisible à partir d'ici ({one_line(str(error), 120)})"


_BROKEN = (UnreadableError, ArchiveLoadFailed, zlib.error, EOFError, ValueError)


class _Reader(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """Lines of bounded length and number: warcio itself would hold whatever it is given."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream, decomp_type=None)
        self._lines = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _LINE, _LINE))
        self._lines += 1
        if len(line) >= _LINE or self._lines > _LINES:
            raise UnreadableError("en-têtes démesurés")
        return line

    def read(self, length: int | None = None) -> bytes:
        self._lines = 0
        data: bytes = super().read(length)
        return data


def _plain(file: BinaryIO, bounds: inflate.Bounds) -> Any:
    start = file.read(2)
    file.seek(0)
    return Inflated(file, bounds) if start == b"\x1f\x8b" else file


def _read(record: Any, archive: str, now: datetime, passed: Passed, bounds: Bounds) -> Record | None:
    """A page, or `None` with the reason counted. Records that are no pages are passed over in silence."""
    if record.rec_type not in _KINDS or record.length is None:
        return None
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not address.lower().startswith(("http://", "https://")) or _CONTROL.search(address):
        return None
    at = warc_date(record.rec_headers.get_header("WARC-Date") or "")
    revisit = record.rec_type == _REVISIT
    if at is None or not believable(at, now):
        reason = "sans date croyable"
    elif record.rec_headers.get_header("WARC-Truncated") or record.rec_headers.get_header(
        "WARC-Segment-Number"
    ):
        reason = "tronquées"
    elif record.length > bounds.raw:
        reason = f"de plus de {bounds.raw} octets"
    else:
        try:
            page = _page(record, address, at, archive, revisit=revisit, bounds=bounds)
        except inflate.BodyError as error:
            reason = _CUT if error.detail == _CUT else f"illisibles ({one_line(error.detail, 80)})"
        else:
            return _named(record, page, revisit=revisit)
    passed.why[reason] += 1
    return None


def _named(record: Any, page: Page, *, revisit: bool) -> Record:
    told = record.rec_headers
    return Record(
        page,
        one_line(told.get_header("WARC-Payload-Digest") or "", 200),
        revisit,
        (told.get_header("WARC-Refers-To-Target-URI") or "", told.get_header("WARC-Refers-To-Date") or ""),
    )


def _page(record: Any, address: str, at: datetime, archive: str, *, revisit: bool, bounds: Bounds) -> Page:
    http = record.http_headers
    kept = _kept(http.headers if http else ())
    told = {name.lower(): value for name, value in reversed(kept)}
    content_type = told.get("content-type", "") if http else record.content_type or ""
    return Page(
        address=address,
        final_address=address,
        status=_status(record),
        body=b"" if revisit else _body(record, told, bounds),
        content_type=headers.media_type(content_type),
        charset=headers.charset(content_type),
        validators=Validators(),
        fetched_at=at,
        headers=kept,
        archive=archive,
    )


def _status(record: Any) -> int:
    """Of a resource, which has no answer around it, that of one that is there; a revisit may have none."""
    http = record.http_headers
    if http is None and record.rec_type != "response":
        return 200
    code = (http.get_statuscode() if http else "") or ""
    if not re.fullmatch(r"[1-5][0-9]{2}", code, re.ASCII):
        raise inflate.BodyError(FailureKind.PROTOCOL, "sans statut HTTP")
    return int(code)


def _kept(told: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers that are headers, each on one line."""
    fit = ((name, _CONTROL.sub(" ", value)[:_VALUE]) for name, value in told if _NAME.fullmatch(name))
    return tuple(pair for pair, _ in zip(fit, range(_HEADERS), strict=False))


def _body(record: Any, told: dict[str, str], bounds: Bounds) -> bytes:
    """As it was once inflated. Archives keep bodies as they came or already undone, under the same headers."""
    raw = record.raw_stream.read(bounds.raw + 1)
    expected = record.payload_length if record.payload_length >= 0 else record.length
    if len(raw) < expected:
        raise inflate.BodyError(FailureKind.PROTOCOL, _CUT)
    if told.get("transfer-encoding", "").lower() == "chunked":
        raw = ChunkedDataReader(BytesIO(raw)).read()
    encoding = told.get("content-encoding", "")
    if encoding.lower() in {"gzip", "x-gzip"} and not raw.startswith(b"\x1f\x8b"):
        encoding = ""
    inflater = inflate.Inflater(encoding, bounds.page)
    pieces = list(inflater.feed(raw))
    inflater.finish()
    return b"".join(pieces)


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
                _CONTROL.sub("", page.final_address),
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
        for name, value in _kept(page.headers)
    ]
    kept.append(("Content-Length", str(len(page.body))))
    return StatusAndHeaders(f"{page.status} {known.get(page.status, '')}".strip(), kept, protocol="HTTP/1.1")

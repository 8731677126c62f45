"""Captures of pages, as archives of the Web keep them: files made by warcio, whose records are as a test wants them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.store import SqlStore
from tests.fakes.watch import Watch
from watcher import layouts
from watcher.core.alerts import Alert
from watcher.core.captures import Past
from watcher.history import History, TakenIn
from watcher.spool import Spool
from watcher.warc import BOUNDS, Bounds, Passed, records

BEGAN = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH = timedelta(days=30)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Kept:
    """One record: `kind` as WARC says; `raw` is the body on the wire where that is another than `html`."""

    address: str
    at: datetime
    html: str = ""
    status: str = "200 OK"
    kind: str = "response"
    raw: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    record: tuple[tuple[str, str], ...] = ()  # headers of the record itself

    @property
    def body(self) -> bytes:
        return self.html.encode() if self.raw is None else self.raw


def warc(*kept: Kept, compressed: bool = True, version: str = "1.0") -> bytes:
    """A file as crawlers write it, each record compressed by itself."""
    file = BytesIO()
    writer = WARCWriter(file, gzip=compressed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "another tool"}))
    for one in kept:
        http = StatusAndHeaders(one.status, [("Content-Type", HTML), *one.headers], protocol="HTTP/1.1")
        told = {"WARC-Date": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", **dict(one.record)}
        writer.write_record(
            writer.create_warc_record(
                one.address,
                one.kind,
                payload=BytesIO(one.body),
                length=len(one.body),
                http_headers=http if one.kind in {"response", "revisit"} else None,
                warc_content_type=HTML if one.kind == "resource" else "",
                warc_headers_dict=told,
            )
        )
    return file.getvalue()


def whole(content: bytes) -> bytes:
    """The same compressed as a whole, as some tools do."""
    return gzip.compress(content)


@dataclass
class Memory:
    """An installation that takes archives in."""

    watch: Watch
    store: SqlStore
    passed: Passed = field(default_factory=Passed)
    history: History | None = None

    def take(self, *files: bytes, source: str = "", bounds: Bounds = BOUNDS) -> list[TakenIn]:
        self.passed = Passed()
        spool = Spool()
        self.history = History(self.watch.tools, self.watch.catalogue, self.store.past, looks_old, spool)
        now = self.watch.clock.now()
        for number, content in enumerate(files):
            self.history.sort_in(records(BytesIO(content), f"{number}.warc.gz", now, self.passed, bounds))
        self.history.revisited()
        seen: list[TakenIn] = []
        self.history.take_in(seen.append, source)
        spool.close()
        return seen

    def past(self, *kept: Kept) -> Past:
        """Of the one source that these are captures of."""
        (done,) = self.take(warc(*kept))
        assert done.past is not None
        return done.past

    def told(self) -> list[tuple[str, str, datetime]]:
        """Kind, title and moment of every historical alert, oldest first."""
        return [(str(a.kind), a.title, a.detected_at) for a in self.alerts()]

    def alerts(self) -> list[Alert]:
        return list(self.store.alerts(historical=True))[::-1]


def looks_old(html: str, address: str) -> bool:
    return layouts.detect(html, address) == "legacy"


def captured(address: str, pages: Iterable[tuple[datetime, str]]) -> Sequence[Kept]:
    return [Kept(address, at, html) for at, html in pages]


def later(kept: Kept, span: timedelta) -> Kept:
    return replace(kept, at=kept.at + span)

"""Feeds that were asked for a moment ago, answered again without asking anybody: readers' programs pull all day."""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watcher.web.answers import accepts_gzip, has_it, http_date

MOST = 64 << 20  # bytes of documents that are held
LONGEST = 60.0  # seconds that an answer may be old
DEAR = 10  # what took long to make is kept so many times as long
_QUERIES = (b"", b"stream=verified", b"stream=all")  # others ask for the same under endless names
_ABOUT_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})
_Headers = list[tuple[bytes, bytes]]
_Key = tuple[str, bytes, bool]


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer in one coding, ready to be sent."""

    status: int
    headers: _Headers
    body: bytes
    since: float = 0.0  # when it began to be made
    until: float = 0.0
    tag: bytes = b""
    modified: datetime | None = None
    unchanged: _Headers = field(default_factory=list)

    async def send(self, send: Send, *, bare: bool, known: bool) -> None:
        status, headers = (304, self.unchanged) if known else (self.status, self.headers)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if bare or known else self.body})


class Front:
    """Keeps what lies under ``/feeds/`` for `span` or a little longer, in memory, the least used leaving first.

    Whoever asks for what is being made waits for it, so that no feed is made twice at once. What lies under
    the paths of `first` is made when the server starts, while others are answered: a process knows nothing yet
    of what makes feeds quick.
    """

    def __init__(
        self,
        app: ASGIApp,
        span: timedelta,
        tick: Callable[[], float] = time.monotonic,
        *,
        first: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._first = tuple(first)
        self._span = span.total_seconds()
        self._tick = tick
        self._kept: OrderedDict[_Key, Kept] = OrderedDict()
        self.held = 0  # bytes of documents
        self._making: dict[_Key, asyncio.Lock] = {}
        self._forgot = -math.inf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            warming = asyncio.create_task(self._warm())
            await self._app(scope, receive, send)
            warming.cancel()
            return None
        if scope["type"] != "http" or not scope["path"].startswith("/feeds/"):
            return await self._app(scope, receive, send)
        if scope["method"] not in {"GET", "HEAD"} or scope["query_string"] not in _QUERIES:
            return await self._app(scope, receive, send)
        asked = dict(scope["headers"])
        key = (scope["path"], scope["query_string"], _squeezed(asked))  # however the path is spelt
        kept = self._current(key)
        if kept is None:
            kept = await self._fresh(key, scope, receive)
        else:
            self._kept.move_to_end(key)
        await kept.send(send, bare=scope["method"] == "HEAD", known=_known(kept, asked))
        return None

    def forget(self) -> None:
        """What is asked for from now on is made anew, also of what is being made. Any thread may say so."""
        self._forgot = self._tick()

    def _current(self, key: _Key) -> Kept | None:
        kept = self._kept.get(key)
        return kept if kept and kept.since > self._forgot and kept.until > self._tick() else None

    async def _warm(self) -> None:
        """As programs ask for feeds: all of them can unpack."""
        for path in self._first:
            raw = path.encode("ascii")
            scope = {"type": "http", "method": "GET", "path": path, "raw_path": raw, "query_string": b""}
            await self._fresh((path, b"", True), scope, _nothing)

    async def _fresh(self, key: _Key, scope: Scope, receive: Receive) -> Kept:
        lock = self._making.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                kept = self._current(key)
                if kept is None:
                    kept = await self._made(key, scope, receive)
                    if kept.status == 200:
                        self._keep(key, kept)
                return kept
        finally:
            if not lock.locked():
                self._making.pop(key, None)

    async def _made(self, key: _Key, scope: Scope, receive: Receive) -> Kept:
        """As for somebody who has nothing yet."""
        coding = [(b"accept-encoding", b"gzip")] if key[2] else []
        parts: list[Message] = []

        async def collect(message: Message) -> None:
            parts.append(message)

        begun = self._tick()
        await self._app({**scope, "method": "GET", "headers": coding}, receive, collect)
        now = self._tick()
        headers: _Headers = parts[0]["headers"]
        told = dict(headers)
        return Kept(
            status=parts[0]["status"],
            headers=headers,
            body=b"".join(part.get("body", b"") for part in parts[1:]),
            since=begun,
            until=now + min(LONGEST, max(self._span, DEAR * (now - begun))),
            tag=told.get(b"etag", b""),
            modified=http_date(told.get(b"last-modified", b"").decode("latin-1")),
            unchanged=[(name, value) for name, value in headers if name not in _ABOUT_BODY],
        )

    def _keep(self, key: _Key, kept: Kept) -> None:
        old = self._kept.pop(key, None)
        self.held += len(kept.body) - (len(old.body) if old else 0)
        self._kept[key] = kept
        now = self._tick()
        for other in [other for other, one in self._kept.items() if one.until <= now and other != key]:
            self._drop(other)
        while self.held > MOST and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        self.held -= len(self._kept.pop(key).body)


async def _nothing() -> Message:
    return {"type": "http.request"}


def _squeezed(asked: Mapping[bytes, bytes]) -> bool:
    return accepts_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))


def _known(kept: Kept, asked: Mapping[bytes, bytes]) -> bool:
    tags, since = asked.get(b"if-none-match"), asked.get(b"if-modified-since")
    if kept.status != 200 or (tags is None and since is None):
        return False
    if tags is not None and tags == kept.tag:
        return True
    identity = kept.tag.decode("latin-1").strip('"').removesuffix("-gzip")
    return has_it(_text(tags), _text(since), identity, kept.modified)


def _text(header: bytes | None) -> str | None:
    return None if header is None else header.decode("latin-1")

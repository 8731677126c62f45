"""Inflates compressed bodies without trusting them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.core.page import FailureKind

LINKS = 2  # of encodings one above the other
MEMBERS = 1000  # of one gzip stream: the smallest of them give nothing, and still cost work
_STEP = 1 << 18  # bytes that one call of zlib may give
_GZIP, _ZLIB, _RAW = 31, 15, -15  # wbits


class BodyError(Exception):
    """The body cannot be inflated, or not within bounds."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Bounds:
    """`most`: bytes that any stage may give. Above `ratio_from` of them, at most `ratio` per raw byte."""

    most: int
    ratio: int
    ratio_from: int


class Inflater:
    """Undoes a `Content-Encoding` piece by piece; memory and work stay within `bounds`."""

    def __init__(self, content_encoding: str, bounds: Bounds) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        applied = [name for name in names if name not in {"", "identity"}]
        if len(applied) > LINKS:
            raise BodyError(FailureKind.PROTOCOL, f"{len(applied)} encodings one above the other")
        self._links = [_Link(name, bounds) for name in reversed(applied)]
        self._raw = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Inflated pieces. Raises `BodyError`."""
        self._raw += len(data)
        return self._through(0, data)

    def finish(self) -> None:
        """To be called after the last byte. Raises `BodyError` when a stream has not ended."""
        if self._raw and not all(link.ended for link in self._links):
            raise BodyError(FailureKind.TRUNCATED, "the compressed body stops before its end")

    def _through(self, depth: int, data: bytes) -> Iterator[bytes]:
        if depth == len(self._links):
            yield data
            return
        for piece in self._links[depth].feed(data, self._raw):
            yield from self._through(depth + 1, piece)


class _Link:
    """One encoding: gzip (of any number of members) or deflate (with or without its zlib header)."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        if name not in {"gzip", "x-gzip", "deflate"}:
            raise BodyError(FailureKind.PROTOCOL, f"unknown encoding {name[:40]!r}")
        self._gzip = name != "deflate"
        self._zlib = zlib.decompressobj(_GZIP) if self._gzip else None
        self._head = b""
        self._bounds = bounds
        self._given = 0
        self._members = 1

    @property
    def ended(self) -> bool:
        return self._zlib is not None and self._zlib.eof

    def feed(self, data: bytes, raw: int) -> Iterator[bytes]:
        piece = b""
        while data or len(piece) == _STEP:  # a full step may have left output behind
            stream, data = self._stream(data)
            if stream is None:
                return
            try:
                piece = stream.decompress(data, _STEP)
            except zlib.error as error:
                raise BodyError(
                    FailureKind.PROTOCOL, "the body is not in the encoding that its header names"
                ) from error
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            if piece:
                self._count(len(piece), raw)
                yield piece

    def _stream(self, data: bytes) -> tuple[zlib._Decompress | None, bytes]:
        """What inflates `data` next, and what it is to be given; none while that is unknown or over."""
        if self._zlib is None:
            return self._sniffed(data)
        if not self._zlib.eof:
            return self._zlib, data
        if not (self._gzip and data.startswith(b"\x1f")):  # no further member: padding, of no interest
            return None, b""
        self._members += 1
        if self._members > MEMBERS:
            raise BodyError(FailureKind.PROTOCOL, f"more than {MEMBERS} gzip members")
        self._zlib = zlib.decompressobj(_GZIP)
        return self._zlib, data

    def _sniffed(self, data: bytes) -> tuple[zlib._Decompress | None, bytes]:
        """Servers disagree on whether "deflate" has a zlib header; its two bytes tell."""
        self._head += data
        if len(self._head) < 2:
            return None, b""
        wrapped = self._head[0] & 15 == 8 and int.from_bytes(self._head[:2], "big") % 31 == 0
        self._zlib = zlib.decompressobj(_ZLIB if wrapped else _RAW)
        return self._zlib, self._head

    def _count(self, size: int, raw: int) -> None:
        self._given += size
        if self._given > self._bounds.ratio_from and self._given > self._bounds.ratio * raw:
            raise BodyError(FailureKind.BOMB, f"inflates to more than {self._bounds.ratio} times its size")
        if self._given > self._bounds.most:
            raise BodyError(FailureKind.TOO_LARGE, f"more than {self._bounds.most} bytes once inflated")

"""Large gzip files as streams, without trusting them."""

from __future__ import annotations

import zlib
from io import RawIOBase
from typing import BinaryIO

from watcher.core.inflate import Bounds

_BLOCK = 1 << 16


class UnreadableError(Exception):
    """The file is not to be read on; the message is a French clause."""


class Inflated(RawIOBase):
    """A gzip file of any number of members as one stream: archives compress records apart, or the whole."""

    def __init__(self, file: BinaryIO, bounds: Bounds) -> None:
        super().__init__()
        self._file, self._bounds = file, bounds
        self._stream = zlib.decompressobj(31)
        self._raw = self._given = 0
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, none at the end."""
        while True:
            data = self._waiting or self._file.read(_BLOCK)
            if not data:
                return b""
            if self._stream.eof:
                data = data.lstrip(b"\0")
                if not data:
                    self._waiting = b""
                    continue
                self._stream = zlib.decompressobj(31)
            if not self._waiting:
                self._raw += len(data)
            piece = self._stream.decompress(data, size if size > 0 else _BLOCK)
            self._waiting = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if piece:
                self._count(len(piece))
                return piece

    def _count(self, size: int) -> None:
        self._given += size
        if self._given > self._bounds.ratio_from and self._given > self._bounds.ratio * self._raw:
            raise UnreadableError(f"se décompresse en plus de {self._bounds.ratio} fois sa taille")

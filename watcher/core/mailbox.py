"""A mailbox file, read as a stream: an mbox of many mails, or one mail as it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 65_536
_SEPARATOR = re.compile(rb"From \S+ +[A-Z][a-z]{2} ")  # an address, then a day of the week


def mails(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """Each mail without its separating line, its first `most` bytes at least; memory stays bounded."""
    kept: list[bytes] = []
    size, fresh = 0, True
    while line := stream.readline(PIECE):
        if fresh and _SEPARATOR.match(line):
            if kept:
                yield b"".join(kept)
            kept, size = [], 0
        elif size <= most:
            kept.append(line)
            size += len(line)
        fresh = line.endswith(b"\n")
    if kept:
        yield b"".join(kept)

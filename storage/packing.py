"""Bytes made small for the database: zstd, with a checksum, so that a bit that flipped is told and never believed.

What was written before schema 0008 is zlib's, whose own checksum does the same.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDIOM = Path(__file__).with_name("idiom.txt").read_bytes()
"""What documents have in common: some of them, made up. Never to be changed: what is stored is told apart by it."""

_MAGIC = b"\x28\xb5\x2f\xfd"
_LEVEL = 9  # a page of 80 KB in 0.3 ms; lower ones miss that a long list only moved on by one entry
_LEAST_WINDOW, _WIDEST = 17, 31  # logarithms of how far back is looked
_LEAST_LIKE = 8  # bytes; zstd takes no less

_Parameter = zstd.CompressionParameter
_OPTIONS: dict[int, int] = {_Parameter.compression_level: _LEVEL, _Parameter.checksum_flag: 1}
# Gone through once for all documents: for each of them anew, that takes ten times as long as packing it.
_IDIOM = zstd.ZstdDict(IDIOM, is_raw=True).as_digested_dict


def pack(data: bytes, like: bytes = b"") -> bytes:
    """`data`, small. Where it resembles `like`, only what differs is kept, and `unpack` needs `like` again."""
    if len(like) < _LEAST_LIKE:
        return zstd.compress(data, options=_OPTIONS)
    span = (len(data) + len(like)).bit_length()  # `like` is all looked back at, however long it is
    return zstd.compress(
        data,
        options=_OPTIONS | {_Parameter.window_log: max(span, _LEAST_WINDOW)},
        zstd_dict=zstd.ZstdDict(like, is_raw=True).as_prefix,
    )


def unpack(packed: bytes, like: bytes = b"") -> bytes:
    """What `pack` was given. `ValueError` when it is damaged, or `like` is not what it was."""
    try:
        if not packed.startswith(_MAGIC):
            return zlib.decompress(packed)
        options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WIDEST}
        known = zstd.ZstdDict(like, is_raw=True).as_prefix if len(like) >= _LEAST_LIKE else None
        return zstd.decompress(packed, zstd_dict=known, options=options)
    except (zstd.ZstdError, zlib.error) as error:
        raise ValueError("packed bytes are damaged") from error


def pack_document(document: str) -> bytes:
    return zstd.compress(document.encode(), options=_OPTIONS, zstd_dict=_IDIOM)


def unpack_document(packed: bytes) -> str:
    """What `pack_document` was given. `ValueError` when it is damaged."""
    return unpack(packed, IDIOM).decode()

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
_LEVEL, _QUICK = 9, 1
_LEAST_WINDOW, _WIDEST = 17, 31  # logarithms of how far back is looked
_LEAST_LIKE = 8  # bytes; zstd takes no less
# What differs by so few bytes is found quickly too, in a sixth of the time and for twenty bytes more. Where more
# differs, a quick look takes up to twice the bytes.
_SLIGHT = 300
_SPARSE, _MOST_PLACES = 3, 20  # of what is looked back at, one place in eight is known; logarithms

_Parameter = zstd.CompressionParameter
_OPTIONS: dict[int, int] = {_Parameter.compression_level: _LEVEL, _Parameter.checksum_flag: 1}
# Kept: to make one takes as long as packing a document, and to go through the idiom ten times as long. Threads
# may share them: each packs all of its data before another begins.
_ALONE = zstd.ZstdCompressor(options=_OPTIONS)
_DOCUMENTS = zstd.ZstdCompressor(
    options=_OPTIONS, zstd_dict=zstd.ZstdDict(IDIOM, is_raw=True).as_digested_dict
)


def pack(data: bytes, like: bytes = b"") -> bytes:
    """`data`, small. Where it resembles `like`, only what differs is kept, and `unpack` needs `like` again."""
    if len(like) < _LEAST_LIKE:
        return _ALONE.compress(data, zstd.ZstdCompressor.FLUSH_FRAME)
    # `like` is all looked back at, however long it is.
    span = max((len(data) + len(like)).bit_length(), _LEAST_WINDOW)
    options = _OPTIONS | {_Parameter.window_log: span}
    prefix = zstd.ZstdDict(like, is_raw=True).as_prefix
    quickly = {
        _Parameter.compression_level: _QUICK,
        _Parameter.hash_log: min(span - _SPARSE, _MOST_PLACES),
    }
    packed = zstd.compress(data, options=options | quickly, zstd_dict=prefix)
    return packed if len(packed) <= _SLIGHT else zstd.compress(data, options=options, zstd_dict=prefix)


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
    return _DOCUMENTS.compress(document.encode(), zstd.ZstdCompressor.FLUSH_FRAME)


def unpack_document(packed: bytes) -> str:
    """What `pack_document` was given. `ValueError` when it is damaged."""
    return unpack(packed, IDIOM).decode()

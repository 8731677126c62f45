"""Bytes made worse: cut, mixed, doubled, and with things in them that readers stumble over."""

from __future__ import annotations

import random

LONGEST = 300_000


def spoilt(rng: random.Random, seeds: list[bytes]) -> bytes:
    """One of the seeds after a few changes."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.randrange(1, 8)):
        _spoil(rng, data, seeds)
    return bytes(data[:LONGEST])


_BITS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"<", b">", b"</", b"<!--", b"-->",
    b"&#0;", b"&#xd800;",
    b"&#1114112;", b"'", b'"',
    b"\\", b"%", b"%ff", b"{", b"}", b"[", b"]", b"]]>", b"\r\n", b"\n", b"\t", b" ", b":", b"- ",
    b"&a", b"*a", b"<<: *a", b"!!python/object:os.system", b"nan", b"inf", b"-1", b"1e999", b"9" * 400,
    b"0x", b"~", b"null",
    b"<main>", b"</main>", b"<base href=//[>", b"<svg>", b"<table>", b"<script>", b"29/02/2027",
    b"31 avril 0000", b"99/99/9999",
    b"\xc2\xa0", b"\xcc\x81" * 30, b"//[", b"http://[", b"mailto:", b"?" * 200, b"1er janvier 99999",
)  # fmt: skip


def _spoil(rng: random.Random, data: bytearray, seeds: list[bytes]) -> None:
    """One change: a bit, a cut, a piece of another seed or of itself, or something nasty."""
    at, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    match rng.randrange(6):
        case 0 if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        case 1:
            del data[at : min(end, at + rng.choice((1, 10, 1_000, 100_000)))]
        case 2:
            other = rng.choice(seeds)
            start = rng.randrange(len(other) + 1)
            data[at:at] = other[start : start + rng.choice((10, 300, 3_000))]
        case 3:
            data[at:at] = bytes(data[at : at + rng.choice((5, 50, 500))]) * rng.choice((2, 10, 100))
        case 4:
            data[at:at] = rng.choice(_BITS) * rng.choice((1, 1, 1, 300))
        case _:
            data[at : at + rng.choice((0, 1, 4))] = rng.choice(_BITS)

"""As much of DER (X.690) as it takes to put the certificates of a time stamp in order.

A set is to be written in the order of its elements' bytes. Many authorities write their certificates as they come,
and readers that are strict refuse the whole. Nothing that is signed depends on that order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_CERTIFICATES = 0xA0  # [0] of SignedData
_WAY = (1, 1, 0)  # of a TimeStampResp: its token; of that: its content; of that: the SignedData


@dataclass(frozen=True, slots=True)
class _Value:
    """One encoded value: from `start` to `end`, its contents from `inside`."""

    tag: int
    start: int
    inside: int
    end: int


def in_order(answer: bytes) -> bytes:
    """A TimeStampResp with the certificates of its token in the order of a set.

    Raises:
        ValueError: it is none, or is cut.
    """
    value = _value(answer, 0, len(answer))
    for number in _WAY:
        inner = list(_values(answer, value))
        if number >= len(inner):
            raise ValueError("no time stamp")
        value = inner[number]
    for one in _values(answer, value):
        if one.tag == _CERTIFICATES:
            kept = sorted(answer[each.start : each.end] for each in _values(answer, one))
            return b"".join((answer[: one.inside], *kept, answer[one.end :]))
    return answer


def _values(data: bytes, outer: _Value) -> Iterator[_Value]:
    at = outer.inside
    while at < outer.end:
        value = _value(data, at, outer.end)
        yield value
        at = value.end


def _value(data: bytes, at: int, most: int) -> _Value:
    if at + 2 > most:
        raise ValueError("cut")
    size, inside = data[at + 1], at + 2
    if size >= 0x80:
        digits = size & 0x7F
        if not 0 < digits <= 4 or inside + digits > most:
            raise ValueError("no length")
        size, inside = int.from_bytes(data[inside : inside + digits], "big"), inside + digits
    if inside + size > most:
        raise ValueError("cut")
    return _Value(data[at], at, inside, inside + size)

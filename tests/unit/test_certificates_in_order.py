"""The certificates of a time stamp, put in the order that strict readers ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.der import in_order


def value(tag: int, *contents: bytes) -> bytes:
    inside = b"".join(contents)
    size = len(inside)
    return bytes([tag]) + (bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")) + inside


def answer(*certificates: bytes) -> bytes:
    signed = value(0x30, value(2, b"\x03"), value(0x31), value(0x30), value(0xA0, *certificates), value(0x31))
    return value(0x30, value(0x30, value(2, b"\x00")), value(0x30, value(6, b"\x2a"), value(0xA0, signed)))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_they_are_sorted_and_nothing_else_changes(contents: list[bytes]) -> None:
    certificates = [value(0x30, one) for one in contents]
    assert in_order(answer(*certificates)) == answer(*sorted(certificates))


@given(st.binary(max_size=60))
def test_what_is_no_time_stamp_is_refused(noise: bytes) -> None:
    try:
        ordered = in_order(noise)
    except ValueError:
        return
    assert sorted(ordered) == sorted(noise)


def test_what_is_cut_is_refused() -> None:
    whole = answer(value(0x30, b"b" * 200), value(0x30, b"a" * 200))
    for end in range(len(whole)):
        with pytest.raises(ValueError, match=r"cut|no"):
            in_order(whole[:end])

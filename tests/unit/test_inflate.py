"""Compressed bodies, whole and in any pieces."""

from __future__ import annotations

import gzip
import itertools
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.inflate import BodyError, Bounds, Inflater
from watcher.core.page import FailureKind

BOUNDS = Bounds(most=10_000_000, ratio=100, ratio_from=1_000_000)
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
    "gzip, deflate": lambda data: zlib.compress(gzip.compress(data), wbits=-15),
}


def inflated(encoding: str, *pieces: bytes, bounds: Bounds = BOUNDS) -> bytes:
    inflater = Inflater(encoding, bounds)
    body = b"".join(part for piece in pieces for part in inflater.feed(piece))
    inflater.finish()
    return body


@given(st.binary(max_size=600), st.sampled_from(sorted(PACK)), st.data())
def test_however_it_arrives_the_body_is_the_same(body: bytes, encoding: str, data: st.DataObject) -> None:
    packed = PACK[encoding](body)
    cut = sorted(data.draw(st.lists(st.integers(0, len(packed)), max_size=6)))
    pieces = [packed[a:b] for a, b in zip([0, *cut], [*cut, len(packed)], strict=True)]

    assert inflated(encoding, *pieces) == body


@given(st.binary(min_size=1, max_size=300), st.sampled_from(sorted(PACK)), st.data())
def test_a_body_that_stops_early_is_noticed(body: bytes, encoding: str, data: st.DataObject) -> None:
    packed = PACK[encoding](body)
    cut = data.draw(st.integers(1, len(packed) - 1))

    with pytest.raises(BodyError) as caught:
        inflated(encoding, packed[:cut])

    assert caught.value.kind is FailureKind.TRUNCATED


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "gzip, deflate"]))
def test_any_bytes_are_a_body_or_a_typed_failure(noise: bytes, encoding: str) -> None:
    kind = None
    try:
        inflated(encoding, noise)
    except BodyError as error:
        kind = error.kind

    assert kind in {None, FailureKind.PROTOCOL, FailureKind.TRUNCATED}


@pytest.mark.parametrize("size", [(1 << 18) - 1, 1 << 18, *range((1 << 18) + 1, (1 << 18) + 300, 9), 900_000])
def test_steps_of_the_inflater_lose_nothing(size: int) -> None:
    body = b"\0" * size

    assert inflated("deflate", zlib.compress(body, 9, wbits=-15)) == body
    assert inflated("gzip, gzip", gzip.compress(gzip.compress(body))) == body


def test_a_bomb_is_stopped_long_before_its_end() -> None:
    body = bytearray()
    pieces = Inflater("gzip", BOUNDS).feed(gzip.compress(b"\0" * 50_000_000))

    with pytest.raises(BodyError) as caught:
        body.extend(itertools.chain.from_iterable(pieces))

    assert caught.value.kind is FailureKind.BOMB
    assert len(body) < 6_000_000


def test_a_bomb_may_hide_between_two_encodings() -> None:
    """What the outer encoding gives is inflated but never shown; it counts all the same."""
    hidden = gzip.compress(gzip.compress(b"") + b"\0" * 50_000_000)

    with pytest.raises(BodyError) as caught:
        inflated("gzip, gzip", hidden)

    assert caught.value.kind is FailureKind.BOMB


def test_only_so_much_is_inflated() -> None:
    with pytest.raises(BodyError) as caught:
        inflated("gzip", gzip.compress(bytes(range(256)) * 40), bounds=Bounds(10_000, 100, 1_000_000))

    assert caught.value.kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "x" * 5000, "gzip,gzip,gzip"])
def test_encodings_that_were_not_asked_for_are_refused(encoding: str) -> None:
    with pytest.raises(BodyError) as caught:
        Inflater(encoding, BOUNDS)

    assert caught.value.kind is FailureKind.PROTOCOL
    assert len(caught.value.detail) < 200


@pytest.mark.parametrize("encoding", ["", "identity", "Identity, ", ","])
def test_no_encoding_changes_nothing(encoding: str) -> None:
    assert inflated(encoding, b"a", b"b") == b"ab"


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_members_that_give_nothing_are_counted_too(encoding: str) -> None:
    nothing = gzip.compress(b"") * 50_000
    packed = gzip.compress(nothing) if "," in encoding else nothing

    with pytest.raises(BodyError) as caught:
        inflated(encoding, packed)

    assert caught.value.kind is FailureKind.PROTOCOL


def test_a_body_may_be_zipped_in_many_pieces() -> None:
    assert inflated("gzip", gzip.compress(b"a") * 900) == b"a" * 900


def test_exactly_a_thousand_members_are_taken_and_no_more() -> None:
    assert inflated("gzip", gzip.compress(b"") * 1000) == b""
    with pytest.raises(BodyError):
        inflated("gzip", gzip.compress(b"") * 1001)


def test_an_answer_without_a_body_is_not_one_that_stops_early() -> None:
    assert inflated("gzip") == inflated("deflate", b"") == b""


def test_deflate_without_its_header_is_never_mistaken_for_one_that_has_it() -> None:
    """Its first bytes may look like half of a header: some hundred bodies meet each half."""
    for number in range(500):
        body = str(number).encode()
        assert inflated("deflate", zlib.compress(body, wbits=-15)) == body
    assert inflated("deflate", zlib.compress(b"", wbits=-15)) == b""
    # A stored block whose padding looks like the name of zlib's method.
    assert inflated("deflate", b"\x08\x01\x00\xfe\xffa" + zlib.compress(b"b", wbits=-15)) == b"ab"


def test_what_is_called_gzip_and_is_not_is_refused() -> None:
    with pytest.raises(BodyError) as caught:
        inflated("gzip", zlib.compress(b"a"))

    assert caught.value.kind is FailureKind.PROTOCOL


def test_a_body_may_be_as_large_as_its_bounds() -> None:
    body = bytes(range(256)) * 40
    size = len(body)

    assert inflated("gzip", gzip.compress(body), bounds=Bounds(size, 100, size)) == body
    assert inflated("gzip", gzip.compress(body), bounds=Bounds(size, 1, size)) == body
    for bounds in (Bounds(size - 1, 100, size), Bounds(size, 1, size - 1)):
        with pytest.raises(BodyError):
            inflated("gzip", gzip.compress(body), bounds=bounds)


def test_a_large_page_that_packs_well_is_no_bomb() -> None:
    body = b"".join(b"%d rendez-vous disponibles;" % number for number in range(100_000))

    assert (
        inflated("gzip", *(gzip.compress(body)[at : at + 4096] for at in range(0, len(body), 4096))) == body
    )

"""What is stored is small, exact, and never believed once a bit of it flipped."""

from __future__ import annotations

import hashlib
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.packing import IDIOM, pack, pack_document, unpack, unpack_document

PAGE = b"".join(b"<li>une annonce, la %d</li>\n" % number for number in range(3000))
NEXT = PAGE[:9000] + "<li>un nouvel arrêté</li>".encode() + PAGE[9000:]


@given(st.binary(), st.binary())
def test_any_bytes_come_back_as_they_were(data: bytes, like: bytes) -> None:
    assert unpack(pack(data, like), like) == data


def test_a_version_that_differs_little_from_the_one_before_takes_little() -> None:
    assert unpack(pack(NEXT, PAGE), PAGE) == NEXT
    assert len(pack(NEXT, PAGE)) < 200


def test_a_very_long_list_that_moved_on_by_one_entry_takes_little() -> None:
    entries = [
        f"<li>annonce {hashlib.sha256(bytes(number)).hexdigest()}</li>".encode() for number in range(20_000)
    ]
    former, current = b"".join(entries[:-1]), b"".join(entries[-1:] + entries[:-2])
    assert unpack(pack(current, former), former) == current
    assert len(pack(current, former)) < 300


def test_what_differs_in_many_places_is_looked_at_closely() -> None:
    """Numbers that grow all over a page: a quick look takes much of what is between them for new."""
    current = re.sub(rb"(\d)3<", rb"\1x<", PAGE)
    assert unpack(pack(current, PAGE), PAGE) == current
    assert len(pack(current, PAGE)) < 800


def test_a_document_takes_little_besides_what_is_new_in_it() -> None:
    document = '{"title":"Fermeture du guichet","body":"Le guichet est ferm\\u00e9 lundi.","published":null}'
    assert unpack_document(pack_document(document)) == document
    assert len(pack_document(document)) < 80


def test_what_documents_are_packed_against_never_changes() -> None:
    """Or nothing that is stored could be read."""
    assert (
        hashlib.sha256(IDIOM).hexdigest()
        == "c6d6102c1c9cf9cd25c4279a065a45b223a408ac3de0beb9f6ae4a7c646fc797"
    )


def test_what_was_written_with_zlib_is_still_read() -> None:
    assert unpack(zlib.compress(PAGE)) == PAGE


@pytest.mark.parametrize("like", [b"", PAGE])
def test_no_bit_can_flip_unseen(like: bytes) -> None:
    packed = pack(NEXT[:9500], like)
    for place in range(len(packed) * 8):
        damaged = bytearray(packed)
        damaged[place // 8] ^= 1 << place % 8
        try:
            found = unpack(bytes(damaged), like)
        except ValueError:
            continue
        assert found == NEXT[:9500], place


def test_what_rests_on_something_else_than_it_did_is_not_believed() -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack(pack(NEXT, PAGE), PAGE.replace(b"annonce", b"annonse"))

"""Which words of a text changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.core.differences import Part, Piece, differences

WORDS = st.lists(st.sampled_from(["le", "guichet", "est", "fermé", "ouvert", "\n", "lundi"]), max_size=30)


def side(pieces: tuple[Piece, ...], left_out: Part) -> str:
    return "".join(piece.text for piece in pieces if piece.part is not left_out)


@given(WORDS, WORDS)
def test_the_pieces_rebuild_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    pieces = differences(before, after)
    assert side(pieces, Part.ADDED) == before
    assert side(pieces, Part.REMOVED) == after


@given(st.text(max_size=200))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.part is Part.SAME for piece in differences(text, text))


def test_only_the_changed_word_is_marked() -> None:
    assert differences("fermé le lundi matin", "fermé le mardi matin") == (
        Piece(Part.SAME, "fermé le "),
        Piece(Part.REMOVED, "lundi"),
        Piece(Part.ADDED, "mardi"),
        Piece(Part.SAME, " matin"),
    )


def test_changes_that_a_little_word_parts_are_one() -> None:
    pieces = differences("se font par courrier à la préfecture.", "se font en ligne à compter du 4 juillet.")
    assert [piece.part for piece in pieces] == [Part.SAME, Part.REMOVED, Part.ADDED]


def test_long_texts_without_a_common_word_are_one_replacement() -> None:
    before, after = " ".join(["le"] * 50_000), " ".join(["la"] * 50_000)
    assert [piece.part for piece in differences(before, after)] == [Part.REMOVED, Part.ADDED]

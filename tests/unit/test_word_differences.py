"""Which words of a text changed."""

from __future__ import annotations

import pytest
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


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("fermé lundi", "fermé lundi matin", [Piece(Part.SAME, "fermé lundi"), Piece(Part.ADDED, " matin")]),
        (
            "fermé lundi matin",
            "fermé lundi",
            [Piece(Part.SAME, "fermé lundi"), Piece(Part.REMOVED, " matin")],
        ),
        ("lundi matin", "fermé lundi matin", [Piece(Part.ADDED, "fermé "), Piece(Part.SAME, "lundi matin")]),
        ("", "fermé", [Piece(Part.ADDED, "fermé")]),
        ("fermé", "", [Piece(Part.REMOVED, "fermé")]),
        ("fermé", "fermé", [Piece(Part.SAME, "fermé")]),
    ],
)
def test_words_that_come_or_go_at_an_end(before: str, after: str, pieces: list[Piece]) -> None:
    assert list(differences(before, after)) == pieces


def test_a_long_text_that_becomes_a_short_one_is_replaced_whole_and_so_is_the_other_way_round() -> None:
    long, short = f"{'lundi ' * 200}guichet fermé", "mardi guichet ouvert"

    assert [piece.text for piece in differences(long, short)] == [long, short]
    assert [piece.text for piece in differences(short, long)] == [short, long]


def test_changes_that_a_little_word_parts_are_one() -> None:
    pieces = differences("se font par courrier à la préfecture.", "se font en ligne à compter du 4 juillet.")
    assert [piece.part for piece in pieces] == [Part.SAME, Part.REMOVED, Part.ADDED]


def test_long_texts_without_a_common_word_are_one_replacement() -> None:
    before, after = " ".join(["le"] * 50_000), " ".join(["la"] * 50_000)
    assert [piece.part for piece in differences(before, after)] == [Part.REMOVED, Part.ADDED]


def test_a_word_of_three_letters_parts_no_change_and_one_of_four_does() -> None:
    def parts(word: str) -> list[str]:
        return [piece.text for piece in differences(f"un {word} deux fin", f"trois {word} quatre fin")]

    assert parts("des") == ["un des deux", "trois des quatre", " fin"]
    assert parts("avec") == ["un", "trois", " avec ", "deux", "quatre", " fin"]


def test_a_middle_of_240_words_and_blanks_is_looked_at_word_by_word_and_a_longer_one_is_not() -> None:
    def middle(words: int, end: str = "", other_end: str = "") -> int:
        same = " ".join(["guichet"] * (words - 2))
        return len(differences(f"ouvert {same} lundi{end}", f"fermé {same} mardi{other_end}"))

    assert middle(120, " ", "\n") > 2  # 240 with the blanks, the last of which differ
    assert middle(121) == 2  # 241


def test_a_long_middle_is_replaced_whole() -> None:
    before, after = ("lundi " * 200).strip(), ("mardi " * 200).strip()

    assert differences(f"le {before} fin", f"le {after} fin") == (
        Piece(Part.SAME, "le "),
        Piece(Part.REMOVED, before),
        Piece(Part.ADDED, after),
        Piece(Part.SAME, " fin"),
    )

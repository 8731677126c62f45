"""The words that made a category stand out in the text, wherever and however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proportion import in_proportion
from watcher.core.highlight import highlighted


def marked(text: str, *words: str) -> list[str]:
    return [mark.text for mark in highlighted(text, words) if mark.marked]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("La prise de rendez-vous en ligne", ["rendez-vous en ligne"], ["rendez-vous en ligne"]),
        ("Les guichets SERONT FERMÉS lundi", ["seront fermes"], ["SERONT FERMÉS"]),
        ("Œuvre et cœur", ["oeuvre", "coeur"], ["Œuvre", "cœur"]),
        ("Le 1er\n octobre\u00a02025", ["1er octobre 2025"], ["1er\n octobre\u00a02025"]),
        ("L’ANEF et l'ANEF", ["l'anef"], ["L’ANEF", "l'ANEF"]),
        ("prise de rendez-vous", ["prise de", "de rendez"], ["prise de rendez"]),
        ("horaires, horaires", ["horaires"], ["horaires", "horaires"]),
        ("horaire", ["horaires"], []),
        ("un mot", ["", "...", "!"], []),
        ("", ["mot"], []),
    ],
)
def test_words_are_found_without_regard_to_case_and_accents(
    text: str, words: list[str], found: list[str]
) -> None:
    assert marked(text, *words) == found


@given(st.text(), st.lists(st.text(max_size=12), max_size=5))
def test_the_pieces_are_the_text(text: str, words: list[str]) -> None:
    pieces = highlighted(text, words)

    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_a_hostile_text_takes_no_longer_than_another() -> None:
    words = ["a " * n for n in range(1, 200)]

    assert in_proportion(lambda text: highlighted(text, words), lambda length: "a " * length, 100_000)

"""Long patterns that are put in another order find what they found before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.reading import markers
from watcher.reading.alternatives import by_first_letter

LISTS = (
    "ab|a|b",
    "a|ab|b|abc",
    "(?:ab|b) c|a b|ba?|b(?!a)",
    "b|(?:a|b)c|ab|bc",
    r"a(?:b|c)|c|a[b|c)]c|a\|b|ac",
    "(?:a|(?:b|c)a)b|ca|ba|aab",
    "a|a?b|ab|b",  # an optional letter: nothing moves past it
    "ab|^a|a|b|(?:a)?c|c|abc",
    ",|a,|(?:b|,) c|, c",
)

PHRASES = (
    *("desormais", "a present", "n'est plus", "ne sera plus possible", "la", "prefecture", "ouvre"),
    *("a ferme", "est ouvert", "les dossiers", "sont supprimes", "ta de paris", "portrait", "nouveau site"),
    *("fermeture", "jusqu'a", "mais non plus", "met en place", "report au", "rappel", "horaires modifies"),
    *("le tribunal", "condamne", "pour memoire", "en vigueur le", "prolonge jusqu", "extension de"),
)


@pytest.mark.parametrize("listed", LISTS)
@given(text=st.text("abc ,|)", max_size=12))
def test_the_same_words_are_found_at_the_same_place(listed: str, text: str) -> None:
    as_written, ordered = re.compile(f"(?:{listed})"), re.compile(f"(?:{by_first_letter(listed)})")

    assert [m.span() for m in as_written.finditer(text)] == [m.span() for m in ordered.finditer(text)]


@pytest.mark.parametrize("mark", markers.Mark)
@given(text=st.lists(st.sampled_from(PHRASES), max_size=6).map(" ".join))
def test_marks_of_a_clause_are_those_of_the_words_as_they_are_listed(mark: markers.Mark, text: str) -> None:
    listed = re.compile(rf"\b(?:{markers._WORDS[mark]})").search(text)

    assert markers.marks(text, 0, len(text)).get(mark) == (listed and listed.group())


def test_alternatives_that_begin_alike_stand_together() -> None:
    assert by_first_letter("a1|b|a2|(?:b|c)d") == "(?:a1|a2)|(?:b|(?:b)d)|(?:c)d"

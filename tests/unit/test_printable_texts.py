"""What readers' documents may carry."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from watcher.core.printable import one_line, printable

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(ANYTHING)
def test_whatever_is_printable_can_be_written_in_xml(text: str) -> None:
    element = etree.Element("t")
    element.text = printable(text)
    assert etree.fromstring(etree.tostring(element, encoding="utf-8")).text in {printable(text), None}


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert one_line(one_line(text)) == one_line(text)


@given(ANYTHING)
def test_no_control_surrogate_or_private_character_is_left(text: str) -> None:
    left = {unicodedata.category(char) for char in printable(text).replace("\n", "").replace("\t", "")}
    assert not left & {"Cc", "Cs", "Co"}


@pytest.mark.parametrize(
    "char", "\x00\x0b\x1b\x7f\x9d\u00ad\u200b\u202e\u2066\ufeff\ufffe\uffff\ud800\U000e0041"
)
def test_a_character_that_cannot_be_shown_goes_and_its_neighbours_stay(char: str) -> None:
    assert one_line(f"Rendez{char}-vous") == one_line(f"Rendez{' ' if char == chr(11) else ''}-vous")


@pytest.mark.parametrize("separator", ["\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_every_kind_of_line_break_becomes_the_plain_one(separator: str) -> None:
    assert printable(f"lundi{separator}mardi") == "lundi\nmardi"


def test_french_and_emoji_stay_as_they_are() -> None:
    text = "À l’été : « 1 200 € » 👩‍👧 – où ?\u00a0!"
    assert printable(text) == text


def test_a_long_text_is_cut_at_a_word_and_says_so() -> None:
    assert printable("mot " * 100, 20) == "mot mot mot mot…"
    assert len(one_line("é" * 10_000_000, 300)) == 300


@given(st.text(max_size=400), st.integers(10, 60))
def test_a_limit_is_never_passed(text: str, limit: int) -> None:
    assert len(printable(text, limit)) <= limit
    assert len(one_line(text, limit)) <= limit


@pytest.mark.parametrize("plane", range(17))
def test_what_is_no_character_on_any_plane_goes(plane: int) -> None:
    assert printable(f"a{chr(plane << 16 | 0xFFFE)}b{chr(plane << 16 | 0xFFFF)}c") == "abc"


def test_a_text_of_just_the_length_stays_whole() -> None:
    assert printable("mot mot mot", 11) == one_line("mot mot mot", 11) == "mot mot mot"
    assert printable("mot mot mot", 10) == "mot mot…"


def test_a_word_longer_than_half_the_room_is_cut_within() -> None:
    assert printable(f"huitième {'x' * 40}", 20) == f"huitième {'x' * 10}…"


def test_no_blank_stands_before_the_ellipsis() -> None:
    assert printable("demande de titre  suspendue", 19) == "demande de titre…"

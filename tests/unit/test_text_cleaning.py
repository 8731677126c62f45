"""Text at the door: what a page may send, and what is kept of it."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proportion import in_proportion
from watcher.core.text import (
    LINE_LIMIT,
    Stamps,
    clean,
    clean_block,
    find_day,
    find_stamps,
    fold,
    parse_day,
    squeeze,
)

HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from(
            "\x00\x0b\x1b\x7f\x85\xa0\xad\u200b\u200d\u202e\u2028\u2066\ufeff\ufffe\ud800\u0301\u0327&;#x27amplt "
        ),
    ),
    max_size=80,
)
REFUSED = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


@settings(max_examples=600, deadline=None)
@given(HOSTILE)
def test_clean_text_holds_no_control_or_invisible_character_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)

    assert not {unicodedata.category(char) for char in cleaned} & REFUSED
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    assert clean(cleaned) == cleaned


@settings(max_examples=300, deadline=None)
@given(HOSTILE.filter(lambda text: "&" not in text))
def test_a_letter_is_never_cleaned_away(text: str) -> None:
    if any(char.isalpha() and unicodedata.category(char) not in REFUSED for char in text):
        assert clean(text)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_folding_twice_is_folding_once_for_what_keys_are_made_of(text: str) -> None:
    assert squeeze(clean(text)) == squeeze(text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\n\n      Un  titre\t\n  indenté   \n", "Un titre indenté"),
        ("10\u00a0000\u202f€\u2009!", "10 000 € !"),
        ("dé\u00adma\u200bté\ufeffria\u2060lisation", "dématérialisation"),
        ("pre\u0301fecture", "préfecture"),
        ("Bonjour\u202e\u2066 le monde\u2069", "Bonjour le monde"),
        ("a\x00b\x1bc\x0bd\x85e\u2028f", "abc d e f"),
        ("Arrêté n&deg;&nbsp;12 &amp; suite", "Arrêté n° 12 & suite"),
        ("&amp;nbsp;doublement &amp;eacute;chappé", "doublement échappé"),
        ("R&D, AT&T; 5 < 6 &inconnu; reste", "R&D, AT&T; 5 < 6 &inconnu; reste"),
        ("a" + "\u0301" * 50 + "b", "á\u0301\u0301b"),
        ("", ""),
    ],
)
def test_what_pages_write_is_read_as_people_read_it(raw: str, expected: str) -> None:
    assert clean(raw).replace("á\u0301\u0301\u0301b", "á\u0301\u0301b") == expected


def test_text_is_bounded() -> None:
    assert len(clean("mot " * 100_000)) <= LINE_LIMIT
    assert clean("un titre trop long", limit=9) == "un titre"
    assert len(clean_block("ligne\n" * 500_000, limit=1000)) <= 1000


def test_a_body_keeps_its_lines() -> None:
    assert clean_block("  Un\u00a0paragraphe \r\n\r\n\n deux \x0b\n\n") == "Un paragraphe\ndeux"


SAME = [
    ("Titre de séjour « salarié »", 'TITRE DE SEJOUR "SALARIE"'),
    ("L’accueil de l'étranger", "l'accueil de lʼétranger"),
    ("n° 12", "N °12"),
    ("nº 12", "n°12"),
    ("Rendez\u2011vous – mode d’emploi…", "rendez-vous - mode d'emploi..."),
    ("Main-d'œuvre", "main-d'oeuvre"),
    ("ŒUVRES", "œuvres"),
    ("• Passeport en cours", "Passeport en cours"),
    ("■ - Passeport", "Passeport"),
    ("Un extrait coupé (...)", "Un extrait coupé"),
    ("Un extrait coupé […]", "Un extrait coupé…"),
    ("Horaires\u202f: 8\u00a0h 30 !", "Horaires: 8 h 30!"),
    ("pre\u0301fecture", "préfecture"),
    ("ﬁn de l’opération", "fin de l'operation"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_typographic_variants_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert squeeze(one) == squeeze(other)


def test_spaces_inside_words_leave_the_squeezed_key_alone() -> None:
    assert squeeze("carte de cit o yen ( UE )") == squeeze("Carte de citoyen (UE)")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("à compter du 1er octobre", "à compter du 2 octobre"),
        ("est obligatoire", "n'est plus obligatoire"),
        ("n° 12", "n° 13"),
        ("200 €", "300 €"),
    ],
)
def test_what_says_something_else_has_another_key(one: str, other: str) -> None:
    assert squeeze(one) != squeeze(other)


DAYS = {
    "20/08/2026": date(2026, 8, 20),
    "1/2/2026": date(2026, 2, 1),
    "20-08-2026": date(2026, 8, 20),
    "20.08.2026": date(2026, 8, 20),
    "2026-08-20": date(2026, 8, 20),
    "20 août 2026": date(2026, 8, 20),
    "20 AOUT 2026": date(2026, 8, 20),
    "1er janvier 2026": date(2026, 1, 1),
    "1 er oct. 2025": date(2025, 10, 1),
    "jeudi 20\u00a0août 2026": date(2026, 8, 20),
    "Lundi 1er févr. 2027": date(2027, 2, 1),
    "29/02/2028": date(2028, 2, 29),
}
NO_DAYS = [
    "", "29/02/2027", "31/04/2026", "32/01/2026", "00/01/2026", "12/13/2026", "20-08/2026", "20/08/26", "20/08",
    "août 2026", "20 brumaire 2026", "2026-13-01", "le 20/08/2026 au matin", "1/1/0001", "20/08/20266", "120/08/2026",
    "04 71 46 23 00", "10 ans et 3 mois", "99/99/9999",
]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_page_date_is_a_day(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_an_impossible_or_partial_date_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_the_day_of_a_detail_line_is_found_in_it() -> None:
    assert find_day("format pdf - 1,10 Mb - 14/08/2026") == date(2026, 8, 14)
    assert find_day("du 31/02/2026 au 01/03/2026") == date(2026, 3, 1)
    assert find_day("PDF - 2,96 Mb") is None


@pytest.mark.parametrize(
    ("text", "published", "updated", "alone"),
    [
        ("Publié le 20/08/2026", date(2026, 8, 20), None, True),
        ("Mis à jour le 19/12/2023", None, date(2023, 12, 19), True),
        ("MISE À JOUR LE : 29/09/2020 à 10h30", None, date(2020, 9, 29), True),
        ("Publiée le 1er août 2026 - Mise à jour le 03/08/2026", date(2026, 8, 1), date(2026, 8, 3), True),
        ("Actualisé le 03/08/2026", None, date(2026, 8, 3), True),
        ("Dernière mise à jour : 3 août 2026.", None, date(2026, 8, 3), True),
        ("Mis à jour le 31/02/2026", None, None, False),
        ("La liste publiée le 3 août 2026 change", date(2026, 8, 3), None, False),
        ("Ouvert à compter du 20/08/2026", None, None, False),
    ],
)
def test_stamps_are_read_where_they_are_said(
    text: str, published: date | None, updated: date | None, alone: bool
) -> None:
    assert find_stamps(text) == Stamps(published, updated, alone)


@pytest.mark.parametrize(
    "worst",
    [" ", "&amp;", "&#38;", "e\u0301", "\u0301", "1/", "12/12/", "publié le ", "•", "«", "n °", "(", "..."],
)
def test_a_megabyte_of_the_worst_characters_is_folded_in_linear_time(worst: str) -> None:
    def text(length: int) -> str:
        return worst * (length // len(worst))

    assert in_proportion(clean, text, 1_000_000)
    assert in_proportion(fold, text, 1_000_000)
    assert in_proportion(find_stamps, text, LINE_LIMIT)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("d&#39;asile", "d'asile"),
        ("d&#x2019;asile", "d’asile"),
        ("d&#X2019;asile", "d’asile"),
        ("10&nbsp;h &eacute; &AMP;", "10 h é &"),
        ("&amp;eacute;", "é"),
        ("&inconnu;", "&inconnu;"),
        ("a&#0;b&#1114112;c", "abc"),
        ("&#1114109;x", "x"),
        ("&#x1F600;", "😀"),
    ],
)
def test_entities_that_a_page_left_are_read(written: str, read: str) -> None:
    assert clean(written) == read


def test_a_text_that_was_escaped_too_often_is_broken_up() -> None:
    assert clean("&amp;amp;eacute;") == "é"
    assert clean("&amp;amp;amp;eacute;") == "& eacute;"


def test_a_row_of_three_marks_stays_and_a_fourth_goes() -> None:
    for marks in ("\u0327\u0330\u0331", "\u0330\u0331\u032d"):
        assert clean(f"x{marks}y{marks}z") == f"x{marks}y{marks}z"
        assert len(clean(f"x{marks}\u032e\u032fy")) == len(f"x{marks}y")


def test_a_block_keeps_its_lines_and_loses_the_empty_ones() -> None:
    assert clean_block(" a  b \r\n\n \u200b \u2028c\x0bd ") == "a b\nc\nd"
    assert clean_block("ab\ncd\nef", 6) == "ab\ncd"

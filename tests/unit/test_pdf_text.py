"""Lines of PDF pages become the paragraphs that somebody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.pdf_text import text_of


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["La demande se dé-", "pose en ligne."], "La demande se dépose en ligne."),
        (["La prise de rendez-", "vous est obligatoire."], "La prise de rendez-vous est obligatoire."),
        (["Adressez-vous à la sous-", "préfecture."], "Adressez-vous à la sous-préfecture."),
        (["Le dé\u00ad", "pôt est gratuit."], "Le dépôt est gratuit."),
        (
            ["Le délai est de deux mois", "à compter du dépôt."],
            "Le délai est de deux mois à compter du dépôt.",
        ),
        (["P R É F E C T U R E   D U   C A N T A L"], "PRÉFECTURE DU CANTAL"),
        (
            ["Les pièces :", "• un passeport ;", "• une photo."],
            "Les pièces :\n• un passeport ;\n• une photo.",
        ),
        (["Oﬃciel : l’of\ufb01ce\u00a0du séjour"], "Officiel : l’office du séjour"),
        (["Horaires", "Lundi 9 h – 12 h"], "Horaires\nLundi 9 h – 12 h"),
    ],
)
def test_lines_of_a_page_are_joined_as_they_were_written(lines: list[str], text: str) -> None:
    assert text_of(["\n".join(lines)]) == text


def test_headers_footers_and_numbers_of_pages_are_told_once_or_not_at_all() -> None:
    pages = [
        f"PRÉFET DU CANTAL\nTexte de la partie {part}.\nService du séjour\nPage {n}/3"
        for n, part in enumerate(["une", "deux", "trois"], start=1)
    ]

    text = text_of(pages)

    assert text.split("\n") == [
        "PRÉFET DU CANTAL",
        "Texte de la partie une.",
        "Service du séjour",
        "Texte de la partie deux.",
        "Texte de la partie trois.",
    ]


def test_a_line_that_stands_in_the_middle_of_every_page_stays() -> None:
    page = "\n".join(["a.", "b.", "c.", "Sur rendez-vous.", "d.", "e.", "f."])

    assert text_of([page, page.upper(), page]).count("endez-vous.") == 2


def test_long_lines_go_on_and_short_ones_end() -> None:
    full = "La préfecture du Cantal informe les usagers du service des étrangers que le"
    lines = [full, "1er octobre 2026 le guichet ferme", "Le préfet"]

    assert text_of(["\n".join(lines)]) == f"{full} 1er octobre 2026 le guichet ferme\nLe préfet"


@given(st.lists(st.text(max_size=300), max_size=5))
def test_any_pages_have_a_text_that_is_clean_and_stays_so(pages: list[str]) -> None:
    text = text_of(pages)

    assert not any(char in text for char in "\x00\u202e\u2066\u200b\r\t")
    assert all(line.strip() for line in text.split("\n") if text)


def test_nothing_of_a_long_table_is_lost() -> None:
    page = "\n".join(
        f"{number} lignes sans fin ni point, qui se suivent et se ressemblent" for number in range(3000)
    )

    assert all(f"{number} lignes" in text_of([page]) for number in (1, 999, 2999))


def test_a_word_without_end_takes_no_longer_than_any_text() -> None:
    pages = [f"{letter * 9_000}\n{letter * 8_000}" for letter in "abcdefghijklmno"]

    assert len(text_of(pages)) > 190_000

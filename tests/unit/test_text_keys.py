"""Keys of texts, letter by letter, and what a text loses at the door."""

from __future__ import annotations

from datetime import date

import pytest

from watcher.core.text import Stamps, clean, clean_block, find_day, find_stamps, fold, parse_day, squeeze


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ÉÀÇÎÔÙŸ", "eaciouy"),
        ("Œuf, Æsope", "oeuf, aesope"),
        ("’ ‘ ʼ ´ ′ ‛ ＇", "' ' ' ' ' ' '"),
        ("«a» “b” „c‟ ″d＂ ‹e›", '"a""b""c""d""e"'),
        ("1‐2‑3‒4–5—6―7−8⁃9", "1-2-3-4-5-6-7-8-9"),
        ("½ et 1⁄2", "1/2 et 1/2"),
        ("Suite… et fin", "suite... et fin"),
        ("N°12, n ° 13, Nº 14, No 15", "n° 12, n° 13, n° 14, no 15"),
        ("20 °C, 3º", "20 °c, 3°"),
        ("① ② ﬀ ǆ", "1 2 ff dz"),
        ("Straße İ", "strasse i"),
        ("• ■ - > A - B", "a - b"),
        ("•", "•"),
        ("Lire la suite [...]", "lire la suite"),
        ("Lire la suite ( … )", "lire la suite"),
        ("Lire la suite…", "lire la suite"),
        ("…", "..."),
        ("( a ) : b ; c ! ? 5 % [ d ] , e .", "(a): b; c!? 5% [d], e."),
        ("Été", "ete"),
        ("CAPITALES", "capitales"),
        ("", ""),
    ],
)
def test_a_key_has_neither_case_nor_accents_nor_typography(text: str, key: str) -> None:
    assert fold(text) == key
    assert fold(f"{text} {'é' * 400}").endswith("e" * 400)
    assert squeeze(text) == key.replace(" ", "")


def test_a_long_text_has_the_key_of_its_parts() -> None:
    for count in (298, 299, 300, 301):
        assert fold("É" * count) == "e" * count


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\u3000b\u2003c", "a b c"),
        ("a\u0600\u2061b", "ab"),
        ("a\ue000\U000f0000\u0378b", "ab"),
        ("日本 العربية 😀", "日本 العربية 😀"),
        ("\u0330\u0331\u032d\u032ex", "\u0330\u0331\u032dx"),
        ("e\u0301e\u0301", "éé"),
        ("a\u20dd\u20dd\u20dd\u20ddb", "a\u20dd\u20dd\u20ddb"),
        ("e\u0301" + "\u0489" * 9, "é\u0489\u0489\u0489"),
        ("&#13;a&#10;b", "a b"),
        ("&#55296;a&#xFFFF;b", "ab"),
        ("&notin;", "∉"),
        ("a & b &", "a & b &"),
    ],
)
def test_what_cannot_be_seen_goes_and_every_script_stays(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_what_is_long_is_cut_after_its_blanks_are_gone() -> None:
    assert clean(" " * 100_000 + "mot") == "mot"
    assert clean(" " * 5_000 + "un mot", 4) == "un m"
    assert clean("x" * 10_001) == "x" * 10_000
    assert clean("un deux", 3) == "un"
    assert clean("un deux", 7) == "un deux"
    assert clean_block("un\ndeux", 3) == "un"
    assert clean_block("un\n" + "x" * 10_001) == "un\n" + "x" * 10_000
    assert len(clean_block("ligne\n" * 50_000)) == 200_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01/01/1950", date(1950, 1, 1)),
        ("31/12/1949", None),
        ("le 3 mars 2026", None),
        ("mardi, le 3 mars 2026", date(2026, 3, 3)),
        ("dimanche 1er mars 2026", date(2026, 3, 1)),
        ("3 sept 2026", date(2026, 9, 3)),
        ("3 déc. 2026", date(2026, 12, 3)),
        ("2026-02-03", date(2026, 2, 3)),
        ("03-02/2026", None),
        ("3 mars 2026 " + "x" * 100, None),
    ],
)
def test_a_day_is_a_whole_text_since_1950(text: str, day: date | None) -> None:
    assert parse_day(text) == day


MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, 1)))
def test_every_month_is_known_in_its_place(number: int, month: str) -> None:
    assert find_day(f"(fait le 7 {month} 2026)") == date(2026, number, 7)


@pytest.mark.parametrize(
    ("text", "stamps"),
    [
        (
            "Publié le 01/08/2026, mis en ligne le 02/08/2026",
            Stamps(date(2026, 8, 1), None, True),
        ),
        (
            "Mis à jour le 01/08/2026 Modifié le 02/08/2026",
            Stamps(None, date(2026, 8, 1), True),
        ),
        ("Publié le 31/02/2026, publié le 03/08/2026", Stamps(date(2026, 8, 3), None, True)),
        ("Publié le 31/02/2026", Stamps(None, None, False)),
        ("(Publié le lundi 3 août 2026 à 9h05) |", Stamps(date(2026, 8, 3), None, True)),
        ("Date de publication : 2026-08-03", Stamps(date(2026, 8, 3), None, True)),
        ("Mise en ligne du 3 août 2026 par A", Stamps(date(2026, 8, 3), None, False)),
        ("", Stamps(None, None, False)),
    ],
)
def test_the_first_stamp_of_each_kind_counts(text: str, stamps: Stamps) -> None:
    assert find_stamps(text) == stamps

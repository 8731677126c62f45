"""French dates are read as far as the text tells them, and never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.reading.dates import Published, find_dates
from watcher.reading.normalise import clean, fold

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def read(text: str, published: str | None = None) -> list[tuple[str | None, str | None]]:
    return [(m.first, m.last) for m in find_dates(fold(clean(text)), Published(published))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("À compter du 1er octobre 2025", "2025-10-01"),
        ("le 1 er oct. 2025", "2025-10-01"),
        ("le 1ᵉʳ mars 2026", "2026-03-01"),
        ("le premier mars 2026", "2026-03-01"),
        ("le 15\u00a0juin\u00a02020", "2020-06-15"),
        ("LE 1ER OCTOBRE 2025", "2025-10-01"),
        ("01/10/2025", "2025-10-01"),
        ("1/10/25", "2025-10-01"),
        ("01-10-2025", "2025-10-01"),
        ("01.10.2025", "2025-10-01"),
        ("2025-10-01", "2025-10-01"),
        ("mercredi 1er octobre 2025", "2025-10-01"),
        ("le 12 février 2025 à 14h30", "2025-02-12"),
        ("le 1er janvier 2026, les rendez-vous", "2026-01-01"),
        ("le 29 février 2028", "2028-02-29"),
        ("depuis mars 2024", "2024-03"),
        ("à la mi-mars 2025", "2025-03"),
        ("courant juin 2025", "2025-06"),
        ("en 2020", "2020"),
    ],
)
def test_a_written_date_is_read(text: str, first: str) -> None:
    assert read(text) == [(first, None)]


@pytest.mark.parametrize(
    "text",
    [
        "le 29 février 2027", "29/02/2027", "le 31 avril 2025", "31/13/2025", "le 31/02/2025", "10 ans et 3 mois",
        "Ouvert de 9h à 12h", "article L. 423-23", "01.23.45.67.89", "entre le 120e et le 60e jour", "12/3/4/5",
        "3 200 dossiers", "145 jours", "n° 2025-10-014", "du 9 au guichet", "le 1er janvier 2199",
        "le 12 octobre 20255", "du 3 au 5 mai 3025", "en mars 9999", "dès octobre 1025",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert read(text, "2025-06-01") == []


@pytest.mark.parametrize(
    ("text", "published", "first"),
    [
        ("lundi 15 juin", "2020-06-05", "2020-06-15"),
        ("lundi 3 mars", "2025-02-10", "2025-03-03"),
        ("depuis le 1er septembre dernier", "2024-09-10", "2024-09-01"),
        ("le 4 octobre prochain", "2021-09-20", "2021-10-04"),
        ("depuis le 3 octobre", "2023-10-03", "2023-10-03"),
        ("à compter du 5 janvier", "2025-12-02", "2026-01-05"),
        ("depuis le 20 décembre", "2026-01-05", "2025-12-20"),
        ("jusqu'au 15 mars", "2025-11-20", "2026-03-15"),
        ("à compter du lundi 16 mars", "2020-05", "2020-03-16"),
        ("depuis vendredi", "2025-09-10", "2025-09-05"),
        ("à compter de lundi", "2025-09-10", "2025-09-15"),
        ("le 12 mai", "2025", "2025-05-12"),
    ],
)
def test_a_missing_year_comes_from_the_publication(text: str, published: str, first: str) -> None:
    assert read(text, published) == [(first, None)]


@pytest.mark.parametrize(
    ("text", "published"),
    [("le 15 juin", None), ("mardi 3 mars", "2025-02-10"), ("depuis vendredi", None), ("lundi 12 mai", None)],
)
def test_a_year_that_nothing_settles_stays_unknown(text: str, published: str | None) -> None:
    assert read(text, published) in ([], [(None, None)])


@pytest.mark.parametrize(
    ("text", "published", "first", "last"),
    [
        ("du 11 mai au 15 juin 2020", None, "2020-05-11", "2020-06-15"),
        ("du 14 au 18 juillet 2025", None, "2025-07-14", "2025-07-18"),
        ("samedi 5 et dimanche 6 avril 2025", None, "2025-04-05", "2025-04-06"),
        ("les vendredis 2, 9 et 16 mai 2025", None, "2025-05-02", "2025-05-16"),
        ("du 24 décembre au 2 janvier inclus", "2025-12-15", "2025-12-24", "2026-01-02"),
        ("du 24 décembre 2025 au 2 janvier 2026", None, "2025-12-24", "2026-01-02"),
        ("du vendredi 14 novembre 20h au dimanche 16 novembre 2025", None, "2025-11-14", "2025-11-16"),
    ],
)
def test_a_range_has_two_ends(text: str, published: str | None, first: str, last: str) -> None:
    assert read(text, published) == [(first, last)]


@given(st.dates(date(2010, 1, 1), date(2035, 12, 31)), st.booleans())
def test_any_day_written_out_is_read_back(day: date, with_weekday: bool) -> None:
    number = "1er" if day.day == 1 else str(day.day)
    text = (
        f"le {DAYS[day.weekday()] + ' ' if with_weekday else ''}{number} {MONTHS[day.month - 1]} {day.year}"
    )

    assert read(text) == [(day.isoformat(), None)]
    assert read(day.strftime("au %d/%m/%Y.")) == [(day.isoformat(), None)]


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.integers(-90, 170))
def test_a_coming_day_without_a_year_is_never_given_a_wrong_one(published: date, ahead: int) -> None:
    day = published + timedelta(ahead)
    text = f"à compter du {'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]}"

    assert read(text, published.isoformat()) in ([(day.isoformat(), None)], [(None, None)])


@given(st.text(max_size=300), st.sampled_from([None, "2025", "2025-06", "2025-06-15"]))
def test_any_text_is_read_without_surprise(text: str, published: str | None) -> None:
    for mention in find_dates(fold(clean(text)), Published(published)):
        assert 0 <= mention.start < mention.end
        assert mention.last is None or (mention.first is not None and mention.first <= mention.last)

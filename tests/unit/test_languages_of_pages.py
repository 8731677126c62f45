"""The catalogues of the pages: everything can be said in each language, and is said the same way."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import chain

import pytest

from tests.fakes.alerts import VOCABULARY
from watcher.core import english
from watcher.core.french import plain
from watcher.core.labels import CATEGORIES, KINDS, OUTCOMES, PROBLEMS, STATES, UNVERIFIED
from watcher.core.verdict import PartialDate
from watcher.locale import speeches

FRENCH, ENGLISH = speeches()["fr"], speeches()["en"]


def places(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def test_both_languages_know_the_same_phrases_with_the_same_places() -> None:
    assert set(FRENCH.phrases) == set(ENGLISH.phrases)
    assert {k for k in FRENCH.phrases if places(FRENCH.phrases[k]) != places(ENGLISH.phrases[k])} == set()


def test_no_phrase_is_empty_or_ends_an_attribute() -> None:
    for key, phrase in chain(FRENCH.phrases.items(), ENGLISH.phrases.items()):
        assert phrase.strip(), key
        assert '"' not in re.sub(r"<[^<>]*>", "", phrase), key


def test_french_signs_stay_with_their_words() -> None:
    assert [p for p in FRENCH.phrases.values() if re.search(r"\S [:;?!»]|« ", p)] == []


def test_every_label_is_said_in_english_too() -> None:
    tables = (CATEGORIES, KINDS, STATES, {"": UNVERIFIED}, OUTCOMES, PROBLEMS)
    for label in chain.from_iterable(table.values() for table in tables):
        assert label.french
        assert label.english


def test_the_labels_of_rules_begin_with_a_capital_in_lists() -> None:
    assert [VOCABULARY.motif(name, "en") for name in ("salarie", "hors_anef")] == [
        "Employee",
        "Those not on ANEF",
    ]
    assert VOCABULARY.motif("salarie") == "Salarié"
    assert VOCABULARY.channel("rdv_en_ligne", "en") == "Rendez-vous en ligne"
    assert VOCABULARY.motif("un_autre", "en") == "un autre"


def test_dates_and_numbers_as_english_readers_expect_them() -> None:
    moment = datetime(2025, 7, 31, 22, 5, tzinfo=UTC)
    assert english.moment(moment) == "1 August 2025 at 00:05"
    assert english.full_day(moment) == "Friday 1 August 2025"
    assert english.day(date(2025, 10, 1)) == "1 October 2025"
    assert [ENGLISH.count(n, "counts.change") for n in (0, 1, 1200)] == [
        "0 changes",
        "1 change",
        "1,200 changes",
    ]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (None, None, ""),
        ("2025-10-01", None, "from 1 October 2025"),
        ("2025-10", None, "from October 2025"),
        (None, "2026", "until 2026"),
        ("2025-07-14", "2025-07-18", "from 14 July 2025 until 18 July 2025"),
        ("2025-07-14", "2025-07-14", "on 14 July 2025"),
        ("2025-07", "2025-07", "in July 2025"),
        ("2025-13-45", None, "from 2025-13-45"),
    ],
)
def test_a_period_says_no_more_than_what_is_known(start: str | None, end: str | None, told: str) -> None:
    first, last = (PartialDate(value) if value else None for value in (start, end))
    assert plain(english.period(first, last)) == told

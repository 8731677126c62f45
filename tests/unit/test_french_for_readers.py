"""Dates as French readers expect them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from watcher.core.french import count, day, full_day, moment, period, plain, unbroken
from watcher.core.verdict import PartialDate


def test_the_first_of_a_month_is_an_ordinal() -> None:
    assert [day(date(2025, 10, 1)), day(date(2025, 8, 2))] == ["1er octobre 2025", "2 août 2025"]


def test_moments_are_told_in_paris_time_across_midnight_and_summer_time() -> None:
    assert moment(datetime(2025, 7, 31, 22, 5, tzinfo=UTC)) == "1er août 2025 à 0\u00a0h\u00a005"
    assert moment(datetime(2025, 12, 31, 22, 5, tzinfo=UTC)) == "31 décembre 2025 à 23\u00a0h\u00a005"
    assert full_day(datetime(2025, 9, 9, 22, 30, tzinfo=UTC)) == "mercredi 10 septembre 2025"


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (None, None, ""),
        ("2025-10-01", None, "à compter du 1er octobre 2025"),
        ("2025-09", None, "à compter de septembre 2025"),
        ("2025-10", None, "à compter d'octobre 2025"),
        ("2025-04", None, "à compter d'avril 2025"),
        ("2026", None, "à compter de 2026"),
        (None, "2025-07-18", "jusqu'au 18 juillet 2025"),
        (None, "2025-07", "jusqu'en juillet 2025"),
        ("2025-07-14", "2025-07-18", "du 14 juillet 2025 au 18 juillet 2025"),
        ("2025-07-14", "2025-07-14", "le 14 juillet 2025"),
        ("2025-07", "2025-07-18", "à compter de juillet 2025 et jusqu'au 18 juillet 2025"),
        ("2025-13-45", None, "à compter du 2025-13-45"),
    ],
)
def test_a_period_says_no_more_than_what_is_known(start: str | None, end: str | None, told: str) -> None:
    first, last = (PartialDate(value) if value else None for value in (start, end))
    assert plain(period(first, last)) == told


def test_dates_keep_their_machine_form() -> None:
    assert [w.iso for w in period(PartialDate("2025-10-01"), None)] == ["", "2025-10-01"]


@pytest.mark.parametrize(("number", "told"), [(0, "0 page"), (1, "1 page"), (2, "2 pages")])
def test_the_plural_starts_at_two(number: int, told: str) -> None:
    assert count(number, "page", "pages") == told


def test_thousands_are_parted_by_a_thin_space() -> None:
    assert count(1010, "page", "pages") == "1\u202f010 pages"


def test_signs_stay_with_their_word() -> None:
    assert unbroken("Où ? « Là » : ici ; oui !") == (
        "Où\u00a0? «\u00a0Là\u00a0»\u00a0: ici\u00a0; oui\u00a0!"
    )

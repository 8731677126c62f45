"""Which lists are read beyond their first page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes.readings import card, cards, extraction, snapshot
from watcher.core.items import Item
from watcher.core.next_baseline import reaches_further, rising_list

RISING = cards(20)[::-1]


def test_a_list_that_shows_its_oldest_first_goes_on_to_its_end() -> None:
    assert rising_list(extraction(RISING), None)
    assert not rising_list(extraction(RISING, next_page=None), None)


@pytest.mark.parametrize(
    "items",
    [
        cards(20),
        RISING[:2],
        [card(5), card(5), card(5)],
        [card(3), card(9), card(4)],
        [replace(item, published=None) for item in RISING],
    ],
    ids=["newest first", "two items", "one day", "any order", "no dates"],
)
def test_any_other_list_is_read_from_its_top(items: list[Item]) -> None:
    assert not rising_list(extraction(items), None)


def test_a_list_that_was_known_whole_is_read_whole_again() -> None:
    top = extraction(cards(20, 5))

    assert rising_list(top, snapshot(cards(20, 6), more=False))
    assert not rising_list(top, snapshot(cards(20, 5), more=False))
    assert not rising_list(top, snapshot(cards(20, 6), more=True))


def test_three_days_that_rise_are_a_list_that_rises() -> None:
    assert rising_list(extraction([card(1), card(1), card(2)]), None)
    assert rising_list(extraction([card(1), card(2), card(2)]), None)


def test_the_next_page_is_asked_for_when_this_one_ends_with_news() -> None:
    known = snapshot(cards(10))

    assert reaches_further(known, [card(12), card(11)])
    assert reaches_further(known, [card(12), card(10), card(11)])
    assert reaches_further(known, [card(12), card(11, published=card(5).published)])
    assert reaches_further(known, [card(12), card(11, published=card(1).published)])
    assert reaches_further(known, [card(12), card(11, published=None)])
    assert not reaches_further(known, [card(12), card(10)])
    assert not reaches_further(known, [card(12), card(11), card(10)])
    assert not reaches_further(known, [card(12), card(0)])
    assert not reaches_further(known, [])
    assert not reaches_further(None, [card(12)])

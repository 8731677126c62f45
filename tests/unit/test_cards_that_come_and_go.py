"""Cards that leave a list, come back to it, or stand at another address: which of them are news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.fakes.readings import DAY, LIST, card, cards, snapshot
from watcher.core.compare import compare_cards, remember, seen_before
from watcher.core.items import Attachment, Item

FILE = Attachment("Tarifs", "tarifs.pdf", "https://www.cantal.gouv.fr/1/tarifs.pdf", "PDF - 1 Mo")
OTHER = replace(FILE, name="tarifs-2026.pdf")


def undated(*numbers: int) -> list[Item]:
    return [card(number, published=None) for number in numbers]


def numbers(items: Any) -> list[int]:
    return [int(item.key.rpartition("-")[2]) for item in items]


def fate(before: list[Item], after: list[Item], **known: Any) -> dict[str, list[int]]:
    """What became of the cards, by their numbers; those that merely stay are left out."""
    found = compare_cards(snapshot(before, **known), after)
    fates: dict[str, list[int]] = {str(d.kind): [] for d in found.differences}
    for difference in found.differences:
        fates[str(difference.kind)] += numbers([difference.item])
    return (
        fates
        | ({"vanished": numbers(found.vanished)} if found.vanished else {})
        | ({"resurfaced": numbers(found.resurfaced)} if found.resurfaced else {})
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (cards(3, 1), cards(9, 1), {"added": [9], "aged_out": [3]}),
        (undated(3, 2), undated(9, 8), {"added": [9, 8], "aged_out": [3, 2]}),
        (undated(3, 2, 1), undated(9, 3, 2), {"added": [9], "aged_out": [1]}),
        (undated(3, 2, 1), undated(9, 3, 1), {"added": [9], "vanished": [2]}),
        (undated(3, 2, 1), undated(9, 2, 1), {"added": [9], "vanished": [3]}),
        (cards(5, 5), [card(9), card(5), card(4), card(2), card(1)], {"added": [9], "vanished": [3]}),
        (cards(5, 5), [card(9), *cards(5, 3)], {"added": [9], "vanished": [2], "aged_out": [1]}),
        ([card(1), *cards(5, 3)], [card(9), *cards(5, 3)], {"added": [9], "aged_out": [1]}),
        (
            [card(7, published=card(3).published), *cards(5, 3)],
            [card(9), *cards(5, 3)],
            {"added": [9], "aged_out": [7]},
        ),
        ([*undated(7), *cards(5, 3)], [card(9), *cards(5, 3)], {"added": [9], "vanished": [7]}),
        (
            [*cards(5, 2), *undated(7, 8), card(3)],
            [card(9), *cards(5, 3)],
            {"added": [9], "vanished": [7, 8]},
        ),
        (cards(5, 5), cards(5, 3), {"vanished": [2, 1]}),
    ],
)
def test_newcomers_push_out_the_oldest_at_the_end_and_nothing_else(
    before: list[Item], after: list[Item], expected: dict[str, list[int]]
) -> None:
    assert fate(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (undated(5, 4, 3), undated(5, 3, 2), {"vanished": [4], "resurfaced": [2]}),
        (undated(5, 4, 3), undated(9, 5, 3), {"added": [9], "vanished": [4]}),
        (undated(5, 4, 3), undated(5, 9, 3), {"added": [9], "vanished": [4]}),
        (undated(5, 4, 3), undated(5, 4, 3, 2), {"added": [2]}),
        (
            [card(5), *undated(4, 3)],
            [card(5), *undated(3), card(9)],
            {"vanished": [4], "added": [9]},
        ),
        ([card(9), card(5), card(3)], [card(9), card(7), card(5), card(3)], {"added": [7]}),
        (cards(9, 3), [*cards(9, 3), card(6)], {"resurfaced": [6]}),
        (cards(9, 3), [*cards(9, 3), card(70, published=card(7).published)], {"added": [70]}),
    ],
)
def test_what_a_further_page_gives_back_is_no_news(
    before: list[Item], after: list[Item], expected: dict[str, list[int]]
) -> None:
    assert fate(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, "moved"),
        ({}, {"published": date(2025, 12, 1)}, "added"),
        ({"published": None}, {}, "moved"),
        ({}, {"published": None}, "moved"),
        ({"published": None, "updated": DAY}, {"published": DAY}, "moved"),
        ({"published": DAY}, {"published": None, "updated": DAY}, "moved"),
        ({"published": None, "updated": DAY}, {"published": date(2025, 12, 1)}, "added"),
        ({"attachments": (FILE,)}, {"attachments": (FILE,), "published": date(2025, 12, 1)}, "moved"),
        ({"attachments": (FILE,)}, {"attachments": (OTHER,), "published": date(2025, 12, 1)}, "added"),
        ({"attachments": (FILE,)}, {"attachments": (OTHER,)}, "moved"),
        ({}, {"title": "Fermeture du guichet"}, "added"),
    ],
)
def test_the_same_title_at_another_address_has_moved_if_its_day_or_its_file_is_the_same(
    before: dict[str, Any], after: dict[str, Any], expected: str
) -> None:
    old = card(1, "Fermeture exceptionnelle", **before)
    new = replace(
        card(1, "Fermeture exceptionnelle"), key=f"{LIST}/Article-2", **({"attachments": ()} | after)
    )
    found = compare_cards(snapshot([old], more=False), [new])

    assert str(found.differences[0].kind) == expected
    assert found.kept == (expected == "moved")
    assert found.touched == ((new,) if expected == "moved" and new.attachments else ())


def test_of_three_with_one_title_one_moves_where_one_came() -> None:
    old = [card(number, "Fermeture", published=DAY) for number in (1, 2, 3)]

    assert fate(old, [card(9, "Fermeture", published=DAY)]) == {"moved": [9], "vanished": [2, 3]}


def test_what_stays_and_what_moved_is_counted_together() -> None:
    moved = replace(card(3), key=f"{LIST}/Article-30")

    assert compare_cards(snapshot(cards(3)), [moved, card(2)]).kept == 2


class TestWhatIsRemembered:
    def test_a_card_that_left_and_comes_back_is_no_news_even_at_another_address(self) -> None:
        past = remember(snapshot(cards(9, 3)), cards(9, 2))

        for again in (card(7), replace(card(7), key=f"{LIST}/Article-70")):
            assert list(fate(cards(9, 2), [*cards(9, 2), again], past=past, more=False)) == ["resurfaced"]
        for other in (card(70, published=card(7).published), card(70, "Article 7", published=DAY)):
            assert list(fate(cards(9, 2), [*cards(9, 2), other], past=past, more=False)) == ["added"]

    def test_one_without_a_day_is_known_by_its_address_alone(self) -> None:
        past = remember(snapshot(undated(9, 8)), undated(9))
        again = replace(card(8, published=None), key=f"{LIST}/Article-80")

        assert fate(undated(9), undated(9, 8), past=past, more=False) == {"resurfaced": [8]}
        assert fate(undated(9), [*undated(9), again], past=past, more=False) == {"added": [80]}

    def test_one_that_is_awaited_is_news_though_it_was_met_before(self) -> None:
        past = remember(None, (), beyond=[card(10)])
        found = compare_cards(snapshot(cards(9, 3), past=past), [card(10), *cards(9, 3)], {card(10).key})

        assert [d.item for d in found.differences] == [card(10)]

    def test_versions_are_remembered_once_the_latest_first_over_many_readings(self) -> None:
        said = [card(1, f"Fermeture le {day} mai") for day in (2, 9, 16, 2, 23)]
        known = snapshot(said[:1])
        for version in said[1:]:
            known = snapshot([version], past=remember(known, [version]))

        assert [seen_before(known, version) for version in said] == [True, True, True, True, False]
        assert [past.title for past in known.past] == [
            "fermeturele2mai",
            "fermeturele16mai",
            "fermeturele9mai",
        ]

    def test_one_that_was_missed_and_is_there_again_is_remembered(self) -> None:
        one = snapshot([card(1)])

        assert remember(one, [card(1)]) == ()
        assert [past.key for past in remember(one, [card(1)], returned=[card(1)])] == [card(1).key]

    def test_the_latest_400_are_enough(self) -> None:
        past = remember(snapshot(cards(500, 250), past=remember(None, (), beyond=cards(250, 250))), ())

        assert numbers(past) == list(range(500, 250, -1)) + list(range(250, 100, -1))

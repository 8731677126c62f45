"""Changes planted in lists and pages at random are found, each once, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.readings import block, card, cards, snapshot
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference, compare_cards, fingerprint, remember, same_words, seen_before
from watcher.core.compare_blocks import compare_blocks
from watcher.core.items import Item

BEFORE = cards(20)
PLACES = st.sets(st.integers(0, len(BEFORE) - 1))
SECTIONS = [[block(f"Texte {n}, ligne {line}.", f"Section {n}") for line in range(3)] for n in range(6)]


def found(after: list[Item], kind: ChangeKind) -> list[str]:
    return sorted(d.item.title for d in compare_cards(snapshot(BEFORE), after).of(kind))


@given(PLACES, st.integers(0, 5), st.randoms(use_true_random=False))
def test_edits_and_newcomers_in_any_order(edits: set[int], newcomers: int, chance: Random) -> None:
    edited = [replace(i, title=f"{i.title} bis") if n in edits else i for n, i in enumerate(BEFORE)]
    fresh = [card(21 + n) for n in range(newcomers)]
    after = [*fresh, *edited]
    chance.shuffle(after)

    assert found(after, ChangeKind.ADDED) == sorted(item.title for item in fresh)
    assert found(after, ChangeKind.EDITED) == sorted(edited[n].title for n in edits)
    assert not compare_cards(snapshot(BEFORE), after).vanished


@given(PLACES, st.integers(0, 5))
def test_what_left_is_never_news_and_only_what_newcomers_pushed_aged(gone: set[int], newcomers: int) -> None:
    fresh = [card(21 + n) for n in range(newcomers)][::-1]
    after = [*fresh, *(item for n, item in enumerate(BEFORE) if n not in gone)]
    comparison = compare_cards(snapshot(BEFORE), after)
    aged = comparison.of(ChangeKind.AGED_OUT)

    assert {d.kind for d in comparison.differences} <= {ChangeKind.ADDED, ChangeKind.AGED_OUT}
    assert len(aged) <= newcomers
    assert len(aged) + len(comparison.vanished) == len(gone)
    assert comparison.kept == len(BEFORE) - len(gone)


@given(st.permutations(range(6)), st.sets(st.integers(0, 5), max_size=3))
def test_sections_of_a_page_in_any_order(order: list[int], edits: set[int]) -> None:
    page = [
        replace(line, summary=f"{line.summary} Nouveau.") if n in edits and place == 1 else line
        for n in order
        for place, line in enumerate(SECTIONS[n])
    ]
    comparison = compare_blocks(snapshot([line for lines in SECTIONS for line in lines]), page)

    assert [(str(d.kind), d.item.title) for d in comparison.differences] == [
        ("edited", f"Section {n}") for n in order if n in edits
    ]


@given(st.permutations([line for lines in SECTIONS for line in lines]))
def test_no_permutation_of_a_pages_lines_is_news(lines: list[Item]) -> None:
    baseline = snapshot([line for section in SECTIONS for line in section])

    assert not compare_blocks(baseline, lines).differences


@given(st.text(max_size=40), st.text(max_size=40))
def test_items_whose_words_are_the_same_have_no_difference(title: str, summary: str) -> None:
    item = card(1, title or "x", summary=summary)

    assert same_words(item, replace(item, published=None, address="https://www.cantal.gouv.fr/x"))
    assert fingerprint(item) == fingerprint(replace(item, published=None))


def test_a_rewritten_excerpt_is_an_edit() -> None:
    before, after = card(1, summary="Le guichet ferme."), card(1, summary="Le guichet ouvre.")

    assert not same_words(before, after)
    assert same_words(before, card(1))


def test_the_same_title_on_another_day_is_another_item() -> None:
    """A closure that comes every month: of two former ones, the one of that very day has moved."""
    may, june = card(1, "Fermeture"), card(31, "Fermeture")
    moved = replace(card(32, "Fermeture"), published=june.published)
    fresh = replace(card(90, "Fermeture"), published=june.published and june.published + timedelta(days=60))

    comparison = compare_cards(snapshot([june, may], more=False), [fresh, moved])

    assert [(d.kind, d.item.key) for d in comparison.differences if d.kind.told] == [("added", fresh.key)]
    assert [(d.before, d.after) for d in comparison.of(ChangeKind.MOVED)] == [(june, moved)]


def test_a_newcomer_that_is_awaited_is_news_wherever_it_stands() -> None:
    old = card(3)

    assert not compare_cards(snapshot(BEFORE), [*BEFORE, old]).differences
    (difference,) = compare_cards(snapshot(BEFORE), [*BEFORE, old], {old.key}).differences
    assert (difference.kind, difference.after) == (ChangeKind.ADDED, old)


def test_what_a_snapshot_remembers_is_bounded_and_newest_first() -> None:
    base = snapshot(BEFORE)
    for number in range(60):
        now = [card(1000 + number * 10 + n) for n in range(10)]
        base = snapshot(now, past=remember(base, now))

    assert len(base.past) == 400
    assert base.past[0].key == card(1580).key
    assert not seen_before(base, BEFORE[0])


def test_a_difference_has_at_least_one_side() -> None:
    with pytest.raises(ValueError, match="one side"):
        _ = Difference(ChangeKind.ADDED, None, None).item

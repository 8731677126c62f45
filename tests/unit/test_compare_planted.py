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


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("Le guichet (...)", "Le guichet ferme demain", True),
        ("Le guichet ferme demain", "Le guichet…", True),
        ("Le guichet", "Le guichet ferme demain", False),
        ("Le guichet (...)", "La mairie (...)", False),
    ],
)
def test_only_an_excerpt_that_says_it_is_cut_may_be_shorter(before: str, after: str, same: bool) -> None:
    assert same_words(card(1, summary=before), card(1, summary=after)) is same


class TestPushedOut:
    """Newcomers push out what stands last, or is older than all that stays; anything else has vanished."""

    FRESH = card(21)

    def pushed(self, before: list[Item], gone: Item) -> bool:
        after = [self.FRESH, *(item for item in before if item != gone)]
        comparison = compare_cards(snapshot(before), after)
        aged = [d.before for d in comparison.of(ChangeKind.AGED_OUT)]
        assert [*aged, *comparison.vanished] == [gone]
        return bool(aged)

    def test_the_last_one(self) -> None:
        assert self.pushed(BEFORE, BEFORE[-1])

    def test_the_last_but_one_stood_in_the_middle(self) -> None:
        assert not self.pushed(BEFORE, BEFORE[-2])

    def test_the_last_of_undated_ones(self) -> None:
        undated = [replace(item, published=None) for item in BEFORE]

        assert self.pushed(undated, undated[-1])
        assert not self.pushed(undated, undated[-2])

    def test_the_oldest_wherever_it_stood(self) -> None:
        pinned = [card(1), *BEFORE[:9]]

        assert self.pushed(pinned, card(1))

    def test_one_as_old_as_the_oldest_that_stays(self) -> None:
        twins = [*BEFORE[:8], replace(card(12), published=card(11).published), card(11)]

        assert self.pushed(twins, twins[8])

    def test_without_newcomers_nothing_is_pushed(self) -> None:
        comparison = compare_cards(snapshot(BEFORE), BEFORE[:-1])

        assert comparison.vanished == (BEFORE[-1],)


class TestPulledUp:
    """Where a list goes on, what takes the place of a vanished item was there all along."""

    def news(self, before: list[Item], after: list[Item], *, more: bool = True) -> list[Item | None]:
        return [d.after for d in compare_cards(snapshot(before, more=more), after).of(ChangeKind.ADDED)]

    def test_older_than_all_known_it_is_no_news(self) -> None:
        older, as_old = card(3), replace(card(99), published=BEFORE[-1].published)

        assert self.news(BEFORE, [*BEFORE[1:], older]) == []
        assert self.news(BEFORE, [*BEFORE[1:], as_old]) == [as_old]
        assert self.news(BEFORE, [*BEFORE[1:], older], more=False) == [older]

    def test_undated_below_the_known_ones_it_is_no_news(self) -> None:
        undated = card(99, published=None)

        assert self.news(BEFORE, [*BEFORE[1:], undated]) == []
        assert self.news(BEFORE, [undated, *BEFORE[1:]]) == [undated]
        assert self.news(BEFORE, [*BEFORE[1:], undated], more=False) == [undated]

    def test_undated_where_nothing_left_it_is_news(self) -> None:
        undated = card(99, published=None)

        assert self.news(BEFORE, [*BEFORE, undated]) == [undated]

    def test_undated_among_strangers_it_is_news(self) -> None:
        strangers = [replace(item, published=None) for item in cards(60, 3)]

        assert self.news(BEFORE, strangers) == strangers


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


class TestRenamedSections:
    """A heading that changed over a text of which half stayed, or that moved under another, is the same section."""

    LINES = tuple(f"Ligne {n}." for n in range(4))

    def kinds(self, now: list[str], *section: str) -> list[str]:
        before = [
            block("Autre.", "Autre section"),
            *(block(line, "Étrangers", "Dépôt") for line in self.LINES),
        ]
        after = [before[0], *(block(line, *section) for line in now)]
        return [str(d.kind) for d in compare_blocks(snapshot(before), after).differences]

    def test_half_of_the_text_is_enough(self) -> None:
        assert self.kinds([*self.LINES[:2], "Un.", "Deux."], "Étrangers", "Où déposer") == ["edited"]

    def test_less_than_half_makes_another_section(self) -> None:
        assert self.kinds([self.LINES[0], "Un.", "Deux.", "Trois."], "Étrangers", "Où déposer") == [
            "added",
            "withdrawn",
        ]

    def test_the_same_heading_under_another_is_the_same_section(self) -> None:
        assert self.kinds(["Un.", "Deux.", "Trois."], "Particuliers", "Dépôt") == ["edited"]

    def test_text_without_any_heading_resembles_no_section(self) -> None:
        assert self.kinds(["Un.", "Deux.", "Trois."]) == ["added", "withdrawn"]

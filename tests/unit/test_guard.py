"""Which differences are believed at once, and which are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.readings import DAY, NOW, block, blocks, card, cards, extraction, snapshot
from watcher.core.compare import compare_cards
from watcher.core.compare_blocks import compare_blocks
from watcher.core.guard import (
    BELIEVED_AFTER,
    STRANGE_UNTIL,
    Doubt,
    doubt_blocks,
    doubt_cards,
    patience_with_blocks,
    patience_with_cards,
    released,
    unrelated,
    was_no_page,
)
from watcher.core.items import Attachment, Item
from watcher.core.state import Suspicion

BEFORE = cards(20)
FORM = Attachment("Formulaire", "cerfa.pdf", "https://www.rhone.gouv.fr/1/cerfa.pdf", "PDF - 1 Mo")


def doubts(after: list[Item], before: list[Item] = BEFORE, template: str = "t", *anomalies: str) -> str:
    baseline = snapshot(before)
    found = extraction(after, template=template, anomalies=anomalies)
    return doubt_cards(baseline, found, compare_cards(baseline, after))


def edited(count: int, of: list[Item] = BEFORE) -> list[Item]:
    return [replace(item, title=f"{item.title} bis") if n < count else item for n, item in enumerate(of)]


def undated(items: list[Item]) -> list[Item]:
    return [replace(item, published=None) for item in items]


class TestLists:
    def test_the_same_list_is_believed(self) -> None:
        assert doubts(BEFORE) == ""

    def test_a_list_that_was_empty_and_still_is_is_believed(self) -> None:
        assert doubts([], []) == ""

    def test_a_list_that_is_empty_all_of_a_sudden_is_not(self) -> None:
        assert doubts([]) == "plus aucun élément là où il y en avait"

    def test_cards_lost_in_broken_markup_are_a_reason(self) -> None:
        assert doubts(BEFORE, BEFORE, "t", "undated", "lost_cards: 9 of 10") == (
            "des éléments de la page n'ont pas pu être lus"
        )
        assert doubts(BEFORE, BEFORE, "t", "undated") == ""

    def test_two_known_items_say_nothing_about_a_template(self) -> None:
        assert doubts([card(30)], cards(20, 2), "other") == ""

    def test_three_known_items_say_something(self) -> None:
        assert doubts([card(30)], cards(20, 3)) == "aucun élément connu ne reste"

    def test_a_list_that_knows_none_of_its_items_is_not_believed(self) -> None:
        assert doubts(cards(40)) == "aucun élément connu ne reste"

    @pytest.mark.parametrize(
        ("before", "after", "patience"),
        [
            pytest.param(cards(20), cards(40), BELIEVED_AFTER, id="another dated list"),
            pytest.param(cards(20), undated(cards(40)), STRANGE_UNTIL, id="links without a day"),
            pytest.param(cards(20, 1), undated(cards(40, 2)), STRANGE_UNTIL, id="of a list of one"),
            pytest.param(undated(cards(20)), undated(cards(40)), BELIEVED_AFTER, id="never dated"),
            pytest.param(cards(20), undated([*cards(40), card(20)]), BELIEVED_AFTER, id="one is left"),
            pytest.param(cards(20), [*undated(cards(40)), card(50)], BELIEVED_AFTER, id="one has a day"),
            pytest.param(cards(20), [], BELIEVED_AFTER, id="says that it is empty"),
        ],
    )
    def test_links_without_a_day_in_the_place_of_a_dated_list_must_stay_for_long(
        self, before: list[Item], after: list[Item], patience: timedelta
    ) -> None:
        baseline = snapshot(before)

        assert patience_with_cards(baseline, after, compare_cards(baseline, after)) == patience
        assert doubts(after, before) or patience == BELIEVED_AFTER

    @pytest.mark.parametrize(("count", "believed"), [(2, True), (3, False)])
    def test_undated_entries_below_a_list_that_is_dated_by_and_large_are_another_list(
        self, count: int, believed: bool
    ) -> None:
        below = undated(cards(60, count))
        mixed = [*BEFORE[:6], *undated(BEFORE[6:])]
        half = [*BEFORE[:5], *undated(BEFORE[5:])]

        assert (doubts([*BEFORE, *below]) == "") is believed
        assert (doubts([*mixed, *below], mixed) == "") is believed
        assert doubts([*half, *below], half) == ""
        assert doubts([*below, *BEFORE]) == ""
        assert doubts([*BEFORE, *(replace(item, attachments=(FORM,)) for item in below)]) == ""
        assert doubts([*BEFORE, *cards(60, count)]) == ""

    @pytest.mark.parametrize(("gone", "believed"), [(3, True), (4, True), (5, False), (9, False)])
    def test_more_than_two_in_five_may_not_vanish_at_once(self, gone: int, believed: bool) -> None:
        assert (doubts(BEFORE[gone:]) == "") is believed

    def test_the_reason_counts_what_vanished(self) -> None:
        assert doubts(BEFORE[5:]) == "5 éléments connus sur 10 ont disparu d'un coup"

    def test_two_that_vanish_from_a_short_list_are_believed_three_are_not(self) -> None:
        assert doubts(BEFORE[2:4], BEFORE[:4]) == ""
        assert doubts(BEFORE[3:4], BEFORE[:4]) != ""

    @pytest.mark.parametrize(("count", "believed"), [(1, True), (4, True), (5, False), (10, False)])
    def test_more_than_two_in_five_may_not_be_edited_at_once(self, count: int, believed: bool) -> None:
        assert (doubts(edited(count)) == "") is believed

    def test_the_reason_counts_what_differs(self) -> None:
        assert doubts(edited(6)) == "6 éléments connus sur 10 diffèrent d'un coup"

    def test_two_edits_in_a_short_list_are_believed_three_are_not(self) -> None:
        assert doubts(edited(2, BEFORE[:4]), BEFORE[:4]) == ""
        assert doubts(edited(3, BEFORE[:4]), BEFORE[:4]) != ""

    def test_dates_may_not_all_go(self) -> None:
        undated = [replace(item, published=None) for item in BEFORE]

        assert doubts(undated) == "les dates ont disparu de la liste"
        assert doubts([*undated[:9], BEFORE[9]]) == ""

    @pytest.mark.parametrize(
        ("dated", "of", "believed"), [(4, 10, True), (5, 10, False), (2, 3, True), (3, 3, False)]
    )
    def test_a_list_that_hardly_had_dates_may_lose_them(self, dated: int, of: int, believed: bool) -> None:
        undated = [replace(item, published=None) for item in BEFORE[:of]]

        assert (doubts(undated, [*BEFORE[:dated], *undated[dated:]]) == "") is believed

    def test_five_old_or_undated_newcomers_are_believed_six_are_not(self) -> None:
        old = [card(100 + n, published=DAY) for n in range(3)]
        undated = [card(200 + n, published=None) for n in range(3)]

        baseline = snapshot(BEFORE, more=False)
        for newcomers, reason in (
            ([*old, *undated[:2]], ""),
            ([*old, *undated], "6 nouveaux éléments d'un coup"),
        ):
            after = [*newcomers, *BEFORE]
            assert doubt_cards(baseline, extraction(after), compare_cards(baseline, after)) == reason

    def test_what_is_dated_two_days_before_the_last_reading_counts_as_since(self) -> None:
        eve = [card(100 + n, published=NOW.date() - timedelta(days=2)) for n in range(6)]
        earlier = [replace(item, published=NOW.date() - timedelta(days=3)) for item in eve]

        assert doubts([*eve, *BEFORE]) == ""
        assert doubts([*earlier, *BEFORE]) == "6 nouveaux éléments d'un coup"

    def test_any_number_of_newcomers_dated_since_the_last_reading_is_believed(self) -> None:
        today = [card(100 + n, published=NOW.date()) for n in range(30)]

        assert doubts([*today, *BEFORE]) == ""


class TestTemplates:
    """Another template is believed with newcomers, not together with edits or losses."""

    def test_another_template_alone_is_believed(self) -> None:
        assert doubts(BEFORE, template="other") == ""
        assert doubts([card(21), *BEFORE], template="other") == ""

    @pytest.mark.parametrize("after", [edited(1), BEFORE[1:]], ids=["edited", "vanished"])
    def test_together_with_an_edit_or_a_loss_it_is_not(self, after: list[Item]) -> None:
        assert doubts(after, template="other") == (
            "le gabarit de la page a changé en même temps que son contenu"
        )
        assert doubts(after) == ""

    def test_together_with_newcomers_that_have_no_date_it_is_not(self) -> None:
        """What stood beside the list, and was told apart by its markup, looks like news in another one."""
        beside = [card(n, published=None) for n in (90, 91)]
        assert doubts([*BEFORE, *beside], template="other") == (
            "le gabarit de la page a changé et des éléments sans date y sont apparus"
        )
        assert doubts([card(21), *BEFORE, *beside], template="other") != ""
        assert doubts([*BEFORE, *beside]) == ""
        undated = [replace(item, published=None) for item in BEFORE]
        assert doubts([*beside, *undated], undated, "other") == ""
        assert doubts([*beside, *undated[:9], BEFORE[9]], [*undated[:9], BEFORE[9]], "other") != ""

    def test_a_baseline_without_template_tells_nothing(self) -> None:
        baseline = snapshot(BEFORE, template="")

        assert doubt_cards(baseline, extraction(edited(1)), compare_cards(baseline, edited(1))) == ""


class TestContentPages:
    def doubts(self, before: list[Item], after: list[Item]) -> str:
        baseline = snapshot(before)
        return doubt_blocks(baseline, extraction(after), compare_blocks(baseline, after))

    def test_a_page_without_text_is_not_believed(self) -> None:
        assert self.doubts(blocks(3), []) == "plus aucun texte là où il y en avait"
        assert self.doubts([], []) == ""

    @pytest.mark.parametrize(("left", "believed"), [(10, True), (4, True), (3, False), (0, False)])
    def test_at_most_three_fifths_may_be_replaced_at_once(self, left: int, believed: bool) -> None:
        after = [*blocks(10)[:left], block("Autre chose.", "Ailleurs")]

        assert (self.doubts(blocks(10), after) == "") is believed

    def test_text_lost_in_broken_markup_is_a_reason(self) -> None:
        baseline = snapshot(blocks(3))
        found = extraction(blocks(3), anomalies=("lost_cards: 2 of 3",))

        assert doubt_blocks(baseline, found, compare_blocks(baseline, blocks(3))) == (
            "une partie de la page n'a pas pu être lue"
        )

    def test_two_paragraphs_under_a_heading_that_stays_are_too_few_to_doubt_three_are_not(self) -> None:
        anew = [block("Autre chose.", "Titre de séjour")]

        assert self.doubts(blocks(2), anew) == ""
        assert self.doubts(blocks(3), anew) != ""

    def test_a_short_page_of_which_not_even_the_heading_is_left_is_doubted(self) -> None:
        assert self.doubts(blocks(1), [block("Bienvenue sur le site.", "Accueil")]) != ""

    @pytest.mark.parametrize(("left", "believed"), [(2, True), (1, False)])
    def test_of_five_paragraphs_three_may_go_four_may_not(self, left: int, believed: bool) -> None:
        assert (self.doubts(blocks(5), blocks(left)) == "") is believed

    def test_the_reason_counts_the_paragraphs(self) -> None:
        assert self.doubts(blocks(10), blocks(2)) == "8 paragraphes connus sur 10 ont disparu d'un coup"

    @pytest.mark.parametrize(
        ("after", "hours"),
        [
            (blocks(2), 24),
            (blocks(3), 0),
            ([block("x" * 200, "Titre de séjour")], 0),
            ([block("Autre chose, et bien plus long qu'avant.", "Ailleurs")], 24),
            ([block("Paragraphe 0.", "Ailleurs")] * 3, 0),
            ([], 24),
        ],
        ids=["hardly a word left", "less", "all new below its heading", "all new", "a known word", "nothing"],
    )
    def test_a_page_that_says_nothing_of_what_it_said_must_stay_so_for_a_day(
        self, after: list[Item], hours: int
    ) -> None:
        patience = timedelta(hours=hours) if hours else timedelta(minutes=55)

        assert patience_with_blocks(snapshot(blocks(10)), after) == patience

    @pytest.mark.parametrize(
        ("first", "then", "message"),
        [
            ([block("Chargement")], blocks(3), True),
            ([block("Chargement")] * 2, [block("Bonjour.")], True),
            ([block("Chargement")] * 3, [block("Bonjour.")], False),
            ([block(n) for n in "abc"], [block("Bonjour, bonjour.")], True),
            ([block(n) for n in "abc"], [block("x" * 10)], False),
            ([block("x" * 299)], blocks(3), True),
            ([block("x" * 300)], blocks(99), False),
            ([block("Chargement")], [*blocks(9), block("Chargement")], False),
            ([block("Chargement", "Titre de séjour")], blocks(9), False),
        ],
    )
    def test_a_mere_message_of_which_no_word_is_left_was_no_page(
        self, first: list[Item], then: list[Item], message: bool
    ) -> None:
        assert was_no_page(snapshot(first), then) is message

    def test_pages_are_related_by_a_paragraph_or_a_heading_however_it_is_typed(self) -> None:
        before = snapshot([block("Un texte.", "Étrangers", "Séjour")])

        for item in (
            block("Un  texte."),
            block("Autre.", "ETRANGERS"),
            block("Autre.", "Ailleurs", "Sejour"),
        ):
            assert not unrelated(before, [block("Rien."), item])
        assert unrelated(before, [block("Un autre texte.", "Asile")])


class TestRelease:
    DOUBT = Doubt("why", "same")

    def test_a_first_doubt_is_never_released(self) -> None:
        assert not released(None, self.DOUBT, NOW)

    @pytest.mark.parametrize(("ago", "believed"), [(-1, False), (0, True), (60, True)])
    def test_two_readings_that_agree_an_hour_apart_are_believed(self, ago: int, believed: bool) -> None:
        since = NOW - BELIEVED_AFTER - timedelta(seconds=ago)

        assert released(Suspicion("same", since), self.DOUBT, NOW) is believed

    def test_an_hour_is_fifty_five_minutes_at_least_unless_another_patience_is_asked_for(self) -> None:
        for doubt, minutes in ((self.DOUBT, 55), (replace(self.DOUBT, patience=timedelta(minutes=10)), 10)):
            for ago, believed in ((minutes, True), (minutes - 1, False)):
                assert released(Suspicion("same", NOW - timedelta(minutes=ago)), doubt, NOW) is believed

    def test_readings_that_differ_never_agree(self) -> None:
        assert not released(Suspicion("other", NOW - timedelta(days=1)), self.DOUBT, NOW)

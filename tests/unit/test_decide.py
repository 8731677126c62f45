"""What a reading would change, and what must still be read to be sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.readings import (
    GUIDE,
    HOUR,
    LIST,
    NEWS,
    NOW,
    block,
    blocks,
    card,
    cards,
    guide,
    reading,
    snapshot,
    state,
)
from watcher.core import decide
from watcher.core.compare import Difference, remember
from watcher.core.decide import assess
from watcher.core.documents import has_own_page
from watcher.core.items import Attachment
from watcher.core.next_baseline import reaches_further
from watcher.core.state import Missing, Suspicion

BEFORE = cards(20)
ELSEWHERE = f"{LIST}-2025"
LONG_AGO = NOW - timedelta(days=8)


def kinds(told: tuple[Difference, ...]) -> list[tuple[str, str]]:
    return [(d.kind.value, d.item.title) for d in told]


class TestAssess:
    def test_a_first_reading_changes_nothing(self) -> None:
        assessment = assess(reading(None, BEFORE))

        assert (assessment.told, assessment.to_read, assessment.doubt) == ((), (), None)

    def test_a_newcomer_is_told_and_its_page_read(self) -> None:
        assessment = assess(reading(BEFORE, [card(21), *BEFORE[:9]]))

        assert kinds(assessment.told) == [("added", "Article 21")]
        assert assessment.to_read == (card(21),)
        assert assessment.to_check == ()

    def test_what_vanished_is_checked_not_told(self) -> None:
        assessment = assess(reading(BEFORE, [item for item in BEFORE if item != card(17)]))

        assert (assessment.told, assessment.to_check) == ((), (card(17),))

    def test_a_touched_date_is_read_not_told(self) -> None:
        touched = replace(card(17), updated=NOW.date())
        assessment = assess(reading(BEFORE, [touched if i == card(17) else i for i in BEFORE]))

        assert (assessment.told, assessment.to_read) == ((), (touched,))

    @pytest.mark.parametrize(
        "fields",
        [
            {"attachments": (Attachment("Arrêté", "a.docx", f"{LIST}/a.docx"),)},
            {"address": "https://www.info.gouv.fr/actualite"},
            {"address": f"{LIST}/Communique.PDF?x=1#page=2"},
        ],
        ids=["attachment", "other site", "file"],
    )
    def test_an_item_without_a_page_of_its_own_is_told_by_its_card(self, fields: dict[str, object]) -> None:
        newcomer = replace(card(21), **fields)  # type: ignore[arg-type]
        assessment = assess(reading(BEFORE, [newcomer, *BEFORE]))

        assert (len(assessment.told), assessment.to_read) == (1, ())

    def test_a_doubt_stops_everything(self) -> None:
        assessment = assess(reading(BEFORE, cards(40)))

        assert assessment.doubt
        assert (assessment.told, assessment.to_read, assessment.to_check) == ((), (), ())

    def test_a_doubt_that_is_released_tells_only_what_is_dated_since(self) -> None:
        after = [card(39, published=NOW.date()), *cards(38, 9)]
        doubt = assess(reading(BEFORE, after)).doubt
        assert doubt
        agreed = state(suspicion=Suspicion(doubt.digest, NOW - timedelta(hours=1)), last_read_at=NOW)

        assessment = assess(reading(BEFORE, after, state=agreed))

        assert assessment.doubt is None
        assert assessment.told[0].item == after[0]
        assert {d.item.published for d in assessment.told} == {
            i.published for i in after if i.published and i.published >= NOW.date() - timedelta(days=1)
        }
        assert assessment.to_check == ()

    def test_after_a_week_of_silence_only_what_is_dated_since_is_told(self) -> None:
        fresh = card(21, published=(LONG_AGO - timedelta(days=1)).date())
        stale = card(22, published=(LONG_AGO - timedelta(days=2)).date())
        undated = card(23, published=None)
        after = [replace(BEFORE[0], title="Autre"), fresh, stale, undated, *BEFORE[1:]]

        silent = assess(reading(BEFORE, after, state=state(last_read_at=LONG_AGO)))
        usual = assess(reading(BEFORE, after, state=state(last_read_at=NOW - timedelta(days=7))))

        assert kinds(silent.told) == [("added", "Article 21")]
        assert len(usual.told) == 4

    def test_a_source_that_was_never_fully_read_has_no_day_to_compare_with(self) -> None:
        after = [card(39, published=NOW.date()), *cards(38, 9)]
        doubt = assess(reading(BEFORE, after)).doubt
        assert doubt
        agreed = state(suspicion=Suspicion(doubt.digest, NOW - HOUR), last_read_at=None)

        assert assess(reading(BEFORE, after, state=agreed)).told == ()


class TestOldVersions:
    """An old title that is back is held until it stays: two servers may disagree."""

    OLD, NEW = card(17, "Au guichet"), card(17, "En ligne")

    def assessed(self, *missing: Missing) -> decide.Assessment:
        before = [self.NEW if item == card(17) else item for item in BEFORE]
        after = [self.OLD if item == card(17) else item for item in BEFORE]
        base = snapshot(before, past=remember(snapshot(after), before))
        return assess(reading(before, after, baseline=base, state=state(missing=missing)))

    def test_at_first_it_is_held_and_the_baseline_kept(self) -> None:
        assessment = self.assessed()

        assert assessment.told == ()
        assert assessment.held == (Missing(self.OLD.key, NOW),)
        assert assessment.kept == (self.NEW,)

    def test_twice_within_ten_minutes_is_too_soon(self) -> None:
        since = NOW - timedelta(minutes=9)
        assessment = self.assessed(Missing(self.OLD.key, since))

        assert assessment.told == ()
        assert assessment.held == (Missing(self.OLD.key, since, 2),)

    def test_when_it_stays_it_is_an_edit(self) -> None:
        assessment = self.assessed(Missing(self.OLD.key, NOW - timedelta(minutes=10)))

        assert kinds(assessment.told) == [("edited", "Au guichet")]
        assert (assessment.held, assessment.kept) == ((), ())


class TestContentPages:
    BEFORE = (*blocks(5), *blocks(5, "Accueil"))
    EDITED = (*blocks(4), block("Nouveau paragraphe.", "Titre de séjour"), *blocks(5, "Accueil"))

    def test_sections_are_told_and_no_other_page_is_read(self) -> None:
        assessment = assess(guide(self.BEFORE, self.EDITED))

        assert kinds(assessment.told) == [("edited", "Titre de séjour")]
        assert (assessment.to_read, assessment.to_check) == ((), ())

    def test_a_page_may_change_more_at_once_than_a_list(self) -> None:
        before = [line for n in range(6) for line in blocks(2, f"Section {n}")]
        after = [replace(line, summary="Nouveau.") if "0" in line.summary else line for line in before]

        assert len(assess(guide(before, after)).told) == 6

    def test_a_page_read_elsewhere_is_doubted_when_it_says_something_else(self) -> None:
        there = f"{GUIDE}/Nouveau"

        assert assess(guide(self.BEFORE, self.BEFORE, address=there)).doubt is None
        doubt = assess(guide(self.BEFORE, self.EDITED, address=there)).doubt
        assert doubt
        assert doubt.reason == f"la page est maintenant lue à l'adresse {there}"

    def test_when_believed_only_sections_that_both_pages_have_are_told(self) -> None:
        there = f"{GUIDE}/Nouveau"
        after = (*self.EDITED, block("Autre page, autre texte.", "Sections d'ailleurs"))
        doubt = assess(guide(self.BEFORE, after, address=there)).doubt
        assert doubt
        agreed = state(suspicion=Suspicion(doubt.digest, NOW - HOUR))

        assessment = assess(guide(self.BEFORE, after, address=there, state=agreed))

        assert kinds(assessment.told) == [("edited", "Titre de séjour")]

    def test_a_page_that_returns_to_an_earlier_version_is_doubted(self) -> None:
        past = remember(snapshot(self.EDITED), self.BEFORE)
        base = snapshot(self.BEFORE, past=past, address=GUIDE)

        doubt = assess(guide(self.BEFORE, self.EDITED, baseline=base)).doubt

        assert doubt
        assert doubt.reason == "la page revient à une version antérieure"

    def test_a_page_that_only_loses_text_must_show_so_twice(self) -> None:
        """A node that lags behind shows the same, for days perhaps."""
        doubt = assess(guide(self.BEFORE, self.BEFORE[1:])).doubt
        assert doubt
        agreed = state(suspicion=Suspicion(doubt.digest, NOW - HOUR))

        assert assess(guide(self.BEFORE, self.BEFORE[1:], state=agreed)).told


class TestReachesFurther:
    def test_a_page_that_ends_with_a_newcomer_goes_on(self) -> None:
        assert reaches_further(snapshot(BEFORE), cards(30))

    def test_one_that_ends_with_a_known_item_does_not(self) -> None:
        assert not reaches_further(snapshot(BEFORE), cards(25))

    def test_nor_one_that_ends_with_an_item_older_than_all_known(self) -> None:
        oldest = BEFORE[-1].published
        assert not reaches_further(snapshot(BEFORE), [*cards(25, 5), card(3)])
        assert reaches_further(snapshot(BEFORE), [*cards(25, 5), card(99, published=oldest)])

    def test_nor_one_that_ends_with_an_item_of_former_days(self) -> None:
        former = snapshot(BEFORE, past=remember(None, BEFORE, cards(40)))

        assert not reaches_further(former, cards(40))

    def test_undated_newcomers_go_on(self) -> None:
        assert reaches_further(snapshot(BEFORE), [card(99, published=None)])
        undated = snapshot([replace(item, published=None) for item in BEFORE])
        assert reaches_further(undated, cards(30))

    def test_a_first_reading_and_an_empty_page_go_nowhere(self) -> None:
        assert not reaches_further(None, cards(30))
        assert not reaches_further(snapshot(BEFORE), [])


def test_only_html_pages_of_the_same_site_are_an_items_own() -> None:
    assert has_own_page(NEWS, card(1))
    assert not has_own_page(NEWS, card(1, address="https://www.rhone.gouv.fr/Actualites/A"))

"""What is told of a page that differs as a whole once it is believed, and what becomes of what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.readings import (
    GUIDE,
    HOUR,
    LIST,
    NEWS,
    NOW,
    SEJOUR,
    block,
    blocks,
    card,
    cards,
    guide,
    reading,
    snapshot,
    state,
)
from watcher.core.catalogue import SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import remember
from watcher.core.decide import Assessment, Reading, assess, settle_vanished
from watcher.core.documents import has_own_page
from watcher.core.items import Attachment, Item
from watcher.core.services import Standing, state_of
from watcher.core.state import Accepted, Missing, Suspicion

BEFORE = cards(20)
YESTERDAY = NOW.date() - timedelta(days=1)
STAYED = timedelta(minutes=55)


def believed(this: Reading, ago: timedelta = STAYED, **known: Any) -> Assessment:
    """What is concluded when a page that is doubted stays as it is."""
    doubt = assess(this).doubt
    assert doubt
    waited = state(suspicion=Suspicion(doubt.digest, NOW - ago), **known)
    return assess(replace(this, state=waited))


def titles(assessment: Assessment) -> list[str]:
    return [d.item.title for d in assessment.told]


class TestLists:
    WRONG = snapshot(cards(30), past=remember(snapshot(BEFORE), cards(30)))
    ACCEPTED = Accepted(NOW - HOUR, NOW - timedelta(days=4), "autre liste")

    def returned(self, *newcomers: Item, accepted: Accepted | None = ACCEPTED) -> Assessment:
        """A list is back after another stood in its place."""
        return believed(reading([], [*newcomers, *BEFORE], baseline=self.WRONG), accepted=accepted)

    def test_a_list_that_is_back_tells_what_was_published_since_it_was_last_read(self) -> None:
        meanwhile, old = (card(100, published=NOW.date() - timedelta(days=n)) for n in (5, 6))

        assert [d.item for d in self.returned(meanwhile, replace(old, key="old")).told] == [meanwhile]
        assert self.returned(meanwhile, accepted=None).told == ()
        assert self.returned().back

    @pytest.mark.parametrize(("count", "told"), [(5, 5), (6, 0)])
    def test_up_to_five_newcomers_without_a_day_are_news_where_all_else_was_known(
        self, count: int, told: int
    ) -> None:
        undated = [card(100 + n, published=None) for n in range(count)]

        assert len(self.returned(*undated).told) == told

    def test_what_is_told_of_it_is_read_first_and_the_doubt_is_remembered(self) -> None:
        fresh = card(100, published=NOW.date())
        doubt = assess(reading([], [fresh, *BEFORE], baseline=self.WRONG)).doubt
        assessment = self.returned(fresh)

        assert assessment.to_read == (fresh,)
        assert doubt
        assert assessment.accepted == doubt.reason

    def test_another_list_in_its_place_tells_only_what_is_dated(self) -> None:
        other = [card(90, published=None), card(91, published=YESTERDAY), *cards(60, 8)]
        assessment = believed(reading(BEFORE, [replace(i, title=f"{i.title} b") for i in other]))

        assert "Article 90 b" not in titles(assessment)
        assert "Article 91 b" in titles(assessment)
        assert not assessment.back

    def test_a_list_that_was_empty_tells_its_first_items(self) -> None:
        old, fresh, undated = card(1), card(2, published=YESTERDAY), card(3, published=None)
        assessment = assess(reading([], [fresh, undated, old]))

        assert titles(assessment) == ["Article 2", "Article 3"]
        assert (assessment.accepted, assessment.back) == ("", False)

    def test_a_week_of_silence_is_more_than_seven_days(self) -> None:
        edited = [replace(BEFORE[0], title="Autre"), *BEFORE[1:]]

        for days, told in ((timedelta(7), 1), (timedelta(7, 1), 0)):
            assert len(assess(reading(BEFORE, edited, state=state(last_read_at=NOW - days))).told) == told
        assert len(assess(reading(BEFORE, edited, state=state(last_read_at=None))).told) == 1

    def test_what_grew_old_is_not_told_and_what_waits_to_be_read_is_no_newcomer_twice(self) -> None:
        pushed = assess(reading(BEFORE, [card(21), *BEFORE[:-1]]))
        assert titles(pushed) == ["Article 21"]

        waiting = [card(5), *BEFORE]
        assert titles(assess(reading(BEFORE, waiting, state=state(unread=(Missing(card(5).key, NOW),))))) == [
            "Article 5"
        ]

    def test_a_list_read_twice_as_far_apart_as_ten_minutes_is_not_yet_believed(self) -> None:
        doubt = assess(reading(BEFORE, cards(60))).doubt
        assert doubt
        waited = state(suspicion=Suspicion(doubt.digest, NOW - timedelta(minutes=54)))

        assert assess(reading(BEFORE, cards(60), state=waited)).doubt == doubt


class TestContentPages:
    BEFORE = blocks(10)
    NEW = tuple(block(f"Nouveau texte {n}.", "Titre de séjour") for n in range(10))

    def test_a_message_that_was_taken_for_the_page_tells_nothing_when_the_page_comes(self) -> None:
        assessment = assess(guide([block("Chargement")], self.BEFORE))

        assert (assessment.told, assessment.doubt) == ((), None)
        assert assessment.comparison.differences

    def test_a_page_written_anew_is_told_but_for_what_it_said_once(self) -> None:
        assert titles(believed(guide(self.BEFORE, self.NEW))) == ["Titre de séjour"]

        past = remember(snapshot(self.NEW[:9]), self.BEFORE)
        base = snapshot(self.BEFORE, past=past, address=GUIDE)
        (told,) = believed(guide(self.BEFORE, self.NEW, baseline=base)).told
        assert told.after
        assert "Nouveau texte 9." in told.after.summary
        assert "Nouveau texte 8." not in told.after.summary

    def test_one_that_is_back_as_a_whole_tells_nothing(self) -> None:
        base = snapshot(self.BEFORE, past=remember(snapshot(self.NEW), self.BEFORE), address=GUIDE)

        assert believed(guide(self.BEFORE, self.NEW, baseline=base)).told == ()

    @pytest.mark.parametrize(
        ("after", "patience"),
        [
            (blocks(10)[1:], timedelta(minutes=10)),
            (NEW, timedelta(minutes=55)),
            ([block("Bienvenue.", "Accueil")], timedelta(hours=24)),
            ([], timedelta(hours=24)),
        ],
        ids=["a line less", "written anew", "another page", "empty"],
    )
    def test_the_more_it_differs_the_longer_it_must_stay(
        self, after: Sequence[Item], patience: timedelta
    ) -> None:
        this = guide(self.BEFORE, after)

        assert believed(this, patience - timedelta(seconds=1)).doubt
        assert believed(this, patience).doubt is None

    def test_a_version_of_before_is_doubted_for_ten_minutes_and_a_mixture_is_not(self) -> None:
        older = [*self.BEFORE[:9], block("Ancien.", "Titre de séjour")]
        base = snapshot(self.BEFORE, past=remember(snapshot(older), self.BEFORE), address=GUIDE)
        back = guide(self.BEFORE, older, baseline=base)

        assert believed(back, timedelta(minutes=10)).told
        assert believed(back, timedelta(minutes=9)).doubt
        mixed = [*older, block("Jamais vu.", "Titre de séjour")]
        assert assess(guide(self.BEFORE, mixed, baseline=base)).doubt is None
        assert assess(guide(self.BEFORE, self.BEFORE, baseline=base)).doubt is None

    @pytest.mark.parametrize(
        ("address", "there", "doubted"), [("", GUIDE, False), (GUIDE, GUIDE, False), (GUIDE, LIST, True)]
    )
    def test_only_a_page_that_was_read_elsewhere_before_is_elsewhere(
        self, address: str, there: str, doubted: bool
    ) -> None:
        after = [*self.BEFORE, block("Encore.", "Titre de séjour")]
        base = snapshot(self.BEFORE, address=address)

        assert (assess(guide(self.BEFORE, after, baseline=base, address=there)).doubt is not None) is doubted

    def test_a_page_that_loses_a_line_and_gains_another_is_told_at_once(self) -> None:
        guichet, courrier = blocks(4, "Au guichet"), blocks(4, "Par courrier")
        after = [*guichet[1:], *courrier, block("Apportez un timbre.", "Par courrier")]

        assert len(assess(guide([*guichet, *courrier], after)).told) == 2

    def test_another_page_at_another_address_must_stay_for_an_hour(self) -> None:
        this = guide(self.BEFORE, [block("Bienvenue.", "Accueil")], address=LIST)

        assert believed(this, timedelta(minutes=54)).doubt
        assert believed(this).doubt is None


class TestServices:
    URL = "https://www.demarches-simplifiees.fr/commencer/sejour-15"
    SOURCE = replace(SEJOUR, kind=SourceKind.PROCEDURE, url=URL)
    OPEN = state_of(SourceKind.PROCEDURE, Standing.OPEN, "Séjour", URL)
    CLOSED = state_of(SourceKind.PROCEDURE, Standing.CLOSED, "Séjour", URL)
    WORDS = blocks(10)

    def of(self, before: Sequence[Item], after: Sequence[Item]) -> Reading:
        base = snapshot(before, address=self.URL)
        return reading(before, after, source=self.SOURCE, baseline=base, address=self.URL)

    def test_a_state_that_turned_is_all_there_is_to_tell_once_it_stays(self) -> None:
        this = self.of([self.OPEN, *self.WORDS], [self.CLOSED])
        (told,) = believed(this).told

        assert (told.kind, told.after and told.after.summary) == (ChangeKind.EDITED, self.CLOSED.summary)
        assert believed(this, timedelta(minutes=54)).told == ()

    def test_while_it_stays_open_its_words_are_compared(self) -> None:
        more = block("Apportez un timbre.", "Titre de séjour")
        this = self.of([self.OPEN, *self.WORDS], [self.OPEN, *self.WORDS, more])

        assert titles(assess(this)) == ["Titre de séjour"]


class TestVanished:
    def ended(
        self,
        gone: Item,
        there: str | None,
        after: Sequence[Item] = BEFORE,
        *,
        waited: bool = False,
        **base: Any,
    ) -> list[str]:
        """What it is said to be: "" while it is waited for."""
        missing = (Missing(gone.key, NOW - HOUR),) if waited else ()
        known = snapshot([*BEFORE, gone] if gone not in BEFORE else BEFORE, **base)
        this = reading([], [i for i in after if i != gone], baseline=known, state=state(missing=missing))
        settled = settle_vanished(this, [gone], {gone.key: there})
        return [d.kind.value for d in (*settled.ended, *settled.renamed)]

    @pytest.mark.parametrize(("days", "ended"), [(0, []), (1, []), (2, ["withdrawn"])])
    def test_what_is_a_day_old_may_only_lag_behind(self, days: int, ended: list[str]) -> None:
        fresh = card(99, published=NOW.date() - timedelta(days=days))

        assert self.ended(fresh, None) == ended
        assert self.ended(fresh, None, waited=True) == ["withdrawn"]

    def test_so_may_what_has_no_day_or_came_back(self) -> None:
        assert self.ended(card(99, published=None), None) == []
        gone, other = card(17), card(18)
        for past, ended in ((gone, []), (other, ["withdrawn"])):
            assert self.ended(gone, None, past=remember(snapshot([replace(past, title="x")]), [])) == ended

    def test_nothing_is_withdrawn_by_a_list_that_shows_nothing_it_showed(self) -> None:
        assert self.ended(card(17), None, cards(60)) == [ChangeKind.AGED_OUT.value]

    def test_what_stood_above_anything_that_is_still_there_was_taken_out(self) -> None:
        second_last = BEFORE[-2]

        assert self.ended(second_last, second_last.key, waited=True) == ["withdrawn"]
        assert self.ended(BEFORE[-1], BEFORE[-1].key, waited=True) == [ChangeKind.AGED_OUT.value]

    def test_a_page_that_leads_to_itself_or_to_what_is_not_shown_was_not_renamed(self) -> None:
        for there in (card(17).key, card(60).key):
            assert self.ended(card(17), there, waited=True) == ["withdrawn"]
        assert self.ended(card(17), card(18).key, waited=True) == ["edited"]


@pytest.mark.parametrize(
    ("address", "own"),
    [
        (f"{LIST}/A", True),
        (f"{LIST}/A?file=x.pdf", True),
        (f"{LIST}/A#x.pdf", True),
        (f"{LIST}/A.PDF", False),
        (f"{LIST}/A.docx?x=1", False),
        (f"{LIST}/A.jpg#page", False),
        ("https://www.rhone.gouv.fr/A", False),
        ("mailto:a@b.example", False),
    ],
)
def test_an_items_own_page_is_html_of_its_site(address: str, own: bool) -> None:
    item = card(1, address=address)

    assert has_own_page(NEWS, item) is own
    assert not has_own_page(NEWS, replace(item, attachments=(Attachment("A", "a.odt", f"{LIST}/a.odt"),)))


def test_a_newcomer_with_a_document_to_read_is_read() -> None:
    paper = card(21, attachments=(Attachment("Arrêté", "a.pdf", f"{LIST}/a.pdf"),))

    assert assess(reading(BEFORE, [paper, *BEFORE])).to_read == (paper,)

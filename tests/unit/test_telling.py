"""From a difference to what readers are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.fakes.alerts import verdict
from tests.fakes.readings import NEWS, NOW, SEJOUR, block, card
from watcher.core.alerts import AlertState
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.items import Article, Item, LinkKind, OfficialLink
from watcher.core.telling import SUMMARY, Told, alert_of, judged, lines_only_in, tell
from watcher.core.verdict import Route

ANEF = OfficialLink(LinkKind.ANEF, "anef", "https://administration-etrangers-en-france.interieur.gouv.fr")
BOOKING = OfficialLink(LinkKind.BOOKING, "booking:x/1", "https://www.cantal.gouv.fr/booking/create/1")
TO_ANEF = f"→ l'ANEF ({ANEF.address})"
TO_BOOKING = f"→ le module de rendez-vous 1 ({BOOKING.address})"
THEN = Article("Séjour", "Au guichet.\nMerci.", links=(BOOKING,))
SINCE = Article("Séjour", "En ligne.\nMerci.", published=date(2025, 9, 1), links=(ANEF,))
ADDED, EDITED, WITHDRAWN = ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.WITHDRAWN
CARD = card(1, "Séjour", summary="Les premiers mots")


def telling(difference: Difference, source: Any = NEWS, baseline: str = "1:b", **articles: Any) -> Told:
    return tell(source, baseline, difference, NOW, articles.get("read", {}), articles.get("stored", {}))


class TestIdentity:
    def test_the_same_difference_from_the_same_baseline_is_the_same_change(self) -> None:
        ids = {telling(Difference(ADDED, None, CARD)).change.id for _ in range(2)}

        assert len(ids) == 1

    @pytest.mark.parametrize(
        "other",
        [
            telling(Difference(ADDED, None, CARD), baseline="2:b"),
            telling(Difference(ADDED, None, CARD), source=replace(NEWS, id="69-actualites")),
            telling(Difference(EDITED, None, CARD)),
            telling(Difference(ADDED, None, card(2, "Séjour"))),
            telling(Difference(ADDED, None, replace(CARD, title="Autre"))),
            telling(Difference(ADDED, CARD, CARD)),
        ],
        ids=["baseline", "source", "kind", "item", "after", "before"],
    )
    def test_anything_else_is_another_change(self, other: Told) -> None:
        assert other.change.id != telling(Difference(ADDED, None, CARD)).change.id


class TestCards:
    def test_an_added_item_says_what_its_page_says(self) -> None:
        told = telling(Difference(ADDED, None, CARD), read={CARD.key: SINCE})

        assert (told.notice.title, told.notice.body, told.words) == ("Séjour", SINCE.body, SINCE.body)
        assert (told.notice.prefecture, told.notice.published) == ("15", CARD.published)
        assert told.notice.links == (ANEF,)
        assert told.notice.before is None
        assert told.words_before == ""

    def test_without_a_page_its_card_must_do(self) -> None:
        told = telling(Difference(ADDED, None, replace(CARD, links=(BOOKING,))))

        assert (told.words, told.notice.links) == ("Les premiers mots", (BOOKING,))

    def test_an_empty_page_says_less_than_the_card(self) -> None:
        told = telling(Difference(ADDED, None, CARD), read={CARD.key: Article("Séjour", "")})

        assert told.words == "Les premiers mots"

    @pytest.mark.parametrize(
        ("item", "day"),
        [
            (CARD, CARD.published),
            (replace(CARD, published=None, updated=date(2025, 9, 2)), date(2025, 9, 2)),
            (replace(CARD, published=None), date(2025, 9, 1)),
        ],
        ids=["published", "updated", "of its page"],
    )
    def test_its_day_is_the_cards_else_the_pages(self, item: Item, day: date) -> None:
        assert telling(Difference(ADDED, None, item), read={item.key: SINCE}).notice.published == day

    def test_an_undated_item_without_page_has_no_day(self) -> None:
        assert telling(Difference(ADDED, None, replace(CARD, published=None))).notice.published is None

    def test_an_edit_tells_the_lines_that_differ_and_lets_both_texts_be_read(self) -> None:
        told = telling(Difference(EDITED, CARD, CARD), read={CARD.key: SINCE}, stored={CARD.key: THEN})

        assert (told.words, told.words_before) == (f"En ligne.\n{TO_ANEF}", f"Au guichet.\n{TO_BOOKING}")
        assert told.notice.body == SINCE.body
        assert told.notice.before == "Séjour\nAu guichet.\nMerci."
        assert (told.notice.links, told.notice.links_before) == ((ANEF,), (BOOKING,))

    def test_a_renamed_item_is_compared_with_its_page_under_the_old_address(self) -> None:
        old, new = card(1, "Séjour"), card(2, "Séjour en ligne")
        told = telling(Difference(EDITED, old, new), read={new.key: SINCE}, stored={old.key: THEN})

        assert told.words == f"Séjour en ligne\nEn ligne.\n{TO_ANEF}"
        assert told.words_before == f"Séjour\nAu guichet.\n{TO_BOOKING}"

    def test_an_edit_whose_former_page_is_unknown_tells_what_the_card_said(self) -> None:
        was = card(1, "Guichet", summary="Les premiers mots")
        told = telling(Difference(EDITED, was, CARD), read={CARD.key: SINCE})

        assert (told.words, told.words_before) == (SINCE.body, "Guichet")
        assert told.notice.before is None

    def test_an_edit_without_former_side_has_no_words_before(self) -> None:
        assert telling(Difference(EDITED, None, CARD)).words_before == ""

    def test_what_is_withdrawn_is_told_with_what_it_said(self) -> None:
        told = telling(Difference(WITHDRAWN, CARD, None), stored={CARD.key: THEN})

        assert told.words == THEN.body
        assert told.notice.links == (BOOKING,)


class TestSections:
    PATH = ("Étrangers", "Où déposer ?")
    WAS, IS = block("Au guichet.", *PATH, links=(BOOKING,)), block("En ligne.", *PATH, links=(ANEF,))

    def test_an_edit_is_read_as_a_whole_and_told_by_its_lines(self) -> None:
        difference = Difference(EDITED, self.WAS, self.IS, "Avant.\nAu guichet.", "Avant.\nEn ligne.")
        told = telling(difference, SEJOUR)

        assert told.notice.title == "Étrangers – Où déposer ?"
        assert (told.notice.body, told.notice.before) == ("Avant.\nEn ligne.", "Avant.\nAu guichet.")
        assert (told.words, told.words_before) == (f"En ligne.\n{TO_ANEF}", f"Au guichet.\n{TO_BOOKING}")
        assert (told.notice.links, told.notice.links_before) == ((ANEF,), (BOOKING,))
        assert told.notice.foreigners_page

    def test_a_new_section_has_nothing_before(self) -> None:
        told = telling(Difference(ADDED, None, self.IS, "", "En ligne."), SEJOUR)

        assert (told.notice.body, told.notice.before, told.words_before) == ("En ligne.", None, "")
        assert told.notice.links_before == ()

    def test_one_that_is_gone_is_read_as_it_was(self) -> None:
        told = telling(Difference(WITHDRAWN, self.WAS, None, "Au guichet.", ""), SEJOUR)

        assert (told.notice.body, told.notice.before) == ("Au guichet.", None)
        assert (told.words, told.words_before) == ("", f"Au guichet.\n{TO_BOOKING}")
        assert told.notice.links == ()

    def test_a_section_that_lost_some_of_its_text_is_read_as_it_is_now(self) -> None:
        told = telling(Difference(WITHDRAWN, self.WAS, None, "Avant.\nAu guichet.", "Avant."), SEJOUR)
        shorter = telling(Difference(EDITED, self.WAS, None, "Avant.\nAu guichet.", ""), SEJOUR)

        assert (told.notice.body, told.notice.before) == ("Avant.", "Avant.\nAu guichet.")
        assert (shorter.notice.body, shorter.notice.before) == ("", "Avant.\nAu guichet.")

    def test_text_above_the_first_heading_goes_by_the_pages_title(self) -> None:
        lead = replace(block("En ligne."), title="Étrangers", updated=date(2025, 9, 1))
        told = telling(Difference(ADDED, None, lead, "", "En ligne."), SEJOUR)

        assert (told.notice.title, told.notice.published) == ("Étrangers", date(2025, 9, 1))


class TestRoutes:
    TOLD = telling(Difference(ADDED, None, CARD), read={CARD.key: SINCE})

    def test_a_muted_change_is_no_alert(self) -> None:
        assert alert_of(NEWS, self.TOLD, verdict(route=Route.MUTE)) is None

    @pytest.mark.parametrize(
        ("route", "state"),
        [(Route.PUBLISH, AlertState.VERIFIED), (Route.REVIEW, AlertState.UNVERIFIED)],
    )
    def test_what_is_uncertain_is_told_as_such(self, route: Route, state: AlertState) -> None:
        alert = alert_of(NEWS, self.TOLD, verdict(route=route))

        assert alert
        assert alert.state is state

    def test_an_alert_is_known_by_its_change_and_carries_the_pages_words(self) -> None:
        alert = alert_of(NEWS, self.TOLD, verdict())

        assert alert
        assert alert.id == self.TOLD.change.id
        assert (alert.source, alert.prefecture, alert.kind) == (NEWS.id, "15", ADDED)
        assert (alert.title, alert.summary, alert.address) == ("Séjour", SINCE.body, CARD.address)
        assert (alert.detected_at, alert.updated_at) == (NOW, NOW)

    def test_nothing_withdrawn_is_published_without_a_human(self) -> None:
        gone = telling(Difference(WITHDRAWN, CARD, None)).change
        routes = [judged(gone, verdict(route=route)).route for route in Route]

        assert routes == [Route.REVIEW, Route.REVIEW, Route.MUTE]
        assert judged(self.TOLD.change, verdict()).route is Route.PUBLISH

    def test_the_same_text_in_two_prefectures_is_one_group(self) -> None:
        rhone = replace(NEWS, id="69-actualites", prefecture="69")
        shouted = replace(CARD, title="SÉJOUR")
        groups = {
            alert.group
            for source, item in ((NEWS, CARD), (rhone, shouted))
            if (alert := alert_of(source, telling(Difference(ADDED, None, item), source), verdict()))
        }

        assert len(groups) == 1

    def test_a_long_text_is_cut_between_words(self) -> None:
        long = replace(CARD, summary="mot " * 1000)
        alert = alert_of(NEWS, telling(Difference(ADDED, None, long)), verdict())

        assert alert
        assert len(alert.summary) <= SUMMARY + 2
        assert alert.summary.endswith("mot …")

    def test_a_text_that_just_fits_is_whole(self) -> None:
        whole = "m" * SUMMARY
        alert = alert_of(NEWS, telling(Difference(ADDED, None, replace(CARD, summary=whole))), verdict())

        assert alert
        assert alert.summary == whole


def test_lines_are_compared_without_their_typography() -> None:
    text = "L’accueil est fermé.\nMerci !\nÀ bientôt"

    assert lines_only_in(text, "L'ACCUEIL EST FERMÉ.\nmerci!") == "À bientôt"

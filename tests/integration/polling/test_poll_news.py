"""News lists: what a poll tells of them, with a real store, real layouts and a scripted web."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.watch import HOUR, NEWS, Watch, changes, said, told
from tests.fakes.web import LIST, article_page, card, cards, framed, list_page
from watcher.core.page import FailureKind, Outcome

SEJOUR_CARD = card(21, "Titres de séjour")


def published(watch: Watch, *newcomers: object) -> None:
    watch.show([*newcomers, *cards(20)])  # type: ignore[list-item]


@pytest.fixture
def read(watch: Watch) -> Watch:
    """A list of ten that was read once."""
    watch.show(cards(20))
    watch.poll()
    return watch


def test_a_first_reading_is_a_baseline_and_announces_nothing(watch: Watch) -> None:
    watch.show([SEJOUR_CARD, *cards(20, 499)])

    polled = watch.poll()

    assert polled.outcome is Outcome.OK
    assert not changes(polled)
    assert not watch.alerts()
    assert len(watch.known()) == 500
    assert polled.requests == 1


def test_the_same_page_is_unchanged_and_costs_one_request(read: Watch) -> None:
    polled = read.later()

    assert (polled.outcome, polled.requests, changes(polled)) == (Outcome.UNCHANGED, 1, ())


def test_tokens_that_differ_at_each_request_are_no_change(read: Watch) -> None:
    read.show(cards(20), nonce="another")

    assert read.later().outcome is Outcome.UNCHANGED


def test_a_new_item_is_announced_once_with_the_text_of_its_own_page(read: Watch) -> None:
    read.web.show(SEJOUR_CARD.address, article_page("Titres de séjour", "Prenez rendez-vous en ligne."))
    published(read, SEJOUR_CARD)

    polled = read.later()
    again = read.later()

    assert told(polled) == [("added", "Titres de séjour")]
    assert said(polled) == ["Prenez rendez-vous en ligne."]
    assert (again.outcome, told(again)) == (Outcome.UNCHANGED, [])
    (alert,) = read.alerts()
    assert (alert.title, alert.summary) == ("Titres de séjour", "Prenez rendez-vous en ligne.")
    assert alert.address == SEJOUR_CARD.address
    assert alert.published == SEJOUR_CARD.day


def test_an_unrelated_item_is_a_change_that_alerts_nobody(read: Watch) -> None:
    published(read, card(21, "Fête du fromage"))

    assert told(read.later()) == [("added", "Fête du fromage")]
    assert not read.alerts()


def test_an_edited_title_is_an_edit_with_both_wordings(read: Watch) -> None:
    shown = [replace(c, title="Le séjour en ligne") if c == card(15) else c for c in cards(20)]
    read.show(shown)

    polled = read.later()

    assert told(polled) == [("edited", "Le séjour en ligne")]
    (alert,) = read.alerts()
    assert alert.before == "Nouvelle 15"


def test_an_item_pushed_off_the_page_by_a_newcomer_has_aged_out(read: Watch) -> None:
    read.show([SEJOUR_CARD, *cards(20, 9)])

    polled = read.later()

    assert told(polled) == [("added", "Titres de séjour")]
    assert len(read.web.asked) == 3  # two lists, the newcomer's own page
    assert "Nouvelle 11" not in read.known()


class TestTouchedDates:
    """A card that only changes its date says nothing; its article may."""

    NEW_DAY = replace(SEJOUR_CARD, day=card(29).day, updated=True)

    @pytest.fixture
    def dated(self, read: Watch) -> Watch:
        read.web.show(
            SEJOUR_CARD.address, article_page("Titres de séjour", "Rendez-vous au guichet.", "Merci.")
        )
        published(read, SEJOUR_CARD)
        read.later()
        return read

    def test_a_rewritten_article_is_an_edit_that_tells_the_lines_that_differ(self, dated: Watch) -> None:
        dated.web.show(
            SEJOUR_CARD.address, article_page("Titres de séjour", "Rendez-vous en ligne.", "Merci.")
        )
        published(dated, self.NEW_DAY)

        polled = dated.later()

        assert told(polled) == [("edited", "Titres de séjour")]
        assert said(polled) == ["Rendez-vous en ligne.\nMerci."]
        assert said(polled, "before") == ["Titres de séjour\nRendez-vous au guichet.\nMerci."]
        alert = dated.alerts()[-1]
        assert (alert.summary, alert.before) == ("Rendez-vous en ligne.", "Rendez-vous au guichet.")

    def test_an_article_whose_link_leads_elsewhere_is_an_edit_that_names_both_places(
        self, dated: Watch
    ) -> None:
        def page(module: int) -> str:
            link = f'<a href="/booking/create/{module}">Rendez-vous au guichet.</a>'
            return framed("Titres de séjour", f"<p>{link}</p>")

        for number, module in enumerate((4963, 5000)):
            dated.web.show(SEJOUR_CARD.address, page(module))
            published(dated, replace(self.NEW_DAY, day=card(29 + number).day))
            dated.later()

        alert = dated.alerts()[-1]
        assert (
            alert.before == "→ le module de rendez-vous 4963 (https://www.cantal.gouv.fr/booking/create/4963)"
        )
        assert (
            alert.summary
            == "→ le module de rendez-vous 5000 (https://www.cantal.gouv.fr/booking/create/5000)"
        )

    def test_rewritten_twice_it_is_two_edits(self, dated: Watch) -> None:
        """The list itself says the same each time, but for the day."""
        for number in (1, 2):
            text = f"Rendez-vous au guichet {number}."
            dated.web.show(SEJOUR_CARD.address, article_page("Titres de séjour", text, "Merci."))
            published(dated, replace(self.NEW_DAY, day=card(29 + number).day))
            dated.later()

        assert [alert.kind for alert in dated.alerts()] == ["added", "edited", "edited"]

    def test_the_same_article_under_another_date_is_no_news(self, dated: Watch) -> None:
        published(dated, self.NEW_DAY)

        assert told(dated.later()) == []
        assert dated.later().outcome is Outcome.UNCHANGED


class TestUnreadableArticle:
    """A newcomer is held until its own page was read, or was tried often enough."""

    @pytest.fixture
    def held(self, read: Watch) -> Watch:
        published(read, SEJOUR_CARD)
        read.web.break_(FailureKind.RESET, SEJOUR_CARD.address)
        return read

    def test_it_is_announced_once_with_its_text_when_that_can_be_read(self, held: Watch) -> None:
        silent = [told(held.later(timedelta(minutes=12))) for _ in range(2)]
        held.web.show(SEJOUR_CARD.address, article_page("Titres de séjour", "Prenez rendez-vous."))

        polled = held.later(timedelta(minutes=12))

        assert silent == [[], []]
        assert (told(polled), said(polled)) == ([("added", "Titres de séjour")], ["Prenez rendez-vous."])
        assert len(held.alerts()) == 1

    def test_news_that_comes_while_it_is_held_does_not_make_it_forgotten(self, held: Watch) -> None:
        published(held, card(22, "Séjour des étudiants"), SEJOUR_CARD)
        first = held.later(timedelta(minutes=12))
        held.web.show(SEJOUR_CARD.address, article_page("Titres de séjour", "Prenez rendez-vous."))

        second = held.later(timedelta(minutes=12))

        assert told(first) == [("added", "Séjour des étudiants")]
        assert told(second) == [("added", "Titres de séjour")]

    def test_after_three_tries_its_card_alone_must_do(self, held: Watch) -> None:
        found = [told(held.later(timedelta(minutes=12))) for _ in range(4)]

        assert found == [[], [], [("added", "Titres de séjour")], []]
        assert len(held.alerts()) == 1

    def test_a_lasting_refusal_does_not_delay_it(self, held: Watch) -> None:
        held.web.replies[SEJOUR_CARD.address] = FailureKind.ROBOTS

        assert told(held.later()) == [("added", "Titres de séjour")]

    def test_neither_does_a_page_that_is_gone(self, held: Watch) -> None:
        del held.web.replies[SEJOUR_CARD.address]

        assert told(held.later()) == [("added", "Titres de séjour")]


def test_the_next_look_at_a_quiet_list_comes_after_its_interval(read: Watch) -> None:
    assert read.state().next_poll_at - read.clock.now() == HOUR
    assert read.store.due(read.clock.now()) == ["15-sejour"]
    assert NEWS.id in read.store.due(read.clock.now() + HOUR)


def test_the_list_is_asked_for_at_its_own_address(read: Watch) -> None:
    assert read.web.asked == [LIST]
    assert (
        list_page(cards(20)).encode() == (read.store.latest_page(NEWS.id) or pytest.fail("no page kept")).body
    )

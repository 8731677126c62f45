"""Lists of several pages, lists that grow at their end, rubrics with one article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.fakes.watch import NEWS, Watch, said, told
from tests.fakes.web import LIST, PER_PAGE, Card, Reply, article_page, card, cards, list_page
from watcher.core.page import FailureKind, Outcome

SECOND, THIRD = f"{LIST}/(offset)/10", f"{LIST}/(offset)/20"


def paginated(watch: Watch, shown: Sequence[Card]) -> None:
    """Put a list on as many pages as it needs."""
    pages = [shown[start : start + PER_PAGE] for start in range(0, len(shown), PER_PAGE)]
    for number, page in enumerate(pages):
        following = f"{LIST}/(offset)/{(number + 1) * PER_PAGE}" if number + 1 < len(pages) else ""
        address = f"{LIST}/(offset)/{number * PER_PAGE}" if number else LIST
        watch.web.show(address, list_page(page, following=following))
    watch.write(*shown)


class TestPagination:
    @pytest.fixture
    def read(self, watch: Watch) -> Watch:
        paginated(watch, cards(40, 40))
        watch.poll()
        watch.web.asked.clear()
        return watch

    def test_a_baseline_is_the_first_page_alone(self, read: Watch) -> None:
        assert read.known() == [c.title for c in cards(40)]

    def test_few_newcomers_are_all_on_the_first_page(self, read: Watch) -> None:
        paginated(read, cards(42, 42))

        assert told(read.later()) == [("added", "Nouvelle 42"), ("added", "Nouvelle 41")]
        assert not {SECOND, THIRD} & set(read.web.asked)

    def test_more_newcomers_than_a_page_holds_are_followed_only_as_far_as_they_reach(
        self, read: Watch
    ) -> None:
        paginated(read, cards(53, 53))

        polled = read.later()

        assert [title for _, title in told(polled)] == [f"Nouvelle {n}" for n in range(53, 40, -1)]
        assert SECOND in read.web.asked
        assert THIRD not in read.web.asked

    def test_newcomers_beyond_the_first_page_are_not_announced_again_when_they_come_into_view(
        self, read: Watch
    ) -> None:
        paginated(read, cards(53, 53))
        read.later()
        paginated(read, [c for c in cards(53, 53) if c != card(50)])
        del read.web.replies[card(50).address]

        assert told(read.later()) == []
        assert told(read.later()) == [("withdrawn", "Nouvelle 50")]

    def test_a_newcomer_of_a_further_page_whose_article_failed_is_met_again(self, read: Watch) -> None:
        paginated(read, cards(53, 53))
        text = read.web.replies[card(41).address]
        read.web.break_(FailureKind.RESET, card(41).address)
        first = read.later()
        read.web.replies[card(41).address] = text

        second = read.later(timedelta(minutes=12))

        assert len(told(first)) == 12
        assert told(second) == [("added", "Nouvelle 41")]

    @pytest.mark.parametrize(
        "broken", [FailureKind.TIMEOUT, Reply(b"<h1>404</h1>", 404)], ids=["down", "404"]
    )
    def test_newcomers_on_a_further_page_that_cannot_be_read_are_waited_for(
        self, read: Watch, broken: FailureKind | Reply
    ) -> None:
        """A first page of nothing but newcomers is not believed until known items are found below them."""
        paginated(read, cards(53, 53))
        read.web.replies[SECOND] = broken
        first = read.later()
        paginated(read, cards(53, 53))

        second = read.later(timedelta(minutes=12))

        assert (first.outcome, told(first)) == (Outcome.IMPLAUSIBLE, [])
        assert [title for _, title in told(second)] == [f"Nouvelle {n}" for n in range(53, 40, -1)]


class TestRisingList:
    """Some lists show their oldest items first: the news is on the last page."""

    @pytest.fixture
    def read(self, watch: Watch) -> Watch:
        paginated(watch, cards(25, 25)[::-1])
        watch.poll()
        return watch

    def test_the_whole_list_is_the_baseline(self, read: Watch) -> None:
        assert len(read.known()) == 25

    def test_a_newcomer_on_the_last_page_is_found_though_the_first_stays_the_same(self, read: Watch) -> None:
        paginated(read, cards(26, 26)[::-1])

        assert told(read.later()) == [("added", "Nouvelle 26")]
        assert told(read.later()) == []

    def test_a_newcomer_that_opens_a_page_is_found(self, read: Watch) -> None:
        paginated(read, cards(31, 31)[::-1])

        assert [title for _, title in told(read.later())] == [f"Nouvelle {n}" for n in range(26, 32)]


class TestSingleChild:
    """A rubric that holds one article redirects to it."""

    @pytest.fixture
    def read(self, watch: Watch) -> Watch:
        watch.web.show(card(20).address, article_page("Nouvelle 20", "Publié le 30/08/2025", "Le texte."))
        watch.web.lead(LIST, card(20).address)
        watch.poll()
        return watch

    def test_it_is_a_list_of_one(self, read: Watch) -> None:
        assert read.known() == ["Nouvelle 20"]
        assert read.state().outcome is Outcome.OK

    def test_a_second_article_makes_it_a_list_and_is_the_only_news(self, read: Watch) -> None:
        read.show([card(21, "Titres de séjour"), card(20)])

        polled = read.later()

        assert told(polled) == [("added", "Titres de séjour")]
        assert said(polled) == ["Le texte de : Titres de séjour."]
        assert told(read.later()) == []

    def test_another_only_child_is_news(self, read: Watch) -> None:
        read.web.show(card(21).address, article_page("Titres de séjour", "Publié le 31/08/2025", "Guichet."))
        read.web.lead(LIST, card(21).address)
        read.web.replies.pop(card(20).address)

        found = told(read.later())

        assert ("added", "Titres de séjour") in found
        assert NEWS.id not in dict(read.problems())

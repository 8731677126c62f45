"""What leaves a list, or moves: told only when it is sure that it was withdrawn or renamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.watch import Watch, changes, told
from tests.fakes.web import HOST, LIST, card, cards, list_page
from watcher.core.page import FailureKind


@pytest.fixture
def read(watch: Watch) -> Watch:
    """A list of ten that was read once."""
    watch.show(cards(20))
    watch.poll()
    return watch


class TestVanished:
    """What leaves a list is told only when it is sure that it was withdrawn."""

    TARGET = card(17, "Titres de séjour")

    @pytest.fixture
    def listed(self, watch: Watch) -> Watch:
        watch.show([self.TARGET if c == card(17) else c for c in cards(20)])
        watch.poll()
        return watch

    def without(self, watch: Watch, *numbers: int) -> None:
        watch.show([c for c in cards(20) if c not in [card(n) for n in (17, *numbers)]])

    def test_an_item_whose_page_is_gone_is_withdrawn_at_once_for_a_human_to_verify(
        self, listed: Watch
    ) -> None:
        self.without(listed)
        del listed.web.replies[self.TARGET.address]

        polled = listed.later()

        assert told(polled) == [("withdrawn", "Titres de séjour")]
        (alert,) = listed.alerts()
        assert (alert.state, alert.verdict.route) == ("unverified", "review")
        assert told(listed.later()) == []

    def test_a_page_that_is_not_published_any_more_asks_for_a_password(self, listed: Watch) -> None:
        self.without(listed)
        listed.web.show(self.TARGET.address, "<h1>401</h1>", status=401)

        assert told(listed.later()) == [("withdrawn", "Titres de séjour")]

    def test_one_that_left_the_middle_is_withdrawn_when_it_stays_away(self, listed: Watch) -> None:
        self.without(listed)

        first, soon, second = (
            listed.later(),
            listed.later(timedelta(minutes=5)),
            listed.later(timedelta(minutes=6)),
        )

        assert [told(first), told(soon)] == [[], []]
        assert told(second) == [("withdrawn", "Titres de séjour")]
        assert "Titres de séjour" not in listed.known()

    def test_a_second_look_comes_soon(self, listed: Watch) -> None:
        self.without(listed)
        listed.later()

        assert listed.state().next_poll_at - listed.clock.now() <= timedelta(minutes=15)

    def test_one_that_comes_back_was_never_gone(self, listed: Watch) -> None:
        self.without(listed)
        listed.later()
        listed.show([self.TARGET if c == card(17) else c for c in cards(20)])

        assert told(listed.later(timedelta(minutes=12))) == []
        assert told(listed.later()) == []
        assert not listed.state().missing

    def test_one_that_left_the_end_alerts_nobody(self, watch: Watch) -> None:
        shown = [*cards(20, 9), card(11, "Titres de séjour")]
        watch.show(shown)
        watch.poll()
        watch.show(shown[:-1])

        assert told(watch.later()) == []
        assert "Titres de séjour" in watch.known()
        assert told(watch.later()) == []
        assert "Titres de séjour" not in watch.known()

    def test_a_file_has_no_page_that_could_tell(self, watch: Watch) -> None:
        """Whether a document is still offered is told by the list alone."""
        file = f"{HOST}/contenu/telechargement/1/2/file/sejour.pdf"
        shown = list_page([self.TARGET, *cards(20)]).replace(self.TARGET.address, file)
        watch.web.show(LIST, shown)
        watch.poll()
        watch.show(cards(20))

        found = [told(watch.later()) for _ in range(2)]

        assert found == [[], [("withdrawn", "Titres de séjour")]]
        assert watch.web.asked.count(file) == 1  # while it was offered, for what it says

    def test_one_whose_page_cannot_be_asked_is_waited_for(self, listed: Watch) -> None:
        self.without(listed)
        listed.web.break_(FailureKind.TIMEOUT, self.TARGET.address)

        assert told(listed.later()) == []
        assert "Titres de séjour" in listed.known()


def test_an_item_whose_old_address_leads_to_a_newcomer_was_renamed(read: Watch) -> None:
    renamed = card(16, "Titres de séjour en ligne", path="Nouveau-nom")
    read.show([renamed if c == card(16) else c for c in cards(20)])
    read.web.lead(card(16).address, renamed.address)

    polled = read.later()

    assert told(polled) == [("edited", "Titres de séjour en ligne")]
    (change,) = changes(polled)
    assert change.before
    assert change.before.title == "Nouvelle 16"
    assert told(read.later()) == []


def test_the_same_item_under_another_address_moved_and_is_no_news(read: Watch) -> None:
    moved = replace(card(16), path="Ailleurs")
    read.show([moved if c == card(16) else c for c in cards(20)])

    assert told(read.later()) == []
    assert told(read.later()) == []

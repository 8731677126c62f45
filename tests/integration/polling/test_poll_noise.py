"""What looks like a change and is none, again and again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.watch import HOUR, NEWS, SEJOUR, Retitling, Watch, changes, told
from tests.fakes.web import GUIDE, LIST, Card, article_page, card, cards, guide_page, list_page
from watcher.core.page import Outcome, Validators

SECTIONS = [
    ("Renouvellement", ["Les demandes de séjour se font en ligne.", "Comptez deux mois."]),
    ("Accueil", ["Le bureau reçoit le matin.", "Aucun rendez-vous par téléphone."]),
]


@pytest.fixture
def read(watch: Watch) -> Watch:
    watch.show(cards(20))
    watch.web.show(GUIDE, guide_page(*SECTIONS))
    watch.poll()
    watch.poll(SEJOUR)
    return watch


def test_the_same_bytes_polled_200_times_are_no_change(read: Watch) -> None:
    outcomes = {read.later(timedelta(minutes=7)).outcome for _ in range(200)}

    assert outcomes == {Outcome.UNCHANGED}
    assert not read.store.history(NEWS.id)


def test_what_a_page_shows_is_remembered_as_it_last_came_and_never_in_place_of_what_was_read(
    read: Watch,
) -> None:
    """A page is compared as it came first, which is cheap; a comment more makes another of it, and no news."""
    plain, marked = list_page(cards(20)), list_page(cards(20)).replace("</main>", "<!-- nœud 2 --></main>")
    glimpses = []
    for html in (plain, marked, marked, plain):
        read.web.show(LIST, html)
        assert read.later().outcome is Outcome.UNCHANGED
        glimpses.append(read.state().glimpse)
    assert glimpses[0] == glimpses[3] != glimpses[1] == glimpses[2]

    read.show([card(21, "Titres de séjour"), *cards(20)])
    assert told(read.later()) == [("added", "Titres de séjour")]
    assert read.later().outcome is Outcome.UNCHANGED
    read.web.show(LIST, marked)
    assert read.later().outcome is Outcome.OK


def test_restarts_between_polls_find_nothing_again(read: Watch) -> None:
    read.show([card(21, "Titres de séjour"), *cards(20)])
    found = []
    for _ in range(20):
        read.start()
        found += told(read.later())

    assert found == [("added", "Titres de séjour")]
    assert len(read.alerts()) == 1


@pytest.mark.parametrize(
    "respelled",
    [
        pytest.param(lambda address: address.replace("https://", "http://"), id="http"),
        pytest.param(lambda address: f"{address}/", id="slash"),
        pytest.param(lambda address: f"{address}?utm_source=accueil&utm_medium=carte", id="tracking"),
        pytest.param(lambda address: address.replace("/Actualites", "/index.php/Actualites"), id="index"),
        pytest.param(lambda address: address.replace("https://www.", "https://"), id="www"),
        pytest.param(lambda address: f"{address}/(theme)/39", id="view"),
    ],
)
def test_another_spelling_of_every_address_is_no_change(read: Watch, respelled: Callable[[str], str]) -> None:
    html = list_page(cards(20))
    for shown in cards(20):
        html = html.replace(f'"{shown.address}"', f'"{respelled(shown.address)}"')
    read.web.show(LIST, html)

    polled = read.later()

    assert (polled.outcome, changes(polled)) == (Outcome.OK, ())


@pytest.mark.parametrize(
    "noisy",
    [
        pytest.param(lambda shown: shown[::-1], id="reversed"),
        pytest.param(lambda shown: [*shown[:3], shown[4], shown[3], *shown[5:]], id="two swapped"),
        pytest.param(lambda shown: [replace(c, title=c.title.upper()) for c in shown], id="capitals"),
        pytest.param(lambda shown: [replace(c, title=f" {c.title}  ") for c in shown], id="spaces"),
        pytest.param(lambda shown: [replace(c, day=c.day + timedelta(days=9)) for c in shown], id="re-dated"),
        pytest.param(lambda shown: [replace(c, excerpt="Les mots (...)") for c in shown], id="excerpts"),
    ],
)
def test_noise_on_every_card_is_no_change(read: Watch, noisy: Callable[[list[Card]], list[Card]]) -> None:
    read.show(noisy(cards(20)))

    assert told(read.later()) == []
    read.show(cards(20))
    assert told(read.later()) == []


def test_an_edit_that_flaps_100_times_alerts_once(read: Watch) -> None:
    """Two servers behind one address show two versions in turn."""
    old, new = cards(20), [replace(c, title="Le séjour en ligne") if c == card(15) else c for c in cards(20)]
    for turn in range(100):
        read.show(old if turn % 2 else new)
        read.later(timedelta(minutes=20))

    assert [alert.title for alert in read.alerts()] == ["Le séjour en ligne"]


def test_a_newcomer_that_flaps_100_times_alerts_once(read: Watch) -> None:
    old, new = cards(20), [card(21, "Titres de séjour"), *cards(20)]
    for turn in range(100):
        read.show(old if turn % 2 else new)
        read.later(timedelta(minutes=20))

    assert [alert.kind for alert in read.alerts()] == ["added"]


def test_a_section_that_flaps_100_times_alerts_once(read: Watch) -> None:
    edited = [("Renouvellement", ["Les demandes de séjour se font au guichet."]), *SECTIONS[1:]]
    for turn in range(100):
        read.web.show(GUIDE, guide_page(*(SECTIONS if turn % 2 else edited)))
        read.later(timedelta(minutes=20), SEJOUR)

    assert len(read.alerts()) == 1


def test_an_old_title_that_is_back_for_good_is_an_edit(read: Watch) -> None:
    old = [replace(c, title="Séjour au guichet") if c == card(15) else c for c in cards(20)]
    new = [replace(c, title="Séjour en ligne") if c == card(15) else c for c in cards(20)]
    read.show(old)
    read.later()
    read.show(new)
    read.later()
    read.show(old)

    found = [told(read.later(timedelta(minutes=12))) for _ in range(3)]

    assert found == [[], [("edited", "Séjour au guichet")], []]


class TestSilence:
    """After more than a week without a reading, only what is dated since is news."""

    LATE = replace(card(29, "Titres de séjour"), path="Depuis")  # 8 September
    OLD = replace(card(21, "Séjour des étudiants"), path="Avant")

    def test_only_what_is_dated_since_the_last_reading_is_told(self, read: Watch) -> None:
        read.show(
            [self.LATE, self.OLD, *[replace(c, title=f"{c.title} bis") for c in cards(20, 2)], *cards(18, 6)]
        )

        polled = read.later(timedelta(days=8))

        assert told(polled) == [("added", "Titres de séjour")]
        assert told(read.later()) == []

    def test_within_the_week_everything_new_is_told(self, read: Watch) -> None:
        read.show([self.LATE, self.OLD, *cards(20, 8)])

        assert len(told(read.later(timedelta(days=6)))) == 2

    def test_a_silence_of_the_server_counts_like_ours(self, read: Watch) -> None:
        read.web.replies.clear()
        for _ in range(9):
            read.later(timedelta(days=1))
        read.show([self.LATE, self.OLD, *cards(20, 8)])

        assert told(read.later()) == [("added", "Titres de séjour")]


class TestConditionalRequests:
    """Where a server gives validators, they are used; a server that lies with them is caught in a day."""

    @pytest.fixture
    def tagged(self, watch: Watch) -> Watch:
        self.serve(watch, cards(20), '"v1"')
        watch.poll()
        return watch

    @staticmethod
    def serve(watch: Watch, shown: list[Card], etag: str) -> None:
        watch.show(shown)
        watch.web.show(LIST, list_page(shown), validators=Validators(etag=etag))

    def test_a_304_is_a_reading_that_costs_nothing(self, tagged: Watch) -> None:
        polled = tagged.later()

        assert (polled.outcome, polled.wire_bytes) == (Outcome.NOT_MODIFIED, 0)
        assert tagged.state().last_read_at == tagged.clock.now()
        assert tagged.state().next_poll_at == tagged.clock.now() + HOUR

    def test_a_new_version_is_read(self, tagged: Watch) -> None:
        self.serve(tagged, [card(21, "Titres de séjour"), *cards(20)], '"v2"')

        assert told(tagged.later()) == [("added", "Titres de séjour")]
        assert tagged.later().outcome is Outcome.NOT_MODIFIED

    def test_a_server_that_says_304_for_ever_is_asked_plainly_once_a_day(self, tagged: Watch) -> None:
        self.serve(tagged, [card(21, "Titres de séjour"), *cards(20)], '"v2"')
        tagged.web.stubborn = True

        outcomes = [tagged.later() for _ in range(24)]

        assert [p.outcome for p in outcomes[:23]] == [Outcome.NOT_MODIFIED] * 23
        assert told(outcomes[23]) == [("added", "Titres de séjour")]

    def test_a_second_look_is_never_conditional(self, tagged: Watch) -> None:
        self.serve(tagged, [c for c in cards(20) if c != card(15)], '"v2"')
        tagged.later()

        assert tagged.later(timedelta(minutes=12)).outcome is Outcome.OK


def test_a_better_layout_is_no_news(read: Watch) -> None:
    """The stored page is read again with the layout of today, and compared with that."""
    read.layout = lambda name: Retitling(name)
    read.show([card(21, "Titres de séjour"), *cards(20)])

    assert told(read.later()) == [("added", "[2] Titres de séjour")]
    assert read.known()[1] == "[2] Nouvelle 20"


def test_a_better_layout_of_an_unchanged_page_is_no_news(read: Watch) -> None:
    read.layout = lambda name: Retitling(name)
    read.show(cards(20), nonce="other")

    assert told(read.later()) == []
    read.web.show(LIST, list_page([card(21), *cards(20, 9)]))
    read.web.show(card(21).address, article_page("Nouvelle 21", "Texte."))
    assert told(read.later()) == [("added", "[2] Nouvelle 21")]

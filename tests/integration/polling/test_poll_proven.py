"""What the proof by bad pages found wanting: each of these alerted somebody, or kept quiet, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.watch import HOUR, SEJOUR, START, Watch, told
from tests.fakes.web import GUIDE, LIST, Card, article_page, card, cards, framed, guide_page, list_page
from watcher.core.page import Outcome

SOON = timedelta(minutes=12)
SECTIONS = [
    ("Sur internet", ["Les demandes de séjour des étudiants se font en ligne.", "Étudiants.", "Visiteurs."]),
    ("Au guichet", ["Les demandes de séjour des salariés se font au guichet.", "Salariés.", "Commerçants."]),
]
MESSAGE = framed(
    "Étrangers en France", "<p>Ce que vous lisez ici n'est pas ce que vous vouliez lire.</p>"
).replace("<h1>Étrangers en France</h1>", "<h1>Un petit souci</h1>")
RESULTS = framed("Actualités", "<h2>Résultats</h2><p>Votre recherche n'a donné aucun résultat.</p>")


@pytest.fixture
def guide(watch: Watch) -> Watch:
    watch.web.show(GUIDE, guide_page(*SECTIONS))
    watch.poll(SEJOUR)
    return watch


class TestMessages:
    """An error in words that nobody foresaw, in the site's own frame, in the place of a content page."""

    def test_a_message_of_a_few_hours_never_becomes_the_page(self, guide: Watch) -> None:
        before = guide.store.latest_snapshot(SEJOUR.id)
        guide.web.show(GUIDE, MESSAGE)

        outcomes = {guide.later(span, SEJOUR).outcome for span in (HOUR, SOON, HOUR, 6 * HOUR)}

        assert outcomes == {Outcome.IMPLAUSIBLE}
        assert guide.store.latest_snapshot(SEJOUR.id) == before

    def test_the_page_that_comes_back_after_days_is_not_announced(self, guide: Watch) -> None:
        guide.web.show(GUIDE, MESSAGE)
        for _ in range(50):
            guide.later(HOUR, SEJOUR)
        alerts = guide.alerts()
        guide.web.show(GUIDE, guide_page(*SECTIONS))

        found = [told(guide.later(span, SEJOUR)) for span in (HOUR, HOUR, HOUR, 24 * HOUR)]

        assert found == [[], [], [], []]
        assert guide.alerts() == alerts

    def test_a_short_page_is_no_message_that_the_home_page_may_take_the_place_of(self, watch: Watch) -> None:
        """Some sites answer with their home page, and 200, where a page is not published any more."""
        said = (
            "Pour un titre de séjour, prenez rendez-vous au guichet de la préfecture, munis du passeport. "
            * 4
        )
        watch.web.show(GUIDE, framed("Rendez-vous", f"<h1>Rendez-vous</h1><p>{said}</p>"))
        watch.poll(SEJOUR)
        watch.web.show(GUIDE, framed("Accueil", f"<h1>Accueil</h1><p>{'Bienvenue à tous. ' * 30}</p>"))

        assert [watch.later(HOUR, SEJOUR).outcome for _ in range(3)] == [Outcome.IMPLAUSIBLE] * 3
        assert watch.known(SEJOUR) != ["Accueil"]

    def test_a_message_that_was_met_first_is_no_baseline_to_compare_a_page_with(self, watch: Watch) -> None:
        watch.web.show(GUIDE, MESSAGE)
        watch.poll(SEJOUR)
        watch.web.show(GUIDE, guide_page(*SECTIONS))

        assert [told(watch.later(HOUR, SEJOUR)) for _ in range(3)] == [[], [], []]

    def test_a_list_that_was_empty_at_first_is_not_announced_as_a_whole(self, watch: Watch) -> None:
        watch.web.show(LIST, RESULTS)
        watch.poll()
        fresh = replace(card(29, "Titres de séjour"), path="Aujourd-hui")
        watch.show([fresh, *cards(20)])

        assert told(watch.later()) == [("added", "Titres de séjour")]


class TestOtherSites:
    OTHER = "Les services de l'État en Lozère"

    def test_a_first_reading_of_another_site_is_forgotten_after_a_day(self, watch: Watch) -> None:
        """Else the page itself would be refused for ever."""
        watch.web.show(GUIDE, framed("Accueil", "<p>Bienvenue.</p>" * 40, site=self.OTHER))
        watch.poll(SEJOUR)
        watch.web.show(GUIDE, guide_page(*SECTIONS))

        outcomes = [watch.later(span, SEJOUR).outcome for span in (HOUR, 12 * HOUR, 13 * HOUR, HOUR)]

        assert outcomes == [Outcome.SOFT_404, Outcome.SOFT_404, Outcome.OK, Outcome.UNCHANGED]
        assert not watch.alerts()


class TestLaggingNodes:
    """One node behind the address is behind the others: it has neither the new item nor its page."""

    @pytest.mark.parametrize("dated", [True, False])
    def test_a_newcomer_with_its_page_alerts_once(self, watch: Watch, dated: bool) -> None:
        new = replace(card(29, "Titres de séjour"), path="Neuf")
        html = list_page([new, *cards(20)])
        if not dated:
            html = html.replace(f"Publié le {START:%d/%m/%Y}", "")
        watch.show(cards(20))
        watch.poll()
        for turn in range(40):
            watch.web.show(LIST, list_page(cards(20)) if turn % 2 else html)
            watch.web.show(new.address, article_page(new.title, "Le texte."), status=404 if turn % 2 else 200)
            watch.later(timedelta(minutes=20))

        assert [alert.kind for alert in watch.alerts()] == ["added"]

    def test_a_newcomer_that_went_and_came_back_is_not_withdrawn_once_it_is_old(self, watch: Watch) -> None:
        """The nodes disagree for days: what was met missing and there again may lag behind at any age."""
        new = replace(card(29, "Titres de séjour"), path="Neuf")
        watch.show(cards(20))
        watch.poll()
        for turn in range(40):
            watch.show(cards(20) if turn % 2 else [new, *cards(20)])
            watch.web.show(new.address, article_page(new.title, "Le texte."), status=404 if turn % 2 else 200)
            watch.later(timedelta(hours=2))

        assert [alert.kind for alert in watch.alerts()] == ["added"]

    def test_a_withdrawn_item_alerts_once(self, watch: Watch) -> None:
        gone = card(15)
        watch.show(cards(20))
        watch.poll()
        for turn in range(40):
            watch.show([c for c in cards(20) if c != gone] if turn % 2 else cards(20))
            watch.web.show(gone.address, article_page(gone.title, "Texte."), status=404 if turn % 2 else 200)
            watch.later(timedelta(minutes=20))

        assert [alert.kind for alert in watch.alerts()] == ["withdrawn"] or not watch.alerts()
        assert len(watch.store.history("15-actualites")) == 1

    def test_a_new_section_alerts_once(self, guide: Watch) -> None:
        new = ("Fermeture", ["Le service du séjour est fermé le 15 septembre."])
        for turn in range(40):
            guide.web.show(GUIDE, guide_page(*SECTIONS) if turn % 2 else guide_page(*SECTIONS, new))
            guide.later(timedelta(minutes=20), SEJOUR)

        assert [alert.kind for alert in guide.alerts()] == ["added"]

    def test_a_link_swapped_under_the_same_words_alerts_once(self, guide: Watch) -> None:
        """The words stay, so that only where they lead tells the versions apart."""
        pages = [
            guide_page(*SECTIONS, ("Séjour", [f'<a href="/booking/create/{number}">Prendre rendez-vous</a>']))
            for number in (4963, 4964)
        ]
        guide.web.show(GUIDE, pages[0])
        guide.later(source=SEJOUR)
        before = len(guide.alerts())
        for turn in range(40):
            guide.web.show(GUIDE, pages[(turn + 1) % 2])
            guide.later(timedelta(minutes=20), SEJOUR)

        assert len(guide.alerts()) == before + 1


def test_what_stood_in_the_place_of_a_list_is_not_withdrawn_when_the_list_is_back(watch: Watch) -> None:
    acts = [replace(card(9, f"Recueil {n}"), path=f"Recueil-{n}", day=date(2025, 8, 1)) for n in range(2)]
    watch.show(cards(20))
    watch.poll()
    watch.web.show(LIST, list_page(acts))
    for _ in range(3):
        watch.later()
    watch.show(cards(20))
    for act in acts:
        watch.web.replies.pop(act.address, None)

    assert [told(watch.later(span)) for span in (HOUR, SOON, HOUR)] == [[], [], []]


def test_text_where_a_list_was_is_no_list(watch: Watch) -> None:
    """A layout that finds no entries and reads the page as text must not make news of its paragraphs."""
    source = replace(watch.sources[0], layout="police")
    watch.show(cards(20))
    watch.web.show(LIST, framed("Actualités", "<p>Un peu de texte à lire ici.</p>" * 9))

    assert watch.poll(source).outcome is Outcome.EMPTY


def test_a_list_that_was_known_to_its_end_is_still_read_to_its_end_when_its_dates_go(watch: Watch) -> None:
    """Else a list whose newest items come last would keep them to itself for ever."""
    second = f"{LIST}/(offset)/10"
    rising = cards(20, 20)[::-1]

    def show(first: list[Card], last: list[Card], *, dates: bool) -> None:
        for address, shown, following in ((LIST, first, second), (second, last, "")):
            html = list_page(shown, following=following)
            watch.web.show(address, html if dates else html.replace("Publié le", "Mis à jour le"))

    show([*rising[:10]], [*rising[10:]], dates=True)
    watch.write(*rising)
    watch.poll()
    new = replace(card(29, "Titres de séjour"), path="Neuf")
    watch.write(new)
    show([*rising[:10]], [*rising[10:], new], dates=False)

    polled = watch.later()

    assert told(polled) == [("added", "Titres de séjour")]

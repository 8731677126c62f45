"""A list that loses its dates, or in whose place undated links stand: what is news is told by the items' own pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.fakes.watch import Watch, told
from tests.fakes.web import LIST, Card, article_page, card, cards, framed, list_page
from watcher.core.page import FailureKind, Outcome

SOON = timedelta(minutes=12)
FRESH = card(29, "Titres de séjour : guichet fermé")
ERROR_LINKS = "".join(
    f'<p><a href="/{path}">{path}</a></p>' for path in ("Demarches", "Plan", "Publications/Recueil")
)


@pytest.fixture
def read(watch: Watch) -> Watch:
    watch.show(cards(20))
    watch.poll()
    return watch


def without_dates(shown: list[Card]) -> str:
    return re.sub(r"Publié le [\d/]+", "", list_page(shown))


def redrawn(read: Watch, said: str) -> list[tuple[str, str]]:
    """The list in a template without dates, with a newcomer whose own page begins with `said`; what is told."""
    read.web.show(FRESH.address, article_page(FRESH.title, said, "Le guichet du séjour est fermé."))
    read.web.show(LIST, without_dates([FRESH, *cards(20, 9)]))
    assert read.later().reason == "les dates ont disparu de la liste"
    return told(read.later())


def test_what_came_with_a_template_without_dates_is_news_if_its_own_page_is_of_these_days(
    read: Watch,
) -> None:
    assert redrawn(read, "Publié le 08/09/2025") == [("added", FRESH.title)]
    assert read.known()[0] == FRESH.title


@pytest.mark.parametrize("said", ["Publié le 01/09/2025", "Mis à jour le 08/09/2025", "Sans date."])
def test_it_is_none_if_its_own_page_is_older_or_does_not_say(read: Watch, said: str) -> None:
    """What stood beside the list cannot be told from it in another template."""
    assert redrawn(read, said) == []
    assert read.known()[0] == FRESH.title


def test_it_is_none_if_its_own_page_cannot_be_read_and_does_not_come_back_as_news(read: Watch) -> None:
    read.web.show(LIST, without_dates([FRESH, *cards(20, 9)]))
    read.web.break_(FailureKind.TIMEOUT, FRESH.address)
    read.later()

    assert [told(read.later()) for _ in range(4)] == [[], [], [], []]


def test_a_whole_other_list_is_asked_for_no_days(read: Watch) -> None:
    others = [card(n, f"Séjour {n}", path=f"Autre-{n}") for n in range(9)]
    read.write(*others)
    read.web.show(LIST, without_dates([*cards(20, 3), *others]))
    asked = len(read.web.asked)
    read.later()
    read.later()

    assert asked + 2 <= len(read.web.asked) <= asked + 2 + 10
    assert not read.alerts()


def test_undated_links_in_the_place_of_a_dated_list_are_not_believed_for_a_day(read: Watch) -> None:
    """An error page in words that nobody foresaw, with links to where one may go instead."""
    read.web.show(LIST, framed("Actualités", f"<p>Ce chemin est sans issue.</p>{ERROR_LINKS}"))
    hours = [read.later().outcome for _ in range(23)]

    assert set(hours) == {Outcome.IMPLAUSIBLE}
    assert len(read.known()) == 10
    read.show([FRESH, *cards(20, 9)])
    assert told(read.later()) == [("added", FRESH.title)]


def test_nor_in_the_place_of_a_short_one(watch: Watch) -> None:
    watch.show(cards(20, 2))
    watch.poll()
    watch.web.show(LIST, framed("Actualités", f"<p>Ce chemin est sans issue.</p>{ERROR_LINKS}"))

    assert [watch.later(span).outcome for span in (timedelta(hours=1), timedelta(hours=5))] == [
        Outcome.IMPLAUSIBLE,
        Outcome.IMPLAUSIBLE,
    ]
    assert len(watch.known()) == 2


def aside(count: int) -> str:
    """Cards of another list, in the same markup, below the news."""
    shown = [card(n, f"Dossier du séjour {n}", path=f"Dossier-{n}") for n in range(count)]
    return re.sub(r"Publié le [\d/]+", "", "".join(re.findall(r'<div class="fr-card .*', list_page(shown))))


def test_another_list_that_appears_below_the_list_is_nobodys_news(read: Watch) -> None:
    read.write(*(card(n, f"Dossier du séjour {n}", path=f"Dossier-{n}") for n in range(4)))
    both = list_page(cards(20)).replace("</div></main>", f"<h2>À lire aussi</h2>{aside(4)}</div></main>")
    read.web.show(LIST, both)
    polled = read.later()

    assert polled.reason == "une autre liste, sans dates, est apparue sous la liste"
    assert [read.later(span).outcome for span in (SOON, timedelta(hours=1))] == [
        Outcome.IMPLAUSIBLE,
        Outcome.OK,
    ]
    assert not read.alerts()


def test_one_or_two_entries_without_a_day_are_news_wherever_they_stand(read: Watch) -> None:
    read.write(*(card(n, f"Dossier du séjour {n}", path=f"Dossier-{n}") for n in range(2)))
    read.web.show(LIST, list_page(cards(20)).replace("</div></main>", f"{aside(2)}</div></main>"))

    assert len(told(read.later())) == 2

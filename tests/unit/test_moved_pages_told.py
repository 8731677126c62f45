"""Which page is the lost one, and where to look for it next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.discovery import EYE, GUIDE, HOME, HandMade, framed, menu, rubrics
from watcher import layouts
from watcher.core.catalogue import Source, SourceKind
from watcher.core.items import Item, ItemKind, Past
from watcher.core.judge import decode
from watcher.core.moved import FOUND, SURE, Lost, alike, likeness, lost, next_try, promise
from watcher.core.page import Page
from watcher.core.sighting import Link, Place, Sighting
from watcher.core.text import squeeze

OLD = f"{HOME}/Demarches/Etrangers/Titres-de-sejour"
SOURCE = Source("15-sejour", "15", SourceKind.PAGE, OLD, "content", "ide", timedelta(hours=6))


def read(title: str, inside: str, address: str = OLD) -> tuple[Sighting, tuple[Item, ...]]:
    page = HandMade({address.removeprefix(HOME): framed(title, inside)}).fetch(address).result
    assert isinstance(page, Page)
    return EYE.see(address, page), layouts.get("content").extract(decode(page), address, {}).items


def page(title: str = "Titres de séjour", inside: str = GUIDE) -> Lost:
    before, items = read(title, inside)
    return lost(SOURCE, items, before)


def test_the_same_page_elsewhere_is_the_lost_one() -> None:
    assert likeness(page(), *read("Titres de séjour", GUIDE, f"{HOME}/Ailleurs")) >= SURE


def test_under_another_name_the_same_text_is_still_the_lost_one() -> None:
    assert FOUND <= likeness(page(), *read("Votre carte", GUIDE, f"{HOME}/Ailleurs")) < 0.95


def test_under_the_same_name_another_text_is_hardly_the_lost_one() -> None:
    assert likeness(page(), *read("Titres de séjour", "<p>Cette rubrique est en cours.</p>")) < FOUND


def test_a_page_that_shares_a_paragraph_is_another() -> None:
    first = GUIDE.partition("</p>")[0] + "</p>"

    assert (
        likeness(page(), *read("Naturalisation", first + "<p>Le décret est publié au Journal officiel.</p>"))
        < FOUND
    )


def test_a_page_of_which_nothing_is_known_but_its_address_is_told_by_its_name() -> None:
    bare = lost(SOURCE, (), None)

    assert likeness(bare, *read("Titres de séjour", GUIDE)) >= FOUND
    assert likeness(bare, *read("Passeports", GUIDE)) < FOUND


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("Titres de séjour", "Titres-de-sejour", True),
        ("ACTUALITÉS", "Actualités", True),
        ("Prendre rendez-vous", "Prise de rendez-vous", False),
        ("", "", False),
    ],
)
def test_names_are_compared_by_what_they_say(one: str, other: str, close: bool) -> None:
    assert (alike(one, other) == 1.0) is close


def test_the_old_address_is_asked_first_then_what_bears_the_same_name() -> None:
    home = f"{HOME}/"
    known = page()
    at_home = framed(
        "Bienvenue", rubrics(("Chasse", "/Chasse"), ("Titres de séjour", "/Neuf/Titres")), menu(("A", "/A"))
    )
    seen = EYE.see(OLD, HandMade({}).fetch(OLD).result)
    led = EYE.see(home, HandMade({"/": at_home}).fetch(home).result)

    assert next_try(known, home, ()) == OLD
    assert next_try(known, home, (seen,)) == f"{HOME}/Demarches/Etrangers"
    assert next_try(known, home, (seen, led)) == f"{HOME}/Neuf/Titres"


def test_other_sites_are_no_place_to_look() -> None:
    inside = '<a href="https://www.cantal.gouv.fr.evil.example/Titres-de-sejour">Titres de séjour</a>'
    led = EYE.see(OLD, HandMade({OLD.removeprefix(HOME): framed("Bienvenue", inside)}).fetch(OLD).result)
    asked = next_try(page(), f"{HOME}/", (led,))

    assert asked is not None
    assert asked.startswith(f"{HOME}/")


def test_an_emptied_list_is_known_by_what_it_listed_once() -> None:
    news = Source("15-actus", "15", SourceKind.NEWS, OLD, "dsfr", "ide", timedelta(hours=1))
    titles = ("Nouveau téléservice", "Fermeture du guichet", "Rentrée des étudiants")
    emptied = lost(news, (), None, [Past(title, squeeze(title), "x") for title in titles])
    there, _ = read("Actualités du séjour", "", f"{HOME}/Ailleurs")

    assert likeness(emptied, there, [card(title) for title in titles]) >= SURE
    assert likeness(emptied, there, [card("Vigilance météo"), card("Sécheresse")]) < FOUND


def card(title: str) -> Item:
    return Item(ItemKind.CARD, title, title, f"{HOME}/{title}")


def test_news_of_the_site_are_no_place_to_look_for_those_of_the_section() -> None:
    news = Source(
        "15-actus",
        "15",
        SourceKind.NEWS,
        f"{HOME}/Demarches/Etrangers/Actus",
        "dsfr",
        "ide",
        timedelta(hours=1),
    )
    known = lost(news, (), None)
    general = Link("Actualités", f"{HOME}/Actualites", Place.MENU)
    section = Link("Accueil des étrangers", f"{HOME}/Vos-demarches/Accueil", Place.MENU)

    assert promise(known, section) > promise(known, general)

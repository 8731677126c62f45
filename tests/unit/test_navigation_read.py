# ruff: noqa: E501 - files keep their lines
"""Where a page leads, and from which place on it."""

from __future__ import annotations

from tests.fakes.discovery import HOME, framed, menu, news, rubrics
from tests.proportion import in_proportion
from watcher.core.sighting import Place
from watcher.layouts.navigation import read_navigation

HERE = f"{HOME}/Demarches"


def places(html: str, address: str = HERE) -> dict[str, Place]:
    return {link.label: link.place for link in read_navigation(html, address).links}


def test_each_link_is_told_with_its_place() -> None:
    inside = (
        rubrics(("Étrangers", "/Demarches/Etrangers"))
        + news("/Actualites", "Fermeture")
        + '<p>Voir <a href="/Demarches/Tarifs">les tarifs</a>.</p>'
        + '</div></main><nav class="fr-sidemenu"><ul><li><a class="fr-sidemenu__link" href="/Demarches/Cote">À côté</a>'
        + "</li></ul></nav><main><div>"
    )
    page = framed("Démarches", inside, menu(("Publications", "/Publications")), [("Accueil", "/")])

    assert places(page) == {
        "Publications": Place.MENU,
        "Étrangers": Place.RUBRIC,
        "Fermeture": Place.ITEM,
        "les tarifs": Place.MAIN,
        "À côté": Place.SIDE,
    }


def test_breadcrumbs_are_told_apart_from_links() -> None:
    page = framed("Titres", "<p>.</p>", crumbs=[("Accueil", "/"), ("Démarches", "/Demarches")])

    found = read_navigation(page, f"{HOME}/Demarches/Titres")

    assert [link.label for link in found.crumbs] == ["Accueil", "Démarches"]
    assert not found.links


def test_a_link_knows_the_groups_that_it_stands_in() -> None:
    page = framed(
        "Accueil",
        "<p>.</p>",
        '<li><button>Démarches</button><div><h5>Archives</h5><ul><li><a href="/Archives/Titres">Titres de séjour</a></li></ul>'
        "</div></li>",
    )

    (link,) = read_navigation(page, f"{HOME}/").links

    assert link.above == ("Démarches", "Archives")


def test_lists_of_the_old_skin_are_menus_and_name_their_groups() -> None:
    page = (
        '<html><body><div id="menu"><ul class="menu"><li><a href="/Demarches">Démarches</a><ul><li>'
        '<a href="/Demarches/Etrangers">Étrangers</a></li></ul></li></ul></div>'
        '<div id="main"><div id="contenu"><h1>Bienvenue</h1><a href="/Une">Une page</a></div></div></body></html>'
    )

    found = {link.label: link for link in read_navigation(page, f"{HOME}/").links}

    assert found["Étrangers"].place is Place.MENU
    assert found["Étrangers"].above == ("Démarches",)
    assert found["Une page"].place is Place.MAIN


def test_other_sites_files_of_other_schemes_and_the_page_itself_are_no_links() -> None:
    inside = (
        '<a href="https://evil.example/Etrangers">x</a><a href="javascript:alert(1)">y</a><a href="#haut">z</a>'
        '<a href="mailto:a@b.fr">m</a><a href="//cantal.gouv.fr.evil.example/">w</a>'
    )

    assert not places(framed("Démarches", inside))


def test_a_page_with_thousands_of_links_is_read_in_linear_time() -> None:
    def plan(links: int) -> str:
        many = "".join(f'<li><a href="/page-{n}">Page {n}</a></li>' for n in range(links))
        return framed("Plan", f"<ul>{many}</ul>")

    def read(html: str) -> None:
        assert len(read_navigation(html, f"{HOME}/Plan").links) == html.count("/page-")

    assert in_proportion(read, plan, 8_000)

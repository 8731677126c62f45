# ruff: noqa: E501 - markup keeps its lines
"""Which layout reads a page that no configuration names, and what it then finds there."""

from __future__ import annotations

from datetime import date

import pytest

from tests.proportion import in_proportion
from watcher import layouts

HOST = "https://www.cantal.gouv.fr"
NEWS = f"{HOST}/Actualites"
LINES = range(1, 6)


def page(inside: str, heading: str = "Actualités", title: str = "Actualités") -> str:
    return (
        f"<!DOCTYPE html><html lang='fr'><head><title>{title} - Les services de l'État dans le Cantal</title></head><body>"
        '<header class="fr-header"><a href="https://www.prefecturedepolice.interieur.gouv.fr/">Police</a></header>'
        '<main role="main"><div class="fr-container" id="main"><nav class="fr-breadcrumb"><ol><li><a class="fr-breadcrumb__link" href="/Actualites">A</a></li></ol></nav>'
        f'<h1 class="">{heading}</h1>{inside}</div></main>'
        '<footer class="fr-footer"><a href="https://www.prefectures-regions.gouv.fr/auvergne-rhone-alpes">Région</a></footer></body></html>'
    )


def repeated(line: str, around: str = "{}") -> str:
    return around.format("".join(line.format(n=n) for n in LINES))


DATED = {
    "list": repeated('<li><a href="/Actualites/N{n}">Nouvelle {n}</a> - 0{n}/09/2025</li>', "<ul>{}</ul>"),
    "table of headings": repeated(
        '<tr><td><h3><a class="fr-link" href="/Actualites/N{n}">Nouvelle {n}</a></h3></td><td>0{n}/09/2025</td></tr>',
        '<div class="fr-table"><table><tbody>{}</tbody></table></div>',
    ),
    "tiles": repeated(
        '<div class="fr-tile fr-enlarge-link"><div class="fr-tile__body"><div class="fr-tile__content"><h3 class="fr-tile__title"><a href="/Actualites/N{n}">Nouvelle {n}</a></h3>'
        '<p class="fr-tile__desc">Extrait</p><p class="fr-tile__detail">Publié le 0{n}/09/2025</p></div></div></div>'
    ),
}
UNDATED = {
    "lead": repeated(
        '<p><a class="fr-link" href="/Actualites/N{n}">Nouvelle {n}</a></p>',
        '<div class="fr-text--lead fr-my-3w">{}</div>',
    ),
    "table of blocks": repeated(
        '<tr><td><div><a href="/Actualites/N{n}">Nouvelle {n}</a></div></td></tr>',
        '<div class="fr-table"><table>{}</table></div>',
    ),
    "paragraphs": repeated('<p class=""><a class="" href="/Actualites/N{n}">Nouvelle {n}</a></p>'),
    "the same link twice": repeated(
        '<div><a class="fr-link" href="/Actualites/N{n}">Nouvelle {n}</a><a class="autre" href="/Actualites/N{n}">Nouvelle {n}</a></div>'
    ),
    "the same page twice, once at a place in it": repeated(
        '<div>\n <a class="x" href="/Actualites/N{n}">Nouvelle {n}</a>\n <a href="/Actualites/N{n}#a">Nouvelle {n}</a>\n</div>'
    ),
    "select list": repeated(
        '<option value="Actualites/N{n}" title="Nouvelle {n}">N{n}</option>',
        '<form method="post"><select class="fr-select" id="Liste-liste-docs"><option value=""></option>{}</select></form>',
    ),
}


@pytest.mark.parametrize("address", [NEWS, "", f"{HOST}/index.php/Publications/Salle-de-Presse/Communiques-de-presse2/(offset)/10"])  # fmt: skip
@pytest.mark.parametrize("shape", [*DATED, *UNDATED])
def test_a_news_list_is_read_as_one_whatever_its_shape(shape: str, address: str) -> None:
    html = page(f"<p>Retrouvez les informations de la préfecture.</p>{(DATED | UNDATED)[shape]}")

    assert layouts.detect(html, address) == "dsfr"
    items = layouts.get("dsfr").extract(html, NEWS, {}).items
    assert [(i.title, i.address) for i in items] == [(f"Nouvelle {n}", f"{NEWS}/N{n}") for n in LINES]
    days = [date(2025, 9, n) if shape in DATED else None for n in LINES]
    assert [i.published for i in items] == days


@pytest.mark.parametrize("shape", [*DATED, *UNDATED])
def test_an_address_alone_tells_that_a_list_of_news_is_to_be_expected(shape: str) -> None:
    html = page((DATED | UNDATED)[shape], heading="En ce moment")

    assert layouts.detect(html, NEWS) == "dsfr"
    assert layouts.detect(html, f"{HOST}/Actualites/Annee-2025") == "dsfr"


@pytest.mark.parametrize(
    "words", ["Aucune actualité pour le moment.", "Il n'y a pas d&#39;actualit&eacute;s"]
)
def test_a_list_that_says_to_be_empty_is_a_list(words: str) -> None:
    html = page(f"<p>{words}</p>")

    for address in (NEWS, ""):
        assert layouts.detect(html, address) == "dsfr"
    extraction = layouts.get("dsfr").extract(html, NEWS, {})
    assert (extraction.items, extraction.declared_empty) == ((), True)


ARTICLE = (
    "<p>Le guichet des étrangers sera fermé lundi 8 septembre 2025 toute la journée, pour cause d'inventaire.</p>"
    "<ul><li><a href='/Demarches/A'>Prendre rendez-vous</a></li><li><a href='/contenu/telechargement/1/2/file/a.pdf'>Télécharger l'arrêté</a></li></ul>"
)


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (page(ARTICLE, "Fermeture du guichet"), f"{HOST}/Actualites/Fermeture-du-guichet"),
        (page("<p>Fermeture lundi.</p>", "Fermeture du guichet"), f"{HOST}/Actualites/Fermeture-du-guichet"),
        (page(ARTICLE * 2, "Communiqué de presse : fermeture"), f"{HOST}/Espace-presse/2025/Fermeture"),
        (page("<p>Contact : 04 71 46 23 00</p>", "Service de presse"), f"{HOST}/Actualites/Espace-presse"),
        (page(UNDATED["paragraphs"], "Étrangers"), f"{HOST}/Demarches/Etrangers"),
        (page("<table><tr><td>Lundi</td><td>8 h 30</td></tr></table>", "Horaires"), f"{HOST}/Horaires"),
    ],
)  # fmt: skip
def test_what_is_told_rather_than_listed_is_content(html: str, address: str) -> None:
    assert layouts.detect(html, address) == "content"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.prefecturedepolice.interieur.gouv.fr/actualites-et-presse", "police"),
        ("https://www.prefectures-regions.gouv.fr/ile-de-france/Actualites", "regional"),
        (NEWS, "dsfr"),
    ],
)
def test_a_page_is_of_the_site_where_it_stands_not_of_those_that_it_links_to(address: str, name: str) -> None:
    assert layouts.detect(page(DATED["list"]), address) == name


def test_a_bare_list_of_links_needs_no_class_to_be_read() -> None:
    html = f"<main><h1>Actualités</h1>{DATED['list']}</main>"

    assert layouts.detect(html, NEWS) == "dsfr"


@pytest.mark.parametrize(
    "flood",
    [
        "<div>",
        "<p ",
        "class=",
        "<li><",
        "<a href='",
        "<nav",
        "<nav>",
        "<!--",
        "<td><h3>",
        "<b class=fr-card__detail>",
        "<b class='fr-card__detail'> ",
        "<option value='a'",
        "<?",
        "<meta ",
    ],
)
def test_a_flood_of_markup_is_told_in_linear_time(flood: str) -> None:
    def html(length: int) -> str:
        return page(flood * (length // len(flood)))

    assert in_proportion(lambda given: layouts.detect(given, NEWS), html, 400_000)

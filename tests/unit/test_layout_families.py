# ruff: noqa: E501 - markup keeps its lines
"""The other page families: the old skin, the regions, Paris, configured selectors, and single articles."""

from __future__ import annotations

from datetime import date

import pytest

from watcher import layouts
from watcher.core.errors import UserError
from watcher.core.items import Extraction
from watcher.layouts.article import read_article

ADDRESS = "https://www.loiret.gouv.fr/Actualites"
MENU = (
    "<ul>"
    + "".join(f"<li><a href='/Politiques-publiques/P{n}'>Politique {n}</a></li>" for n in range(9))
    + "</ul>"
)


def old_skin(inside: str, after: str = "") -> str:
    return (
        f"<html><head><title>Actualités - Les services de l'État dans le Loiret</title></head><body><p><a href='#contenu'>Aller au contenu</a></p><div id='header'><p>Préfet</p></div><div id='menu'>{MENU}</div>"
        f"<p>Imprimer</p><p>Fermer</p><div id='contenu'>{inside}</div>{after}<div id='footer'><p>Mentions légales</p></div></body></html>"
    )


def extract(name: str, html: str, address: str = ADDRESS, **options: str) -> Extraction:
    return layouts.get(name).extract(html, address, options)


def test_an_old_list_is_read_with_its_pager() -> None:
    items = "".join(
        f'<div class="content-view-line"><h2><a href="/Actualites/A{n}">Titre {n}</a></h2><p>Mise à jour le 0{n}/09/2020</p><div class="attribute-short"><p>Résumé {n}</p></div></div>'
        for n in range(1, 4)
    )
    pager = '<div class="pagenavigator"><p><span class="previous"></span><span class="next"><a href="/Actualites/(offset)/10">Suivant&nbsp;»</a></span><span class="pages"><span class="current">1</span><span class="other"><a href="/Actualites/(offset)/10">2</a></span></span></p></div>'
    extraction = extract("legacy", old_skin(f"<h1>Actualités</h1>{items}{pager}"))

    assert [(i.title, i.updated, i.summary) for i in extraction.items] == [
        (f"Titre {n}", date(2020, 9, n), f"Résumé {n}") for n in range(1, 4)
    ]
    assert extraction.next_page == f"{ADDRESS}/(offset)/10"


def test_an_old_list_without_named_entries_is_found_by_its_linked_headings() -> None:
    items = "".join(
        f'<div><h3><a href="/Actualites/A{n}">Titre {n}</a></h3><p>Publié le 0{n}/09/2020</p></div>'
        for n in range(1, 4)
    )

    assert [i.published for i in extract("legacy", old_skin(f"<h1>Actualités</h1>{items}")).items] == [
        date(2020, 9, n) for n in range(1, 4)
    ]


@pytest.mark.parametrize(
    "entry",
    [
        '<p class="date">Mise à jour le 02/09/2020</p><p>Les premiers mots.</p>',
        '<p>02/09/2020</p><div><p>Les premiers mots.</p></div><p><a href="/Actualites/A1">Lire la suite</a></p>',
        '<div class="chapo">Les premiers mots.</div><p>Publié le 02/09/2020</p>',
        '<div class="intro"></div><p class="attribute-date">2 septembre 2020</p><p>Les premiers mots.</p><p>Et plus.</p>',
    ],
)
def test_the_first_paragraph_of_an_old_entry_is_its_summary(entry: str) -> None:
    items = "".join(
        f'<article class="news-list-item"><header><h2 class="news-list-title"><a href="/Actualites/A{n}">Titre {n}</a></h2></header>{entry}</article>'
        for n in range(2)
    )

    assert {i.summary for i in extract("legacy", old_skin(f"<h1>Actualités</h1>{items}")).items} == {
        "Les premiers mots."
    }


def test_an_old_page_is_read_without_its_menus_and_print_links() -> None:
    inside = "<h1>Foire aux questions</h1><p>Mise à jour le 29/09/2020</p><div class='texte'><h2>Où déposer ?</h2><p>Depuis le 1er juillet 2015, à Orléans.</p><ul><li>Passeport</li></ul><p>Un texte assez long pour être un contenu.</p></div>"
    extraction = extract("legacy", old_skin(inside, f"<div id='sous-menu'>{MENU}</div>"))

    assert [(*i.section, i.summary) for i in extraction.items] == [
        ("Où déposer ?", "Depuis le 1er juillet 2015, à Orléans."),
        ("Où déposer ?", "Passeport"),
        ("Où déposer ?", "Un texte assez long pour être un contenu."),
    ]
    assert extraction.updated == date(2020, 9, 29)


def test_an_old_list_may_say_that_it_is_empty() -> None:
    extraction = extract("legacy", old_skin("<h1>Actualités</h1><p>Aucune actualité</p>"))

    assert (extraction.items, extraction.declared_empty) == ((), True)


def regional(inside: str) -> str:
    return f'<html><head><title>x - Préfecture de région</title></head><body>{MENU}<main><div class="container main-container"><div class="breadcrumb"><div class="container"><p><span class="active">x</span></p></div></div><div class="col-main"><article class="article">{inside}</article></div></div></main></body></html>'


def test_a_regional_list_and_its_pager_are_read() -> None:
    item = '<article class="news-list-item"><header><h2 class="news-list-title"><a href="/ile-de-france/Actualites/A">Titre</a></h2></header><p>Publié le 02/03/2026</p></article>'
    pager = '<div class="content-pagination"><ul class="pagination"><li class="next"><a href="/ile-de-france/Actualites/(offset)/10">Suivant</a></li></ul></div>'
    base = "https://www.prefectures-regions.gouv.fr/ile-de-france/Actualites"
    extraction = extract("regional", regional(f"<h1>Actualités</h1>{item}{pager}"), base)

    assert [(i.key, i.published) for i in extraction.items] == [(f"{base}/A", date(2026, 3, 2))]
    assert extraction.next_page == f"{base}/(offset)/10"


def test_a_regional_page_of_questions_is_read_as_sections() -> None:
    inside = '<h1>Questions</h1><div class="texte"><div class="faq"><div class="faq-item"><h3>Où ?</h3><div class="to_expand"><p>Ici.</p></div></div><div class="faq-item"><h3>Quand ?</h3><div class="to_expand"><p>Demain.</p></div></div></div></div>'

    assert [(*i.section, i.summary) for i in extract("regional", regional(inside)).items] == [
        ("Où ?", "Ici."),
        ("Quand ?", "Demain."),
    ]


def test_paris_lists_files_as_links_around_nodes() -> None:
    node = '<a href="/sites/default/files/Documents/arrete%20{0}.pdf"><div class="node node--type--tc13-decree"><span>Arrêté n° {0}</span><div class="field field--type-datetime">0{0}/02/2026</div></div></a>'
    html = f'<html><body><main><h1>Arrêtés</h1><div id="block-decree-list-block">{node.format(1)}{node.format(2)}</div><nav class="pager"><ul><li class="pager__item--next"><a href="?page=1" rel="next">Suivant</a></li></ul></nav></main></body></html>'
    base = "https://www.prefecturedepolice.interieur.gouv.fr/actualites-et-presse/arretes"
    extraction = extract("police", html, base)

    assert [(i.title, i.published, i.attachments[0].name) for i in extraction.items] == [
        (f"Arrêté n° {n}", date(2026, 2, n), f"arrete {n}.pdf") for n in (1, 2)
    ]
    assert extraction.next_page == f"{base}?page=1"
    assert extract("police", html, f"{base}?page=1").next_page is None


def test_a_page_of_paris_without_nodes_is_content() -> None:
    html = '<html><body><main><h1>Titre de séjour</h1><div class="field"><p>Déposez en ligne.</p></div></main></body></html>'

    assert [i.summary for i in extract("police", html).items] == ["Déposez en ligne."]


def test_selectors_read_any_list() -> None:
    html = '<html><body><main><ul id="liste-docs"><li class="doc"><span class="when">3 mars 2026</span> <a href="/a">Un</a> <em>mot</em></li><li class="doc"><a href="/b">Deux</a></li></ul><ul><li><a href="/c">Trois</a></li></ul></main></body></html>'
    extraction = extract("selectors", html, item="#liste-docs > li", date=".when", summary="em")

    assert [(i.title, i.published, i.summary) for i in extraction.items] == [
        ("Un", date(2026, 3, 3), "mot"),
        ("Deux", None, ""),
    ]
    assert extraction.anomalies == ("undated",)


@pytest.mark.parametrize("options", [{}, {"item": "li["}, {"item": "li", "date": "::nonsense("}])
def test_a_selector_that_cannot_be_read_is_the_configurations_fault(options: dict[str, str]) -> None:
    html = "<main><ul><li><a href='/a'>Un</a></li></ul></main>"

    with pytest.raises(UserError):
        layouts.get("selectors").extract(html, ADDRESS, options)


ARTICLE = """<html><head><title>Ouverture - Les services de l'État dans le Cantal</title></head><body><header><p>Préfet</p></header><main role="main"><div id="main">
<h1 class="">Prise de rendez-vous
   en ligne</h1><p class="fr-text--sm"><i class="fr-displayed-lg"></i><span>{date}</span></p><div class="fr-text--lead fr-my-3w">À compter du 1er octobre 2025, les usagers prennent rendez-vous.</div>
<p>Le module <a href="https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/">RDV Préfecture</a> est ouvert.</p><h2>Pièces</h2><ul><li>Passeport</li></ul>
<div class="fr-downloads-group"><ul><li><a id= class="fr-link--download" href="/contenu/telechargement/1/2/file/Liste.pdf">Télécharger Liste <span class="fr-link__detail">PDF - 0,34 Mb - 10/09/2025</span></a></li></ul></div>
<div class="fr-share"><p>Partager la page</p><ul><li><a href="mailto:?subject=x">Partager par email</a></li></ul></div>
<div class="fr-mt-6w"><h2>À lire aussi</h2><ul><li><a href="/Actualites/Autre">Autre actualité</a></li></ul></div>
<div class="fr-card"><h3 class="fr-card__title"><a href="/Actualites/Z">Encore une autre</a></h3></div></div></main></body></html>"""


def test_an_article_is_its_own_text_and_nothing_beside_it() -> None:
    article = read_article(ARTICLE.replace("{date}", "Publié le 10/09/2025"), ADDRESS)

    assert article.title == "Prise de rendez-vous en ligne"
    assert article.body.split("\n") == [
        "À compter du 1er octobre 2025, les usagers prennent rendez-vous.",
        "Le module RDV Préfecture est ouvert.",
        "Pièces",
        "Passeport",
        "Liste",
    ]
    assert (article.published, article.updated) == (date(2025, 9, 10), None)
    assert [link.ident for link in article.links] == ["rdvpref:16040"]
    assert [(file.label, file.name, file.dated) for file in article.attachments] == [
        ("Liste", "Liste.pdf", date(2025, 9, 10))
    ]


@pytest.mark.parametrize(
    ("written", "published", "updated"),
    [
        ("Mis à jour le 11/09/2025", None, date(2025, 9, 11)),
        ("10 septembre 2025", date(2025, 9, 10), None),
        ("", None, None),
    ],
)
def test_an_article_is_dated_as_its_page_says(
    written: str, published: date | None, updated: date | None
) -> None:
    article = read_article(ARTICLE.replace("{date}", written), ADDRESS)

    assert (article.published, article.updated) == (published, updated)
    assert article.body.startswith("À compter")


def test_an_old_article_is_read_too() -> None:
    html = old_skin(
        "<h1>Fermeture</h1><p>Mise à jour le 29/09/2020</p><div class='texte'><p>Le service est fermé lundi 5 octobre 2020 toute la journée, puis mardi matin, et rouvre mercredi.</p></div>"
    )
    article = read_article(html, ADDRESS)

    assert (article.title, article.updated) == ("Fermeture", date(2020, 9, 29))
    assert (
        article.body
        == "Le service est fermé lundi 5 octobre 2020 toute la journée, puis mardi matin, et rouvre mercredi."
    )

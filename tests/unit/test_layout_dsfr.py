# ruff: noqa: E501 - markup keeps its lines
"""News lists of the current platform, with every wart that was met."""

from __future__ import annotations

from datetime import date

import pytest

from watcher import layouts
from watcher.core.items import Extraction, ItemKind

ADDRESS = "https://www.cantal.gouv.fr/Actualites"


def read(inside: str, address: str = ADDRESS, head: str = "") -> Extraction:
    html = (
        f'<!DOCTYPE html><html><head><title>Actualités - Les services</title>{head}</head><body><header class="fr-header">'
        f'<div class="fr-card"><h2 class="fr-card__title"><a href="/menu">Menu</a></h2></div></header><main role="main">'
        f'<div class="fr-container" id="main"><h1 class="">Actualités</h1>{inside}</div></main>'
        f'<nav class="fr-sidemenu"><a class="fr-sidemenu__link" href="/Actualites/A1">A1</a></nav></body></html>'
    )
    return layouts.get("dsfr").extract(html, address, {})


def white(
    title: str = "Un titre",
    href: str = "/Actualites/Un-titre",
    detail: str = "Publié le 20/08/2026",
    extra: str = "",
    heading: str = "h2",
    link: str = "",
) -> str:
    end = f'<div class="fr-card__end"><p class="fr-card__detail">{detail}</p></div>' if detail else ""
    return f"""<div class="fr-col-12"><div id=fedcba9876543210fedcba9876543210 class="fr-card fr-card--horizontal fr-card--sm fr-enlarge-link fr-mb-3w">
    <div class="fr-card__body"><div class="fr-card__content"><{heading} class="fr-card__title"><a class="fr-card__link" {link} href="{href}">

         {title}

    </a></{heading}>{extra}{end}</div></div></div></div>"""


GREY = """<div class="fr-col-12 fr-col-md-4 fr-col-lg-3"><div id=0123456789abcdef0123456789abcdef class="fr-card fr-card--grey fr-enlarge-link">
<div class="fr-card__body"><div class="fr-card__content"><h2 class="fr-card__title"><a href="/Actualites/RUBRIC">Rubrique</a></h2>
<p class="fr-card__detail">Publié le 20/08/2026</p></div></div></div></div>"""


def test_a_white_dated_card_is_an_item() -> None:
    extraction = read(GREY + white())

    (item,) = extraction.items
    assert item.kind is ItemKind.CARD
    assert (item.key, item.title, item.address) == (f"{ADDRESS}/Un-titre", "Un titre", f"{ADDRESS}/Un-titre")
    assert (item.published, item.updated, item.summary) == (date(2026, 8, 20), None, "")
    assert (extraction.layout, extraction.heading, extraction.anomalies) == ("dsfr", "Actualités", ())


@pytest.mark.parametrize("heading", ["h2", "h3", "h4", "p"])
@pytest.mark.parametrize("span", [True, False])
def test_headings_and_spans_may_vary(heading: str, span: bool) -> None:
    detail = "<span>Mis à jour le 03/10/2025</span>" if span else "Mis à jour le 03/10/2025"
    extraction = read(
        white(detail=detail, heading=heading, extra='<p class="fr-card__desc">Les premiers mots (...)</p>')
    )

    (item,) = extraction.items
    assert (item.published, item.updated, item.summary) == (
        None,
        date(2025, 10, 3),
        "Les premiers mots (...)",
    )


def test_a_grey_card_is_a_rubric_even_with_a_date() -> None:
    assert read(GREY * 3).items == ()


def test_an_undated_white_card_is_an_item_and_is_counted() -> None:
    extraction = read(white(detail="") + white("Autre", "/Actualites/Autre", detail="Date inconnue"))

    assert [item.title for item in extraction.items] == ["Un titre", "Autre"]
    assert extraction.anomalies == ("undated", "undated")


def test_a_card_that_is_a_file_is_dated_by_its_tooltip_and_keeps_its_key_when_sent_again() -> None:
    def pdf(ids: str) -> Extraction:
        link = 'target="_blank" rel="/x" title="format pdf - 1,10 Mb - 14/08/2026"'
        return read(
            white(
                "Arrêté du 14 août",
                f"/contenu/telechargement/{ids}/file/Arr%C3%AAt%C3%A9.pdf",
                detail="",
                link=link,
            )
        )

    (item,) = pdf("62410/412410").items
    assert item.published == date(2026, 8, 14)
    (file,) = item.attachments
    assert (file.label, file.name, file.detail) == (
        "Arrêté du 14 août",
        "Arrêté.pdf",
        "format pdf - 1,10 Mb - 14/08/2026",
    )
    assert pdf("62999/412999").items[0].key == item.key


def test_a_date_before_the_title_dates_a_card_that_has_no_other() -> None:
    (item,) = read(white("2024-05-17 Recueil spécial n&deg; 3", "/Publications/R3", detail="")).items

    assert (item.title, item.published) == ("2024-05-17 Recueil spécial n° 3", date(2024, 5, 17))


def test_decoys_and_cards_of_other_sites_are_no_items_but_counted() -> None:
    extraction = read(
        white('Vous recherchez "Le Journal officiel" ?', "/Publications/JO")
        + white("Une page de l'État", "https://www.info.gouv.fr/actualite/x")
        + white("Piège", "https://www.cantal.gouv.fr@evil.example/x")
        + white("Sans lien", "javascript:void(0)")
        + white("")
        + white()
    )

    assert [item.title for item in extraction.items] == ["Un titre"]
    assert extraction.anomalies == ("decoy", "off_domain", "no_link", "no_link", "untitled")


@pytest.mark.parametrize(
    "href", ["#", "#titre", "", "/Actualites/", "?utm_source=x", "/index.php/Actualites"]
)
def test_a_card_that_leads_back_to_its_own_list_is_no_item(href: str) -> None:
    extraction = read(white(href=href))

    assert (extraction.items, extraction.anomalies) == ((), ("no_link",))


def test_readers_get_the_address_of_a_card_without_what_its_link_drags_along() -> None:
    href = "http://www.cantal.gouv.fr/index.php/Actualites/U/(theme)/39?utm_source=x&amp;xtor=3#eztoc1"
    booking = '<p><a href="http://www.cantal.gouv.fr/booking/create/4963?xtor=1#x">Rendez-vous</a></p>'
    file = white(
        title="Arrêté",
        href="http://www.cantal.gouv.fr/contenu/telechargement/1/2/file/a.pdf#page=2",
    )
    extraction = read(white(href=href) + file + booking)

    assert [item.address for item in extraction.items] == [
        "https://www.cantal.gouv.fr/Actualites/U",
        "https://www.cantal.gouv.fr/contenu/telechargement/1/2/file/a.pdf",
    ]
    assert extraction.items[0].key == "https://www.cantal.gouv.fr/Actualites/U"
    assert extraction.items[1].attachments[0].address == extraction.items[1].address
    assert [link.address for link in extraction.links] == ["https://www.cantal.gouv.fr/booking/create/4963"]


def test_a_link_may_stand_around_the_card_or_be_its_title() -> None:
    inside = '<div class="fr-card"><h3 class="fr-card__title">Autour</h3><p class="fr-card__detail">Publié le 01/02/2026</p></div>'
    untitled = (
        '<div class="fr-card"><a href="/b">Seul</a><p class="fr-card__detail">Publié le 01/02/2026</p></div>'
    )

    assert [item.title for item in read(f'<a href="/a">{inside}</a>{untitled}').items] == ["Autour", "Seul"]


def test_cards_in_a_menu_are_neither_items_nor_lost() -> None:
    extraction = read(f"<nav>{white('Menu', '/menu')}</nav>{white()}")

    assert ([item.title for item in extraction.items], extraction.anomalies) == (["Un titre"], ())


def test_a_card_linked_twice_is_one_item() -> None:
    again = white(href="http://cantal.gouv.fr/index.php/Actualites/Un-titre/(theme)/39?utm_source=x#eztoc1")

    assert len(read(white() + again).items) == 1


def test_a_link_to_another_page_inside_a_card_does_not_displace_its_own() -> None:
    (item,) = read(white(extra='<p class="fr-card__desc"><a href="/Ailleurs">ailleurs</a></p>')).items

    assert item.address == f"{ADDRESS}/Un-titre"


def test_an_impossible_date_is_no_date() -> None:
    extraction = read(white(detail="Publié le 31/02/2026"))

    assert extraction.items[0].published is None
    assert extraction.anomalies == ("undated",)


@pytest.mark.parametrize(
    "attribute", ['id= class="fr-card', 'data-x class="fr-card', 'ID=abc CLASS="fr-card']
)
def test_junk_attributes_do_not_hide_a_card(attribute: str) -> None:
    html = f'<div {attribute} fr-card--sm"><h2 id= class="fr-card__title"><a id= class="fr-card__link" href="/Actualites/A">A</a></h2><p id= class="fr-card__detail">Publié le 01/02/2026</p></div>'

    (item,) = read(html).items
    assert (item.title, item.published) == ("A", date(2026, 2, 1))


def pager(next_link: str) -> str:
    return f"""<nav role="navigation" class="fr-pagination"><ul class="fr-pagination__list">
    <li><a class="fr-pagination__link fr-pagination__link--first" aria-disabled="true" role="link">Première</a></li>
    <li><a class="fr-pagination__link" aria-current="page">1</a></li><li><a class="fr-pagination__link" href="/Actualites/(offset)/10">2</a></li>
    <li><a class="fr-pagination__link fr-pagination__link--next fr-pagination__link--lg-label" {next_link}>Suivante</a></li>
    <li><a class="fr-pagination__link fr-pagination__link--last" href="/Actualites/(offset)/40">Dernière</a></li></ul></nav>"""


@pytest.mark.parametrize(
    ("link", "address", "expected"),
    [
        ('href="/Actualites/(offset)/10"', ADDRESS, f"{ADDRESS}/(offset)/10"),
        ('href="/Actualites/%28offset%29/20"', f"{ADDRESS}/(offset)/10", f"{ADDRESS}/%28offset%29/20"),
        ('aria-disabled="true" role="link"', ADDRESS, None),
        ('href="/Actualites/(offset)/10"', f"{ADDRESS}/(offset)/10", None),
        ('href="/Actualites/(offset)/10"', f"{ADDRESS}/(offset)/40", None),
        ('href="/Autre/(offset)/10"', ADDRESS, None),
        ('href="https://evil.example/Actualites/(offset)/10"', ADDRESS, None),
        ('href="/Actualites"', ADDRESS, None),
    ],
)
def test_the_next_page_is_a_real_link_forward_in_this_list(
    link: str, address: str, expected: str | None
) -> None:
    extraction = read(white() + pager(link), address)

    assert extraction.next_page == expected
    assert len(extraction.items) == 1


def test_a_page_past_the_end_has_no_items_and_does_not_say_why() -> None:
    extraction = read("")

    assert (extraction.items, extraction.declared_empty, extraction.template) == ((), False, "")


@pytest.mark.parametrize(
    "words", ["Aucune actualité", "Aucun résultat trouvé.", "Il n'y a pas d'actualités pour le moment"]
)
def test_a_page_may_say_that_it_has_nothing(words: str) -> None:
    assert read(f"<p>{words}</p>").declared_empty


def test_links_are_resolved_against_the_sites_own_base_only() -> None:
    own = read(white(href="A1"), head='<base href="https://www.cantal.gouv.fr/Ailleurs/">')
    foreign = read(white(href="A1"), head='<base href="https://evil.example/">')

    assert own.items[0].address == "https://www.cantal.gouv.fr/Ailleurs/A1"
    assert foreign.items[0].address == "https://www.cantal.gouv.fr/A1"


@pytest.mark.parametrize(
    "defect", ["<!-- ", "<script>", "<style>", "<title>", "<textarea>", "<plaintext>", "<xmp>", "<iframe>"]
)
def test_cards_swallowed_by_something_unclosed_make_the_reading_suspect(defect: str) -> None:
    cards = [white(f"Titre {n}", f"/Actualites/T{n}") for n in range(10)]
    extraction = read("".join(cards[:5]) + defect + "".join(cards[5:]))

    assert len(extraction.items) < 10
    assert any(flaw.startswith("lost_cards") for flaw in extraction.anomalies)


@pytest.mark.parametrize(
    "defect",
    [
        "\0",
        "\ufeff",
        "</body>",
        "</html>",
        "<base>",
        "</div></div></div>",
        "<b>",
        "<p>",
        "\x1b",
        "</p>",
        "<font",
        "&",
        "<3",
    ],
)
def test_a_defect_that_hides_nothing_loses_no_card(defect: str) -> None:
    cards = [white(f"Titre {n}", f"/Actualites/T{n}") for n in range(10)]
    extraction = read("".join(cards[:5]) + defect + "".join(cards[5:]))

    lost = any(flaw.startswith("lost_cards") for flaw in extraction.anomalies)
    assert len(extraction.items) == 10 or lost


def test_a_closed_comment_around_an_old_card_is_no_defect() -> None:
    extraction = read(f"<!-- {white('Ancien', '/Actualites/Ancien')} -->{white()}")

    assert ([item.title for item in extraction.items], extraction.anomalies) == (["Un titre"], ())


def test_too_deep_a_page_is_not_read_and_says_so() -> None:
    extraction = read("<div>" * 400 + white())

    assert extraction.items == ()
    assert extraction.anomalies == ("lost_cards: too large or too deep",)


def test_the_template_is_blind_to_number_and_optional_parts() -> None:
    plain = read(white()).template
    rich = read(
        GREY
        + "".join(
            white(f"T{n}", f"/Actualites/T{n}", extra='<p class="fr-card__desc">x</p>') for n in range(9)
        )
        + "<p>x</p>"
    ).template

    assert plain == rich != ""


def test_the_template_tells_another_markup() -> None:
    wrapped = f'<section class="ide-liste">{white()}</section>'

    assert read(wrapped).template != read(white()).template


def test_official_links_of_the_page_are_gathered_once() -> None:
    link = '<a href="https://demarche.numerique.gouv.fr/commencer/aes-cantal">déposer</a>'
    extraction = read(f"<p>{link} {link} <a href='mailto:pref@cantal.gouv.fr'>écrire</a></p>{white()}")

    assert [found.ident for found in extraction.links] == ["demarche:aes-cantal", "email:pref@cantal.gouv.fr"]

# ruff: noqa: E501 - markup keeps its lines
"""Content pages as blocks that can be compared."""

from __future__ import annotations

from datetime import date

import pytest

from watcher import layouts
from watcher.core.items import Extraction, ItemKind

ADDRESS = "https://www.cantal.gouv.fr/Demarches/Etrangers/Renouveler"
ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/vos-demarches"


def read(inside: str, name: str = "content") -> Extraction:
    html = (
        '<!DOCTYPE html><html><head><title>x</title></head><body><header class="fr-header"><p>Préfet</p></header>'
        f'<main role="main"><div class="fr-container" id="main"><h1 class="">Renouveler un titre</h1>{inside}</div></main>'
        "<footer><p>Mentions légales</p></footer></body></html>"
    )
    return layouts.get(name).extract(html, ADDRESS, {})


def lines(inside: str) -> list[tuple[str, ...]]:
    return [(*item.section, item.summary) for item in read(inside).items]


def test_each_paragraph_and_list_item_is_a_block_under_its_headings() -> None:
    extraction = read(
        "<p>Avant.</p><h2>Pièces</h2><p>À fournir :</p><ul><li>Passeport</li><li>Photo</li></ul><h3>Cas</h3><p>Mineurs.</p><h2>Délai</h2><p>Deux mois.</p>"
    )

    assert [(item.section, item.summary) for item in extraction.items] == [
        ((), "Avant."),
        (("Pièces",), "À fournir :"),
        (("Pièces",), "Passeport"),
        (("Pièces",), "Photo"),
        (("Pièces", "Cas"), "Mineurs."),
        (("Délai",), "Deux mois."),
    ]
    assert {item.kind for item in extraction.items} == {ItemKind.BLOCK}
    assert [item.title for item in extraction.items][:2] == ["Renouveler un titre", "Pièces"]
    assert {item.address for item in extraction.items} == {ADDRESS}


def accordion(question: str, answer: str, inner: bool = True, ids: str = "a1") -> str:
    body = f'<div class="inner">{answer}</div>' if inner else answer
    return (
        f'<section class="fr-accordion"><h3 class="fr-accordion__title"><button class="fr-accordion__btn" aria-expanded="false" aria-controls="{ids}">{question}</button></h3>'
        f'<div class="fr-collapse" id="{ids}">{body}</div></section>'
    )


@pytest.mark.parametrize("inner", [True, False])
def test_an_accordion_is_a_section_and_ends_with_itself(inner: bool) -> None:
    inside = f"<h2>Questions</h2>{accordion('Où ?', '<p>Ici.</p><ul><li>Aurillac</li></ul>', inner)}{accordion('Quand ?', 'Demain.', inner, 'b2')}<p>Après.</p>"

    assert lines(inside) == [
        ("Questions", "Où ?", "Ici."),
        ("Questions", "Où ?", "Aurillac"),
        ("Questions", "Quand ?", "Demain."),
        ("Questions", "Après."),
    ]


def test_an_accordion_without_heading_element_is_a_section_too() -> None:
    inside = '<section class="fr-accordion"><button class="fr-accordion__btn">Où ?</button><div class="fr-collapse"><p>Ici.</p></div></section><details><summary>Et ?</summary><p>Voilà.</p></details>'

    assert lines(inside) == [("Où ?", "Ici."), ("Et ?", "Voilà.")]


def test_nested_lists_are_told_once() -> None:
    assert lines("<ul><li>Un<ul><li>Un a</li><li>Un b</li></ul></li><li><p>Deux</p></li></ul>") == [
        ("Un",),
        ("Un a",),
        ("Un b",),
        ("Deux",),
    ]


def test_text_outside_paragraphs_is_not_lost() -> None:
    assert lines("<div>Texte nu <b>gras</b><p>Paragraphe</p>suite<div>fin</div></div>dehors") == [
        ("Texte nu gras",), ("Paragraphe",), ("suite",), ("fin",), ("dehors",)
    ]  # fmt: skip


def test_inline_markup_does_not_split_words() -> None:
    assert lines("<p>l’<a href='/x'>ANEF</a>, d<b>é</b>sormais<br>ici</p>") == [("l’ANEF, désormais ici",)]


def test_a_table_row_is_a_line() -> None:
    assert lines("<table><thead><tr><th>Titre</th><th>Délai</th></tr></thead><tr><td>Salarié</td><td><p>145 jours</p></td></tr></table>") == [
        ("Titre | Délai",), ("Salarié | 145 jours",)
    ]  # fmt: skip


def test_a_table_that_only_places_things_is_read_as_what_it_holds() -> None:
    assert lines("<table><tr><td><h2>Lieu</h2><p>Aurillac</p><ul><li>Guichet</li></ul></td><td>Plan</td></tr></table>") == [
        ("Lieu", "Aurillac"), ("Lieu", "Guichet"), ("Plan",)
    ]  # fmt: skip


def test_the_date_of_the_page_is_a_field_and_no_block() -> None:
    extraction = read("<p>Mis à jour le 19/12/2025</p><p>Texte.</p>")

    assert extraction.updated == date(2025, 12, 19)
    assert [item.summary for item in extraction.items] == ["Texte."]


@pytest.mark.parametrize(
    "noise",
    [
        '<nav class="fr-breadcrumb"><a href="/">Accueil</a></nav>',
        '<nav class="fr-sidemenu"><ul><li>Menu</li></ul></nav>',
        '<div class="fr-share"><p class="fr-share__title">Partager la page</p><ul><li>Facebook</li></ul></div>',
        '<nav class="fr-pagination"><ul><li><a>1</a></li></ul></nav>',
        '<div class="fr-notice fr-notice--info"><p>Bandeau</p></div>',
        '<nav class="fr-summary"><ol><li><a href="#a">Sommaire</a></li></ol></nav>',
        '<form><label>Rechercher</label><input name="q"><button>OK</button><select><option value="x/y">x</option></select></form>',
        "<p>Dernière mise en ligne de rendez-vous : le 12/03/2026 à 09:12 (12 créneaux)</p>",
        "<p>Nombre de visites : 12 345</p>",
        "<p>Dernière mise à jour du site : 08/09/2025 à 07:12</p>",
        '<p>Cette page vous a-t-elle été utile ?</p><p>Donnez-nous votre avis : <a href="/o">Oui</a> <a href="/n">Non</a></p>',
        "<p>Imprimer</p><p>Aller au contenu</p><p>Haut de page</p>",
        "<p>•</p><p> \u00a0 </p><hr>",
        '<img src="/var/ide_site/storage/images/x/12-3-fre-FR/n.jpg" alt="">',
        "<!-- commentaire --><script>var x;</script><style>a{}</style><noscript>activez</noscript>",
        '<svg><title>logo</title><path d="M0"/></svg>',
    ],
)
def test_what_is_no_text_of_the_page_is_no_block(noise: str) -> None:
    assert lines(f"<p>Avant.</p>{noise}<p>Après.</p>") == [("Avant.",), ("Après.",)]


def test_the_text_of_a_booking_form_is_read_but_not_its_fields() -> None:
    form = '<form id="FormBookingCreate"><h2>Prise de rendez-vous</h2><p>Il n\'existe plus de plage horaire libre.</p><input type="hidden" name="t" value="9f"><input class="Bbutton" name="nextButton" value="Etape suivante"></form>'

    assert lines(form) == [("Prise de rendez-vous", "Il n'existe plus de plage horaire libre.")]


def test_official_links_belong_to_the_block_that_holds_them() -> None:
    extraction = read(
        f'<p>Sur <a href="{ANEF}">l’ANEF</a> ou <a href="/booking/create/4963/0">sur rendez-vous</a>.</p><p><a href="/Demarches/Autre">Autre</a></p>'
        '<ul><li><a href="https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/cgu/"><img alt="RDV Préfecture" src="x.png"></a></li></ul>'
    )

    assert [[link.ident for link in item.links] for item in extraction.items] == [
        ["anef", "booking:www.cantal.gouv.fr/4963"], [], ["rdvpref:16040"]
    ]  # fmt: skip
    assert extraction.items[2].summary == "RDV Préfecture"
    assert [link.ident for link in extraction.links] == [
        "anef",
        "booking:www.cantal.gouv.fr/4963",
        "rdvpref:16040",
    ]


def download(
    attributes: str = 'class="fr-link fr-link--download"',
    ids: str = "62410/412410",
    size: str = "2,96",
    name: str = "Liste%20des%20pi%C3%A8ces.pdf",
) -> str:
    return (
        f'<div class="fr-downloads-group fr-downloads-group--bordered"><ul><li><div class=""><a {attributes} href="/contenu/telechargement/{ids}/file/{name}">\n'
        f'   Télécharger Liste des pièces <span class="fr-link__detail">PDF - {size} Mb - 14/08/2026</span></a></div></li></ul></div>'
    )


@pytest.mark.parametrize(
    "attributes",
    ['class="fr-link fr-link--download"', 'id= class="fr-link fr-link--download"', 'class=""', ""],
)
def test_a_download_is_named_apart_from_its_type_size_and_day(attributes: str) -> None:
    (item,) = read(download(attributes)).items

    (file,) = item.attachments
    assert (item.summary, file.label, file.name) == (
        "Liste des pièces",
        "Liste des pièces",
        "Liste des pièces.pdf",
    )
    assert (file.detail, file.dated) == ("PDF - 2,96 Mb - 14/08/2026", date(2026, 8, 14))


@pytest.mark.parametrize("day", ["14.08.2026", "14-08-2026", "14\u201108\u20112026", "14/08/2026"])
def test_the_day_of_a_download_is_no_part_of_its_name_however_written(day: str) -> None:
    (item,) = read(download().replace("14/08/2026", day)).items

    assert (item.summary, item.attachments[0].dated) == ("Liste des pièces", date(2026, 8, 14))


def test_a_file_sent_again_keeps_its_key_and_another_file_does_not() -> None:
    key = read(download()).items[0].key

    assert read(download(ids="99999/123456", size="3,01")).items[0].key == key
    assert read(download(name="Autre.pdf")).items[0].key != key


def test_a_file_mentioned_in_a_sentence_is_attached_to_it() -> None:
    (item,) = read(
        '<p>Voir <a href="/content/download/1/2/file/Notice.pdf">la notice (PDF - 0,1 Mo)</a> avant.</p>'
    ).items

    assert item.summary == "Voir la notice avant."
    assert [file.name for file in item.attachments] == ["Notice.pdf"]


def test_equal_blocks_have_keys_of_their_own() -> None:
    keys = [item.key for item in read("<p>Oui.</p><p>Oui.</p><h2>A</h2><p>Oui.</p>").items]

    assert len(set(keys)) == 3


def test_a_heading_with_nothing_below_is_a_block_itself() -> None:
    assert lines("<h2>Fermeture le 3 mai</h2><h2>Lieu</h2><p>Aurillac</p><h3>Fin</h3>") == [
        ("Fermeture le 3 mai", "Fermeture le 3 mai"), ("Lieu", "Aurillac"), ("Lieu", "Fin", "Fin")
    ]  # fmt: skip


def test_alerts_and_callouts_keep_their_titles_to_themselves() -> None:
    inside = (
        '<h2>Accueil</h2><div class="fr-alert fr-alert--warning"><h3 class="fr-alert__title">Fermé lundi</h3><p>Grève.</p></div><p>Ouvert.</p>'
        '<div class="fr-callout"><p class="fr-callout__title">À savoir</p><p class="fr-callout__text">Gratuit.</p></div><p>Fin.</p>'
    )

    assert lines(inside) == [
        ("Accueil", "Fermé lundi", "Grève."),
        ("Accueil", "Ouvert."),
        ("Accueil", "À savoir", "Gratuit."),
        ("Accueil", "Fin."),
    ]


def test_the_template_is_blind_to_the_text() -> None:
    assert read("<p>a</p>").template == read("<h2>x</h2><ul><li>b</li></ul>" + download()).template != ""


def test_a_stamp_or_a_counter_on_a_line_of_its_own_is_no_part_of_the_text() -> None:
    extraction = read(
        "<p>Mis à jour le 19/12/2025<br>Le guichet est ouvert.<br/>Dernière mise en ligne de rendez-vous : le 12/03/2026 à 09:12</p>"
        "<p>Réservez. Dernière mise en ligne de rendez-vous : le 12/03/2026 à 09:12 (3 créneaux). Gratuit.</p>"
    )

    assert extraction.updated == date(2025, 12, 19)
    assert [item.summary for item in extraction.items] == ["Le guichet est ouvert.", "Réservez. Gratuit."]


def test_cards_on_a_content_page_are_lines_of_their_own() -> None:
    card = '<div class="fr-card fr-card--grey"><h2 class="fr-card__title"><a href="/Demarches/{0}">{0}</a></h2></div>'
    inside = f"<h2>Rubriques</h2>{card.format('Asile')}{card.format('Séjour')}<p>Fin.</p>"

    assert lines(inside) == [
        ("Rubriques", "Asile", "Asile"), ("Rubriques", "Séjour", "Séjour"), ("Rubriques", "Fin.")
    ]  # fmt: skip


def test_a_heading_that_only_asks_for_an_opinion_is_not_what_the_page_says() -> None:
    asked = "<h3>Cette page vous a-t-elle été utile ?</h3><p>Oui Non</p>"

    assert lines(f"<p>Avant.</p>{asked}") == [("Avant.",)]

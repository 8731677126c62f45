# ruff: noqa: E501 - markup keeps its lines
"""Pages that must be believed although they carry what guards and broken pages also carry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.core.judge import Judgement, decode, judge, site_name
from watcher.core.page import Outcome, Page, Validators

SITE = "Les services de l'État dans le Cantal"
CARDS = "".join(
    f'<div class="fr-card fr-card--horizontal"><h2 class="fr-card__title"><a href="/Actualites/A{n}">Arrêté préfectoral '
    f'relatif à la sécheresse n° {n}</a></h2><p class="fr-card__detail">Publié le {n + 1:02}/08/2026</p></div>'
    for n in range(9)
)


def answer(body: str | bytes, charset: str | None = None) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    address = "https://www.cantal.gouv.fr/Actualites"
    return Page(
        address, address, 200, raw, "text/html", charset, Validators(), datetime(2026, 9, 1, tzinfo=UTC)
    )


def site_page(
    main: str = CARDS, head: str = "", foot: str = "", h1: str = "Actualités", title: str = "Actualités"
) -> str:
    return (
        f'<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8"><title>{title} - {SITE}</title>{head}</head><body>'
        f'<header class="fr-header"><p>Préfet du Cantal</p></header><main role="main"><div id="main"><h1 class="">{h1}</h1>'
        f'{main}</div></main><footer class="fr-footer">{foot}</footer></body></html>'
    )


def verdict(html: str, site: str = SITE) -> Judgement:
    page = answer(html)
    return judge(page, decode(page), site)


CARD = '<div class="fr-card fr-card--horizontal"><h2 class="fr-card__title"><a class="fr-card__link" href="/Actualites/A">Titre A</a></h2></div>'
REGIONAL = "".join(
    f'<article class="news-list-item"><header><h2 class="news-list-title"><a href="/ile-de-france/Actualites/N{n}">N {n}</a></h2></header></article>'
    for n in range(3)
)


def headless(inside: str) -> str:
    """A page of the site without any h1."""
    return site_page(inside).replace('<h1 class="">Actualités</h1>', "")


GOOD = {
    "one card without a heading": headless(CARD),
    "a regional list without a heading": headless(f'<div class="main-container">{REGIONAL}</div>'),
    "a short list without a heading": headless('<ul><li><a href="/Actualites/A">Titre A</a></li></ul>'),
    "a short table without a heading": headless(
        '<table><tr><td><h3 class=""><a class="" href="/Actualites/A">Titre A</a></h3></td></tr></table>'
    ),
    "two links without a heading": headless(
        '<p><a href="/Actualites/A">Titre A</a></p><p><a href="Actualites/B">Titre B</a></p>'
    ),
    "plain list": site_page(),
    "recaptcha in a form below the list": site_page(
        CARDS + '<form><div class="g-recaptcha" data-sitekey="k"></div></form>'
    ),
    "hcaptcha script in the head": site_page(
        head='<script src="https://js.hcaptcha.com/1/api.js" async></script>'
    ),
    "turnstile widget": site_page(
        CARDS
        + '<div class="cf-turnstile"></div><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'
    ),
    "altcha widget": site_page(CARDS + '<altcha-widget challengeurl="/c"></altcha-widget>'),
    "captchetat widget": site_page(
        CARDS + '<rdv-captchetat token="x" captcha-style-name="fr"></rdv-captchetat>'
    ),
    "cloudflare's script on every page": site_page(
        foot='<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'
    ),
    "incapsula's script on every page": site_page(
        foot='<script src="/_Incapsula_Resource?SWJIYLWA=5074"></script>'
    ),
    "datadome's tag": site_page(head='<script src="https://js.datadome.co/tags.js"></script>'),
    "noscript in the head": site_page(
        head="<noscript>Veuillez activer JavaScript pour profiter du site</noscript>"
    ),
    "consent banner": site_page(
        foot='<div class="fr-consent-banner"><p>Nous utilisons des cookies, vous pouvez les accepter ou les refuser</p></div>'
    ),
    "search box with a password manager": site_page(foot='<form><input type="password" name="decoy"></form>'),
    "article on a maintenance": site_page(
        "<p>Le site de l'ANEF sera en maintenance le 12 mars 2026 de 20 heures à minuit. Pendant cette période, le dépôt "
        "des demandes de titres de séjour est impossible. Les dossiers déjà déposés ne sont pas touchés.</p>",
        h1="Maintenance du site de l'ANEF le 12 mars",
        title="Maintenance du site de l'ANEF le 12 mars",
    ),
    "article on a waiting room": site_page(
        "<p>La salle d'attente du service des étrangers est fermée pour travaux jusqu'au 3 avril. Les usagers sont reçus "
        "au rez-de-chaussée, dans la file d'attente qui leur est réservée, sur présentation de leur convocation.</p>",
        h1="Accueil : salle d'attente fermée",
        title="Accueil : salle d'attente fermée",
    ),
    "article on refused access": site_page(
        "<p>L'accès au massif est interdit jusqu'à lundi en raison du risque d'incendie. L'accès refusé aux véhicules "
        "concerne aussi les riverains. Une erreur dans le précédent communiqué indiquait mardi ; la page a été corrigée.</p>",
        h1="Accès interdit au massif du Cantal",
        title="Accès interdit au massif du Cantal",
    ),
    "a very short content page": site_page(
        "<p>Prenez rendez-vous au 04 71 46 23 00.</p>", h1="Rendez-vous", title="Rendez-vous"
    ),
    "a number as a title": site_page(
        "<p>Détails à venir.</p>", h1="500 places d'hébergement", title="500 places d'hébergement"
    ),
    "404 as a count": site_page(
        "<p>Soit 404 euros.</p>", h1="404 dossiers traités en mars", title="404 dossiers traités en mars"
    ),
    "a document no longer needed": site_page(
        "<p>Le document de circulation n'est plus obligatoire.</p>", h1="Mineurs", title="Mineurs"
    ),
    "premises closed for works": site_page(
        "<p>L'accueil est fermé pour travaux jusqu'au 3 mai.</p>", h1="Fermeture", title="Fermeture"
    ),
    "a service that is unavailable": site_page(
        "<p>Le téléservice est momentanément indisponible.</p>", h1="ANEF", title="ANEF"
    ),
    "an error in a letter": site_page(
        "<p>Une erreur technique a affecté l'envoi des convocations.</p>",
        h1="Convocations",
        title="Convocations",
    ),
    "access to a place": site_page(
        "<p>Prudence.</p>", h1="Accès interdit au massif", title="Accès interdit au massif"
    ),
    "security check at the door": site_page(
        "<p>Une vérification de sécurité a lieu à l'entrée.</p>", h1="Accueil", title="Accueil"
    ),
    "a teleservice that is interrupted": site_page(
        "<p>Le site de l'ANEF connaît actuellement une panne.</p>",
        h1="Interruption de service",
        title="Interruption de service",
    ),
    "a crowd at the counter": site_page(
        "<p>Il peut y avoir une file d'attente.</p>", h1="Forte affluence", title="Forte affluence"
    ),
    "papers that are checked": site_page(
        "<p>Vérifiez que vous êtes en possession de votre convocation.</p>",
        h1="Vérification des dossiers",
        title="Vérification des dossiers",
    ),
    "a teleservice that shuts people out": site_page(
        "<p>Si votre session a expiré ou après trop de tentatives de connexion à l'ANEF, reconnectez-vous.</p>",
        h1="Difficultés de connexion à l'ANEF",
        title="Difficultés de connexion à l'ANEF",
    ),
    "a place of limited access": site_page(
        "<p>L'accès n'est pas autorisé sans rendez-vous.</p>",
        h1="Accès limité à l'accueil",
        title="Accès limité à l'accueil",
    ),
    "an office closed for a while": site_page(
        "<p>Le site de Mauriac est fermé temporairement.</p>",
        h1="Fermeture exceptionnelle du site de Mauriac",
        title="Fermeture exceptionnelle du site de Mauriac",
    ),
    "an empty list that says so": site_page("<p>Aucune actualité.</p>"),
    "a list past its end": site_page(""),
    "old skin without main": (
        f'<html><head><title>Actualités - {SITE}</title></head><body><div id="header">Préfet</div><div id="contenu">'
        f"<h1>Actualités</h1>{CARDS}</div></body></html>"
    ),
    "capital end tags": site_page().replace("</html>", "</HTML>"),
    "something after the end": site_page() + "<!-- served by web3 in 0.2 s -->\n",
}


@pytest.mark.parametrize("html", GOOD.values(), ids=GOOD.keys())
def test_a_good_page_is_believed_whatever_widget_it_carries(html: str) -> None:
    assert verdict(html) == Judgement(Outcome.OK)


@pytest.mark.parametrize(
    "fragment",
    [
        CARD,
        CARD.replace('"', "'") * 2,
        f"<main>{CARD}</main>",
        f"<html><body>{CARD}</body></html>",
        f"<body>{REGIONAL}</body></html>",
        "<main><ul><li><a href='/Actualites/A'>Titre A</a></li></ul></main>",
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Actualités</h1>{CARD}</body></html>',
    ],
)
def test_a_piece_of_a_page_is_believed_as_soon_as_it_shows_an_entry(fragment: str) -> None:
    assert verdict(fragment, "") == Judgement(Outcome.OK)


def test_a_cut_page_is_truncated_wherever_it_is_cut() -> None:
    """Every 97th octet, as a dropped connection would."""
    body = site_page().encode()

    for end in range(20, len(body) - len(b"</html>"), 97):
        page = answer(body[:end])
        assert judge(page, decode(page), SITE).outcome is Outcome.TRUNCATED, end


def test_another_sites_page_is_a_soft_404() -> None:
    assert verdict(site_page(), "Les services de l'État dans le Rhône").outcome is Outcome.SOFT_404
    assert verdict(site_page().replace(f" - {SITE}", ""), SITE).outcome is Outcome.SOFT_404


@pytest.mark.parametrize(
    "site",
    [
        "",
        SITE,
        "Les services de l’Etat dans le Cantal",
        "LES SERVICES DE L'ÉTAT DANS LE CANTAL",
        "Préfecture du Cantal",
    ],
)
def test_the_same_site_may_spell_its_name_otherwise(site: str) -> None:
    assert verdict(site_page(), site).outcome is Outcome.OK


def test_the_site_is_named_last_in_the_title() -> None:
    title = "<title>PAGE - PARENT - Les services de l&#039;État dans l'Ain</title>"

    assert site_name(title) == "Les services de l'État dans l'Ain"
    assert site_name("<html><body>no title</body></html>") == ""


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        ("Été à l’ANEF".encode(), None, "Été à l’ANEF"),
        (b"\xef\xbb\xbf" + "Été".encode(), None, "Été"),
        ("Été".encode("cp1252"), None, "Été"),
        ("Été".encode("cp1252"), "utf-8", "Été"),
        ("Été, 5 €".encode("iso-8859-15"), "iso-8859-15", "Été, 5 €"),
        (b'<meta charset="iso-8859-15">' + "€".encode("iso-8859-15"), None, '<meta charset="iso-8859-15">€'),
        ("Été".encode(), "iso-8859-1", "Été"),
        ("état égal à été ".encode() + b"\xe9", "utf-8", "état égal à été \ufffd"),
    ],
)
def test_a_body_is_decoded_as_its_octets_show(raw: bytes, charset: str | None, text: str) -> None:
    assert decode(answer(raw, charset)) == text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "windows-1252", "iso-8859-15"]))
def test_any_octets_are_judged_without_an_exception(raw: bytes, charset: str | None) -> None:
    page = answer(raw, charset)

    assert judge(page, decode(page), SITE).outcome is not Outcome.OK


@pytest.mark.parametrize(
    "title",
    [
        "Erreur 500 sur l'ANEF : que faire ?",
        "Les sites de l'ANEF seront indisponibles samedi",
        "Trop de demandes de rendez-vous : point de situation",
        "Mise à jour en cours des créneaux",
    ],
)
def test_a_short_list_may_speak_of_the_troubles_of_others(title: str) -> None:
    entry = f"<ul><li><a href='/Actualites/A'>{title}</a> 08/09/2025</li></ul>"

    assert verdict(site_page(entry)) == Judgement(Outcome.OK)


@pytest.mark.parametrize(
    "heading",
    ["Service des étrangers indisponible le 3 mars", "Maintenance technique des guichets le 3 mars"],
)
def test_an_announcement_of_a_trouble_is_no_trouble_of_the_site(heading: str) -> None:
    assert verdict(site_page("<p>Le guichet est fermé.</p>", h1=heading)) == Judgement(Outcome.OK)

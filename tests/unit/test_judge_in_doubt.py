"""Where a page that is refused and one that is believed are a word apart, and what is said of the first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.core.judge import Judgement, decode, judge, site_name
from watcher.core.page import Outcome, Page, Validators

HERE = "https://www.cantal.gouv.fr/Actualites"
SITE = "Les services de l'État dans le Cantal"
LONG = "<p>" + "Le dépôt des demandes se fait au guichet, du lundi au vendredi. " * 30 + "</p>"
LIST = '<ul><li><a href="/Actualites/A">Titre A</a></li><li><a href="/Actualites/B">Titre B</a></li></ul>'
CARD = '<div class="fr-card"><h2 class="fr-card__title"><a href="/Actualites/A">Titre A</a></h2></div>'
OK = Judgement(Outcome.OK)


def page(body: str | bytes, status: int = 200, kind: str = "text/html", charset: str | None = None) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(HERE, HERE, status, raw, kind, charset, Validators(), datetime(2026, 9, 1, tzinfo=UTC))


def verdict(body: str | bytes, status: int = 200, site: str = "", kind: str = "text/html") -> Judgement:
    answer = page(body, status, kind)
    return judge(answer, decode(answer), site)


def titled(title: str, inside: str = f"<main><h1>Actualités</h1>{LIST}</main>") -> str:
    return f"<html><head><title>{title}</title></head><body>{inside}</body></html>"


@pytest.mark.parametrize("body", [b"%PDF-1.7\n1 0 obj", b'{"a": 1}', b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_a_failing_server_may_answer_anything(body: bytes) -> None:
    for status in (500, 502, 599):
        for kind in ("text/html", "application/json"):
            assert verdict(body, status, kind=kind) == Judgement(Outcome.UNREACHABLE, f"statut {status}")
    assert verdict(body, 499).outcome is Outcome.REFUSED


def test_what_a_proxy_hands_on_is_a_page_like_any_other() -> None:
    assert verdict(titled("x"), 203) == OK


@pytest.mark.parametrize(
    "body",
    [
        titled("Site en maintenance", "<p>503</p>"),
        titled("503", "<h1>Nous sommes de retour bientôt</h1>"),
        titled("503", "<p>Revenez plus tard</p>"),
    ],
    ids=["title", "heading", "words"],
)
def test_a_maintenance_is_told_by_title_heading_or_words(body: str) -> None:
    for status in (500, 503):
        assert verdict(body, status) == Judgement(Outcome.MAINTENANCE, f"statut {status} : maintenance")


@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml", ""])
def test_html_goes_by_three_names(kind: str) -> None:
    assert verdict(titled("x"), kind=kind) == OK
    assert verdict(titled("x"), kind="text/plain") == Judgement(
        Outcome.UNSUPPORTED, "type de contenu text/plain"
    )


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("Votre requête a été rejetée", Outcome.BLOCKED),
        ("Vérification de sécurité", Outcome.BLOCKED),
        ("Just a moment", Outcome.BLOCKED),
        ("La file d'attente", Outcome.TRUNCATED),
        ("Le site est en maintenance", Outcome.TRUNCATED),
        ("Bonjour", Outcome.TRUNCATED),
    ],
)
def test_of_pages_cut_short_only_a_guards_are_read(said: str, outcome: Outcome) -> None:
    assert verdict(f"<html><body><p>{said}").outcome is outcome


def test_a_guards_page_is_told_by_its_markup_only_where_there_is_nothing_to_read() -> None:
    script = '<script src="https://geo.captcha-delivery.com/c.js"></script>'

    assert verdict(f"<html><body>{script}") == Judgement(
        Outcome.BLOCKED, "page de défi anti-robot : captcha-delivery.com"
    )
    assert verdict(titled("x", f"<main><h1>A</h1>{LIST}{script}</main>")) == OK
    assert verdict(titled("x", f"<h1>A</h1>{script}{LONG}")) == OK
    assert verdict(titled("x", f"<h1>A</h1>{LONG}<script>_cf_chl_opt</script>")) == OK
    assert verdict(titled("x", "<main><p>Un.</p><script>_cf_chl_opt={}</script></main>")) == Judgement(
        Outcome.BLOCKED, "page de défi anti-robot : _cf_chl_opt"
    )


@pytest.mark.parametrize("end", ["</html>", "</HTML>", "</html ", "</html>\n<!-- 0.2 s -->"])
def test_a_page_that_reaches_its_end_is_whole(end: str) -> None:
    assert verdict(titled("x").replace("</html>", end)) == OK


def test_what_never_said_to_be_a_document_needs_no_end() -> None:
    piece = f"<main><h1>A</h1>{LIST}</main>"

    assert verdict(piece) == OK
    assert verdict(" " * 3000 + piece + "<body>") == OK
    for begun in ("<HTML>", "<!-- -->", "\n <!-- -->", "x<!DOCTYPE html>", "x<body class=a>"):
        assert verdict(begun + piece) == Judgement(Outcome.TRUNCATED, "fin de page absente")


@pytest.mark.parametrize(
    ("title", "heading", "error"),
    [
        ("Page introuvable - Préfecture", "Bonjour", True),
        ("Page introuvable | Préfecture", "Bonjour", True),
        ("Préfecture", "Page introuvable", True),
        ("Page introuvable", "Bonjour", True),
        ("Préfecture - Page introuvable", "Bonjour", False),
        ("Actualités", "Que faire quand une page introuvable s'affiche", False),
    ],
)
def test_an_error_is_told_by_the_start_of_a_title_or_heading_whatever_stands_below(
    title: str, heading: str, error: bool
) -> None:
    found = verdict(titled(title, f"<main><h1>{heading}</h1>{LONG}{LIST}</main>"))

    assert found == (
        Judgement(Outcome.SOFT_404, "titre d'une page d'erreur : page introuvable") if error else OK
    )


@pytest.mark.parametrize("title", ["Accès refusé - Préfecture", "Accès refusé | Préfecture", "Accès refusé"])
def test_the_site_named_after_it_does_not_hide_a_refusal(title: str) -> None:
    assert verdict(titled(title, f"<main><h1>A</h1>{LONG}</main>")) == Judgement(
        Outcome.BLOCKED, "titre d'un refus : acces refuse"
    )


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ('<main><p>Mot de passe</p><input type="password"></main>', "formulaire de connexion"),
        (
            "<p>.</p><script>location.replace('/x')</script>",
            "page vide qui renvoie ailleurs : location.replace(",
        ),
        (
            f"<script>location{' ' * 60}= '/x'</script>",
            f"page vide qui renvoie ailleurs : location{' ' * 32}",
        ),
        ("<main><p>Veuillez noter : request rejected.</p></main>", "refus d'un filtre : request rejected"),
        (f"<p>Accepter {'x' * 55} cookies</p>", f"mur de cookies : accepter {'x' * 51}"),
        ("<p>Trop de requêtes.</p>", "refus d'un filtre : trop de requetes"),
    ],
)
def test_why_a_page_is_a_wall_is_said_in_a_few_words(inside: str, reason: str) -> None:
    assert verdict(titled("x", inside)) == Judgement(Outcome.BLOCKED, reason)


def test_a_password_or_a_script_that_leads_elsewhere_alone_are_no_wall() -> None:
    assert verdict(titled("x", f'<main><h1>A</h1>{LIST}<input type="password"></main>')) == OK
    assert verdict(titled("x", f"<main><h1>A</h1>Mot de passe oublié {LIST}</main>")) == OK
    words = "Le dépôt se fait au guichet, du lundi au vendredi. " * 5
    assert verdict(titled("x", f"<h1>A</h1><p>{words}</p><script>location.replace('/x')</script>")) == OK


def test_naked_words_speak_against_a_page_of_another_site_even_in_a_frame() -> None:
    wall = "<main><h1>Accueil</h1><p>La file d'attente est longue.</p></main>"

    assert verdict(titled(f"Accueil - {SITE}", wall), site=SITE) == OK
    assert verdict(titled("Accueil - Ailleurs", wall), site=SITE) == Judgement(
        Outcome.BLOCKED, "file d'attente : file d'attente"
    )


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<main></main>", "rien à lire"),
        ("<main><p>Un mot.</p></main>", "rien à lire"),
        ("<p>Un mot.</p>", "rien à lire"),
        (f"<header></header>{LONG}<footer></footer>", "rien qu'un en-tête et un pied de page"),
        (f"<header></header>{LONG}", ""),
        (f"{LONG}<footer></footer>", ""),
        (f"<header></header>{CARD}{LONG}<footer></footer>", ""),
        (f"<main>{LONG}</main>", ""),
        (f"<header></header><main>{LONG}</main><footer></footer>", ""),
        ("<main><h1>A</h1></main>", ""),
    ],
)
def test_a_page_needs_a_heading_an_entry_or_something_to_read(inside: str, reason: str) -> None:
    assert verdict(titled("x", inside)) == (Judgement(Outcome.EMPTY, reason) if reason else OK)


@pytest.mark.parametrize(
    ("title", "reason", "other"),
    [
        ("Actualités - Préfecture du Rhône", "titre d'un autre site : Préfecture du Rhône", True),
        ("", "titre d'un autre site : aucun", False),
        (f"Actualités - {'Rhône' * 20}", f"titre d'un autre site : {'Rhône' * 12}", True),
        (f"{SITE} - Actualités", "titre d'un autre site : Actualités", True),
    ],
)
def test_another_sites_name_is_quoted(title: str, reason: str, other: bool) -> None:
    assert verdict(titled(title), site=SITE) == Judgement(Outcome.SOFT_404, reason, other_site=other)
    assert verdict(titled(title)) == OK


@pytest.mark.parametrize(
    ("one", "before", "same"),
    [
        ("Préfecture du Cantal", SITE, True),
        ("Préfecture du Rhône", "Préfecture du Cantal", False),
        ("Les services de l'Etat", "Les services de l'État", True),
        ("Portail internet", "Site internet", False),
        ("Le Lot", "Lot-et-Garonne", False),
        ("Les services de l'État en Indre-et-Loire", "Les services de l'État dans l'Indre", False),
        ("Préfecture de l'Oise", "Préfecture du Val-d'Oise", False),
        ("Préfecture de la Haute Savoie", "Préfecture de la Savoie", False),
        ("Préfecture de la région Pays de la Loire", "Les services de l'État dans la Loire", False),
        ("Préfecture d'Indre et Loire", "Les services de l'État en Indre-et-Loire", True),
        ("Préfecture de la Haute Savoie", "Les services de l'État en Haute-Savoie", True),
        ("Préfecture de la région Auvergne-Rhône-Alpes, préfecture du Rhône", "Préfecture du Rhône", True),
        ("Eu", "Eu et Ay", False),
    ],
)
def test_a_site_is_known_by_the_words_that_only_its_name_has(one: str, before: str, same: bool) -> None:
    assert (verdict(titled(f"Actualités - {one}"), site=before) == OK) is same


@pytest.mark.parametrize("sign", ["-", "–", "—", "|"])
def test_a_title_names_the_site_last_after_any_of_its_signs(sign: str) -> None:
    assert site_name(f"<title>A {sign} B {sign}  Lot-et-Garonne </title>") == "Lot-et-Garonne"


@pytest.mark.parametrize(
    ("head", "charset", "read"),
    [
        ("", "latin9", "5 €"),
        ("", "LATIN-9", "5 €"),
        ("<META http-equiv=x content='text/html; charset=ISO-8859-15'>", None, "5 €"),
        ('<meta charset = "latin9">', None, "5 €"),
        ("", "windows-1252", "5 ¤"),
        ("", "unknown", "5 ¤"),
        ('<meta charset="iso-8859-15">', "iso-8859-1", "5 ¤"),
        (" " * 4096 + '<meta charset="iso-8859-15">', None, "5 ¤"),
    ],
)
def test_octets_that_are_no_utf_8_are_read_as_declared(head: str, charset: str | None, read: str) -> None:
    assert decode(page(head.encode() + b"5 \xa4", charset=charset)) == head + read


@pytest.mark.parametrize(
    ("octets", "read"),
    [
        ("ééé".encode() + b"\xe9", "ééé\ufffd"),
        ("éé".encode() + b"\xe9\xe9", "Ã©Ã©éé"),
        ("éé".encode() + b"\xe9", "éé\ufffd"),
        (b"a\xe9", "aé"),
    ],
)
def test_a_few_broken_octets_do_not_make_another_charset(octets: bytes, read: str) -> None:
    assert decode(page(octets)) == read

# ruff: noqa: E501 - markup keeps its lines
"""Whatever answers in the place of the page is refused, for the right reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from prove.pages.interrupted import INTERRUPTED
from prove.pages.spoiled import shaped
from prove.pages.walls import WALLS
from tests.fakes.refused_pages import CLOSED, ERRORS, FILTERS, NOTHING, framed
from watcher.core.judge import Judgement, decode, judge
from watcher.core.page import Outcome, Page, Validators


def page(body: str | bytes, status: int = 200, content_type: str = "text/html") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    address = "https://www.cantal.gouv.fr/Actualites"
    return Page(
        address, address, status, raw, content_type, None, Validators(), datetime(2026, 9, 1, tzinfo=UTC)
    )


def verdict(
    body: str | bytes, status: int = 200, content_type: str = "text/html", site: str = ""
) -> Judgement:
    answer = page(body, status, content_type)
    return judge(answer, decode(answer), site)


CASES = [
    *((name, Outcome.BLOCKED, html) for name, html in FILTERS.items()),
    *((name, Outcome.MAINTENANCE, html) for name, html in CLOSED.items()),
    *((name, Outcome.SOFT_404, html) for name, html in ERRORS.items()),
    *((name, Outcome.EMPTY, html) for name, html in NOTHING.items()),
]


SITE = "Les services de l'État dans le Cantal"
ELSEWHERE = [*((Outcome.BLOCKED, title, body) for title, body in WALLS), *INTERRUPTED]


def test_the_collection_is_as_large_as_it_claims() -> None:
    assert len(FILTERS) >= 40
    assert len(CASES) >= 85


@pytest.mark.parametrize(("outcome", "html"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_page_that_is_not_the_page_is_refused_for_the_right_reason(outcome: Outcome, html: str) -> None:
    judged = verdict(html)

    assert (judged.outcome, bool(judged.reason)) == (outcome, True), judged


@pytest.mark.parametrize(("outcome", "title", "body"), ELSEWHERE)
def test_in_the_place_of_a_known_site_too(outcome: Outcome, title: str, body: str) -> None:
    """In its frame or without it."""
    page = shaped(framed("Actualités", "<h1>Actualités</h1>"), title, body)

    assert verdict(page, site=SITE).outcome is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.GONE),
        (403, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.BLOCKED),
        (400, Outcome.REFUSED),
        (405, Outcome.REFUSED),
        (206, Outcome.TRUNCATED),
        (204, Outcome.EMPTY),
        (500, Outcome.UNREACHABLE),
        (502, Outcome.UNREACHABLE),
        (504, Outcome.UNREACHABLE),
        (520, Outcome.UNREACHABLE),
    ],
)
def test_a_status_other_than_200_decides_alone(status: int, outcome: Outcome) -> None:
    assert verdict(framed("Actualités", "<h1>Actualités</h1>"), status).outcome is outcome


def test_the_short_503_of_the_platform_is_its_limiter() -> None:
    """118 octets, as whoever hurries gets them."""
    short = "<html><head><title>503</title></head><body><h1>Service Unavailable</h1><p>Please retry later</p></body></html>"

    assert verdict(short, 503).outcome is Outcome.BLOCKED
    assert verdict("", 503).outcome is Outcome.BLOCKED


def test_a_503_that_explains_a_maintenance_is_one() -> None:
    assert verdict(CLOSED["demarche maintenance"], 503).outcome is Outcome.MAINTENANCE


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/png", "application/json", "text/plain", "text/xml"]
)
def test_what_is_not_html_is_unsupported(kind: str) -> None:
    assert verdict(framed("x", "<h1>x</h1>"), content_type=kind).outcome is Outcome.UNSUPPORTED


def test_a_pdf_that_calls_itself_html_is_unsupported() -> None:
    assert verdict(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj").outcome is Outcome.UNSUPPORTED


RSS = "<rss version='2.0'><channel><item><title>x</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "une image"),
        (b"PK\x03\x04" + bytes(range(64)), "une archive"),
        (bytes(range(256)) * 8, "des données binaires"),
        (framed("Actualités", "<h1>Actualités</h1>").encode("utf-16"), "des données binaires"),
        ('{"items": [1, 2]}', "du JSON"),
        ('\ufeff [\n {"a": 1}]', "du JSON"),
        (RSS, "du XML"),
        (f'<?xml version="1.0" encoding="utf-8"?>\n<!-- x --><!-- y -->\n{RSS}', "du XML"),
        ('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "du XML"),
        ('<?xml version="1.0"?><sitemap:liste xmlns:sitemap="x"/>', "du XML"),
    ],
)
def test_what_calls_itself_html_and_is_not_is_unsupported(body: str | bytes, kind: str) -> None:
    assert verdict(body) == Judgement(Outcome.UNSUPPORTED, f"{kind}, pas du HTML")


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (framed("x", "<h1>x</h1>"), 404, "statut 404"),
        (CLOSED["demarche maintenance"], 503, "statut 503 : maintenance"),
        (framed("Actualités", "<h1>Actualités</h1>")[:-9], 200, "fin de page absente"),
        (FILTERS["old cloudflare check"], 200, "page de défi anti-robot : checking your browser"),
        (FILTERS["f5"], 200, "refus d'un filtre : request rejected"),
        (ERRORS["404 in frame"], 200, "titre d'une page d'erreur : page introuvable"),
        (NOTHING["nothing"], 200, "réponse vide"),
        (NOTHING["empty main"], 200, "rien à lire"),
    ],
)
def test_the_reason_is_a_short_phrase_in_french(body: str, status: int, reason: str) -> None:
    assert verdict(body, status).reason == reason


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<div>" * 5_000, "éléments trop profondément imbriqués"),
        ("<div></p></bogus>" * 300, "éléments trop profondément imbriqués"),
        ("<p>x</p>" * 60_000, "trop d'éléments"),
        ("<br>" * 60_000, "trop d'éléments"),
    ],
)
def test_a_page_that_would_choke_a_parser_is_not_given_to_one(inside: str, reason: str) -> None:
    judged = verdict(framed("Actualités", f"<h1>Actualités</h1><p>{'texte ' * 60}</p>{inside}"))

    assert judged == Judgement(Outcome.UNSUPPORTED, reason)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((code, Outcome.BLOCKED) for code in (403, 407, 429, 451, 503)),
        *((code, Outcome.GONE) for code in (401, 404, 410)),
        *((code, Outcome.EMPTY) for code in (204, 205)),
        *((code, Outcome.UNREACHABLE) for code in (408, 425, 500, 502, 504, 599)),
        (206, Outcome.TRUNCATED),
        *((code, Outcome.REFUSED) for code in (201, 202, 226, 304, 400, 418, 452)),
    ],
)
def test_a_status_tells_why_there_is_no_page(status: int, outcome: Outcome) -> None:
    assert verdict("", status) == Judgement(outcome, f"statut {status}")


def test_a_body_without_a_type_is_a_page_only_when_it_begins_like_one() -> None:
    assert verdict("\ufeff\r\n Bonjour", content_type="") == Judgement(Outcome.UNSUPPORTED, "pas du HTML")
    assert verdict("Bonjour").outcome is not Outcome.UNSUPPORTED
    for body in ("\ufeff\r\n <p>Bonjour", ""):
        assert verdict(body, content_type="").outcome is not Outcome.UNSUPPORTED
    assert verdict("<p>", content_type="application/xhtml+xml").outcome is not Outcome.UNSUPPORTED


@pytest.mark.parametrize("begun", ["<html>", "<!DOCTYPE x>", "<body>", " <!-- x -->", "<HTML>"])
def test_a_document_that_was_begun_must_end(begun: str) -> None:
    assert verdict(f"{begun}<p>Bonjour") == Judgement(Outcome.TRUNCATED, "fin de page absente")
    for end in ("</html>", "</HTML>"):
        assert verdict(f"{begun}<p>Bonjour{end}").outcome is not Outcome.TRUNCATED


def test_a_page_is_read_as_it_says_that_it_is_written() -> None:
    western, declared = "é€".encode("windows-1252"), b'<meta charset="iso-8859-15">'
    assert decode(page(declared + "é€".encode("iso-8859-15"))).endswith("é€")
    assert decode(page(b"<p>" + western)) == "<p>é€"
    assert decode(page("éà".encode() + b"\xff")) == "éà\ufffd"
    assert decode(page("é".encode() + b"\xff")) == "Ã©ÿ"

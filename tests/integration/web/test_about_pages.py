"""Who answers for the site, what it knows of its readers, and how far everybody can use it."""

from __future__ import annotations

import pytest
from lxml import html

from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.web.info_routes import contact_of

PAGES = ["/about/legal", "/about/privacy", "/about/accessibility"]


def text(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


@pytest.mark.parametrize("path", PAGES)
def test_each_page_leads_to_the_three(visitor: Visitor, path: str) -> None:
    for start in ("/", "/nowhere", path):
        page = html.fromstring(visitor.ask(start).text)
        assert set(PAGES) <= set(page.xpath("//footer//a/@href"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_in_both_languages(visitor: Visitor, path: str) -> None:
    for language, address in (("fr", path), ("en", f"/en{path}")):
        answer = visitor.ask(address)
        page = html.fromstring(answer.text)
        assert answer.status_code == 200
        assert page.get("lang") == language
        assert len(page.findall(".//h1")) == 1
        assert len(page.find(".//main").text_content().split()) > 100
        assert not page.xpath("//script|//style|//@style|//form")
        assert visitor.ask(address, "HEAD").status_code == 200


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("veille@exemple.org", "mailto:veille@exemple.org"),
        ("https://exemple.org/contact", "https://exemple.org/contact"),
    ],
)
def test_readers_learn_whom_to_write_to(path: str, contact: str, href: str) -> None:
    with visiting(site(MemoryStore(), contact=contact)) as visitor:
        page = html.fromstring(visitor.ask(path).text)
        assert page.xpath("//main//a[@href=$href]", href=href)


@pytest.mark.parametrize("path", PAGES)
def test_without_a_contact_the_page_says_that_there_is_none(path: str) -> None:
    with visiting(site(MemoryStore(), contact="veille non officielle des annonces")) as visitor:
        page = visitor.ask(path).text
        assert "n'a pas encore indiqué de contact" in page
        assert "mailto:" not in page
        assert "veille non officielle des annonces" not in page


@pytest.mark.parametrize(
    "text", ["", "javascript:alert(1)", "a@b", "a@b.fr?cc=c@d.fr", "a@b.fr c@d.fr", "ftp://x.org"]
)
def test_what_reaches_nobody_is_no_contact(text: str) -> None:
    assert contact_of(text) is None


def test_the_legal_page_says_what_the_site_is_not_and_names_its_sources(visitor: Visitor) -> None:
    told = text(visitor.ask("/about/legal").text)
    assert "Licence Ouverte 2.0" in told
    assert "non officiel" in told
    assert "https://vigie.example" in told


def test_what_the_privacy_page_promises_holds_on_every_page(visitor: Visitor) -> None:
    told = text(visitor.ask("/about/privacy").text)
    assert "Aucun cookie" in told
    for path in ["/", "/feeds", "/coverage", *PAGES]:
        answer = visitor.ask(path)
        assert "set-cookie" not in answer.headers
        assert answer.headers["referrer-policy"] == "no-referrer"
        page = html.fromstring(answer.text)
        loaded = page.xpath("//@src | //link[not(@rel='alternate')]/@href")
        assert [address for address in loaded if not address.startswith("/static/")] == []


def test_the_accessibility_page_claims_no_audit(visitor: Visitor) -> None:
    assert "pas encore audité" in text(visitor.ask("/about/accessibility").text)

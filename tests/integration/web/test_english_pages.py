"""Every page in English, at an address of its own."""

from __future__ import annotations

import pytest
from lxml import html

from tests.fakes.alerts import BASE, SENTENCE
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting

PAGES = [
    "/",
    "/alerts",
    "/alerts?q=rendez&prefecture=15",
    "/feeds",
    "/coverage",
    "/about/legal",
    "/about/accessibility",
    "/prefectures/69",
    f"/alerts/{1:024x}",
]


def switch(page: html.HtmlElement) -> html.HtmlElement:
    (link,) = page.xpath("//header//a[@hreflang]")
    return link


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_itself_in_the_other_language_and_back(visitor: Visitor, path: str) -> None:
    french = html.fromstring(visitor.ask(path).text)
    there = switch(french)
    english = html.fromstring(visitor.ask(there.get("href")).text)

    assert (french.get("lang"), english.get("lang")) == ("fr", "en")
    assert there.get("href") == f"/en{path}"
    assert there.text == "English"
    assert switch(english).get("href") == path
    for page in (french, english):
        assert {x.get("hreflang"): x.get("href") for x in page.xpath("//head/link[@hreflang]")} == {
            "fr": f"{BASE}{path}",
            "en": f"{BASE}/en{path}",
        }


@pytest.mark.parametrize("path", PAGES)
def test_what_is_ours_is_english_and_links_stay_so(visitor: Visitor, path: str) -> None:
    page = html.fromstring(visitor.ask(f"/en{path}").text)
    own = [link for link in page.xpath("//a[not(@hreflang)]/@href") if link.startswith("/")]
    alone = ("/feeds/", "/feeds.opml")
    assert [link for link in own if not link.startswith(("/en/", *alone))] == []
    for quoted in page.xpath("//*[@lang='fr']|//bdi|//code"):
        quoted.drop_tree()
    told = " ".join(page.text_content().split())
    for word in ("préfecture n'", "Alertes", "Toutes", " est ", " une ", "Motifs", "dépôt", "vérifi"):
        assert word not in told


def test_the_words_of_the_prefecture_stay_french_and_are_marked(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask(f"/en/alerts/{0:024x}").text)
    (quoted,) = page.xpath("//blockquote")
    assert (quoted.get("lang"), SENTENCE in quoted.text_content()) == ("fr", True)
    (line,) = page.xpath("//p[@class='line']")
    assert " ".join(line.text_content().split()) == (
        "Cantal (15): from 1 October 2025, online appointments for grounds not on ANEF"
    )


def test_a_page_that_does_not_exist_says_so_in_english_and_leads_home(visitor: Visitor) -> None:
    answer = visitor.ask("/en/nowhere")
    page = html.fromstring(answer.text)
    assert answer.status_code == 404
    assert page.findtext(".//h1") == "This page does not exist."
    assert switch(page).get("href") == "/"


def test_a_fault_of_ours_is_told_in_the_language_of_the_page(store: MemoryStore) -> None:
    store.fails = True
    with visiting(site(store)) as visitor:
        answer = visitor.ask("/en/")
        assert (answer.status_code, "Something went wrong on our side" in answer.text) == (500, True)


def test_a_wrong_wish_is_refused_in_english(visitor: Visitor) -> None:
    assert "Unknown period: “1”" in visitor.ask("/en/alerts?period=1").text


@pytest.mark.parametrize(
    "path", ["/feeds/all.atom", "/feeds.opml", "/static/vigie.css", "/healthz", "/api/v1/alerts"]
)
def test_what_programs_read_has_one_address(visitor: Visitor, path: str) -> None:
    assert visitor.ask(path).status_code == 200
    assert visitor.ask(f"/en{path}").status_code == 404


@pytest.mark.parametrize("path", ["/en", "/en/", "/en/alerts?prefecture=2A"])
def test_nothing_is_redirected_or_remembered(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path, accept_language="fr")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert html.fromstring(answer.text).get("lang") == "en"


def test_behind_a_proxy_path_links_carry_it_before_the_language(store: MemoryStore) -> None:
    with visiting(site(store, base_url="https://example.org/vigie/")) as visitor:
        page = html.fromstring(visitor.ask("/en/feeds").text)
        assert switch(page).get("href") == "/vigie/feeds"
        assert page.xpath("//link[@hreflang='en']/@href") == ["https://example.org/vigie/en/feeds"]
        assert page.xpath("//link[@rel='stylesheet']/@href") == ["/vigie/static/vigie.css"]
        assert {x.split("/")[2] for x in page.xpath("//nav//a/@href") if x.startswith("/")} <= {"en", "feeds"}


def test_a_hostile_address_stays_inside_the_link_to_the_other_language(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask('/alerts?q="><script>alert(1)</script>').text)
    assert not page.xpath("//script")
    assert switch(page).get("href").startswith("/en/alerts?q=")

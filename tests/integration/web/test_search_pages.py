"""Looking for alerts, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from lxml import html

from tests.fakes.alerts import SEEN, alert
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState


def found(page: str) -> list[int]:
    return [int(name, 16) for name in html.fromstring(page).xpath("//*[@data-id]/@data-id")]


def text(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


@pytest.fixture
def many(store: MemoryStore) -> Iterator[Visitor]:
    """Forty-five alerts of the Cantal, a minute apart, the newest now."""
    store.held = [alert(n, detected_at=SEEN - timedelta(minutes=n)) for n in range(45)]
    with visiting(site(store)) as visitor:
        yield visitor


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, [2, 1, 0]),
        ({"q": "résident"}, [1]),
        ({"q": "RESIDENT renouvel"}, [1]),
        ({"q": "prise rendez-vous"}, [2, 0]),
        ({"prefecture": "69"}, [1]),
        ({"category": "anef_integration"}, [1]),
        ({"motif": "hors_anef"}, [2, 0]),
        ({"motif": "hors_anef", "q": "courrier"}, []),
        ({"state": "verified", "period": "30"}, [2, 1, 0]),
    ],
)
def test_alerts_are_found_by_words_and_by_lists(
    visitor: Visitor, wanted: dict[str, str], numbers: list[int]
) -> None:
    answer = visitor.ask(f"/alerts?{urlencode(wanted)}")

    assert answer.status_code == 200
    assert found(answer.text) == numbers


def test_only_what_was_verified_is_shown_to_who_wants_that(visitor: Visitor, store: MemoryStore) -> None:
    store.held[2] = replace(store.held[2], state=AlertState.UNVERIFIED)

    assert found(visitor.ask("/alerts?state=verified").text) == [1, 0]


def test_a_period_ends_now(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], detected_at=SEEN - timedelta(days=8))

    assert found(visitor.ask("/alerts?period=7").text) == [2, 1]
    assert found(visitor.ask("/alerts?period=30").text) == [2, 1, 0]


def test_the_form_works_without_scripts_from_the_front_page(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask("/").text)
    (form,) = page.xpath("//form")
    form.fields = {"q": "l'ANEF", "prefecture": "15", "period": "90"}

    answer = visitor.ask(f"{form.action}?{urlencode(form.form_values())}")

    assert form.method == "GET"
    assert found(answer.text) == [2, 0]


def test_every_field_is_named_for_everybody(visitor: Visitor) -> None:
    (form,) = html.fromstring(visitor.ask("/alerts").text).xpath("//form")
    named = {label.get("for") for label in form.findall(".//label")}

    assert {one.get("id") for one in form.xpath(".//input|.//select")} == named
    assert len(named) == 6


def test_what_was_asked_stays_in_the_form(visitor: Visitor) -> None:
    wanted = {"q": '"l\'été" <b>', "prefecture": "15", "category": "fee", "motif": "salarie"}
    wanted |= {"state": "verified", "period": "30"}

    (form,) = html.fromstring(visitor.ask(f"/alerts?{urlencode(wanted)}").text).xpath("//form")

    assert dict(form.form_values()) == wanted


def test_a_search_says_what_it_was_for_and_how_much_it_found(visitor: Visitor) -> None:
    told = text(visitor.ask("/alerts?q=anef&prefecture=15").text)

    assert "2 alertes trouvées (« anef », Cantal (15))" in told


def test_all_alerts_are_read_page_by_page(many: Visitor) -> None:
    address, read, headings = "/alerts?q=anef&motif=hors_anef", [], []
    while address:
        page = html.fromstring(many.ask(address).text)
        read += found(html.tostring(page, encoding="unicode"))
        headings.append(text(html.tostring(page.get_element_by_id("trouvees"), encoding="unicode")))
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")

    assert read == list(range(45))
    assert [heading.split(" (")[0] for heading in headings] == [
        "Plus de 20 alertes : les 20 plus récentes",
        "20 alertes plus anciennes, et d'autres",
        "5 alertes plus anciennes",
    ]
    assert page.xpath("//nav//a[text()='Les plus récentes']/@href") == ["/alerts?q=anef&motif=hors_anef"]


@pytest.mark.parametrize(
    ("wanted", "feed"),
    [
        ("", "/feeds/all.atom"),
        ("prefecture=15", "/feeds/prefecture/15.atom"),
        ("motif=hors_anef&state=verified", "/feeds/motif/hors_anef.atom?stream=verified"),
        ("category=rdv_modality&period=90", "/feeds/category/rdv_modality.atom"),
    ],
)
def test_a_search_that_is_a_feed_links_to_it(visitor: Visitor, wanted: str, feed: str) -> None:
    page = html.fromstring(visitor.ask(f"/alerts?{wanted}").text)
    links = page.xpath("//main//p[@class='formats']/a/@href")

    assert links[0] == feed
    assert [visitor.ask(link).status_code for link in links] == [200] * 3


def test_a_search_by_words_has_no_feed(visitor: Visitor) -> None:
    assert not html.fromstring(visitor.ask("/alerts?q=anef").text).xpath(
        "//main//a[contains(@href, '/feeds')]"
    )


def test_who_finds_nothing_is_told_what_to_try(visitor: Visitor) -> None:
    answer = visitor.ask("/alerts?q=introuvable&prefecture=15&period=7")
    links = html.fromstring(answer.text).xpath("//ul[@class='wider']//a")

    assert "Aucune alerte (« introuvable », Cantal (15), 7 derniers jours)" in text(answer.text)
    assert [link.text for link in links] == [
        "sans les mots cherchés",
        "sans limite de date",
        "dans toutes les préfectures",
    ]
    assert found(visitor.ask(links[0].get("href")).text) == [2, 0]


def test_a_watch_that_told_nothing_yet_says_so() -> None:
    with visiting(site(MemoryStore())) as visitor:
        told = text(visitor.ask("/alerts").text)
        assert "Aucune alerte Rien n'a encore changé" in told


@pytest.mark.parametrize(
    "wanted",
    [
        "prefecture=999",
        "category=x",
        "motif=' OR 1=1",
        "state=1",
        "period=-1",
        "q=%22%2A",
        "after=x",
        "after=0-",
        f"q={'a' * 300}",
    ],
)
def test_a_wrong_wish_is_refused_in_french_and_the_form_stays(visitor: Visitor, wanted: str) -> None:
    answer = visitor.ask(f"/alerts?{quote(wanted, safe='=%')}")
    page = html.fromstring(answer.text)

    assert answer.status_code == 422
    assert len(page.xpath("//form//*[@role='alert']")) == 1
    assert page.xpath("//form//input[@aria-describedby='search-hint search-refused']")
    assert found(answer.text) == []


@pytest.mark.parametrize(
    "words",
    [
        "l'anef",
        '"',
        "<script>alert(1)</script>",
        "%00anef",
        "%ff%fe",
        "a OR b",
        "NEAR(",
        "%F0%9F%99%82 anef",
        "%E2%80%AEanef",
    ],
)
def test_no_words_break_the_page(visitor: Visitor, words: str) -> None:
    answer = visitor.ask(f"/alerts?q={words}")

    assert answer.status_code in {200, 422}
    assert not html.fromstring(answer.text).xpath("//script")
    assert "\u202e" not in answer.text


def test_a_search_is_asked_again_without_being_sent_again(visitor: Visitor, store: MemoryStore) -> None:
    first = visitor.ask("/alerts?q=anef")
    again = visitor.ask("/alerts?q=anef", if_none_match=first.headers["etag"])

    assert again.status_code == 304
    assert first.headers["cache-control"] == "no-cache"
    assert "set-cookie" not in first.headers
    store.held.append(alert(9))
    assert visitor.ask("/alerts?q=anef", if_none_match=first.headers["etag"]).status_code == 200


def test_searches_are_not_for_search_engines(visitor: Visitor) -> None:
    robots = "//meta[@name='robots']/@content"

    assert html.fromstring(visitor.ask("/alerts?q=anef").text).xpath(robots) == ["noindex, follow"]
    assert html.fromstring(visitor.ask("/alerts").text).xpath(robots) == []


def test_under_a_path_the_form_stays_under_it(store: MemoryStore) -> None:
    with visiting(site(store, base_url="https://vigie.example/vigie")) as visitor:
        page = html.fromstring(visitor.ask("/alerts?prefecture=2A").text)

        assert page.xpath("//form/@action") == ["/vigie/alerts"]
        assert page.xpath("//ul[@class='wider']//a/@href") == ["/vigie/alerts"]

"""The map of the front page, for eyes, keyboards and screen readers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from lxml import html

from tests.fakes.alerts import SEEN, VOCABULARY, alert
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState
from watcher.core.page import Outcome


def tiles(visitor: Visitor) -> dict[str, html.HtmlElement]:
    """The links of the map by what they lead to, in their order."""
    page = html.fromstring(visitor.ask("/").text)
    return {link.get("href"): link for link in page.xpath("//*[@class='tiles']//a")}


def name(tile: html.HtmlElement) -> str:
    return " ".join(tile.findtext("title").replace("\u00a0", " ").split())


def rows(visitor: Visitor) -> list[list[str]]:
    page = html.fromstring(visitor.ask("/").text)
    found = page.xpath("//details[@class='table-of-map']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in found]


def test_each_tile_says_where_how_much_and_leads_there(visitor: Visitor) -> None:
    assert [name(tile) for tile in tiles(visitor).values()] == [
        "Rhône (69) : 1 changement en 30 jours",
        "Cantal (15) : 2 changements en 30 jours",
        "Corse-du-Sud (2A) : 0 changement en 30 jours",
        "La Réunion (974) : 0 changement en 30 jours, aucune page suivie",
    ]
    assert list(tiles(visitor)) == [
        "/prefectures/69",
        "/prefectures/15",
        "/prefectures/2A",
        "/prefectures/974",
    ]


def test_the_table_says_the_same_by_name(visitor: Visitor) -> None:
    assert rows(visitor) == [
        ["Cantal (15)", "2", "à jour"],
        ["Corse-du-Sud (2A)", "0", "à jour"],
        ["La Réunion (974)", "0", "aucune page suivie"],
        ["Rhône (69)", "1", "à jour"],
    ]


def test_number_and_step_are_written_on_the_tile(visitor: Visitor) -> None:
    cantal = tiles(visitor)["/prefectures/15"]
    assert "step-2" in cantal.get("class").split()
    assert [text.text for text in cantal.iter("text")] == ["15", "2"]
    assert [text.text for text in tiles(visitor)["/prefectures/2A"].iter("text")] == ["2A"]


def test_old_and_retracted_alerts_do_not_count(visitor: Visitor, store: MemoryStore) -> None:
    store.held[0] = replace(store.held[0], state=AlertState.RETRACTED)
    store.held[2] = replace(store.held[2], state=AlertState.UNVERIFIED)
    store.held.append(alert(9, prefecture="2A", detected_at=SEEN - timedelta(days=30, seconds=1)))
    store.held.append(alert(10, prefecture="69", detected_at=SEEN - timedelta(days=30)))
    assert [row[1] for row in rows(visitor)] == ["1", "0", "0", "2"]


def test_what_is_not_read_is_hatched_and_said(visitor: Visitor, store: MemoryStore) -> None:
    for page in ("69-actualites", "69-sejour", "15-sejour"):
        late = SEEN - timedelta(days=3)
        store.known[page] = replace(store.known[page], outcome=Outcome.BLOCKED, last_read_at=late)
    shown = tiles(visitor)
    assert name(shown["/prefectures/69"]) == "Rhône (69) : 1 changement en 30 jours, pas lue en ce moment"
    assert name(shown["/prefectures/15"]) == "Cantal (15) : 2 changements en 30 jours, lue en partie"
    hatched = [href for href, tile in shown.items() if tile.xpath(".//*[@class='hatch']")]
    assert hatched == ["/prefectures/69", "/prefectures/974"]
    assert rows(visitor)[3][2] == "pas lue en ce moment, dernière lecture le 7 septembre 2025 à 9 h 12"
    assert "2 préfectures ne sont pas lues" in " ".join(visitor.ask("/").text.split())


def test_the_map_can_be_passed_over_and_is_not_reached_by_what_is_for_eyes_only(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask("/").text)
    (skip,) = page.xpath("//p[@class='pass']/a")
    after = page.get_element_by_id(skip.get("href")[1:])
    (france,) = page.xpath("//*[@class='tiles']")
    assert after in france.itersiblings()
    assert france.get("role") == "group"
    assert not page.xpath("//*[@class='tiles']//*[@aria-hidden='true']//a")
    assert not page.xpath("//*[@style] | //@fill | //@stroke")


def test_a_name_that_means_harm_is_mere_text() -> None:
    evil = "</title><script>alert(1)</script>"
    named = replace(VOCABULARY, prefectures={"15": replace(VOCABULARY.prefectures["15"], name=evil)})
    with visiting(site(MemoryStore(), vocabulary=named)) as visitor:
        assert "<script" not in visitor.ask("/").text


def test_a_watch_without_alerts_has_a_map_that_says_so() -> None:
    with visiting(site(MemoryStore())) as visitor:
        page = " ".join(visitor.ask("/").text.split())
        assert "Aucun changement annoncé" in page
        assert "4 préfectures ne sont pas lues" in page
        assert "Là où il y en a eu le plus" not in page


@pytest.mark.parametrize("front", ["b", "h"])
def test_the_code_stands_out_from_its_tile_and_its_hatching(visitor: Visitor, front: str) -> None:
    """WCAG 2.1 AA asks for 4.5; both themes."""
    style = visitor.ask("/static/vigie.css").text
    steps = re.findall(r"\.step-(\d) \{ --b: (#\w+); --c: (#\w+); --h: (#\w+); \}", style)
    assert [number for number, *_ in steps] == list("01234") * 2
    behind = [(one[1] if front == "b" else one[3], one[2]) for one in steps]
    assert [pair for pair in behind if _contrast(*pair) < 4.5] == []


def test_steps_differ_in_lightness_for_eyes_that_see_no_hue(visitor: Visitor) -> None:
    style = visitor.ask("/static/vigie.css").text
    light = [_luminance(colour) for colour in re.findall(r"\.step-\d \{ --b: (#\w+)", style)]
    assert light[:5] == sorted(light[:5], reverse=True)
    assert light[5:] == sorted(light[5:])
    contrasts = [_ratio(a, b) for theme in (light[:5], light[5:]) for a, b in pairwise(theme)]
    assert min(contrasts) > 1.12


def _contrast(one: str, other: str) -> float:
    return _ratio(_luminance(one), _luminance(other))


def _ratio(one: float, other: float) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

"""The chronicle of a préfecture: what was seen and what was found afterwards, by date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import html

from tests.fakes.alerts import SEEN, alert
from tests.fakes.listing import Titles, line, listed, shelves
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import Alert
from watcher.core.official_events import events
from watcher.core.official_list import Shelf
from watcher.core.official_news import alert_of

HERE = "/prefectures/15/chronologie"
LIST = shelves(
    listed(
        line("15", "Titre <b>salarié</b>", "salarie", "2022-07-21"),
        line("15", "Demande de DCEM", "dcem", "2022-07-21", "2023-12-08"),
        line("15", "Naturalisation", "naturalisation", "2026-04-29"),
        line("69", "Autre", "autre", "2024-06-01"),
    )
)


class Lists:
    """The official list, as it is known here."""

    def known(self) -> dict[str, Shelf]:
        return LIST

    def of(self, prefecture: str) -> Shelf:
        return LIST.get(prefecture, Shelf())

    def told(self, ids: Sequence[str]) -> frozenset[str]:
        return frozenset()

    def keep(self, before: object, after: object, told: object) -> bool:
        return True


def page(visitor: Visitor, path: str = HERE) -> Any:
    answer = visitor.ask(path)
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def titles(shown: Any) -> list[str]:
    return [words(one) for one in shown.xpath("//ol[@class='trail']//h4")]


def past() -> list[Alert]:
    return [alert_of(one, Titles("salarie")) for one in events(LIST["15"], Titles())]


@pytest.fixture
def visitor(store: MemoryStore) -> Iterator[Visitor]:
    store.held = [alert(1, title="Vu ce jour-là"), alert(2, prefecture="69"), *past()]
    with visiting(site(store, listing=Lists())) as visitor:
        yield visitor


def test_everything_is_there_by_year_newest_first(visitor: Visitor) -> None:
    shown = page(visitor)

    assert [words(one) for one in shown.xpath("//section[@class='year']/h3")] == ["2026", "2025", "2024"]
    assert titles(shown) == [
        "Nouvelle dans la liste officielle : Naturalisation",
        "Vu ce jour-là",
        "Sortie de la liste officielle : Demande de DCEM",
    ]


def test_what_was_found_afterwards_is_marked_and_what_was_seen_is_not(visitor: Visitor) -> None:
    marked = [
        bool(one.xpath(".//li[contains(@class, 'past')]"))
        for one in page(visitor).xpath("//ol[@class='trail']/li")
    ]

    assert marked == [True, False, True]


def test_the_table_says_what_is_known_of_each_end_and_no_more(visitor: Visitor) -> None:
    rows = page(visitor).xpath("//table/tbody/tr")

    assert [[words(cell) for cell in row] for row in rows] == [
        ["Naturalisation", "entre le 1er juin 2024 et le 29 avril 2026", "au moins jusqu'au 29 avril 2026"],
        ["Titre <b>salarié</b>", "au plus tard le 21 juillet 2022", "au moins jusqu'au 29 avril 2026"],
        [
            "Demande de DCEM",
            "au plus tard le 21 juillet 2022",
            "entre le 8 décembre 2023 et le 1er juin 2024",
        ],
    ]


def test_the_table_is_one_for_those_who_hear_it(visitor: Visitor) -> None:
    shown = page(visitor)

    assert shown.xpath("//table/caption")
    assert shown.xpath("count(//thead//th[@scope='col'])") == 3
    assert shown.xpath("count(//tbody//th[@scope='row'])") == 3
    assert not shown.xpath("//script | //*[@style] | //*[@onclick]")


def test_only_one_ground_is_shown_to_who_wants_that(visitor: Visitor) -> None:
    shown = page(visitor, f"{HERE}?motif=hors_anef")

    assert titles(shown) == ["Vu ce jour-là"]
    assert shown.xpath("//option[@value='hors_anef']/@selected")
    assert shown.xpath("//meta[@name='robots']")
    assert titles(page(visitor, f"{HERE}?motif=etudiant")) == []


@pytest.mark.parametrize("query", ["motif=nowhere", "after=yesterday", "motif=%00%22%3E%3Cscript%3E"])
def test_what_makes_no_sense_is_said_and_kept_by_no_cache(visitor: Visitor, query: str) -> None:
    answer = visitor.ask(f"{HERE}?{query}")

    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-cache"
    assert html.fromstring(answer.text).xpath("//form//p[@role='alert']")
    assert "<script" not in answer.text


def test_a_prefecture_that_nobody_knows_has_none(visitor: Visitor) -> None:
    assert visitor.ask("/prefectures/99/chronologie").status_code == 404


def test_it_is_led_to_and_back_in_both_languages(visitor: Visitor) -> None:
    for root in ("", "/en"):
        there = page(visitor, f"{root}/prefectures/15").xpath("//a[contains(@href, 'chronologie')]/@href")
        assert f"{root}{HERE}" in there
        assert page(visitor, f"{root}{HERE}").xpath(f"//main//a[@href='{root}/prefectures/15']")
    english = words(page(visitor, f"/en{HERE}"))
    assert "at least until 29 April 2026" in english
    assert "21 July 2022 at the latest" in english


def test_of_a_prefecture_without_list_only_dates_are_shown(visitor: Visitor) -> None:
    shown = page(visitor, "/prefectures/2A/chronologie")

    assert not shown.xpath("//table")
    assert "Rien n'est connu" in words(shown)


def test_thousands_are_read_page_by_page_and_none_is_lost(store: MemoryStore) -> None:
    store.held = [
        replace(alert(n, detected_at=SEEN - timedelta(days=n)), historical=n % 2 == 0) for n in range(250)
    ]
    seen: list[str] = []
    with visiting(site(store, listing=Lists())) as visitor:
        address = [HERE]
        while address:
            shown = page(visitor, address[0])
            seen += shown.xpath("//ol[@class='trail']//h4/a/@href")
            assert bool(shown.xpath("//table")) == (address[0] == HERE)
            address = shown.xpath("//a[@rel='next']/@href")

    assert seen == [f"/alerts/{one.id}" for one in store.held]


def test_an_event_of_the_list_is_nobodys_sentence_and_no_page_is_kept_of_it(visitor: Visitor) -> None:
    (left,) = [one for one in past() if "Sortie" in one.title]
    shown = words(page(visitor, f"/alerts/{left.id}"))

    assert "Versions datées de la liste officielle" in shown
    assert "La phrase qui le dit" not in shown
    assert "Nous gardons une copie" not in shown
    assert "ni envoyée, ni à relire" in shown

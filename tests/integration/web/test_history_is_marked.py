"""What is of the past is found by whoever looks for it, and never taken for news."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html

from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor

ID = f"{0:024x}"
FEEDS = ("/feeds/all.atom", "/feeds/prefecture/15.rss", "/feeds/all.json", "/feeds/all.ics")


@pytest.fixture
def past(store: MemoryStore) -> MemoryStore:
    store.held[0] = replace(store.held[0], historical=True, title="Le passé <script>alert(1)</script>")
    return store


def text(visitor: Visitor, path: str) -> str:
    answer = visitor.ask(path)
    assert answer.status_code == 200
    return " ".join(html.fromstring(answer.text).text_content().split())


@pytest.mark.parametrize(
    ("root", "mark", "said", "where"),
    [
        ("", "historique", "n'a été envoyée à personne", "archive du Web du"),
        ("/en", "historical", "sent to nobody", "In a Web archive of"),
    ],
)
def test_its_page_says_so(
    visitor: Visitor, past: MemoryStore, root: str, mark: str, said: str, where: str
) -> None:
    page = visitor.ask(f"{root}/alerts/{ID}").text
    shown = text(visitor, f"{root}/alerts/{ID}").replace("’", "'")

    assert html.fromstring(page).xpath("string(//li[contains(@class, 'past')])") == mark
    assert said in shown
    assert where in shown
    assert "<script>alert" not in page
    assert "/feeds/prefecture/15" not in page


def test_a_search_finds_it_and_marks_it(visitor: Visitor, past: MemoryStore) -> None:
    page = html.fromstring(visitor.ask("/alerts?q=passé").text)

    (card,) = page.xpath("//*[@data-id]")
    assert card.get("data-id") == ID
    assert card.xpath(".//li[contains(@class, 'past')]")


@pytest.mark.parametrize("path", ["/", "/prefectures/15", *FEEDS])
def test_nothing_that_is_news_has_it(visitor: Visitor, past: MemoryStore, path: str) -> None:
    answer = visitor.ask(path)

    assert answer.status_code == 200
    assert ID not in answer.text
    assert "Le passé" not in answer.text

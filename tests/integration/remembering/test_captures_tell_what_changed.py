"""Captures of a page, looked through in the order of their dates, tell what the watch would have told."""

from __future__ import annotations

from datetime import date

from tests.fakes.archives import BEGAN, DAY, MONTH, Kept, Memory, captured, warc
from tests.fakes.old_pages import card, cards
from tests.fakes.web import LIST, Card, article_page, list_page


def test_an_announcement_between_two_captures_is_a_historical_alert_at_the_date_of_the_second(
    memory: Memory,
) -> None:
    at = BEGAN + MONTH
    past = memory.past(
        *captured(LIST, [(BEGAN, list_page(cards(-5, -4, -3, -2))), (at, list_page(cards(-4, -3, -2, 20)))])
    )

    assert memory.told() == [("added", "Séjour nouvelle 20", at)]
    (alert,) = memory.alerts()
    assert alert.historical
    assert alert.published == date(2024, 3, 21)
    assert [one.taken_at for one in past.snapshots] == [BEGAN, at]
    assert memory.store.latest_snapshot("15-actualites") is None
    assert memory.store.states()["15-actualites"].snapshot == 0


def test_its_own_page_is_read_where_the_archive_has_it(memory: Memory) -> None:
    at = BEGAN + MONTH
    new = card(20)
    text = article_page(new.title, "Le séjour se demande désormais en ligne.")
    memory.past(
        Kept(LIST, BEGAN, list_page(cards(-4, -3, -2))),
        Kept(LIST, at, list_page(cards(-4, -3, -2, 20))),
        Kept(new.address, at + 3 * DAY, text),
    )

    (alert,) = memory.alerts()
    assert "désormais en ligne" in alert.summary


def test_without_it_the_list_alone_is_read(memory: Memory) -> None:
    at = BEGAN + MONTH
    shown = [Card("Séjour", (BEGAN + 20 * DAY).date(), "Le guichet ferme.", "a"), *cards(-4, -3, -2)]
    memory.past(Kept(LIST, BEGAN, list_page(cards(-4, -3, -2))), Kept(LIST, at, list_page(shown)))

    (alert,) = memory.alerts()
    assert alert.summary == "Le guichet ferme."


def test_the_same_file_again_changes_nothing(memory: Memory) -> None:
    file = warc(
        Kept(LIST, BEGAN, list_page(cards(-4, -3, -2))),
        Kept(LIST, BEGAN + MONTH, list_page(cards(-4, -3, -2, 20))),
    )
    memory.take(file)
    before = memory.alerts(), memory.store.past.status()

    (done,) = memory.take(file)

    assert (done.new, done.old) == (0, True)
    assert (memory.alerts(), memory.store.past.status()) == before

"""A page that is believed for having stayed may be the wrong one: what was published meanwhile is not lost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.fakes.readings import NOW, card, cards, snapshot, state
from watcher.core.acceptance import dated_since, is_back, news_since, remembered
from watcher.core.compare import remember
from watcher.core.state import Accepted

BEFORE = NOW - timedelta(days=9)
ACCEPTED = Accepted(NOW - timedelta(days=1), BEFORE, "pourquoi")
OTHER = snapshot(cards(90), past=remember(None, [], cards(20)))


@pytest.mark.parametrize(
    ("known", "new", "back"),
    [(10, 0, True), (10, 9, True), (5, 5, True), (4, 6, True), (1, 9, True), (0, 10, False), (0, 0, False)],
)
def test_a_page_is_back_when_most_but_its_newcomers_stood_there(known: int, new: int, back: bool) -> None:
    assert is_back(OTHER, [*cards(20, known), *cards(60, new)], new) is back


@pytest.mark.parametrize(("known", "strange", "back"), [(5, 5, True), (4, 5, False), (3, 7, False)])
def test_what_was_never_there_and_is_no_newcomer_speaks_against_it(
    known: int, strange: int, back: bool
) -> None:
    assert is_back(OTHER, [*cards(20, known), *cards(60, strange), card(70)], 1) is back


def test_when_it_is_back_news_counts_from_its_own_last_reading() -> None:
    accepted, usual = state(accepted=ACCEPTED), state()

    assert news_since(accepted, back=True) == BEFORE
    for known, back in ((accepted, False), (usual, True), (usual, False)):
        assert news_since(known, back=back) == usual.last_read_at
    assert news_since(state(last_read_at=None), back=True) is None


@pytest.mark.parametrize(
    ("published", "last", "since"),
    [
        (date(2025, 9, 10), NOW, True),
        (date(2025, 9, 9), NOW, True),
        (date(2025, 9, 8), NOW, False),
        (date(2025, 9, 11), NOW, True),
        (None, NOW, False),
        (date(2025, 9, 10), None, False),
    ],
)
def test_a_day_counts_as_since_from_the_eve_on(
    published: date | None, last: datetime | None, since: bool
) -> None:
    assert dated_since(card(1, published=published), last) is since


def test_a_doubt_that_was_given_up_is_remembered_until_the_page_is_back() -> None:
    fresh, known, last = state(), state(accepted=ACCEPTED), state().last_read_at
    assert last

    assert remembered(fresh, "vide", NOW, back=False) == Accepted(NOW, last, "vide")
    assert remembered(known, "vide", NOW, back=False) == Accepted(NOW, BEFORE, "vide")
    assert remembered(state(last_read_at=None), "vide", NOW, back=False) == Accepted(NOW, NOW, "vide")
    assert remembered(known, "", NOW, back=False) == ACCEPTED
    assert remembered(fresh, "", NOW, back=False) is None
    assert remembered(known, "", NOW, back=True) is None
    assert remembered(known, "vide", NOW, back=True) is None

"""A page that is believed for having stayed may be the wrong one: what was published meanwhile is not lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.fakes.readings import NOW, card, cards, snapshot, state
from watcher.core.acceptance import dated_since, is_back, news_since, remembered, taken_back
from watcher.core.compare import remember
from watcher.core.state import Accepted

BEFORE = NOW - timedelta(days=9)
ACCEPTED = Accepted(NOW - timedelta(days=1), BEFORE, "pourquoi", version=1)
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

    assert remembered(fresh, "vide", NOW, back=False) == Accepted(NOW, last, "vide", fresh.snapshot)
    assert remembered(known, "vide", NOW, back=False) == replace(ACCEPTED, at=NOW, reason="vide")
    assert remembered(state(last_read_at=None), "vide", NOW, back=False) == Accepted(NOW, NOW, "vide", 1)
    assert remembered(known, "", NOW, back=False) == ACCEPTED
    assert remembered(fresh, "", NOW, back=False) is None
    assert remembered(known, "", NOW, back=True) is None
    assert remembered(known, "vide", NOW, back=True) is None


VERSIONS = [
    replace(snapshot(cards(90)), number=3, taken_at=NOW - timedelta(days=1)),
    replace(snapshot(cards(80)), number=2, taken_at=NOW - timedelta(days=2)),
    replace(snapshot(cards(20)), number=1, taken_at=BEFORE),
]


def test_the_version_of_before_is_taken_up_as_it_was_when_it_was_last_read() -> None:
    back = taken_back(state(accepted=ACCEPTED, failures=2), VERSIONS, 1, NOW)

    assert back is not None
    known, baseline = back.state, back.baseline
    assert (baseline.number, baseline.items, baseline.taken_at) == (4, VERSIONS[2].items, NOW)
    assert (known.snapshot, known.last_read_at, known.next_poll_at) == (4, BEFORE, NOW)
    assert (known.accepted, known.digest, known.glimpse, known.validators.etag) == (None, "", "", None)
    assert {one.key for one in baseline.past} == {item.key for item in VERSIONS[0].items}


def test_one_that_was_not_the_last_before_was_read_until_the_next_one_came() -> None:
    back = taken_back(state(accepted=ACCEPTED), VERSIONS, 2, NOW)

    assert back is not None
    assert back.state.last_read_at == back.until == VERSIONS[0].taken_at


@pytest.mark.parametrize("number", [0, 3, 4])
def test_what_holds_or_is_not_there_cannot_be_taken_up(number: int) -> None:
    assert taken_back(state(), VERSIONS, number, NOW) is None

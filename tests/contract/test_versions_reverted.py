"""A version that was believed wrongly makes way for one of before, in one step, with a line in the trail."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from storage.decision_store import SqlDesk
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, first_reading, news, page, plan, snapshot, source, state
from watcher.core.decisions import Action
from watcher.core.page import Validators
from watcher.core.state import Accepted

LATER = NOW + 48 * HOUR


@pytest.fixture
def wrong(store: SqlStore) -> SqlStore:
    """The Cantal's list was `a`; a wrong page said `b`, and its news was told."""
    store.register([source()], NOW)
    assert store.save(first_reading("a"))
    at = NOW + 2 * HOUR
    bad = news("b", page=replace(page(b"wrong", at=at), validators=Validators('"b"')))
    assert store.save(replace(bad, state=replace(bad.state, validators=Validators('"b"'), digest="d")))
    return store


def numbers(store: SqlStore) -> list[int]:
    return [version.number for version in store.versions.kept(CANTAL)]


def test_the_version_of_before_is_the_baseline_under_a_number_of_its_own(wrong: SqlStore) -> None:
    back = wrong.versions.revert(CANTAL, 1, "ada", LATER)

    assert back is not None
    held = back.baseline
    assert held == wrong.latest_snapshot(CANTAL)
    assert (held.number, held.items, held.taken_at) == (3, snapshot(1, "a").items, LATER)
    assert numbers(wrong) == [3, 2, 1]


def test_what_was_on_the_page_meanwhile_is_remembered(wrong: SqlStore) -> None:
    back = wrong.versions.revert(CANTAL, 1, "ada", LATER)

    assert back is not None
    assert [one.key for one in back.baseline.past] == [item.key for item in snapshot(2, "b").items]


def test_the_page_is_looked_at_now_as_if_nothing_were_known_of_the_wrong_one(wrong: SqlStore) -> None:
    wrong.versions.revert(CANTAL, 1, "ada", LATER)

    now = wrong.states()[CANTAL]
    assert (now.validators, now.digest, now.snapshot) == (Validators(), "", 3)
    assert now.last_read_at == snapshot(2).taken_at
    assert CANTAL in wrong.due(LATER)


def test_the_raw_page_of_that_version_is_the_latest_again(wrong: SqlStore) -> None:
    wrong.versions.revert(CANTAL, 1, "ada", LATER)

    latest = wrong.latest_page(CANTAL)
    assert latest is not None
    assert latest.body == page().body


def test_whoever_did_it_stands_in_the_trail(wrong: SqlStore, engine: Engine) -> None:
    wrong.versions.revert(CANTAL, 1, "ada", LATER)

    (line,) = SqlDesk(engine).decisions()
    assert (line.action, line.subject, line.note, line.by, line.at) == (
        Action.REVERT,
        CANTAL,
        "1",
        "ada",
        LATER,
    )


@pytest.mark.parametrize("number", [0, 2, 7, -1])
def test_what_holds_or_is_not_kept_cannot_be_put_back(wrong: SqlStore, engine: Engine, number: int) -> None:
    before = wrong.states()

    assert wrong.versions.revert(CANTAL, number, "ada", LATER) is None
    assert wrong.versions.revert("99-nowhere", 1, "ada", LATER) is None
    assert wrong.states() == before
    assert numbers(wrong) == [2, 1]
    assert not SqlDesk(engine).decisions()


def test_a_poll_that_was_under_way_concludes_nothing(wrong: SqlStore) -> None:
    wrong.claim(CANTAL, "me", LATER, LATER + HOUR)
    wrong.versions.revert(CANTAL, 1, "ada", LATER)

    assert not wrong.save(news("c", baseline=2))
    assert numbers(wrong) == [3, 2, 1]


def test_it_can_be_taken_back_in_the_same_way(wrong: SqlStore) -> None:
    wrong.versions.revert(CANTAL, 1, "ada", LATER)
    back = wrong.versions.revert(CANTAL, 2, "ada", LATER + HOUR)

    assert back is not None
    assert back.baseline.items == snapshot(2, "b").items
    latest = wrong.latest_page(CANTAL)
    assert latest is not None
    assert latest.body == b"wrong"


def test_the_one_before_a_page_that_was_believed_for_staying_is_kept_while_it_may_be_wrong(
    store: SqlStore,
) -> None:
    store.register([source()], NOW)
    store.save(first_reading("a"))
    accepted = Accepted(NOW + 24 * HOUR, NOW, "aucun élément connu ne reste", version=1)
    for number in range(2, 9):
        store.save(
            plan(
                baseline=number - 1,
                snapshot=snapshot(number, f"b{number}"),
                state=state(snapshot=number, accepted=accepted),
            )
        )

    assert numbers(store) == [8, 7, 6, 1]
    back = store.versions.revert(CANTAL, 1, "ada", LATER)
    assert back is not None
    assert back.baseline.items == snapshot(1, "a").items
    assert store.states()[CANTAL].accepted is None
    assert store.states()[CANTAL].last_read_at == NOW

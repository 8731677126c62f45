"""A clock that stood far ahead for a moment leaves nothing behind that waits for its time to come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, alert, first_reading, news, plan, source, state
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import Attempt, Fate
from watcher.core.retry import settle
from watcher.core.subscriptions import Way


@pytest.fixture
def read(store: SqlStore) -> SqlStore:
    """Read once, at the right time."""
    store.register([source()], NOW)
    store.save(first_reading())
    return store


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=3650)], ids=["a day", "ten years"])
def test_a_page_that_was_read_in_the_future_is_read_again_at_once(read: SqlStore, ahead: timedelta) -> None:
    then = NOW + ahead
    quiet = state(snapshot=1, last_poll_at=then, next_poll_at=then + HOUR)
    assert read.save(plan(baseline=1, state=quiet))
    assert read.due(NOW + 2 * HOUR) == []

    read.catch_up(NOW + 2 * HOUR)

    assert read.due(NOW + 2 * HOUR) == [CANTAL]


def test_a_page_that_is_to_be_read_later_waits(read: SqlStore) -> None:
    assert read.save(plan(baseline=1, state=state(snapshot=1, next_poll_at=NOW + 30 * 24 * HOUR)))

    read.catch_up(NOW)

    assert read.due(NOW + HOUR) == []


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=3650)], ids=["a day", "ten years"])
def test_a_message_that_was_put_off_in_the_future_is_tried_again_at_once(
    read: SqlStore, outbox: SqlOutbox, ahead: timedelta
) -> None:
    subscribe(read, subscriber())
    assert read.save(news("a", alerts=(alert("a"),)))
    then = NOW + ahead
    outbox.compose(then, Way.MAIL, 10)
    (one,) = outbox.claim_messages(Way.MAIL, "me", then, then + HOUR, 10)
    outbox.settle(one.message.id, settle(one.message, Attempt(Fate.RETRY), then, 0.5), then)
    assert outbox.claim_messages(Way.MAIL, "me", NOW + HOUR, NOW + 2 * HOUR, 10) == []

    read.catch_up(NOW + HOUR)

    assert len(outbox.claim_messages(Way.MAIL, "me", NOW + HOUR, NOW + 2 * HOUR, 10)) == 1


def test_a_message_that_was_put_off_for_a_while_waits(read: SqlStore, outbox: SqlOutbox) -> None:
    subscribe(read, subscriber())
    assert read.save(news("a", alerts=(alert("a"),)))
    outbox.compose(NOW, Way.MAIL, 10)
    (one,) = outbox.claim_messages(Way.MAIL, "me", NOW, NOW + HOUR, 10)
    refused = Attempt(Fate.RETRY, retry_after=timedelta(days=9))  # six hours are believed
    outbox.settle(one.message.id, settle(one.message, refused, NOW, 0.5), NOW)

    read.catch_up(NOW)

    assert outbox.claim_messages(Way.MAIL, "me", NOW + HOUR, NOW + 2 * HOUR, 10) == []

"""What was sent to whom is kept long enough for a correction to follow it, and evidence for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from storage.engine import writing
from storage.outbox_store import SqlOutbox
from storage.retention import CLOSED_FOR, TOLD_FOR
from storage.store import SqlStore
from storage.tables import messages
from tests.fakes.plans import CANTAL, NOW, alert, change, first_reading, news, source
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from watcher.core.outbox import DeliveryState
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way

HOUR = timedelta(hours=1)


@pytest.fixture
def told(store: SqlStore, outbox: SqlOutbox, engine: Engine) -> SqlStore:
    """Three people were sent an alert; a fourth is still to be told."""
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, *(subscriber(name, at=NOW - HOUR) for name in "abc"))
    store.save(news("x"))
    assert outbox.compose(NOW + HOUR, Way.MAIL, 10) == 3
    with writing(engine) as connection:
        connection.execute(update(messages).values(state=DeliveryState.ACCEPTED.value, settled_at=NOW))
    subscribe(store, subscriber("d", at=NOW))
    store.save(news("y", 2))
    return store


def test_what_was_sent_is_kept_for_its_time_and_then_goes_with_its_promise(
    told: SqlStore, engine: Engine
) -> None:
    assert told.forget(NOW + TOLD_FOR - HOUR) == 0
    assert len(deliveries(told, alert("x").id)) == 3

    assert told.forget(NOW + TOLD_FOR) == 3

    assert list(deliveries(told, alert("x").id)) == []
    assert len(deliveries(told, alert("y").id)) == 4  # nobody knows yet what becomes of them
    assert told.sizes()["messages"] == 0


def test_evidence_stays_for_ever(told: SqlStore) -> None:
    before = told.sizes()
    told.forget(NOW + 100 * TOLD_FOR)

    kept = ("alerts", "changes", "pages", "articles", "snapshots", "subscriptions", "rules", "decisions")
    assert {name: told.sizes()[name] for name in kept} == {name: before[name] for name in kept}
    assert told.evidence(change("x").id)
    assert told.page_before(change("x").id)
    assert told.alert(alert("x").id)


def test_troubles_that_are_over_go_after_their_time_and_open_ones_stay(store: SqlStore) -> None:
    store.note_problems((Problem(CANTAL, ProblemKind.GONE, NOW, "404"),), (), NOW)
    store.note_problems((Problem("15-sejour", ProblemKind.GONE, NOW, "404"),), (), NOW)
    store.note_problems((), (CANTAL,), NOW + HOUR)

    assert store.forget(NOW + CLOSED_FOR) == 0
    assert store.forget(NOW + HOUR + CLOSED_FOR) == 1
    assert [one.subject for one in store.problems()] == ["15-sejour"]


def test_forgetting_ends_when_it_may_not_last_any_longer(told: SqlStore) -> None:
    assert told.forget(NOW + 2 * TOLD_FOR, lambda: False) == 0
    assert told.sizes()["messages"] == 3

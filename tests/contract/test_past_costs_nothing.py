"""However much is stored: no poll, feed, page or minute's upkeep reads the whole past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage import alerts as stored
from storage.decision_store import SqlDesk
from storage.engine import open_engine, reading, writing
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, catalogue
from tests.fakes.plans import CANTAL, NOW, alert, first_reading, item, news, source
from watcher.alarms import note_alarms
from watcher.core.alerts import AlertState
from watcher.core.feed import FeedQuery, Subject
from watcher.feeds import read_calendar, read_feed
from watcher.rounds import note_incidents
from watcher.silence import Silence
from watcher.web.metrics import measure
from watcher.web.site import Site

PAST = (
    "alerts",
    "alert_words_content",
    "changes",
    "pages",
    "articles",
    "messages",
    "deliveries",
    "subscriptions",
)
HOUR = timedelta(hours=1)
FEEDS = (
    FeedQuery(),
    FeedQuery(Subject.PREFECTURE, "15"),
    FeedQuery(Subject.CATEGORY, "fee"),
    FeedQuery(Subject.MOTIF, "salarie"),
)


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("x"))
    yield engine
    engine.dispose()


class Questions:
    """What is asked of a database meanwhile, and how it would find the answers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: dict[str, Any] = {}

    def __enter__(self) -> Questions:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: object, _cursor: object, statement: str, parameters: Any, *rest: Any
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH", "\n")):
            self.asked[statement] = parameters[0] if rest[1] else parameters

    def reading_the_past(self) -> set[str]:
        with reading(self.engine) as connection:
            plans = [
                line[3]
                for statement, parameters in self.asked.items()
                for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
        return {plan for plan in plans if plan.startswith(tuple(f"SCAN {table}" for table in PAST))}


@pytest.mark.parametrize("query", FEEDS, ids=str)
@pytest.mark.parametrize("verified", [False, True])
def test_a_feed_walks_from_the_newest_and_stops(small: Engine, query: FeedQuery, verified: bool) -> None:
    with Questions(small) as questions:
        read_feed(SqlStore(small), query, VOCABULARY, BASE, verified_only=verified)
        read_calendar(SqlStore(small), query, VOCABULARY, BASE, verified_only=verified)

    assert questions.asked
    found = questions.reading_the_past()
    assert {
        plan for plan in found if "USING INDEX ix_alerts_detected_at_prefecture_state" not in plan
    } == set()


def test_a_poll_asks_for_what_its_source_has_now(small: Engine) -> None:
    store = SqlStore(small)
    with Questions(small) as questions:
        assert store.claim(CANTAL, "here/1/1", NOW, NOW + HOUR)
        store.latest_snapshot(CANTAL)
        store.latest_page(CANTAL)
        store.article(CANTAL, item("a").key)
        assert store.save(news("y", 2, alerts=()))

    assert questions.reading_the_past() == set()


def test_an_alert_is_shown_with_its_relatives_found_by_name(small: Engine) -> None:
    store, desk = SqlStore(small), SqlDesk(small)
    one = replace(alert("x"), group="same text", corrects="a", first="b")
    with Questions(small) as questions:
        store.alert(one.id)
        store.related(one)
        store.counts(NOW - 30 * 24 * HOUR)
        store.evidence(one.id)
        store.page_before(one.id)
        desk.case(one.id)

    assert not any("LIKE" in statement for statement in questions.asked)
    assert {plan for plan in questions.reading_the_past() if "COVERING INDEX" not in plan} == set()


def test_the_count_of_a_month_reads_the_month(small: Engine) -> None:
    with Questions(small) as questions:
        SqlStore(small).counts(NOW - 30 * 24 * HOUR)
    with reading(small) as connection:
        ((statement, parameters),) = questions.asked.items()
        (first, *_) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)

    assert "SEARCH alerts USING COVERING INDEX ix_alerts_detected_at_prefecture_state" in first[3]


def test_figures_read_what_was_sent_long_ago_once_a_day(small: Engine) -> None:
    store, outbox = SqlStore(small), SqlOutbox(small)
    site = Site(store, catalogue(), VOCABULARY, BASE, StillClock(NOW), lambda: (), {}, {}, outbox=outbox)
    measure(site)
    with Questions(small) as questions:
        measure(site)

    assert any("settled_at >=" in statement for statement in questions.asked)
    assert not any("settled_at <" in statement for statement in questions.asked)
    # Partial indexes have the whole of what is still to be sent, and of the few messages that got no answer.
    assert questions.reading_the_past() <= {
        "SCAN deliveries USING COVERING INDEX ix_deliveries_unsent_way_due_at",
        "SCAN messages USING COVERING INDEX ix_messages_way_ambiguous",
    }


def test_what_is_seen_to_each_minute_does_not_read_the_past(small: Engine) -> None:
    store, people = SqlStore(small), SqlSubscriptions(small)
    silence = Silence(store, catalogue())
    silence.note(NOW, {})  # two years are read once
    with Questions(small) as questions:
        states = store.states()
        store.catch_up(NOW, states)
        note_incidents(store, catalogue(), NOW, states)
        note_alarms(store, people, NOW)
        silence.note(NOW, {}, states)
        silence.note(NOW + 2 * HOUR, {}, states)
        SqlOutbox(small).gaps(NOW + 20 * HOUR, NOW + 30 * HOUR)
        store.forget(NOW)
        assert store.health().trouble == ""

    # Of what is still to be sent, which is not the past, a partial index has the whole.
    assert questions.reading_the_past() <= {"SCAN messages USING INDEX ix_messages_about"}


def test_states_of_alerts_are_found_by_their_category_after_a_decision(
    store: SqlStore, engine: Engine
) -> None:
    """A walk over a category need not pass every alert that stands to find the few that were taken back."""
    store.register([source()], NOW)
    store.save(first_reading())
    store.save(news("x", alerts=(alert("a"), alert("b"))))
    with writing(engine) as connection:
        assert stored.change(connection, replace(alert("b"), state=AlertState.RETRACTED))

    category = alert("a").verdict.categories[0]
    found = store.alerts(category=category, state=AlertState.RETRACTED)
    assert [one.id for one in found] == [alert("b").id]
    found = store.alerts(category=category, state=AlertState.UNVERIFIED)
    assert [one.id for one in found] == [alert("a").id]

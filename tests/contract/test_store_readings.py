"""The texts that were read come back as they were, to be read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, VERDICT, change, first_reading, news, notice, plan, source
from watcher.core.state import PollPlan

RHONE = "69-actualites"


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    for name in (CANTAL, RHONE):
        store.register([source(name)], NOW)
        assert store.save(first_reading(source=name))
    return store


def found(name: str, baseline: int, *, of: str = CANTAL, after: timedelta = HOUR) -> PollPlan:
    """A poll that found `name` that long after the first reading."""
    return news(name, baseline, source=of, changes=(change(name, source=of, at=NOW + after),))


def test_what_was_read_comes_back_with_its_change_and_its_verdict(ready: SqlStore) -> None:
    ready.save(found("b", 1))

    assert list(ready.readings()) == [(change("b", at=NOW + HOUR), notice("b"), VERDICT)]


def test_readings_come_oldest_first_whatever_their_source(ready: SqlStore) -> None:
    ready.save(found("late", 1, after=3 * HOUR))
    ready.save(found("early", 1, of=RHONE))
    ready.save(found("same-time", 2, after=3 * HOUR))

    ids = [change.id for change, _, _ in ready.readings()]

    assert ids == [f"change-{RHONE}-early", f"change-{CANTAL}-late", f"change-{CANTAL}-same-time"]


def test_readings_since_a_time_begin_with_that_time(ready: SqlStore) -> None:
    ready.save(found("a", 1, after=HOUR))
    ready.save(found("b", 2, after=2 * HOUR))

    assert [c.id for c, _, _ in ready.readings(NOW + 2 * HOUR)] == [f"change-{CANTAL}-b"]
    assert list(ready.readings(NOW + 3 * HOUR)) == []


def test_readings_beyond_one_batch_come_each_once_and_in_order(ready: SqlStore) -> None:
    names = [f"n{number:04}" for number in range(450)]
    shown = tuple(change(name) for name in names)
    ready.save(
        replace(
            news("b", 1),
            changes=shown,
            notices={c.id: notice(name) for c, name in zip(shown, names, strict=True)},
            verdicts={c.id: VERDICT for c in shown},
        )
    )

    assert [read.title for _, read, _ in ready.readings()] == [f"Séjour : l’annonce {name}" for name in names]


def test_a_change_whose_text_was_not_kept_cannot_be_read_again(ready: SqlStore) -> None:
    ready.save(news("b", 1, notices={}))

    assert list(ready.readings()) == []
    assert list(ready.history(CANTAL)) == [(change("b"), VERDICT)]


def test_a_quiet_poll_leaves_nothing_to_read_again(ready: SqlStore) -> None:
    ready.save(plan(baseline=1))

    assert list(ready.readings()) == []

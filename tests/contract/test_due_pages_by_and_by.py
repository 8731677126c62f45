"""Which pages are due is asked of the database a few at a time, and comes to the same as all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.engine import reading
from storage.store import SqlStore
from tests.fakes.alerts import catalogue
from tests.fakes.plans import NOW, source
from watcher.core.catalogue import Catalogue, Source
from watcher.rounds import FEW, GROWING, due_of, due_platforms

MINUTE = timedelta(minutes=1)


def watched(number: int, platform: str = "ide", first: int = 0) -> list[Source]:
    return [replace(source(f"15-p{n:05}"), platform=platform) for n in range(first, first + number)]


def of(*sources: Source) -> Catalogue:
    few = catalogue()
    (platform,) = few.platforms.values()
    named = {name: replace(platform, name=name) for name in ("ide", "other", "empty")}
    return Catalogue(named, few.prefectures, {one.id: one for one in sources})


def due_since(store: SqlStore, minutes: int, sources: Sequence[Source]) -> None:
    store.register(sources, NOW - minutes * MINUTE)


def names(sources: Sequence[Source]) -> list[str]:
    return [one.id for one in sources]


@pytest.mark.parametrize("number", [0, 1, FEW - 1, FEW, FEW + 1, FEW * GROWING + 7])
def test_all_that_is_due_comes_once_and_the_most_overdue_first(store: SqlStore, number: int) -> None:
    late, later = watched(number), watched(3, first=90_000)
    due_since(store, 5, late)
    due_since(store, 9, later)

    found = names(list(due_of(store, of(*late, *later), NOW, "ide")))

    assert found[:3] == names(later)
    assert sorted(found[3:]) == names(late)


def test_as_many_as_are_asked_for(store: SqlStore) -> None:
    for n, one in enumerate(watched(9)):
        due_since(store, 50 - n, [one])

    assert store.due(NOW, 4) == store.due(NOW)[:4] == names(watched(4))


def test_what_is_polled_meanwhile_hides_nothing_behind_it(store: SqlStore) -> None:
    """Pages that were polled are due no more, and the others move up to where they stood."""
    every = watched(2 * FEW)
    due_since(store, 5, every)
    seen = []

    for one in due_of(store, of(*every), NOW, "ide"):
        seen.append(one.id)
        if len(seen) == FEW:
            store.claim_all(seen, "here/1/1", NOW, NOW + 60 * MINUTE)

    assert sorted(seen) == names(every)


def test_a_page_that_is_watched_no_more_is_not_due(store: SqlStore) -> None:
    every = watched(3)
    due_since(store, 5, every)

    assert names(list(due_of(store, of(every[1]), NOW, "ide"))) == [every[1].id]


def test_a_platform_behind_the_crowd_of_another_is_found(store: SqlStore) -> None:
    crowd, few = watched(FEW + 10), watched(2, "other", 80_000)
    due_since(store, 9, crowd)
    due_since(store, 5, few)
    everything = of(*crowd, *few)

    assert due_platforms(store, everything, NOW, ["ide", "other", "empty"]) == ["ide", "other"]
    assert due_platforms(store, everything, NOW, ["other"]) == ["other"]
    assert due_platforms(store, everything, NOW - 10 * MINUTE, ["ide", "other"]) == []
    assert due_platforms(store, everything, NOW, ["empty"]) == []


def test_pages_behind_the_crowd_of_another_platform_come_in_their_order(store: SqlStore) -> None:
    crowd, late, later = watched(FEW + 10), watched(3, "other", 80_000), watched(2, "other", 90_000)
    due_since(store, 9, crowd)
    due_since(store, 5, late)
    due_since(store, 7, later)
    store.claim(late[1].id, "here/1/1", NOW, NOW + MINUTE)
    everything = of(*crowd, *late, *later, *watched(1, "empty", 70_000))

    assert names(list(due_of(store, everything, NOW, "other"))) == names([*later, late[0], late[2]])
    assert sorted(names(list(due_of(store, everything, NOW, "ide")))) == names(crowd)


def test_pages_before_and_behind_the_crowd_come_once(store: SqlStore) -> None:
    crowd, first, last = watched(FEW + 10), watched(2, "other", 80_000), watched(2, "other", 90_000)
    due_since(store, 9, crowd)
    due_since(store, 12, first)
    due_since(store, 5, last)

    assert names(list(due_of(store, of(*crowd, *first, *last), NOW, "other"))) == names([*first, *last])


class Counting(SqlStore):
    """Counts the rows that its answers are read from."""

    read = 0

    def due(self, now: datetime, limit: int | None = None) -> Sequence[str]:
        found = super().due(now, limit)
        self.read += len(found)
        return found

    def due_among(self, names: Sequence[str], now: datetime) -> Sequence[str]:
        self.read += len(names)
        return super().due_among(names, now)


@pytest.mark.parametrize("crowded", [3 * FEW, 9 * FEW])
def test_a_platform_with_nothing_due_costs_no_more_however_much_of_another_is(
    engine: Engine, store: SqlStore, crowded: int
) -> None:
    crowd, idle = watched(crowded), watched(40, "other", 80_000)
    due_since(store, 9, crowd)
    due_since(store, -9, idle)
    counting = Counting(engine)

    assert due_platforms(counting, of(*crowd, *idle), NOW, ["ide", "other"]) == ["ide"]
    assert list(due_of(counting, of(*crowd, *idle), NOW, "other")) == []

    assert counting.read == 2 * (FEW + len(idle))


def test_a_large_platform_with_nothing_due_costs_no_more_than_what_is_due_of_others(
    engine: Engine, store: SqlStore
) -> None:
    crowd, idle = watched(FEW + 1), watched(20 * FEW, "other", 10_000)
    due_since(store, 9, crowd)
    due_since(store, -9, idle)
    counting = Counting(engine)

    assert due_platforms(counting, of(*crowd, *idle), NOW, ["other"]) == []

    assert counting.read == FEW + len(crowd)


@pytest.fixture
def crowded(engine: Engine, store: SqlStore) -> SqlStore:
    """Very many pages that all fell due in one moment, as when they were registered."""
    due_since(store, 5, watched(4 * FEW))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return store


def test_pages_asked_for_by_name_are_looked_up_and_no_others(engine: Engine, crowded: SqlStore) -> None:
    key = "sqlite_autoindex_sources_1 (id=?)" if engine.dialect.name == "sqlite" else "pk_sources"

    assert key in plan(engine, lambda: crowded.due_among(names(watched(3)), NOW))


def test_the_first_few_are_given_without_sorting_the_rest(engine: Engine, crowded: SqlStore) -> None:
    found = plan(engine, lambda: crowded.due(NOW, 4))

    assert "ix_sources_next_poll_at" in found
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


def plan(engine: Engine, ask: Callable[[], object]) -> str:
    """How the database finds what is asked of its sources."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        if "FROM sources" in sql:
            asked.append((sql, values))

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    ((sql, values),) = asked
    with reading(engine) as connection:
        return str(connection.exec_driver_sql(f"{explain} {sql}", values).all())

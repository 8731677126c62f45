"""Which pages are due is asked of the database a few at a time, and comes to the same as all at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.store import SqlStore
from tests.fakes.alerts import catalogue
from tests.fakes.plans import NOW, source
from watcher.core.catalogue import Catalogue, Source
from watcher.rounds import FEW, GROWING, due_first, due_platforms

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

    assert names(list(due_first(store, of(*late, *later), NOW))) == names([*later, *late])


def test_as_many_as_are_asked_for(store: SqlStore) -> None:
    due_since(store, 5, watched(9))

    assert store.due(NOW, 4) == store.due(NOW)[:4] == names(watched(4))


def test_what_is_polled_meanwhile_hides_nothing_behind_it(store: SqlStore) -> None:
    """Pages that were polled are due no more, and the others move up to where they stood."""
    every = watched(2 * FEW)
    due_since(store, 5, every)
    seen = []

    for one in due_first(store, of(*every), NOW):
        seen.append(one.id)
        if len(seen) == FEW:
            store.claim_all(seen, "here/1/1", NOW, NOW + 60 * MINUTE)

    assert seen == names(every)


def test_a_page_that_is_watched_no_more_is_not_due(store: SqlStore) -> None:
    every = watched(3)
    due_since(store, 5, every)

    assert names(list(due_first(store, of(every[1]), NOW))) == [every[1].id]


def test_a_platform_behind_the_crowd_of_another_is_found(store: SqlStore) -> None:
    crowd, few = watched(FEW + 10), watched(2, "other", 80_000)
    due_since(store, 9, crowd)
    due_since(store, 5, few)
    everything = of(*crowd, *few)

    assert due_platforms(store, everything, NOW, ["ide", "other", "empty"]) == ["ide", "other"]
    assert due_platforms(store, everything, NOW, ["other"]) == ["other"]
    assert due_platforms(store, everything, NOW - 10 * MINUTE, ["ide", "other"]) == []
    assert due_platforms(store, everything, NOW, ["empty"]) == []

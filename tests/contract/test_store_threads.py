"""Many threads share one store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, first_reading, news, source
from tests.fakes.subscribers import deliveries, subscribe, subscriber

WORKERS, POLLS = 8, 50


def test_no_poll_of_many_at_once_fails_or_is_lost(store: SqlStore) -> None:
    names = [f"{n:02}-actualites" for n in range(WORKERS)]
    store.register([source(name) for name in names], NOW)
    subscribe(store, subscriber())

    with ThreadPoolExecutor(WORKERS) as pool:
        written = sum(pool.map(lambda name: _poll_often(store, name), names))

    assert written == WORKERS * POLLS
    assert len(store.alerts()) == len(deliveries(store)) == WORKERS * (POLLS - 1)
    assert {state.snapshot for state in store.states().values()} == {POLLS}


def test_one_poll_of_many_from_the_same_baseline_wins(store: SqlStore) -> None:
    store.register([source()], NOW)
    subscribe(store, subscriber())
    store.save(first_reading("a"))

    with ThreadPoolExecutor(WORKERS) as pool:
        won = list(pool.map(lambda n: store.save(news(f"n{n}")), range(WORKERS)))

    assert sum(won) == 1
    assert len(store.history(CANTAL)) == len(store.alerts()) == len(deliveries(store)) == 1


def test_one_of_many_gets_the_lease(store: SqlStore) -> None:
    store.register([source()], NOW)
    until = NOW + timedelta(minutes=20)

    with ThreadPoolExecutor(WORKERS) as pool:
        sources = list(pool.map(lambda n: store.claim(CANTAL, f"w{n}", NOW, until), range(WORKERS)))
        platforms = list(pool.map(lambda n: store.lease_platform("ide", f"w{n}", NOW, until), range(WORKERS)))

    assert sum(state is not None for state in sources) == 1
    assert sum(state is not None for state in platforms) == 1


def _poll_often(store: SqlStore, name: str) -> int:
    written = int(store.save(first_reading("a", source=name)))
    for n in range(1, POLLS):
        store.claim(name, name, NOW, NOW + HOUR)
        written += store.save(news(f"n{n}", baseline=n, source=name))
        store.alerts(limit=3)
    return written

"""What is done again and again: polls, upkeep, feeds, pages, the desk."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from bench.growth.history import RECENT, told
from bench.growth.timing import Work
from storage.decision_store import SqlDesk
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, SEEN, VOCABULARY, StillClock
from tests.fakes.plans import VERDICT as READ
from tests.fakes.plans import change, item, notice, page, snapshot
from watcher.alarms import note_alarms
from watcher.core.catalogue import Catalogue
from watcher.core.items import Article
from watcher.core.page import Outcome
from watcher.core.state import PollPlan, SourceState
from watcher.rounds import note_incidents
from watcher.silence import Silence
from watcher.web.app import create_app

LEASE = timedelta(minutes=20)
_CLAIMS = itertools.count()
OWNER = "bench/1/1"
ADDRESSES = (
    "/",
    "/prefectures/15",
    "/alerts/{new}",
    "/alerts/{old}",
    "/alerts",
    "/alerts?q=titre",
    "/alerts?q=introuvable",
    "/coverage",
    "/api/v1/alerts",
    "/alerts?after={middle}",
    "/api/v1/alerts?limit=100",
    "/feeds/all.atom",
    "/feeds/all.atom?stream=verified",
    "/feeds/prefecture/15.atom",
    "/feeds/category/fee.atom",
    "/feeds/motif/salarie.atom",
    "/feeds/all.ics",
    "/metrics",
    "/readyz",
)


def polling(store: SqlStore, names: tuple[str, ...], first: int = 0) -> Mapping[str, Work]:
    """The store's part of one poll: what is asked, what is written. News are numbered from `first` on."""
    turn = itertools.count(first)

    def load() -> None:
        name = names[next(turn) % len(names)]
        _claimed(store, name)
        store.latest_snapshot(name)
        store.latest_page(name)
        store.article(name, "https://a.example/00000001")

    def quiet() -> None:
        store.save_quiet([_quiet(store, names[next(turn) % len(names)])])

    def news() -> None:
        assert store.save(_news(store, names[next(turn) % len(names)], next(turn)))

    return {"poll: what is asked": load, "poll: nothing new written": quiet, "poll: news written": news}


def upkeep(
    store: SqlStore, people: SqlSubscriptions, outbox: SqlOutbox, catalogue: Catalogue
) -> dict[str, Work]:
    """What is seen to each minute."""
    silence = Silence(store, catalogue)
    silence.note(SEEN, {})
    return {
        "tick: what is due": lambda: store.due(SEEN - timedelta(days=1)),
        "minute: incidents": lambda: note_incidents(store, catalogue, SEEN),
        "minute: silence": lambda: silence.note(SEEN, {}),
        "minute: alarms": lambda: note_alarms(store, people, SEEN),
        "hour: who was not told": lambda: outbox.gaps(SEEN - timedelta(hours=48), SEEN),
        "hour: forgetting": lambda: people.erase_expired(SEEN),
    }


def pages(
    store: SqlStore, outbox: SqlOutbox, catalogue: Catalogue, addresses: tuple[str, ...] = ADDRESSES
) -> dict[str, Work]:
    """As somebody asks who has nothing yet."""
    app = create_app(
        store,
        catalogue,
        vocabulary=VOCABULARY,
        base_url=BASE,
        clock=_Now(SEEN),
        health=lambda: _well(store),
        outbox=outbox,
    )
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)
    loop = asyncio.Runner()
    middle = int((SEEN - timedelta(days=20)).timestamp() * 1e6)
    names = {"new": told(0).id, "old": told(RECENT - 1).id, "middle": f"{middle}-0"}

    def asked(address: str) -> Work:
        return lambda: loop.run(client.get(address)).raise_for_status()

    return {one.format(new="NEW", old="OLD", middle="…"): asked(one.format(**names)) for one in addresses}


def desk(store: SqlDesk) -> dict[str, Work]:
    return {"desk: the queue": store.queue, "desk: one case": lambda: store.case(told(1).id)}


class _Now(StillClock):
    """A second later each time it is asked: nobody asks the API too often."""

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def _well(store: SqlStore) -> list[str]:
    trouble = store.health().trouble
    return [trouble] if trouble else []


def _claimed(store: SqlStore, name: str) -> SourceState:
    """Until another time each time, as polls do: SQLite writes nothing where a row stays as it was."""
    state = store.claim(name, OWNER, SEEN, SEEN + LEASE + timedelta(microseconds=next(_CLAIMS)))
    assert state
    return state


def _quiet(store: SqlStore, name: str) -> PollPlan:
    state = _claimed(store, name)
    return PollPlan(name, Outcome.NOT_MODIFIED, state, state.snapshot)


def _news(store: SqlStore, name: str, number: int) -> PollPlan:
    """One new card with its article, a baseline of thirty, a page, an alert."""
    state = _claimed(store, name)
    found = replace(change(f"{name}-{number}", source=name), detected_at=SEEN)
    one: dict[str, Any] = {"id": found.id, "source": name, "detected_at": SEEN - timedelta(seconds=number)}
    one["group"] = found.id
    following = state.snapshot + 1
    return PollPlan(
        name,
        Outcome.OK,
        replace(state, snapshot=following),
        state.snapshot,
        page=page(b"<li>une annonce</li>" * 1000 + b"%d" % number, at=SEEN),
        snapshot=snapshot(following, *(f"n{number - n}" for n in range(30)), source=name),
        changes=(found,),
        notices={found.id: notice()},
        verdicts={found.id: READ},
        articles={item(f"n{number}").key: Article("Titre", "Le texte.")},
        alerts=(replace(told(0), **one),),
    )

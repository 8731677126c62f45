from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import SEEN, StillClock, alert, catalogue, verdict
from tests.fakes.store import MemoryStore
from tests.fakes.subscriptions import MemoryOutbox, MemorySubscriptions
from tests.integration.web.newcomer import Newcomer
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.changes import ChangeKind
from watcher.core.page import Outcome
from watcher.core.ports_outgoing import OutboxStore, SubscriptionStore
from watcher.core.state import SourceState
from watcher.subscribe import Subscribing
from watcher.vault import open_vault


@pytest.fixture
def store() -> MemoryStore:
    """Three alerts, in the Cantal and the Rhône, and every page read five minutes ago."""
    edit = alert(
        1,
        prefecture="69",
        kind=ChangeKind.EDITED,
        title="Renouvellement des cartes de résident",
        before="Les demandes se font par courrier.",
        summary="Les demandes se font en ligne.",
        verdict=verdict(categories=("anef_integration",), motifs=("salarie",), channel_before="courrier"),
    )
    read = SEEN - timedelta(minutes=5)
    states = {s: SourceState(s, SEEN, Outcome.UNCHANGED, read, read) for s in catalogue().sources}
    return MemoryStore([alert(0), edit, alert(2)], states)


@pytest.fixture
def visitor(store: MemoryStore) -> Iterator[Visitor]:
    with visiting(site(store)) as visitor:
        yield visitor


@pytest.fixture(params=["memory", "sqlite"])
def newcomer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newcomer]:
    """Somebody before the page of a site that takes sign-ups."""
    if request.param == "memory":
        with _taking(MemorySubscriptions(), MemoryOutbox(), tmp_path) as newcomer:
            yield newcomer
        return
    engine = open_engine(f"sqlite:///{tmp_path / 'vigie.db'}")
    upgrade(engine)
    with _taking(SqlSubscriptions(engine), SqlOutbox(engine), tmp_path) as newcomer:
        yield newcomer
    engine.dispose()


@pytest.fixture
def bomber(tmp_path: Path) -> Iterator[Newcomer]:
    with _taking(MemorySubscriptions(), MemoryOutbox(), tmp_path) as bomber:
        yield bomber


@contextmanager
def _taking(store: SubscriptionStore, outbox: OutboxStore, folder: Path) -> Iterator[Newcomer]:
    clock, vault = StillClock(), open_vault(folder / "vigie.key")
    subscribing = Subscribing(store, outbox, vault, clock)
    pages = site(MemoryStore(), clock=clock, subscribing=subscribing, read_only=read_only)
    with visiting(pages) as visitor:
        yield Newcomer(visitor, store, outbox, vault, clock)

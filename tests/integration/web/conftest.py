from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.fakes.alerts import SEEN, alert, catalogue, verdict
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.changes import ChangeKind
from watcher.core.page import Outcome
from watcher.core.state import SourceState


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

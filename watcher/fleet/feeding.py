"""Orders what is due; one worker at a time does it for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from watcher import rounds
from watcher.bootstrap import App
from watcher.core.pace import at_rest

DUTY = "feed"
HELD = timedelta(seconds=20)  # four times as long as between two feedings


def due_platforms(app: App, owner: str) -> Sequence[str] | None:
    """Platforms with due pages that nobody polls and that are not braked; `None` when another worker feeds."""
    now, store = app.clock.now(), app.store
    if not store.lease_duty(DUTY, owner, now, now + HELD):
        return None
    store.free_lapsed(now)
    busy = {
        one.state.name
        for one in store.platforms()
        if at_rest(one.state, now) or (one.until is not None and one.until > now)
    }
    return sorted(rounds.due_platforms(store, app.catalogue, now, app.catalogue.platforms.keys() - busy))

"""Raises an alarm when far more people come or go than usual, and ends it when that is over."""

from __future__ import annotations

from datetime import datetime

from watcher.core.alarms import alarms
from watcher.core.ports import Store
from watcher.core.ports_outgoing import SubscriptionStore
from watcher.core.state import ProblemKind


def note_alarms(store: Store, people: SubscriptionStore, now: datetime) -> None:
    """Writes nothing while all is quiet."""
    found = alarms(people.flow(now), now)
    was = {problem.subject for problem in store.problems() if problem.kind is ProblemKind.MISUSE}
    over = was - {problem.subject for problem in found}
    if found or over:
        store.note_problems(found, sorted(over), now)

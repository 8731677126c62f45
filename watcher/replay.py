"""What would have been told, had other rules been in force: past texts are read again, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.changes import Change
from watcher.core.ports import Reader, Store
from watcher.core.telling import judged
from watcher.core.verdict import Notice, Route, Verdict

FIELDS = (
    *("categories", "route", "is_change", "motifs"),
    *("channel_before", "channel_after", "effective_from", "effective_to"),
)
"""What an alert says; a difference in confidence or reasons alone changes nothing for readers."""


class Effect(StrEnum):
    """What other rules would have done to a past text."""

    APPEARS = "appears"  # it was muted
    VANISHES = "vanishes"  # it would be muted
    CHANGES = "changes"  # it would say something else
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A text that was read, as it was understood at the time and as it is now."""

    change: Change
    notice: Notice
    then: Verdict
    now: Verdict

    @property
    def fields(self) -> tuple[str, ...]:
        """Which of `FIELDS` differ."""
        return tuple(name for name in FIELDS if getattr(self.then, name) != getattr(self.now, name))

    @property
    def effect(self) -> Effect:
        told_then, told_now = self.then.route is not Route.MUTE, self.now.route is not Route.MUTE
        if told_then and told_now:
            return Effect.CHANGES if self.fields else Effect.SAME
        if told_then or told_now:
            return Effect.APPEARS if told_now else Effect.VANISHES
        return Effect.SAME


def replay(store: Store, reader: Reader, since: datetime | None = None) -> Iterator[Replayed]:
    """Every text that was kept since then, oldest first, read again by `reader`."""
    return again(store.readings(since), reader)


def again(readings: Iterable[tuple[Change, Notice, Verdict]], reader: Reader) -> Iterator[Replayed]:
    for change, notice, then in readings:
        yield Replayed(change, notice, then, judged(change, reader.read(notice), notice))

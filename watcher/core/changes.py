"""What differs between two readings of a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.items import Item


class ChangeKind(StrEnum):
    ADDED = "added"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    AGED_OUT = "aged_out"
    MOVED = "moved"

    @property
    def told(self) -> bool:
        """Whether readers may hear of it; the others are bookkeeping."""
        return self in {ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a baseline and a reading. At least one side is present.

    A change of a content page is told per section: `before` and `after` then carry, as `summary`, the
    lines of that section which differ.
    """

    id: str
    source: str
    kind: ChangeKind
    before: Item | None
    after: Item | None
    detected_at: datetime

    @property
    def item(self) -> Item:
        """The newest side that there is."""
        item = self.after or self.before
        if item is None:
            raise ValueError(f"change {self.id} has no side")
        return item


def change_id(source: str, key: str, kind: ChangeKind, baseline: str, new: str) -> str:
    """The id of a change: polled twice from one baseline it is one, happening again later another."""
    return hashlib.sha256("\x1f".join((source, key, kind, baseline, new)).encode()).hexdigest()[:24]

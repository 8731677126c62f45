"""What is asked of whoever remembers the official list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from watcher.core.alerts import Alert
from watcher.core.official_list import Shelf, Shelves


class ListingStore(Protocol):
    """Each method is one transaction."""

    def known(self) -> Shelves: ...

    def of(self, prefecture: str) -> Shelf:
        """That of one préfecture; an empty one when nothing is known."""

    def told(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these alerts that there are."""

    def keep(self, before: Shelves, after: Shelves, told: Sequence[Alert]) -> bool:
        """Write the list and what it tells, all or nothing; false, and nothing is written, when the list is
        no longer `before`. An alert that is already there stays as it is.
        """

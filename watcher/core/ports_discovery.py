"""What discovery asks of the outside world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from watcher.core.sighting import Sighting
from watcher.core.site_proposals import Explored, Recorded, SiteProposal, State


class DiscoveryStore(Protocol):
    """Remembers what was seen of each site, and what is proposed. Each method is one transaction."""

    def explored(self) -> Mapping[str, Explored]:
        """By préfecture."""

    def sightings(self, prefecture: str) -> Sequence[Sighting]:
        """In the order in which they were noted."""

    def begin(self, explored: Explored) -> None:
        """Explore a site anew: what was seen of it is forgotten, its proposals stay."""

    def note(self, explored: Explored, sighting: Sighting) -> None:
        """One more page was seen."""

    def conclude(self, explored: Explored, proposals: Sequence[SiteProposal], now: datetime) -> None:
        """What an exploration came to. Open proposals of new pages that are not among these go; settled ones stay."""

    def propose(self, source: str, proposals: Sequence[SiteProposal], now: datetime) -> None:
        """Where a watched page may have moved to: these, in the place of the open ones for that source."""

    def searches(self) -> Mapping[str, datetime]:
        """When each watched page was last looked for."""

    def proposals(self, state: State | None = State.OPEN, prefecture: str = "") -> Sequence[Recorded]:
        """By préfecture, the surest first."""

    def proposal(self, proposal: str) -> Recorded | None: ...

    def settle(self, proposal: str, state: State, now: datetime, by: str) -> bool:
        """Whether it was open until now."""

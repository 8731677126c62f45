"""What becomes of proposals: accepted ones are written into `sources.yaml`, refused ones are not made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.discovered import Discovered, discovered
from watcher.core.ports import Clock
from watcher.core.ports_discovery import DiscoveryStore
from watcher.core.site_proposals import Recorded, SiteProposal, State

Write = Callable[[SiteProposal], None]
"""Puts a proposal into the file of what is watched. Raises `UserError` when the file cannot be changed."""


@dataclass(frozen=True, slots=True)
class SiteReview:
    """Where maintainers decide what is watched. The file comes first: a decision that is lost can be made again."""

    store: DiscoveryStore
    write: Write
    clock: Clock

    def open(self, prefecture: str = "") -> Sequence[Recorded]:
        return self.store.proposals(State.OPEN, prefecture)

    def discovered(self, prefecture: str = "") -> Mapping[str, Discovered]:
        """What exploring has shown, by préfecture; what nobody acts on yet of all, or of one of them."""
        return discovered(self.store.explored(), self.store.proposals(State.OPEN, prefecture))

    def find(self, proposal: str) -> Recorded | None:
        return self.store.proposal(proposal)

    def accept(self, proposal: str, by: str) -> bool:
        """Whether it was open until now. Raises `UserError` when the file cannot be changed; it then stays open."""
        found = self.store.proposal(proposal)
        if found is None or found.state is not State.OPEN:
            return False
        self.write(found.proposal)
        return self.store.settle(proposal, State.ACCEPTED, self.clock.now(), by)

    def refuse(self, proposal: str, by: str) -> bool:
        """Whether it was open until now."""
        return self.store.settle(proposal, State.REFUSED, self.clock.now(), by)

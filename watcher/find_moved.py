"""Looks for watched pages that cannot be read at their address any more, and proposes where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.address import canonical
from watcher.core.catalogue import Catalogue, Prefecture, Source, SourceKind
from watcher.core.findings import evidence
from watcher.core.items import Item
from watcher.core.judge import decode
from watcher.core.leads import allowed
from watcher.core.moved import FOUND, MOST, Lost, likeness, lost, next_try, settled
from watcher.core.page import Page
from watcher.core.ports_discovery import DiscoveryStore
from watcher.core.search_page import is_search
from watcher.core.sighting import Sighting
from watcher.core.site_proposals import Role, SiteProposal, Stanza, proposal_id
from watcher.core.state import ProblemKind
from watcher.pacing import StopRequestedError
from watcher.rounds import speaking
from watcher.sight import Eye
from watcher.visit import Tools, Visit

EVERY = timedelta(days=1)  # at most so often for one page
REQUESTS = 28  # for one page, redirects included
_LOST = {ProblemKind.GONE, ProblemKind.MOVED, ProblemKind.UNREADABLE}
_KINDS = {SourceKind.NEWS, SourceKind.PAGE}


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks with the tools of polls."""

    tools: Tools
    store: DiscoveryStore
    eye: Eye
    catalogue: Catalogue

    def broken(self) -> Sequence[str]:
        """Watched pages that were removed, moved, emptied or cannot be made sense of."""
        store = self.tools.store
        open_ = [one.subject for one in store.problems() if one.kind in _LOST and one.closed_at is None]
        turned = (name for name, state in store.outlines().items() if state.accepted)
        emptied = [name for name in turned if (last := store.latest_snapshot(name)) and not last.items]
        known = (self.catalogue.sources.get(name) for name in (*open_, *emptied))
        return list(dict.fromkeys(one.id for one in known if one and one.kind in _KINDS))

    def find_due(self, now: datetime) -> None:
        """Look for the broken pages that were not looked for today, and for which nothing is proposed."""
        looked = self.store.searches()
        proposed = {one.proposal.stanza.id for one in self.store.proposals()}
        for source in self.broken():
            last = looked.get(source)
            if source not in proposed and (last is None or now - last >= EVERY):
                try:
                    self.find(source)
                except StopRequestedError:
                    return

    def find(self, source: str) -> SiteProposal | None:
        """Look for one page now. `None` too while another process speaks to its platform, or no request is left."""
        known = self.catalogue.sources[source]
        site = self.catalogue.prefectures[known.prefecture]
        with speaking(self.tools, known.platform) as tools:
            if tools is None or not tools.spare.left(known.platform):
                return None
            made = self._search(tools, known, site)
        self.store.propose(source, [made] if made else [], self.tools.clock.now())
        return made

    def _search(self, tools: Tools, source: Source, site: Prefecture) -> SiteProposal | None:
        page, home = self._lost(source), _home(source, site)
        visit = Visit(tools, source)
        seen: list[Sighting] = []
        best: tuple[float, Sighting] | None = None
        while len(seen) < MOST and visit.requests < REQUESTS and not _ends(visit, tools, source):
            address = next_try(page, home, seen)
            if address is None:
                break
            before = visit.requests
            one, items = self._look(visit, address, source)
            tools.spare.spend(source.platform, visit.requests - before)
            seen.append(one)
            close = likeness(page, one, items) if _is_elsewhere(one, source, home) else 0.0
            if close >= FOUND and (best is None or close > best[0]):
                best = close, one
            if best and settled(page, best[0], home, seen):
                break
        return _proposal(source, *best) if best else None

    def _lost(self, source: Source) -> Lost:
        snapshot = self.tools.store.latest_snapshot(source.id)
        page = self.tools.store.latest_page(source.id)
        before = self.eye.see(source.url, page) if page else None
        return lost(source, snapshot.items, before, snapshot.past) if snapshot else lost(source, (), before)

    def _look(self, visit: Visit, address: str, source: Source) -> tuple[Sighting, Sequence[Item]]:
        result = visit.get(address).result
        one = self.eye.see(address, result)
        if not isinstance(result, Page) or not one.read:
            return one, ()
        layout = self.tools.layout(source.layout)
        found = layout.extract(decode(result), result.final_address, source.options)
        return one, found.items


def _ends(visit: Visit, tools: Tools, source: Source) -> bool:
    return visit.platform_down or not tools.spare.left(source.platform)


def _home(source: Source, site: Prefecture) -> str:
    """Where to look: the préfecture's site, or the other one that the page is on."""
    if allowed(source.url, site.home):
        return site.home
    scheme, _, rest = source.url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"


def _is_elsewhere(one: Sighting, source: Source, home: str) -> bool:
    known = one.key in (canonical(source.url), canonical(home)) or is_search(one.address)
    return not known and allowed(one.address, home)


def _proposal(source: Source, close: float, one: Sighting) -> SiteProposal:
    stanza = Stanza(source.id, source.kind, one.address)
    return SiteProposal(
        proposal_id(source.prefecture, Role.MOVED, one.address, source.id),
        source.prefecture,
        Role.MOVED,
        stanza,
        close,
        (*(link.label for link in one.crumbs), one.name),
        (f"ressemble à {close:.0%} à ce qui fut lu", *evidence(one)),
        instead_of=source.url,
    )

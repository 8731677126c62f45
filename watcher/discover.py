"""Explores a préfecture's site page by page, as politely as a poll, and keeps what it finds to be proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.core.address import canonical
from watcher.core.catalogue import Catalogue, Prefecture, Source, SourceKind
from watcher.core.errors import UserError
from watcher.core.exploring import MOST, next_address
from watcher.core.findings import unwatchable
from watcher.core.leads import allowed
from watcher.core.page import Outcome
from watcher.core.ports_discovery import DiscoveryStore
from watcher.core.proposing import proposals
from watcher.core.sighting import Link, Sighting, kept
from watcher.core.site_proposals import Explored
from watcher.core.survey import Survey
from watcher.pacing import LeaseLostError, StopRequestedError
from watcher.rounds import speaking
from watcher.sight import Eye
from watcher.visit import Tools, Visit

BELIEVED_FOR = timedelta(days=30)  # what was explored since then is not explored again unasked
FAILURES = 3  # in a row, after which a site is left alone for this time
TURN = 8  # pages after which the platform is given free for polls that wait
PATIENCE, TRIES = timedelta(seconds=5), 60  # for whoever else speaks to the platform
_SPARE = 1  # requests that a redirect may take
_SPENT = "ce qui reste des lectures du jour de la plateforme {} est pour les pages suivies, la suite demain"
_PASSING = frozenset(
    {
        Outcome.UNREACHABLE,
        Outcome.BLOCKED,
        Outcome.MAINTENANCE,
        Outcome.TRUNCATED,
        Outcome.SOFT_404,
        Outcome.EMPTY,
    }
)

Report = Callable[[Explored], None]


@dataclass(frozen=True, slots=True)
class Discovery:
    """Explores sites with the tools of polls."""

    tools: Tools
    store: DiscoveryStore
    eye: Eye
    catalogue: Catalogue

    def explore_all(self, codes: Iterable[str], budget: int, report: Report, *, again: bool = False) -> None:
        """One site after the other; `report` hears of each. Ends early when the process is asked to end."""
        for code in codes:
            try:
                report(self.explore(code, budget, again=again))
            except StopRequestedError:
                return

    def explore(self, code: str, budget: int = MOST, *, again: bool = False) -> Explored:
        """Explore one site, or go on where it was left; at most `budget` requests in all, and never more than `MOST`.

        What was seen is remembered page by page: an exploration that is cut short costs nothing twice.
        """
        site = self.catalogue.prefectures.get(code)
        if site is None:
            raise UserError(f"préfecture inconnue : {code} (voir « vigie sources list »)")
        if not site.platform:
            raise UserError(f"préfecture {code} : aucune plateforme n'est dite pour son site (platform)")
        explored, survey = self._begun(site, again=again)
        if explored.ended_at is None:
            explored, survey = self._go_on(explored, survey, site, min(budget, MOST))
        return explored

    def _begun(self, site: Prefecture, *, again: bool) -> tuple[Explored, Survey]:
        now = self.tools.clock.now()
        known = self.store.explored().get(site.code)
        done = known and known.ended_at and now - known.ended_at > BELIEVED_FOR
        if known is None or again or done:
            known = Explored(site.code, now)
            self.store.begin(known)
        seen = {one.asked: one for one in self.store.sightings(site.code)}
        lasting = tuple(one for one in seen.values() if one.outcome not in _PASSING)
        return known, Survey(site.code, site.home, lasting)

    def _go_on(
        self, explored: Explored, survey: Survey, site: Prefecture, budget: int
    ) -> tuple[Explored, Survey]:
        explored = replace(explored, trouble="")
        while _may_ask(explored, budget) and not explored.trouble and next_address(survey):
            explored, survey = self._turn(explored, survey, site, budget)
        now = self.tools.clock.now()
        explored = replace(
            explored,
            ended_at=None if _goes_on(explored, survey) else now,
            found=survey.root is not None,
            unwatchable=unwatchable(survey),
        )
        self.store.conclude(explored, proposals(survey, self.catalogue), now)
        return explored, survey

    def _turn(
        self, explored: Explored, survey: Survey, site: Prefecture, budget: int
    ) -> tuple[Explored, Survey]:
        """Some pages, as the one process that speaks to the platform."""
        for _ in range(TRIES):
            try:
                with speaking(self.tools, site.platform) as tools:
                    if tools is not None:
                        return self._pages(tools, explored, survey, site, budget)
            except LeaseLostError:  # what was seen until then is noted
                explored, survey = self._begun(site, again=False)
            if self.tools.clock.wait(PATIENCE):
                raise StopRequestedError
        trouble = f"une autre vigie interroge la plateforme {site.platform}"
        return replace(explored, trouble=trouble), survey

    def _pages(
        self, tools: Tools, explored: Explored, survey: Survey, site: Prefecture, budget: int
    ) -> tuple[Explored, Survey]:
        visit = Visit(tools, _as_source(site))
        for _ in range(TURN):
            until = tools.pacer.braked_until(site.platform)
            if until is not None:
                trouble = f"plateforme {site.platform} freinée jusqu'à {until:%Y-%m-%d %H:%M:%S} UTC"
                return replace(explored, trouble=trouble), survey
            address = next_address(survey)
            if address is None or not _may_ask(explored, budget):
                break
            if not tools.spare.left(site.platform):
                return replace(explored, trouble=_SPENT.format(site.platform)), survey
            before = visit.requests
            seen = self._seen(visit, address, survey, site)
            tools.spare.spend(site.platform, visit.requests - before)
            explored = replace(explored, requests=explored.requests + visit.requests - before)
            explored = replace(explored, trouble=_trouble((*survey.sightings, seen), site))
            self.store.note(explored, seen)
            survey = Survey(survey.prefecture, survey.home, (*survey.sightings, seen))
            if explored.trouble:
                break
        return explored, survey

    def _seen(self, visit: Visit, address: str, survey: Survey, site: Prefecture) -> Sighting:
        seen = self.eye.see(address, visit.get(address).result)
        if seen.read and not allowed(seen.address, site.home):
            return Sighting(address, Outcome.REFUSED, f"renvoi vers un autre site : {seen.address}")
        home = canonical(site.home)
        own = _own(seen.links, site), tuple(one for one in _own(seen.crumbs, site) if one.key != home)
        return kept(replace(seen, links=own[0], crumbs=own[1]), {link.key for link in survey.links})


def _own(links: Iterable[Link], site: Prefecture) -> tuple[Link, ...]:
    return tuple(link for link in links if allowed(link.address, site.home))


def _goes_on(explored: Explored, survey: Survey) -> bool:
    """Whether there is more to ask for another time."""
    if explored.requests + _SPARE >= MOST:
        return False
    if explored.trouble:
        first = survey.sightings[:1]
        return not first or first[0].read or first[0].outcome in _PASSING
    return next_address(survey) is not None


def _may_ask(explored: Explored, budget: int) -> bool:
    return explored.requests + _SPARE < budget


def _trouble(seen: tuple[Sighting, ...], site: Prefecture) -> str:
    """Why to leave a site alone: its home cannot be read, or page after page fails."""
    last = seen[-FAILURES:]
    if not seen[0].read:
        return f"{site.home} : {seen[0].reason}"
    if len(last) == FAILURES and all(one.outcome in _PASSING for one in last):
        return f"{FAILURES} pages de suite n'ont pas pu être lues : {last[-1].reason}"
    return ""


def _as_source(site: Prefecture) -> Source:
    """What a visit needs to know: whose platform it is."""
    name = f"{site.code}-exploration"
    return Source(name, site.code, SourceKind.PAGE, site.home, "content", site.platform, BELIEVED_FOR)

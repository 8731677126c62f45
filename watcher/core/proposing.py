"""Findings of an explored site → stanzas for `sources.yaml`, with ids of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from watcher.core import topic
from watcher.core.address import canonical, host_of
from watcher.core.catalogue import Catalogue, SourceKind
from watcher.core.findings import CONTENT, Finding, evidence, findings, way
from watcher.core.items import LinkKind, OfficialLink
from watcher.core.links import official
from watcher.core.sighting import Sighting
from watcher.core.site_proposals import Role, SiteProposal, Stanza, proposal_id, source_id
from watcher.core.survey import Survey

_DOOR = re.compile(r".*?/(?:booking/create/\d+|rdvpref/reservation/demarche/\d+/)")
FORMS = 12  # of one préfecture, at most
_NAMES = {
    Role.SECTION: "etrangers",
    Role.SECTION_NEWS: "etrangers-actualites",
    Role.NEWS: "actualites",
    Role.APPOINTMENTS: "etrangers-rendez-vous",
    Role.DOCUMENTS: "etrangers-documents",
}
_EVERY = {Role.NEWS: "", Role.SECTION_NEWS: "", Role.PROCEDURE: "7d", Role.BOOKING: "1d"}
_EVERY_PAGE = "6h"
_FORMS = {
    LinkKind.BOOKING: (Role.BOOKING, SourceKind.BOOKING),
    LinkKind.RDV_PREFECTURE: (Role.BOOKING, SourceKind.BOOKING),
    LinkKind.PROCEDURE: (Role.PROCEDURE, SourceKind.PROCEDURE),
}


@dataclass
class _Names:
    """What is watched already, and which ids are taken."""

    catalogue: Catalogue
    prefecture: str
    taken: set[str] = field(default_factory=set)
    watched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.taken |= set(self.catalogue.sources)
        self.watched |= {place_of(source.url) for source in self.catalogue.sources.values()}

    @property
    def platform(self) -> str:
        """Of the préfecture's own pages."""
        site = self.catalogue.prefectures.get(self.prefecture)
        return site.platform if site else ""

    def new(self, url: str) -> bool:
        return place_of(url) not in self.watched

    def id(self, name: str) -> str:
        found = source_id(self.prefecture, name, self.taken)
        self.taken.add(found)
        return found


def place_of(url: str) -> str:
    """One key for all addresses of one place: the hosts of a procedure, the steps of a booking."""
    found = official(url, "")
    return found.ident if found else canonical(url) or url


def proposals(survey: Survey, catalogue: Catalogue) -> tuple[SiteProposal, ...]:
    """New stanzas for what was found and nobody watches, the most important first."""
    names = _Names(catalogue, survey.prefecture)
    made: list[SiteProposal] = []
    for one in findings(survey):
        if names.new(one.page.address):
            names.watched.add(place_of(one.page.address))
            made.append(_page(survey, one, names))
    return (*made, *_noted(survey, names))


def _page(survey: Survey, one: Finding, names: _Names) -> SiteProposal:
    kind = SourceKind.NEWS if one.role in (Role.NEWS, Role.SECTION_NEWS) or _is_list(one) else SourceKind.PAGE
    url = one.page.address
    name = _NAMES.get(one.role) or f"etrangers-{one.page.name}"
    every = _EVERY.get(one.role, _EVERY_PAGE)
    stanza = Stanza(names.id(name), kind, url, one.layout, names.platform, every)
    key = proposal_id(survey.prefecture, one.role, url)
    return SiteProposal(
        key, survey.prefecture, one.role, stanza, one.confidence, way(survey, one.page), evidence(one.page)
    )


def _is_list(one: Finding) -> bool:
    return (
        one.role is Role.SECTION
        and one.layout not in (CONTENT, "legacy", "police", "regional")
        and one.page.dated >= 2
    )


def _noted(survey: Survey, names: _Names) -> Iterator[SiteProposal]:
    """Where the section sends people to file and to book: noted, not followed."""
    seen: Mapping[str, tuple[OfficialLink, Sighting]] = {
        link.ident: (link, one)
        for one in reversed(survey.read)
        if survey.in_section(one) and not topic.otherwise(one.name)
        for link in one.forms
    }
    platforms = {host_of(source.url): source.platform for source in names.catalogue.sources.values()}
    new = [pair for pair in seen.values() if pair[0].kind in _FORMS and pair[0].ident not in names.watched]
    for link, one in new[:FORMS]:
        role, kind = _FORMS[link.kind]
        if link.ident in ("rdvpref",) or topic.otherwise(link.label):
            continue
        name = link.ident.partition(":")[2].rpartition("/")[2]
        prefix = "rdv" if role is Role.BOOKING else "demarche"
        own = names.platform if host_of(link.address) == host_of(survey.home) else ""
        host = platforms.get(host_of(link.address)) or own or _usual_platform(link, names.catalogue)
        stanza = Stanza(
            names.id(f"{prefix}-{name}"), kind, door(link.address), platform=host, every=_EVERY[role]
        )
        key = proposal_id(survey.prefecture, role, door(link.address))
        found = (*way(survey, one), one.name)
        yield SiteProposal(
            key, survey.prefecture, role, stanza, 0.75, found, (f"lien « {link.label} » sur {one.address}",)
        )


def door(address: str) -> str:
    """The first page of a booking, whatever step a link leads to: nothing beyond it is ever asked for."""
    found = _DOOR.match(address)
    return found[0] if found else address


def _usual_platform(link: OfficialLink, catalogue: Catalogue) -> str:
    usual = {LinkKind.PROCEDURE: "demarche", LinkKind.RDV_PREFECTURE: "rdvpref"}.get(link.kind, "")
    return usual if usual in catalogue.platforms else ""

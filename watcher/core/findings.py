"""What an explored site comes to: which of its pages to watch, as what, how sure, and which cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.items import LinkKind
from watcher.core.page import Outcome
from watcher.core.sighting import Place, Sighting
from watcher.core.site_proposals import Role, Unwatchable
from watcher.core.survey import BELIEVED, Survey, is_below, lists_ours

GUIDES = 4  # of one préfecture, at most
_SURE = 0.6  # of a guide: fewer, and better
CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Finding:
    """A page in a role."""

    role: Role
    page: Sighting
    confidence: float
    layout: str


def findings(survey: Survey) -> tuple[Finding, ...]:
    """The pages worth watching; each in one role, but for a section that is a list of news too."""
    root = survey.root
    found: list[Finding] = []
    if root is not None:
        found += _section(survey, root)
    general = _general(survey)
    return (*found, *([general] if general else []))


def unwatchable(survey: Survey) -> tuple[Unwatchable, ...]:
    """What would be watched if it could be read: refused, forbidden, or behind a form."""
    found = []
    for one in survey.sightings:
        labels = survey.labels.get(canonical(one.asked) or one.asked, ())
        ours = any(
            topic.subject(text) >= BELIEVED
            for text in (*labels, one.heading, *topic.segments(one.asked)[-1:])
        )
        name = next((label for label in labels if label), one.heading)
        if not one.read and (ours or one.asked == survey.home) and one.outcome is not Outcome.GONE:
            found.append(Unwatchable(one.asked, name, one.reason))
        elif one.select_list and survey.in_section(one):
            found.append(Unwatchable(one.address, name, "liste à choisir dans un formulaire"))
    return (*found, *_behind_a_login(survey))


def _behind_a_login(survey: Survey) -> Iterator[Unwatchable]:
    links = [link for one in survey.read if survey.in_section(one) for link in one.official]
    anef = next((link for link in links if link.kind is LinkKind.ANEF), None)
    if anef:
        yield Unwatchable(anef.address, anef.label or "ANEF", "service en ligne qui demande de se connecter")


def _section(survey: Survey, root: Sighting) -> Iterator[Finding]:
    inside = [one for one in survey.read if survey.in_section(one)]
    lists = _lists(survey, inside)
    is_list = root.dated >= 2 and not lists
    yield Finding(
        Role.SECTION, root, _certainty(survey.worth[root.key]), root.layout if is_list else _layout(root)
    )
    if lists:
        yield lists[0]
    rest = [one for one in inside if one is not root and not any(_is_of(one, two.page) for two in lists)]
    yield from _parts(survey, rest)
    yield from _elsewhere(survey, root)


def _lists(survey: Survey, inside: Sequence[Sighting]) -> list[Finding]:
    """Lists of news of the section, the likeliest first."""
    others = [one for one in survey.read if one not in inside and (_is_ours(one) or lists_ours(one))]
    found = []
    for one in (*inside, *others):
        named = any(map(topic.named_news, survey.called(one)))
        listed = one.dated >= 2 or (one.dated and named) or (named and one.says_empty)
        if one is survey.root or not listed or topic.past((one.name, *_above(one))) or one.files > one.dated:
            continue
        confidence = 0.55 + 0.3 * named + 0.1 * min(one.dated, 5) / 5 - 0.15 * (one in others)
        found.append(Finding(Role.SECTION_NEWS, one, round(confidence, 2), _list_layout(one)))
    return sorted(found, key=lambda one: -one.confidence)


def _is_of(one: Sighting, page: Sighting) -> bool:
    return one is page or is_below(one.key, page.key)


def _is_ours(one: Sighting) -> bool:
    return topic.subject(one.name) >= BELIEVED and not topic.otherwise(one.name)


def _above(one: Sighting) -> tuple[str, ...]:
    return (*(link.label for link in one.crumbs), *topic.segments(one.address)[:-1])


def _parts(survey: Survey, pages: Sequence[Sighting]) -> Iterator[Finding]:
    guides = 0
    once: set[Role] = set()
    for one in sorted(pages, key=lambda one: -survey.worth[one.key]):
        if topic.otherwise(one.name) or topic.past((one.name, *_above(one))):
            continue
        role, confidence = _role(survey, one)
        if role is Role.GUIDE:
            guides += 1
            if confidence < _SURE or guides > GUIDES:
                continue
        elif role in once or confidence < BELIEVED:
            continue
        once.add(role)
        yield Finding(role, one, confidence, _layout(one))


def _role(survey: Survey, one: Sighting) -> tuple[Role, float]:
    kinds = {link.kind for link in one.forms}
    books = bool(kinds & {LinkKind.BOOKING, LinkKind.RDV_PREFECTURE})
    if any(map(topic.named_appointment, (one.heading, one.title))):
        return Role.APPOINTMENTS, 0.85 if books else 0.65
    if one.files >= 3 and any(map(topic.named_documents, (one.heading, one.title))):
        return Role.DOCUMENTS, 0.8
    explains = min(1.0, one.guidance / 6)
    return Role.GUIDE, round(
        min(0.9, 0.45 * explains + 0.5 * survey.worth[one.key] + 0.1 * bool(one.forms)), 2
    )


def _elsewhere(survey: Survey, root: Sighting) -> Iterator[Finding]:
    """Other parts of the site that are the section as much as the first: naturalisation is often apart."""
    apart = [one for one in survey.read if not survey.in_section(one) and survey.worth[one.key] >= 0.7]
    apart = [one for one in apart if one.key not in {link.key for link in root.crumbs} and not one.dated]
    for one in sorted(apart, key=lambda one: -survey.worth[one.key])[:2]:
        if one.forms and one.guidance >= 4:
            yield Finding(Role.GUIDE, one, round(0.9 * survey.worth[one.key], 2), _layout(one))


def _general(survey: Survey) -> Finding | None:
    """The site's own list of news."""
    lists = [
        one
        for one in survey.read
        if one.dated >= 2
        and not survey.in_section(one)
        and _may_be_general(survey, one)
        and one.key != (canonical(survey.home) or survey.home)
        and not topic.past((one.name, *_above(one)))
    ]
    lists = [one for one in lists if not _is_ours(one) and not lists_ours(one)]
    if not lists:
        return None
    one = max(lists, key=lambda one: (_plain(one), -len(one.key), one.dated))
    return Finding(Role.NEWS, one, 0.9 if _plain(one) else 0.7, _list_layout(one))


def _may_be_general(survey: Survey, one: Sighting) -> bool:
    """By its name; or it is a long list that every page leads to."""
    if any(map(topic.named_news, (*survey.called(one), *topic.segments(one.address)[-1:]))):
        return True
    menu = {link.key for link in survey.sightings[0].links if link.place is Place.MENU}
    return one.dated >= 5 and one.key in menu


def _plain(one: Sighting) -> bool:
    return any(
        "actu" in topic.worded(text) for text in (one.heading, one.title, *topic.segments(one.address)[-1:])
    )


def _layout(one: Sighting) -> str:
    """Everything but lists of news is read as a page of text, unless that shows nothing."""
    return one.layout if one.layout in ("police", "regional", "legacy") else CONTENT


def _list_layout(one: Sighting) -> str:
    return one.layout if one.layout != CONTENT else "dsfr"


def _certainty(worth: float) -> float:
    return round(min(0.98, 0.3 + 0.8 * worth), 2)


def way(survey: Survey, one: Sighting) -> tuple[str, ...]:
    """How one gets to a page from home: its breadcrumb, else the link by which it was found."""
    if one.crumbs:
        return ("Accueil", *(link.label for link in one.crumbs), one.name)
    link = next((link for link in survey.links if link.key in (one.key, canonical(one.asked))), None)
    return ("Accueil", *(link.above if link else ()), link.label if link else one.name)


def evidence(one: Sighting) -> tuple[str, ...]:
    """What speaks for a page, in French."""
    said = [f"titre « {one.name} »"] if one.name else []
    if one.dated:
        said.append(f"{one.dated} entrées datées")
    if one.official:
        said.append("mène à " + ", ".join(sorted({str(link.kind) for link in one.official})))
    if one.motifs:
        said.append(f"nomme {len(one.motifs)} motifs de séjour")
    if one.guidance:
        said.append(f"{one.guidance} sortes de consignes aux usagers")
    return tuple(said)

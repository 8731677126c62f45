"""Which page of a préfecture's site to ask for next: the best of what is known so far. Pure, hence resumable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.leads import SHORT, allowed, is_page, lead
from watcher.core.search_page import WORDS, is_search, search_address
from watcher.core.sighting import Link, Place, Sighting
from watcher.core.survey import BELIEVED, Survey, best, children, is_below, is_part

MOST = 40  # pages of one préfecture that are ever asked for
_LEAD, _STRONG = 0.01, 0.5  # a link that may lead to the section; one that most likely is part of it
_PATIENCE = 8  # pages without any success after which the site's search is asked
_LOOKING = 20  # pages after which a part of the subject is taken for the whole
_RIVALS = 3  # other places that look like the section
_IN_SECTION = 12
_SIBLINGS = 4
_DEEPEST = 16
_NEWS_TRIES, _GENERAL_TRIES = 4, 4
_MAY_HOLD_NEWS = re.compile(
    r"\b(?:publications?|presse|medias?|communication|kiosque|magazine|journal|infos?|actu\w*)\b"
)

Step = Callable[[Survey, Sequence[Link]], Iterator[str]]


def next_address(survey: Survey) -> str | None:
    """The address to ask for next; `None` when nothing is worth a request any more."""
    if not survey.sightings:
        return survey.home
    if not any(one.read for one in survey.sightings):
        return None
    lists = [
        one.key
        for one in survey.read
        if one.dated >= 2 and one is not survey.root and one.key != _home(survey)
    ]
    links = [
        link
        for link in best(survey.links, survey.asked)
        if is_page(link, survey.home) and not any(is_below(link.key, key) for key in lists)
    ]
    for step in _STEPS if survey.root else (_section, _general_news):
        for address in step(survey, links):
            return address
    return None


def _section(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """Nothing believed yet: the best lead; after some patience, and when there is none, the site's search."""
    leads = sorted(links, key=lead, reverse=True)
    top = lead(leads[0]) if leads else 0.0
    if (top < _STRONG and len(survey.sightings) >= _PATIENCE) or top < _LEAD:
        yield from _search(survey)
    if top >= _LEAD:
        yield leads[0].address


def _whole(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """Only a part of the subject is known, as naturalisation: where it begins may be elsewhere."""
    if not survey.settled and len(survey.sightings) < _LOOKING:
        root = _root(survey)
        own = {link.key for link in children(root)}
        elsewhere = [link for link in links if link.key not in own and not is_below(link.key, root.key)]
        yield from _section(survey, elsewhere)


def _search(survey: Survey) -> Iterator[str]:
    searched = [one for one in survey.sightings if is_search(one.asked)]
    if all(one.read for one in searched):
        asked = {one.asked for one in searched}
        yield from (
            address for words in WORDS if (address := search_address(survey.home, words)) not in asked
        )


def _above(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """What the section may be a part of."""
    root = _root(survey)
    parents = [link for link in root.crumbs if topic.subject(link.label) > 0.25]
    parents += [link for link in root.crumbs[-1:] if _says_nothing(link.label)]
    known = [link for link in links if is_below(root.key, link.key) and topic.subject(link.label) > 0.25]
    for link in (*reversed(parents), *known):
        if link.key not in survey.asked and allowed(link.address, survey.home) and link.key != _home(survey):
            yield link.address
    above = root.address.rstrip("/").rpartition("/")[0]
    named = topic.subject("".join(topic.segments(above)[-1:])) > 0.25
    if named and allowed(above, survey.home) and (canonical(above) or above) not in survey.asked:
        yield above


def _beside(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """A page of the subject in a rubric whose name says nothing: what else is there tells whether it is the section."""
    root = _root(survey)
    parents = [one for one in survey.read if is_part(root, one)]
    for parent in parents if not survey.settled else ():
        many = topic.for_the_public(parent.name) >= 0.4 or topic.besides(parent.name)
        seen = sum(1 for one in survey.read if is_part(one, parent))
        if not many and seen < _SIBLINGS:
            own = {link.key for link in children(parent)}
            yield from (link.address for link in links if link.key in own and not topic.besides(link.label))


def _says_nothing(label: str) -> bool:
    return not topic.for_the_public(label) and not topic.besides(label) and not topic.named_news(label)


def _rivals(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """Other places that look like the section: it may have two, or the first one was none."""
    root = _root(survey)
    outside = [link for link in links if not is_below(link.key, root.key) and link.place is not Place.ITEM]
    own = {link.key for link in children(root)}
    tried = sum(1 for one in survey.read if _is_rival(one, survey))
    doubtful = survey.worth[root.key] < 0.65
    for link in sorted(outside, key=lead, reverse=True):
        if (
            link.key not in own
            and lead(link) >= (0.4 if doubtful else 0.6)
            and tried < _RIVALS * (1 + doubtful)
        ):
            yield link.address


def _is_rival(one: Sighting, survey: Survey) -> bool:
    return not survey.in_section(one) and max(map(topic.subject, (one.heading, one.title))) >= BELIEVED


def _news(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """The section's own list of news."""
    tried = [
        one
        for one in survey.read
        if survey.in_section(one) and any(map(topic.named_news, survey.called(one)))
    ]
    if len(tried) < _NEWS_TRIES and not any(one.dated for one in tried):
        named = [link for link in _inside(survey, links) if topic.named_news(link.label)]
        for link in sorted(named, key=lambda link: -_newsy(link)):
            yield link.address


def _newsy(link: Link) -> float:
    """Plain names of news before those that may be information of any sort."""
    text = topic.worded(link.label)
    return bool(re.search(r"actu|a la une|flash|nouveaut|nouvelles|breve|communique", text)) + 0.5 * bool(
        re.search(r"info", text)
    )


def _parts(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """What else is watched of a section: appointments, documents, how to do it."""
    inside = _inside(survey, links)
    seen = [one for one in survey.read if survey.in_section(one)]
    if len(seen) >= _IN_SECTION:
        return
    for named, most in (
        (topic.named_appointment, 2),
        (topic.named_documents, 2),
        (topic.named_practical, 3),
        (_ours, 3),
    ):
        done = sum(1 for one in seen if one is not survey.root and any(map(named, survey.called(one))))
        if done < most:
            yield from (link.address for link in inside if named(link.label))


def _ours(label: str) -> bool:
    return topic.subject(label) >= BELIEVED


def _deeper(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """No list of news so far: it may be named like nothing known, or stand a level further down."""
    seen = [one for one in survey.read if survey.in_section(one)]
    if len(seen) < _DEEPEST and not any(one.dated >= 2 for one in seen):
        inside = _inside(survey, links)
        yield from (link.address for link in inside if topic.named_information(link.label))
        yield from (link.address for link in inside)


def _general_news(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """The site's own list of news."""
    lists = [
        one
        for one in survey.read
        if not survey.in_section(one) and any(map(topic.named_news, survey.called(one)))
    ]
    lists = [one for one in lists if one.address.rstrip("/") != survey.home.rstrip("/")]
    if any(one.dated >= 2 for one in lists) or len(lists) >= _GENERAL_TRIES:
        return
    root = survey.root
    named = [
        link
        for link in links
        if topic.named_news(link.label)
        and link.place is not Place.ITEM
        and not (root and is_below(link.key, root.key))
    ]
    yield from (link.address for link in sorted(named, key=_general_rank, reverse=True))
    yield from _by_detours(survey, links)


def _by_detours(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """What may hold the list of news, or be it under a name that says nothing."""
    tried = sum(1 for one in survey.read if _MAY_HOLD_NEWS.search(topic.worded(one.name)))
    if tried >= _GENERAL_TRIES:
        return
    short = [link for link in links if link.place is not Place.ITEM and len(link.label) < SHORT]
    yield from (link.address for link in short if _MAY_HOLD_NEWS.search(topic.worded(link.label)))
    asked = sum(1 for one in survey.read if _is_first(one.address) and _says_nothing(one.name))
    if asked < _GENERAL_TRIES:
        menu = (link for link in short if link.place is Place.MENU and _is_first(link.address))
        yield from (link.address for link in menu if _says_nothing(link.label))


def _is_first(address: str) -> bool:
    return len(topic.segments(address)) == 1


def _general_rank(link: Link) -> tuple[float, int]:
    """Actualités themselves first, the press after them; the shorter address of equals."""
    return _newsy(link) * (1.0 if link.place is Place.MENU else 0.8), -len(link.address)


def _appointments(survey: Survey, links: Sequence[Link]) -> Iterator[str]:
    """A page about all appointments of the préfecture, when the section has none."""
    seen = [one for one in survey.read if any(map(topic.named_appointment, (one.heading, one.title)))]
    if not seen:
        own = {link.key for link in survey.sightings[0].links}
        known = (link for link in links if link.place is Place.MENU or link.key in own)
        named = (
            link for link in known if topic.named_appointment(link.label) and not topic.otherwise(link.label)
        )
        yield from (link.address for link in named if len(link.label) < SHORT)


def _inside(survey: Survey, links: Sequence[Link]) -> list[Link]:
    """What is known to be in the section, not asked for yet; the root's own links first."""
    root = _root(survey)
    section = [one for one in survey.read if survey.in_section(one)]
    own = {link.key: link for one in section for link in children(one)}
    found = [link for link in links if is_below(link.key, root.key) or link.key in own]
    found = [link for link in found if not _is_spoilt(link) and link.place is not Place.ITEM]
    return sorted(found, key=lambda link: (link.key.count("/"), -lead(link)))


def _is_spoilt(link: Link) -> bool:
    return topic.past((link.label, *link.around)) or topic.otherwise(link.label)


def _root(survey: Survey) -> Sighting:
    if survey.root is None:
        raise ValueError(f"{survey.prefecture} has no section yet")
    return survey.root


def _home(survey: Survey) -> str:
    return canonical(survey.home) or survey.home


_STEPS: Iterable[Step] = (
    _above,
    _beside,
    _rivals,
    _whole,
    _news,
    _general_news,
    _parts,
    _deeper,
    _appointments,
)

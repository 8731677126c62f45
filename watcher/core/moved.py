"""Where a watched page may have gone: which page of its site to look at next, how much one is the lost one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.catalogue import Source, SourceKind
from watcher.core.items import Item, ItemKind, Past
from watcher.core.leads import allowed, is_page, lead
from watcher.core.search_page import is_search, search_address
from watcher.core.sighting import Link, Place, Sighting
from watcher.core.survey import BELIEVED, is_below, lists_ours, whereabouts
from watcher.core.text import fold, squeeze

MOST = 20  # pages that are looked at for one lost page
FOUND = 0.5  # how much a page must be the lost one to be proposed
SURE = 0.7  # from here on, only what bears the same name is looked at besides
CERTAIN = 0.95  # and from here on, nothing
_SAME = 0.75  # of two names: close enough to look first
_SEARCH_AFTER = 5  # pages after which the site's search is asked
_LEAST = 0.02
_KEPT = 200  # characters of a text that are compared
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Lost:
    """What is known of a page that cannot be read at its address any more."""

    source: Source
    names: tuple[str, ...]  # its heading, its title, the last step of its address
    texts: frozenset[str] = frozenset()  # what it listed or said, squeezed
    ours: bool = False  # about our subject: it is where the section is


def lost(source: Source, items: Iterable[Item], before: Sighting | None, past: Iterable[Past] = ()) -> Lost:
    """`items` are those of its last accepted reading, `before` is that page; both may be missing.

    Of a list that is empty now, what it lists is what it listed once: the `past`.
    """
    last = tuple(topic.segments(source.url)[-1:])
    named = (before.heading, before.title) if before else ()
    names = tuple(dict.fromkeys(name for name in (*named, *last) if name))
    about = (*names, *topic.segments(source.url), *(whereabouts(before) if before else ()))
    ours = any(topic.subject(text) >= BELIEVED for text in about) or (
        before is not None and lists_ours(before)
    )
    texts = set(map(text_of, items)) or {one.title[:_KEPT] for one in past}
    return Lost(source, names, frozenset(texts) - {""}, ours)


def text_of(item: Item) -> str:
    """What makes an entry or a block the same at another address."""
    return squeeze(item.title if item.kind is ItemKind.CARD else item.summary)[:_KEPT]


def next_try(page: Lost, home: str, seen: Sequence[Sighting]) -> str | None:
    """The address to look at next; `None` when nothing promises anything."""
    asked = {canonical(one.asked) or one.asked for one in seen} | {one.key for one in seen}
    for address in _tries(page, home, seen, asked):
        if (canonical(address) or address) not in asked and allowed(address, home):
            return address
    return None


def _tries(page: Lost, home: str, seen: Sequence[Sighting], asked: set[str]) -> Iterator[str]:
    yield page.source.url
    links = [_found(one, link) for one in seen for link in (*one.crumbs, *one.links) if is_page(link, home)]
    lists = [one.key for one in seen if one.dated >= 2 and one.key != (canonical(home) or home)]
    links = [
        link for link in links if link.key not in asked and not any(is_below(link.key, key) for key in lists)
    ]
    links.sort(key=lambda one: -promise(page, one))
    yield from (link.address for link in links if promise(page, link) >= _SAME)
    yield from _parent(page.source.url, home)
    yield home
    yield from _shared(page, home, seen)
    searched = [one for one in seen if is_search(one.asked)]
    if len(seen) >= _SEARCH_AFTER and not searched and page.names:
        yield search_address(home, page.names[0])
    yield from (link.address for link in links if promise(page, link) >= _LEAST)


def _found(one: Sighting, link: Link) -> Link:
    """What a search finds is as good as what a page leads to."""
    return replace(link, place=Place.MAIN) if is_search(one.asked) else link


def _parent(address: str, home: str) -> Iterator[str]:
    above = address.rstrip("/").rpartition("/")[0]
    if above.rstrip("/") != home.rstrip("/"):
        yield above


def _shared(page: Lost, home: str, seen: Sequence[Sighting]) -> Iterator[str]:
    """What stands above several pages of the subject, though nothing links to it: a section knows its parts."""
    ours = (
        one for one in seen if one.read and not is_search(one.asked) and topic.subject(one.name) >= BELIEVED
    )
    above = Counter(address for one in ours for address in _parent(one.address, home))
    yield from (address for address, number in above.most_common() if number > 1 and page.ours)


def promise(page: Lost, link: Link) -> float:
    """How likely a link leads to the lost page, or towards it, 0..1."""
    if topic.past((link.label, *link.around)) or (page.ours and topic.otherwise(link.label)):
        return 0.0
    names = (link.label, *topic.segments(link.address)[-1:])
    close = max((alike(name, other) for name in names for other in page.names), default=0.0)
    above = topic.segments(page.source.url)[:-1]
    towards = 0.65 * max((alike(name, other) for name in names for other in above), default=0.0)
    towards = max(towards, 0.7 * lead(link) if page.ours else 0.0)
    if page.source.kind is SourceKind.NEWS and topic.named_news(link.label) and link.place is not Place.ITEM:
        if page.ours and max(map(topic.subject, (link.label, *link.around))) < BELIEVED:
            return max(towards, 0.05)  # those of the site, rather than of the section
        towards = max(towards, 0.6)
    return max(close if link.place is not Place.ITEM else 0.0, towards)


def alike(one: str, other: str) -> float:
    """How much two names are the same, 0..1."""
    if squeeze(one) == squeeze(other) or fold(one).replace("-", " ") == fold(other).replace("-", " "):
        return 1.0 if squeeze(one) else 0.0
    mine, theirs = set(_WORD.findall(topic.worded(one))), set(_WORD.findall(topic.worded(other)))
    both = mine | theirs
    return 0.9 * len(mine & theirs) / len(both) if both else 0.0


def likeness(page: Lost, one: Sighting, items: Iterable[Item]) -> float:
    """How much a page is the lost one, 0..1: by what it says, and by its names.

    Pages of one site share many a paragraph: under another name, only the same text is the same page.
    """
    if not one.read or topic.otherwise(one.name) or _kept_from_the_past(page, one):
        return 0.0
    named = max(
        (alike(name, other) for name in (one.heading, one.title) for other in page.names), default=0.0
    )
    texts = {text_of(item) for item in items} - {""}
    if not page.texts:
        return 0.6 * named * bool(texts)
    said = len(page.texts & texts) / len(page.texts | texts)
    alone = 0.75 * said
    return round(max(alone, named * (0.4 + 0.6 * said) if texts else 0.0), 2)


def _kept_from_the_past(page: Lost, one: Sighting) -> bool:
    """Whether it is in an archive, and the lost page was not."""
    return topic.past((one.name, *whereabouts(one))) and not topic.past(topic.segments(page.source.url))


def settled(page: Lost, best: float, home: str, seen: Sequence[Sighting]) -> bool:
    """Whether a page that is so much the lost one may be taken for it: none that promises as much is left."""
    if best < SURE:
        return False
    asked = {canonical(one.asked) or one.asked for one in seen} | {one.key for one in seen}
    links = (link for one in seen for link in one.links if is_page(link, home) and link.key not in asked)
    return best >= CERTAIN or not any(promise(page, link) >= _SAME for link in links)

"""Where a page leads: menus, breadcrumb, side menu, cards and the links of its text, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import Tag

from watcher.core.address import absolute, canonical, presentable, same_site
from watcher.core.region import cleaned
from watcher.core.sighting import Link, Place
from watcher.core.size import oversize
from watcher.core.text import TITLE_LIMIT, clean, find_day
from watcher.layouts.tree import (
    AS_WRITTEN,
    HEADINGS,
    all_of,
    anchors,
    attribute,
    classes_of,
    first_anchor,
    label_of,
    text_of,
)

_LEVELS = 14  # elements around a link that are looked at
_HEADINGS_ABOVE = 4
_CRUMBS = 12
_BEFORE = 40  # siblings before a link that are looked at
_NAMING = HEADINGS | {"button", "strong", "summary", "legend", "dt"}
_CRUMB = re.compile(r"(?:fr-)?breadcrumbs?(?:__\w+)?|(?:fil-)?ariane|fil_ariane|path|chemin", re.IGNORECASE)
_SIDE = re.compile(
    r"(?:fr-)?side-?(?:menu|bar|nav)(?:__\w+)?|sous-?menu|menu-?(?:lateral|gauche|droite?|secondaire|contextuel)|aside",
    re.IGNORECASE,
)
_MENU = re.compile(
    r"(?:fr-)?(?:mega-menu|nav|header|navbar|navigation)(?:__\w+)?|(?:menu|main-menu|menu-?principal|top|bandeau)(?:-\w+)?",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"(?:fr-)?footer(?:__\w+)?|pied(?:-de-page)?", re.IGNORECASE)
_CARD = re.compile(
    r"(?:fr-)?(?:card|tile)|(?:ide-actu|ide-rubrique|news-list-item|views-row|actualite|item|teaser|vignette)"
)
_CONTENT = frozenset({"main", "contenu", "content", "main-content"})
_OPAQUE = frozenset({"script", "style", "template", "noscript", "svg"})


@dataclass(frozen=True, slots=True)
class Navigation:
    """The links of a page to pages of its own site. Breadcrumbs are outermost first, without the home page."""

    links: tuple[Link, ...]
    crumbs: tuple[Link, ...]


def read_navigation(html: str, address: str) -> Navigation:
    """The links of the whole page, each address once a place; nothing of a page too large to be parsed."""
    source = cleaned(html.encode("utf-8", "replace"))
    if oversize(source):
        return Navigation((), ())
    soup = BeautifulSoup(source.decode("utf-8", "replace").replace("\0", ""), "lxml", **AS_WRITTEN)
    base = _base(soup, address)
    found: dict[tuple[str, Place], Link] = {}
    mains = {id(tag) for tag in soup.find_all("main")}
    for anchor in anchors(soup):
        link = _link(anchor, base, address, main_known=bool(mains))
        if link is not None:
            known = found.get((link.key, link.place))
            if known is None or len(known.label) < 3:
                found[link.key, link.place] = link
    crumbs = tuple(link for link in found.values() if link.place is Place.CRUMB)[:_CRUMBS]
    return Navigation(tuple(link for link in found.values() if link.place is not Place.CRUMB), crumbs)


def _base(soup: BeautifulSoup, address: str) -> str:
    tag = soup.find("base")
    base = absolute(attribute(tag, "href"), address) if isinstance(tag, Tag) else None
    return base if base and same_site(base, address) else address


def _link(anchor: Tag, base: str, address: str, *, main_known: bool) -> Link | None:
    target = absolute(clean(str(anchor.get("href") or ""), 4096), base)
    if target is None or not same_site(target, address):
        return None
    shown = presentable(target)
    if canonical(shown) == canonical(address):
        return None
    around = list(islice(_holders(anchor), _LEVELS))
    place = _place(around, main_known=main_known)
    label = label_of(anchor) or attribute(anchor, "title")
    return Link(label, shown, place, tuple(_above(anchor, around, label)))


def _holders(tag: Tag) -> Iterator[Tag]:
    return (
        outer for outer in tag.parents if isinstance(outer, Tag) and outer.name not in ("html", "[document]")
    )


def _place(around: Sequence[Tag], *, main_known: bool) -> Place:
    """What the innermost telling element around says; outside of any main region, a list of links is a menu."""
    card = None
    for outer in around:
        names = (*classes_of(outer), attribute(outer, "id"))
        if any(map(_CRUMB.fullmatch, names)):
            return Place.CRUMB
        if card is None and any(map(_CARD.fullmatch, names)):
            card = outer
        if any(map(_SIDE.fullmatch, names)) or outer.name == "aside":
            return Place.SIDE
        if outer.name == "footer" or any(map(_FOOTER.fullmatch, names)):
            return Place.FOOTER
        if (
            outer.name == "main"
            or attribute(outer, "role") == "main"
            or "main" in names
            or "contenu" in names
        ):
            return _in_content(card)
        if outer.name in ("nav", "header") or any(map(_MENU.fullmatch, names)):
            return Place.MENU
    return _in_content(card) if card or not main_known else Place.MENU


def _in_content(card: Tag | None) -> Place:
    if card is None:
        return Place.MAIN
    return Place.ITEM if find_day(_short(card)) else Place.RUBRIC


def _short(card: Tag) -> str:
    return " ".join((text_of(card)[:2000], *(attribute(a, "title") for a in anchors(card)[:2])))


def _above(anchor: Tag, around: Sequence[Tag], label: str) -> Iterable[str]:
    """The names of the groups that a link is in, outermost first."""
    names: list[str] = []
    inner = anchor
    for outer in around:
        if outer.name == "body":
            break
        name = _name_before(outer, inner)
        if name and name != label and name not in names:
            names.append(name)
            if len(names) == _HEADINGS_ABOVE:
                break
        inner = outer
    return reversed(names)


def _name_before(outer: Tag, inner: Tag) -> str:
    """What names an element's content before one of its children: a heading, a button, the link of a list item."""
    for child in islice(inner.previous_siblings, _BEFORE):
        if not isinstance(child, Tag) or child.name in _OPAQUE:
            continue
        if child.name in _NAMING or (outer.name == "li" and child.name in ("a", "span", "p", "div")):
            return text_of(child, TITLE_LIMIT)
        inside = all_of(child, HEADINGS) if first_anchor(child) is None else []
        if inside:
            return text_of(inside[-1], TITLE_LIMIT)
    return ""

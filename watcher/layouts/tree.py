"""One page opened for reading: its main region as a tree, without everything around the content."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import AttributeDict, NavigableString, Tag

from watcher.core.address import absolute, presentable, same_site
from watcher.core.items import OfficialLink
from watcher.core.links import official
from watcher.core.region import cleaned, region, swallows
from watcher.core.size import oversize
from watcher.core.text import LINE_LIMIT, TITLE_LIMIT, clean

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AROUND = frozenset({"nav", "svg", "math", "audio", "video", "map", "dialog"})
_AROUND_CLASS = re.compile(
    r"(?:fr-(?:breadcrumb|sidemenu|share|summary|notice|consent-\w+|skiplinks?|follow|header|footer|nav"
    r"|modal|search-bar|back-to-top)"
    r"|breadcrumbs?|ariane|fil-ariane|share|partage\w*|social\w*|reseaux-sociaux|toolbar|outils?|sommaire(?:-\w+)*"
    r"|menu|sous-menu|sidebar|imprimer|cookies?(?:-\w+)*|skip-?links?|visually-hidden|acces|(?:fr-)?sr-only)"
)
_AROUND_ID = re.compile(
    r"header|footer|menu|sous-menu|nav|navigation|breadcrumbs?|(?:fil-)?ariane|sidebar|cookies?(?:-banner)?|outils"
    r"|bandeau|pied(?:-de-page)?|recherche|search|social|partage",
    re.IGNORECASE,
)
# Values of attributes are the strings that they are: an eighth of the parsing is else spent on looking at each.
AS_WRITTEN: Mapping[str, Any] = {"multi_valued_attributes": None, "attribute_dict_class": AttributeDict}
_PAGER = frozenset({"fr-pagination", "pagenavigator", "pagination", "content-pagination", "pager"})


@dataclass(frozen=True, slots=True)
class View:
    """The content of a page. `pager` and `cut` were taken out; `flaws` say why it may not be all of it."""

    root: Tag
    address: str
    base: str
    pager: tuple[Tag, ...]
    cut: tuple[Tag, ...]
    flaws: tuple[str, ...]
    classed: Mapping[str, list[Tag]]
    source: str

    def having(self, *names: str) -> list[Tag]:
        """Elements of any of these classes, in page order within each."""
        return [tag for name in names for tag in self.classed.get(name, ())]

    def link(self, anchor: Tag) -> str | None:
        """Where an anchor leads, if that is an http(s) address."""
        return absolute(_text(anchor.get("href")), self.base)

    def official(self, anchor: Tag) -> OfficialLink | None:
        """The official place that an anchor leads to, or a form, or one of its buttons."""
        named = anchor.get("href") or anchor.get("formaction") or anchor.get("action")
        href = _text(named).strip()
        address = href if href[:7].lower() == "mailto:" else absolute(href, self.base)
        return official(presentable(address), label_of(anchor)) if address else None

    def heading(self) -> str:
        """The page's h1."""
        title = first(self.root, {"h1"})
        return text_of(title, TITLE_LIMIT) if title else ""

    def official_links(self) -> tuple[OfficialLink, ...]:
        """Every official place that the content leads to, once."""
        return distinct(link for link in map(self.official, anchors(self.root)) if link)


def open_page(html: str, address: str) -> View:
    """Parse the region of a page that extraction reads.

    A page too large or too deep to be parsed whole is opened empty, and flawed.
    """
    part = region(html.encode("utf-8", "replace"))
    flaws = ["lost_cards: unclosed markup"] if swallows(part) else []
    source = cleaned(part)
    if oversize(source):
        flaws, source = [*flaws, "lost_cards: too large or too deep"], b""
    text = source.decode("utf-8", "replace").replace("\0", "")
    soup = BeautifulSoup(f"<html><body>{text}</body></html>", "lxml", **AS_WRITTEN)
    root = first(soup, {"body"}) or soup
    base = _base(root, address)
    cut: list[Tag] = []
    index: dict[str, list[Tag]] = defaultdict(list)
    _strip(root, cut, index)
    pager = tuple(tag for tag in cut if _is_pager(classes_of(tag)))
    return View(root, address, base, pager, tuple(cut), tuple(flaws), index, text)


def _base(root: Tag, address: str) -> str:
    tag = first(root, {"base"})
    base = absolute(_text(tag.get("href")), address) if tag else None
    return base if base and same_site(base, address) else address


def _strip(tag: Tag, cut: list[Tag], index: dict[str, list[Tag]]) -> None:
    """Take out what stands around the content, index the rest by class."""
    for child in [child for child in tag.contents if isinstance(child, Tag)]:
        classes = classes_of(child)
        beside = child.name in _AROUND or any(map(_around, classes)) or _around_by_place(child)
        if beside or _is_pager(classes):
            cut.append(child.extract())
        else:
            for name in classes:
                index[name].append(child)
            _strip(child, cut, index)


def _is_pager(classes: tuple[str, ...]) -> bool:
    return not _PAGER.isdisjoint(classes)


@lru_cache(maxsize=2048)
def _around(name: str) -> bool:
    return _AROUND_CLASS.fullmatch(name) is not None


def _around_by_place(tag: Tag) -> bool:
    """Old pages without main region name their parts by id; footers are footers outside of articles."""
    if tag.name in ("footer", "header"):
        inside = any(outer.name in ("article", "main", "li", "section") for outer in tag.parents)
        return not inside and first(tag, {"h1"}) is None
    name = tag.get("id")
    return isinstance(name, str) and _AROUND_ID.fullmatch(name) is not None and first(tag, {"h1"}) is None


def elements(tag: Tag) -> list[Tag]:
    """Everything inside an element, in page order."""
    return [inner for inner in tag.descendants if isinstance(inner, Tag)]


def all_of(tag: Tag, names: Set[str]) -> list[Tag]:
    """Elements of these names inside an element. (The library's own search costs ten times as much.)"""
    return [inner for inner in tag.descendants if isinstance(inner, Tag) and inner.name in names]


def first(tag: Tag, names: Set[str]) -> Tag | None:
    """The first element of one of these names."""
    return next((inner for inner in tag.descendants if isinstance(inner, Tag) and inner.name in names), None)


def first_classed(tag: Tag, *names: str) -> Tag | None:
    """The first element of one of these classes."""
    return next((inner for inner in elements(tag) if not set(names).isdisjoint(classes_of(inner))), None)


def anchors(tag: Tag) -> list[Tag]:
    """The links inside an element."""
    return [anchor for anchor in all_of(tag, {"a"}) if anchor.get("href")]


def first_anchor(tag: Tag | None) -> Tag | None:
    """The first link inside an element."""
    return next(iter(anchors(tag)), None) if tag else None


def enclosing_anchor(tag: Tag) -> Tag | None:
    """The link that an element stands in."""
    return next((outer for outer in tag.parents if outer.name == "a" and outer.get("href")), None)


def heading_of(tag: Tag) -> Tag | None:
    """The first heading with a link in an element."""
    found = all_of(tag, HEADINGS)
    return next((heading for heading in found if anchors(heading) or within(heading, {"a"})), None)


def within(tag: Tag, names: Set[str]) -> bool:
    """Whether an element stands inside one of these names."""
    return any(outer.name in names for outer in tag.parents)


def distinct(links: Iterable[OfficialLink]) -> tuple[OfficialLink, ...]:
    """Each place once, under its first label."""
    found: dict[str, OfficialLink] = {}
    for link in links:
        found.setdefault(link.ident, link)
    return tuple(found.values())


def classes_of(tag: Tag) -> tuple[str, ...]:
    """The class names of an element."""
    return _names(_text(tag.attrs.get("class")))


@lru_cache(maxsize=2048)
def _names(value: str) -> tuple[str, ...]:
    return tuple(value.split())


def text_of(tag: Tag, limit: int = LINE_LIMIT) -> str:
    """The clean text of an element: inline pieces joined as they are, blocks apart."""
    return clean("".join(_pieces(tag)), limit)


def _pieces(tag: Tag) -> Iterator[str]:
    for child in tag.contents:
        if isinstance(child, Tag):
            apart = child.name in BLOCKS or child.name == "br"
            if apart:
                yield " "
            yield from _pieces(child)
            if apart:
                yield " "
        elif type(child) is NavigableString:
            yield child


def label_of(anchor: Tag) -> str:
    """What a link is called: its text, else the text of its image, else its title."""
    if text := text_of(anchor, TITLE_LIMIT):
        return text
    image = first(anchor, {"img"})
    alternative = _text(image.get("alt")) if image else ""
    return clean(alternative or _text(anchor.get("title")), TITLE_LIMIT)


def attribute(tag: Tag, name: str) -> str:
    """The clean value of an attribute; empty when it is absent."""
    return clean(_text(tag.get(name)), TITLE_LIMIT)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

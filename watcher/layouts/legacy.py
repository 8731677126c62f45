"""Pages in the platform's skin before DSFR: no main region, lists of articles or plain content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from bs4.element import Tag

from watcher.core.items import Extraction
from watcher.core.text import find_stamps, parse_day
from watcher.layouts.cards import Entry, read_entries
from watcher.layouts.content import read_content
from watcher.layouts.listing import list_extraction, says_empty
from watcher.layouts.tree import (
    HEADINGS,
    View,
    all_of,
    anchors,
    classes_of,
    enclosing_anchor,
    first,
    first_anchor,
    first_classed,
    heading_of,
    open_page,
    text_of,
    within,
)

_ENTRY = ("news-list-item", "actualite", "news-item", "content-view-line", "item-actualite", "article-line")
_SUMMARY = (
    "news-list-chapo",
    "chapo",
    "attribute-short",
    "summary",
    "resume",
    "intro",
    "excerpt",
    "accroche",
)
_DATE = ("news-list-date", "date", "attribute-date")
_ENOUGH = 80  # characters beyond its heading that make an element the content rather than a title bar
_LEVELS = 24  # elements around the h1 that are looked at
_MENU = 0.6  # share of a text that is links from which it is a menu


@dataclass(frozen=True, slots=True)
class Legacy:
    """See the module."""

    name: str = "legacy"
    version: int = 1

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        root = content_root(view)
        return read_either(view, root, _holders(view, root), self.name, self.version)


def read_either(view: View, root: Tag, holders: Sequence[Tag], layout: str, version: int) -> Extraction:
    """A list where elements hold entries, else content."""
    listed = read_entries(view, [entry_of(holder) for holder in holders])
    if not listed.items and not says_empty(view):
        return read_content(view, root, layout, version)
    return list_extraction(view, listed, layout, version)


def content_root(view: View) -> Tag:
    """The main region; without one, what stands around the h1 up to where only menus would be added."""
    main, heading = first(view.root, {"main"}), first(view.root, {"h1"})
    if main or heading is None:
        return main or view.root
    bare = len(text_of(heading))
    content = heading
    for outer in islice(heading.parents, _LEVELS):
        if len(text_of(content)) > bare + _ENOUGH and _is_menu(outer, content):
            return content
        content = outer
        if outer is view.root:
            break
    return view.root


def _is_menu(outer: Tag, inner: Tag) -> bool:
    """Whether most of what `outer` has beyond `inner` is the text of links."""
    added = len(text_of(outer)) - len(text_of(inner))
    linked = _linked(outer) - _linked(inner)
    return linked > _MENU * added


def _linked(tag: Tag) -> int:
    return sum(len(text_of(anchor)) for anchor in anchors(tag))


def _holders(view: View, root: Tag) -> list[Tag]:
    """Elements that each hold one entry: named as such, else those around linked headings if most are."""
    named = [tag for tag in view.having(*_ENTRY) if anchors(tag)]
    if named:
        return named
    headings = all_of(root, {"h2", "h3", "h4"})
    linked = [heading for heading in headings if anchors(heading)]
    if len(linked) < 2 or 2 * len(linked) <= len(headings):
        return []
    return [_around(heading) for heading in linked]


def _around(heading: Tag) -> Tag:
    """The widest element around a heading that holds no other heading of its kind."""
    holder = heading
    for outer in heading.parents:
        if outer.name in ("body", "main") or _is_shared(outer, {heading.name, "h1"}):
            break
        holder = outer
    return holder


def _is_shared(outer: Tag, names: Set[str]) -> bool:
    """Whether an element holds more than one of these; stops at the second, for the sake of long lists."""
    found = (tag for tag in outer.descendants if isinstance(tag, Tag) and tag.name in names)
    return next(islice(found, 1, None), None) is not None


def entry_of(holder: Tag) -> Entry:
    """A linked heading, what dates it and its summary."""
    heading = heading_of(holder)
    around = enclosing_anchor(heading) if heading else None
    anchor = first_anchor(heading) or around or first_anchor(holder)
    named = heading or anchor
    title = text_of(named) if named else ""
    dated = first_classed(holder, *_DATE)
    detail = text_of(dated) if dated else text_of(holder).replace(title, " ", 1)[:400]
    return Entry(
        container=holder,
        anchor=anchor,
        title=title,
        detail=detail,
        summary=_summary(holder),
    )


def _summary(holder: Tag) -> str:
    """What is named as such, else the first paragraph that is more than a date or a link."""
    named = first_classed(holder, *_SUMMARY)
    told = text_of(named) if named else ""
    return told or next((text for text in map(_told, all_of(holder, {"p"})) if text), "")


def _told(paragraph: Tag) -> str:
    text = text_of(paragraph)
    beside = within(paragraph, HEADINGS) or not set(_DATE).isdisjoint(classes_of(paragraph))
    bare = parse_day(text) is not None or find_stamps(text).alone
    return "" if beside or bare or len(text) == _linked(paragraph) else text


LAYOUT = Legacy()

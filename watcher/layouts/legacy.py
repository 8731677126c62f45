"""Pages in the platform's skin before DSFR: no main region, lists of articles or plain content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bs4.element import Tag

from watcher.core.items import Extraction
from watcher.layouts.cards import Entry, Listed, read_entries, says_empty
from watcher.layouts.content import read_content
from watcher.layouts.lists import heading_of
from watcher.layouts.pages import next_page
from watcher.layouts.shape import template
from watcher.layouts.tree import (
    View,
    all_of,
    anchors,
    enclosing_anchor,
    first,
    first_anchor,
    first_classed,
    open_page,
    text_of,
)

_ENTRY = ("news-list-item", "actualite", "news-item", "content-view-line", "item-actualite", "article-line")
_SUMMARY = ("news-list-chapo", "chapo", "attribute-short", "summary", "resume", "intro")
_ENOUGH = 80  # characters beyond its heading that make an element the content rather than a title bar


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
        return replace(read_content(view, root, layout, version), template=_content_template(view, root))
    return list_extraction(view, listed, layout, version)


def list_extraction(view: View, listed: Listed, layout: str, version: int) -> Extraction:
    return Extraction(
        layout=layout,
        version=version,
        items=listed.items,
        heading=view.heading(),
        links=view.official_links(),
        next_page=next_page(view),
        template=template("list", listed.containers),
        declared_empty=not listed.items and says_empty(view),
        anomalies=(*view.flaws, *listed.flaws),
    )


def _content_template(view: View, root: Tag) -> str:
    return template("content", [root])


def content_root(view: View) -> Tag:
    """The smallest element around the h1 that holds a text with it."""
    heading = first(view.root, {"h1"})
    if heading is None:
        return view.root
    bare = len(text_of(heading))
    for outer in heading.parents:
        if outer.name == "body" or len(text_of(outer)) > bare + _ENOUGH:
            return outer
    return view.root


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
        if outer.name in ("body", "main") or len(all_of(outer, {heading.name})) > 1 or first(outer, {"h1"}):
            break
        holder = outer
    return holder


def entry_of(holder: Tag) -> Entry:
    """A linked heading, what dates it and its summary."""
    heading = heading_of(holder)
    around = enclosing_anchor(heading) if heading else None
    anchor = first_anchor(heading) or around or first_anchor(holder)
    named = heading or anchor
    title = text_of(named) if named else ""
    summary = first_classed(holder, *_SUMMARY)
    dated = first_classed(holder, "news-list-date", "date", "attribute-date")
    detail = text_of(dated) if dated else text_of(holder).replace(title, " ", 1)[:400]
    return Entry(
        container=holder,
        anchor=anchor,
        title=title,
        detail=detail,
        summary=text_of(summary) if summary else "",
    )


LAYOUT = Legacy()

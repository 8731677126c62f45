"""The Préfecture de police in Paris (Drupal): nodes inside links, or content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bs4.element import Tag

from watcher.core.items import Extraction
from watcher.layouts.cards import Entry, read_entries
from watcher.layouts.content import read_content
from watcher.layouts.listing import list_extraction
from watcher.layouts.tree import (
    HEADINGS,
    anchors,
    attribute,
    enclosing_anchor,
    first,
    first_anchor,
    first_classed,
    heading_of,
    open_page,
    text_of,
)

_DATE = ("field--type-datetime", "field--name-field-date", "datetime", "date")
_SUMMARY = ("field--type-text-with-summary", "field--name-field-chapo", "field--name-field-summary", "chapo")


@dataclass(frozen=True, slots=True)
class Police:
    """See the module."""

    name: str = "police"
    version: int = 1

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        nodes = [node for node in view.having("node") if _anchor(node) and first(node, {"h1"}) is None]
        rows = nodes or [row for row in view.having("views-row") if _anchor(row)]
        if not rows:
            return read_content(view, view.root, self.name, self.version)
        listed = read_entries(view, [_entry(row) for row in rows])
        return list_extraction(view, listed, self.name, self.version)


def _anchor(node: Tag) -> Tag | None:
    """The link around a node, else that of its heading, else its only one."""
    inside = anchors(node)
    return (
        enclosing_anchor(node) or first_anchor(heading_of(node)) or (inside[0] if len(inside) == 1 else None)
    )


def _entry(node: Tag) -> Entry:
    title = first(node, HEADINGS) or first(node, {"span"})
    dated = first_classed(node, *_DATE)
    time = first(node, {"time"})
    stamp = attribute(time, "datetime")[:10] if time else ""
    summary = first_classed(node, *_SUMMARY)
    return Entry(
        container=node,
        anchor=_anchor(node),
        title=text_of(title or node),
        detail=text_of(dated) if dated else stamp,
        summary=text_of(summary) if summary else "",
    )


LAYOUT = Police()

"""Any list, told by CSS selectors in the configuration.

Options: `item` (each entry), `link`, `date` and `summary` (inside it). They see what extraction sees:
the main region, with class, href, title, rel, alt, value and datetime, and ids that are plain words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bs4.element import Tag
from soupsieve import SelectorSyntaxError

from watcher.core.errors import UserError
from watcher.core.items import Extraction
from watcher.layouts.cards import Entry, read_entries
from watcher.layouts.listing import list_extraction
from watcher.layouts.tree import (
    HEADINGS,
    attribute,
    enclosing_anchor,
    first,
    first_anchor,
    open_page,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Selectors:
    """See the module."""

    name: str = "selectors"
    version: int = 1

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        """
        Raises:
            UserError: a selector is missing or cannot be read.
        """
        view = open_page(html, address)
        if not options.get("item"):
            raise UserError("layout selectors : l'option « item » manque")
        try:
            entries = [_entry(holder, options) for holder in view.root.select(options["item"])]
        except (SelectorSyntaxError, NotImplementedError) as error:
            raise UserError(f"layout selectors : sélecteur illisible ({error})") from error
        return list_extraction(view, read_entries(view, entries), self.name, self.version)


def _entry(holder: Tag, options: Mapping[str, str]) -> Entry:
    anchor = holder.select_one(options.get("link", "a[href]")) or (holder if holder.name == "a" else None)
    if anchor is not None and anchor.name != "a":
        anchor = first_anchor(anchor) or enclosing_anchor(anchor)
    heading = first(holder, HEADINGS)
    dated = holder.select_one(options["date"]) if options.get("date") else None
    summary = holder.select_one(options["summary"]) if options.get("summary") else None
    title = text_of(anchor) if anchor and anchor is not holder else text_of(heading or holder)
    return Entry(
        container=holder,
        anchor=anchor,
        title=title or (text_of(heading) if heading else ""),
        detail=_day(dated) if dated else "",
        summary=text_of(summary) if summary else "",
    )


def _day(tag: Tag) -> str:
    return text_of(tag) or attribute(tag, "datetime")[:10]


LAYOUT = Selectors()

"""News lists of the current platform: white cards are items, grey ones are rubrics.

Where a list has no cards at all, its other shapes are tried (`layouts.lists`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from bs4.element import Tag

from watcher.core.items import Extraction
from watcher.layouts.cards import Entry, read_entries
from watcher.layouts.listing import list_extraction, says_empty
from watcher.layouts.lists import read_list
from watcher.layouts.tree import (
    HEADINGS,
    View,
    classes_of,
    elements,
    enclosing_anchor,
    first,
    first_anchor,
    open_page,
    text_of,
)

_CARD = ("fr-card", "fr-tile")
_TITLE, _DETAIL, _SUMMARY = (
    frozenset({f"fr-card__{part}", f"fr-tile__{part}"}) for part in ("title", "detail", "desc")
)
_MARKER = re.compile(r"class=[\"'][^\"']*\bfr-(?:card|tile)__title\b")


@dataclass(frozen=True, slots=True)
class Dsfr:
    """See the module."""

    name: str = "dsfr"
    version: int = 1

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        cards = view.having(*_CARD)
        variant, listed = "cards", read_entries(view, [_entry(card) for card in cards if _is_item(card)])
        if not cards and not says_empty(view):
            variant, listed = read_list(view)
        return list_extraction(view, listed, self.name, self.version, variant, _lost(view))


def _is_item(card: Tag) -> bool:
    """Grey cards are rubrics, whatever they carry; so are tiles without a date line."""
    classes = classes_of(card)
    if "fr-card--grey" in classes:
        return False
    return "fr-card" in classes or _part(elements(card), _DETAIL) is not None


def _entry(card: Tag) -> Entry:
    inside = elements(card)
    title = _part(inside, _TITLE) or first(card, HEADINGS)
    summary = _part(inside, _SUMMARY)
    anchor = first_anchor(title) or first_anchor(card) or enclosing_anchor(card)
    named = title or anchor
    return Entry(
        container=card,
        anchor=anchor,
        title=text_of(named) if named else "",
        detail=" ".join(text_of(tag) for tag in inside if _is_part(tag, _DETAIL)),
        summary=text_of(summary) if summary else "",
    )


def _part(inside: Sequence[Tag], part: Set[str]) -> Tag | None:
    return next((tag for tag in inside if _is_part(tag, part)), None)


def _is_part(tag: Tag, part: Set[str]) -> bool:
    return not part.isdisjoint(classes_of(tag))


def _lost(view: View) -> tuple[str, ...]:
    """More titles written in the source than found in cards: broken markup swallowed some."""
    written = len(_MARKER.findall(view.source))
    read = len(view.having(*_TITLE))
    if read < written:
        read += sum(_is_part(inner, _TITLE) for tag in view.cut for inner in elements(tag))
    return (f"lost_cards: {read} of {written}",) if read < written else ()


LAYOUT = Dsfr()

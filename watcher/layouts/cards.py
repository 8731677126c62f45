"""Entries of a list → items. Each entry is read on its own; parallel lists are never paired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bs4.element import Tag

from watcher.core.address import canonical, presentable, same_site
from watcher.core.documents import file_key
from watcher.core.items import Item, ItemKind
from watcher.core.text import Stamps, clean, find_day, find_stamps, fold, parse_day
from watcher.layouts.files import attachment, bare_label
from watcher.layouts.tree import View, attribute

_DECOY = re.compile(r"vous (?:re)?cherchez\b.*\?\Z")
_ISO_PREFIX = re.compile(r"(\d{4}-\d{2}-\d{2})\b")
_SEARCH = re.compile(r"/contenu/recherche\b|/content/search\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The parts of one list entry, as they stand in the page."""

    container: Tag
    anchor: Tag | None
    title: str
    detail: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Items of a list, the elements that hold them, and what was odd (one word for each entry)."""

    items: tuple[Item, ...] = ()
    containers: tuple[Tag, ...] = ()
    flaws: tuple[str, ...] = ()


def read_entries(view: View, entries: Sequence[Entry]) -> Listed:
    """Entries → items, each canonical address once; entries that are no items are counted as flaws."""
    items: dict[str, Item] = {}
    containers: list[Tag] = []
    flaws: list[str] = []
    for entry in entries:
        item, flaw = _item(view, entry)
        if flaw:
            flaws.append(flaw)
        if item and item.key not in items:
            items[item.key] = item
            containers.append(entry.container)
    return Listed(tuple(items.values()), tuple(containers), tuple(flaws))


def _item(view: View, entry: Entry) -> tuple[Item | None, str]:
    title = clean(entry.title, 300)
    if not title:
        return None, "untitled"
    if _DECOY.match(fold(title)):
        return None, "decoy"
    address = view.link(entry.anchor) if entry.anchor else None
    if address is None or entry.anchor is None:
        return None, "no_link"
    if not same_site(address, view.address):
        return None, "off_domain"
    key = canonical(address) or address
    if key == canonical(view.address):  # an empty href, or a mere anchor
        return None, "no_link"
    if _SEARCH.search(address):
        return None, "decoy"
    file = attachment(view, entry.anchor)
    stamps = days_of(entry.detail, attribute(entry.anchor, "title"), title)
    label = bare_label(title) or title if file else title
    item = Item(
        kind=ItemKind.CARD,
        key=file_key(label, file.name) if file else key,
        title=label,
        address=presentable(address),
        summary=clean(entry.summary),
        published=stamps.published or (file.dated if file and not stamps.updated else None),
        updated=stamps.updated,
        attachments=(file,) if file else (),
    )
    return item, "" if item.published or item.updated else "undated"


def days_of(detail: str, tooltip: str, title: str) -> Stamps:
    """The days of an entry: from its detail line, else its link's tooltip, else a date before its title."""
    stamps = find_stamps(detail)
    if stamps.published or stamps.updated:
        return stamps
    prefix = _ISO_PREFIX.match(title)
    bare: date | None = find_day(detail) if len(detail) < 80 else None
    published = bare or find_day(tooltip) or (parse_day(prefix[1]) if prefix else None)
    return Stamps(published, None, alone=False)

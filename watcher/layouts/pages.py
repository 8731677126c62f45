"""Which page of a list comes next."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from bs4.element import Tag

from watcher.core.address import canonical, same_site
from watcher.layouts.tree import View, anchors, attribute, classes_of

_OFFSET = re.compile(r"/(?:\(|%28)offset(?:\)|%29)/(\d{1,6})", re.IGNORECASE)
_NEXT = {"fr-pagination__link--next", "next", "pager__item--next"}


def next_page(view: View) -> str | None:
    """The address of the following page of this very list, if the pager really links to it."""
    for pager in view.pager:
        for anchor in anchors(pager):
            address = view.link(anchor) if _says_next(anchor, pager) else None
            if address and _follows(address, view.address):
                return address
    return None


def _says_next(anchor: Tag, pager: Tag) -> bool:
    if attribute(anchor, "rel") == "next" or not _NEXT.isdisjoint(classes_of(anchor)):
        return True
    for outer in anchor.parents:
        if not _NEXT.isdisjoint(classes_of(outer)):
            return True
        if outer is pager:
            break
    return False


def _follows(address: str, here: str) -> bool:
    if not same_site(address, here):
        return False
    there, mine = (urlsplit(canonical(url) or "").path for url in (address, here))
    return there == mine and _position(address) > _position(here)


def _position(address: str) -> int:
    found = _OFFSET.search(address)
    if found:
        return int(found[1])
    page = parse_qs(urlsplit(address).query).get("page", ["0"])[0]
    return int(page) if page.isdecimal() and len(page) < 7 else 0

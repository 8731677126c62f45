"""What a source's address led to: itself, a single child, the home page, another site, something that is no list."""

from __future__ import annotations

from dataclasses import replace

from watcher.core.address import canonical
from watcher.core.catalogue import Source, SourceKind
from watcher.core.guard import STRANGE_UNTIL, Doubt
from watcher.core.items import Extraction, ItemKind
from watcher.core.judge import Judgement
from watcher.core.page import Page
from watcher.core.search_page import is_search
from watcher.core.text import squeeze


def is_same(source: Source, page: Page) -> bool:
    return page.final_address == source.url or canonical(page.final_address) == canonical(source.url)


def is_child(source: Source, page: Page) -> bool:
    """Whether a list led to an article below it: it has only that one."""
    mine = (canonical(source.url) or source.url).rstrip("/")
    return source.kind is SourceKind.NEWS and (canonical(page.final_address) or "").startswith(mine + "/")


def is_home(source: Source, page: Page) -> bool:
    """Whether it led to the site's door, or to its search, which says as much."""
    there, mine = canonical(page.final_address), canonical(source.url) or ""
    if not there or there == mine:
        return False
    return mine.startswith(there.rstrip("/") + "/") or is_search(page.final_address)


def doubt_site(site: str, judgement: Judgement) -> Doubt | None:
    """The doubt of a page whose title names another site: either it is not the page, or the site was renamed,
    or the one known before was not the page.
    """
    if not judgement.other_site:
        return None
    return Doubt(judgement.reason, f"site:{squeeze(site)}", STRANGE_UNTIL)


def as_list(extraction: Extraction) -> Extraction:
    """What a list shows; blocks of text, which a layout reads where it finds no entries, are none."""
    return replace(extraction, items=tuple(item for item in extraction.items if item.kind is ItemKind.CARD))

"""All that a page says, as plain lines: for people who check what a machine read on it."""

from __future__ import annotations

from collections.abc import Iterator

from bs4.element import NavigableString, Tag

from watcher.core.text import clean_block
from watcher.layouts.tree import BLOCKS, open_page


def visible_text(html: str, address: str, limit: int) -> str:
    """The text of the content, cards and lists included, one line for each block; at most `limit` characters.

    What stands around the content (menus, banners, footers) is left out, and so is what no reader sees.
    """
    return clean_block("".join(_pieces(open_page(html, address).root)), limit)


def _pieces(tag: Tag) -> Iterator[str]:
    for child in tag.contents:
        if isinstance(child, Tag):
            apart = child.name in BLOCKS or child.name == "br"
            yield "\n" if apart else ""
            yield from _pieces(child)
            yield "\n" if apart else ""
        elif type(child) is NavigableString:
            # Line ends of the source are no line ends of the page.
            yield child.replace("\n", " ").replace("\r", " ")

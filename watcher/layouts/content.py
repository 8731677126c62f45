"""Content pages (how to apply, opening hours …): each piece of text is an item that can be compared."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bs4.element import Tag

from watcher.core.address import presentable
from watcher.core.items import Extraction, Item, ItemKind, OfficialLink
from watcher.core.text import squeeze
from watcher.core.written import plainly, written
from watcher.layouts.blocks import Block, read_text
from watcher.layouts.pages import next_page
from watcher.layouts.shape import template
from watcher.layouts.tree import View, distinct, first, open_page


@dataclass(frozen=True, slots=True)
class Content:
    """See the module."""

    name: str = "content"
    version: int = 2

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        return read_content(view, view.root, self.name, self.version)


def read_content(view: View, root: Tag, layout: str, version: int) -> Extraction:
    """The blocks under `root` as items, whatever layout found it."""
    text = read_text(view, root)
    heading = view.heading()
    title = first(root, {"h1"})
    return Extraction(
        layout=layout,
        version=version,
        items=tuple(_items(text.blocks, heading, presentable(view.address))),
        heading=heading,
        updated=text.updated or text.published,
        links=distinct(link for block in text.blocks for link in block.links),
        next_page=next_page(view),
        template=template("content", [title] if title else [b.tag for b in text.blocks]),
        anomalies=view.flaws,
    )


def _items(blocks: Iterable[Block], heading: str, address: str) -> Iterable[Item]:
    seen: Counter[str] = Counter()
    for block in (replace(one, text=plainly(one.text)) for one in blocks):
        words = _words(block)
        seen[words] += 1
        yield Item(
            kind=ItemKind.BLOCK,
            key=_key(words, seen[words]),
            title=block.section[-1] if block.section else heading,
            address=address,
            summary=block.text,
            attachments=block.files,
            links=_places(block),
            section=block.section,
        )


def _places(block: Block) -> tuple[OfficialLink, ...]:
    """Those it links to, and where it says to write to."""
    return distinct((*block.links, *written(block.text)))


def _words(block: Block) -> str:
    """What makes a block itself: where it stands and what it says; a download, also its file's name."""
    alone = len(block.files) == 1 and block.files[0].label == block.text
    parts = (*map(squeeze, block.section), squeeze(block.text), block.files[0].name if alone else "")
    return "\x1f".join(parts)


def _key(words: str, ordinal: int) -> str:
    """A hash; equal blocks are told apart by how many stood before."""
    return "block:" + hashlib.blake2b(f"{words}\x1f{ordinal}".encode(), digest_size=12).hexdigest()


LAYOUT = Content()

"""The page of one news item, in any skin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from watcher.core.items import Article
from watcher.core.text import clean_block, fold, parse_day
from watcher.layouts.blocks import Block, Text, read_text
from watcher.layouts.legacy import content_root
from watcher.layouts.tree import View, attribute, classes_of, distinct, first, open_page

_RELATED = re.compile(
    r"(?:a lire|voir|lire|a consulter|a decouvrir|decouvr\w+|consultez)(?: aussi| egalement| ensuite)\b.*"
    r"|(?:sur le|dans le) meme (?:sujet|theme)|dans la meme rubrique|autres? actualites?.*"
    r"|articles? (?:lies|associes|similaires)|(?:toutes les |dernieres |nos )?actualites(?: recentes| liees)?"
    r"|partage[rz]?\b.*|suivez-nous.*|pour aller plus loin"
)


def read_article(html: str, address: str) -> Article:
    """Title, text as clean lines (headings among them), days, official links and files.

    Cards, share bars and lists of related pages are left out.
    """
    view = open_page(html, address)
    for card in view.having("fr-card", "fr-tile", "news-list-item"):
        if "fr-card--download" not in classes_of(card):
            card.extract()
    text = read_text(view, content_root(view))
    text = replace(text, blocks=[b for b in text.blocks if not any(map(_is_related, b.section))])
    text = _with_bare_day(view, text)
    files = {(file.label, file.name): file for block in text.blocks for file in block.files}
    return Article(
        title=view.heading() or _first_heading(text.blocks),
        body=clean_block("\n".join(_lines(text.blocks))),
        published=text.published,
        updated=text.updated,
        links=distinct(link for block in text.blocks for link in block.links),
        attachments=tuple(files.values()),
    )


def _is_related(heading: str) -> bool:
    return _RELATED.fullmatch(fold(heading)) is not None


def _with_bare_day(view: View, text: Text) -> Text:
    """A day that stands alone before the text dates it, as a `<time>` does."""
    if text.published or text.updated:
        return text
    for place, block in enumerate(text.blocks[:2]):
        if day := parse_day(block.text):
            return Text([*text.blocks[:place], *text.blocks[place + 1 :]], day)
    time = first(view.root, {"time"})
    day = parse_day(attribute(time, "datetime")[:10]) if time else None
    return replace(text, published=day)


def _first_heading(blocks: Sequence[Block]) -> str:
    return next((block.section[0] for block in blocks if block.section), "")


def _lines(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    path: tuple[str, ...] = ()
    for block in blocks:
        same = 0
        while same < min(len(path), len(block.section)) and path[same] == block.section[same]:
            same += 1
        new = block.section[same:]
        lines += [*new] if new[-1:] == (block.text,) else [*new, block.text]
        path = block.section
    return lines

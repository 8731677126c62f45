"""What can be told of a page at a glance: its title, its heading, the first words of its content."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from watcher.core.text import TITLE_LIMIT, clean, fold

THIN = 200  # visible characters under which a main region may be a mere message
LOOKED_AT = 16_384  # characters of the region that are looked at for words, if fewer tell nothing
_BARE = 1500  # as `THIN`, for a page without main region
_GLANCE = 4096
_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>([^<]{0,2000})", re.IGNORECASE)
_H1 = re.compile(r"<h1(?=[\s>])[^>]{0,500}>", re.IGNORECASE)
_H1_END = re.compile(r"</h1", re.IGNORECASE)
_MAIN = re.compile(r"<main(?=[\s/>])", re.IGNORECASE)
_BODY = re.compile(r"<body(?=[\s/>])", re.IGNORECASE)
_HIDDEN = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|(script|style|svg)(?=[\s>]).*?(?:</\1\s*>|\Z)|[^>]*(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen; `title`, `heading` and `words` are folded."""

    title: str
    heading: str
    words: str
    main: bool  # it has a main region
    full: bool  # there is more to read than a message would be; its words are not looked at
    part: str  # the markup looked at


def look(text: str) -> Look:
    """Look at a decoded page."""
    found = _MAIN.search(text, max(text.find("<main"), 0)) or _MAIN.search(text)
    start = found or _BODY.search(text)
    part = text[start.start() if start else 0 :][:LOOKED_AT]
    if found:
        part = part.split("</main", 1)[0]
    enough = THIN if found else _BARE
    words = _visible(part[:_GLANCE])
    if len(words) < enough:
        words = _visible(part)
    full = len(words) >= enough
    return Look(
        title=fold(page_title(text)),
        heading=_heading(part) or ("" if found else _heading(text)),
        words=fold(words[:THIN] if full else words),
        main=found is not None,
        full=full,
        part=part,
    )


def page_title(text: str) -> str:
    """What stands in the page's `<title>`; empty when it has none."""
    found = _TITLE.search(text, max(text.find("<title"), 0))
    return clean(html.unescape(found.group(1)), TITLE_LIMIT) if found else ""


def _heading(markup: str) -> str:
    """The folded text of the first h1."""
    opening = _H1.search(markup)
    closing = _H1_END.search(markup, opening.end(), opening.end() + 2000) if opening else None
    return fold(_visible(markup[opening.end() : closing.start()])) if opening and closing else ""


def _visible(markup: str) -> str:
    return html.unescape(" ".join(_HIDDEN.sub(" ", markup).split()))

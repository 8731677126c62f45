"""Characters that a document sent to readers may not carry, whatever a text went through before."""

from __future__ import annotations

import re

# One of them in one title would make XML writers refuse a whole feed, or let a text change how its
# neighbours are displayed. U+200D stays: it joins emoji.
_FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"  # surrogates, private use, no characters
    "\U000e0000-\U0010ffff"  # tags, private planes
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 14))
    + "]"
)
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def printable(text: str, limit: int | None = None) -> str:
    """`text` without what XML, JSON or a screen cannot carry; line breaks become ``\\n``.

    Longer than `limit` characters, it is cut at a word and ends with an ellipsis. Idempotent.
    """
    if limit is not None and len(text) > 2 * limit + 100:
        text = text[: 2 * limit + 100]
    clean = without_forbidden(text).strip()
    if limit is None or len(clean) <= limit:
        return clean
    head = clean[: limit - 1]
    words, space, _ = head.rpartition(" ")
    return (words if space and len(words) > limit // 2 else head).rstrip() + "…"


def one_line(text: str, limit: int | None = None) -> str:
    """`printable`, with every run of blanks as one space: for titles, labels and attributes."""
    if text.isprintable() and "  " not in text and len(text) <= (limit or len(text)) and text == text.strip():
        return text
    return printable(" ".join(printable(text, None if limit is None else 4 * limit).split()), limit)


def without_forbidden(text: str) -> str:
    """`printable` that keeps the blanks at both ends and any length."""
    return text if _harmless(text) else _FORBIDDEN.sub("", _BREAKS.sub("\n", text))


def _harmless(text: str) -> bool:
    """A quick look that spares most texts the slow one."""
    return text.replace("\n", " ").replace("\u00a0", " ").replace("\u202f", " ").isprintable()

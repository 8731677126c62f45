"""Markup that no parser should be given: it would cut such a page in silence, or take minutes over it."""

from __future__ import annotations

import re

MAX_DEPTH = 200
MAX_ELEMENTS = 50_000
CROWDED = 3 * MAX_ELEMENTS  # of "<": so many say by themselves that it is too much
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
_TAG_NAME = re.compile(rb"<(/?[a-zA-Z][a-zA-Z0-9:-]*)")


def oversize(part: bytes) -> str | None:
    """What is too much about a piece of markup, in French; `None` when it may be parsed. Linear."""
    if part.count(b"<") > CROWDED:
        return "trop d'éléments"
    if part.count(b"<") - part.count(b"</") <= MAX_DEPTH:  # so few can neither be too many nor lie too deep
        return None
    names = _TAG_NAME.findall(part)
    if len(names) > MAX_ELEMENTS and sum(name[:1] != b"/" for name in names) > MAX_ELEMENTS:
        return "trop d'éléments"
    return "éléments trop profondément imbriqués" if _too_deep(names) else None


def _too_deep(names: list[bytes]) -> bool:
    """An element that is never closed stays open, as in a careless parser; a stray end tag is nothing."""
    stack: list[bytes] = []
    for tag in names:
        name = tag.lower()
        if not name.startswith(b"/"):
            if name not in _VOID:
                stack.append(name)
                if len(stack) > MAX_DEPTH:
                    return True
        elif stack and stack[-1] == name[1:]:
            stack.pop()
        elif name[1:] in stack:
            while stack.pop() != name[1:]:
                pass
    return False

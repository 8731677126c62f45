"""A fingerprint of the markup that holds items, blind to how many there are and what each shows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from bs4.element import Tag

from watcher.layouts.tree import classes_of

_LEVELS = 8
# Names that only place or colour an element, and those that carry numbers, say nothing about a template.
_PLACING = re.compile(r".*\d.*|fr-(?:m|p|grid-row|container|icon|text|h|displayed|hidden|enlarge)\b.*|.{41,}")


def template(variant: str, containers: Iterable[Tag]) -> str:
    """Hash of how the page was read and of the commonest way from its root to an item; "" without items."""
    ways = Counter(map(_way, containers))
    if not ways:
        return ""
    most = max(ways.values())
    way = min(way for way, count in ways.items() if count == most)
    return f"{variant}:{hashlib.blake2b(way.encode(), digest_size=8).hexdigest()}"


def _way(tag: Tag) -> str:
    steps = [_step(tag)]
    for outer in tag.parents:
        if outer.name in ("body", "html") or len(steps) >= _LEVELS:
            break
        steps.append(_step(outer))
    return ">".join(reversed(steps))


def _step(tag: Tag) -> str:
    names = {name.split("--")[0] for name in classes_of(tag) if not _PLACING.fullmatch(name)}
    return ".".join((tag.name, *sorted(names)))

"""Where the words of reasons stand in a text. Linear in the text: both are met by strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from watcher.core.text import fold

LONGEST, MOST = 12, 100  # words of one reason that are looked for, and reasons
_WORD = re.compile(r"[^\W_]+")


class Mark(NamedTuple):
    """A piece of a text; the pieces joined are the text."""

    text: str
    marked: bool


def highlighted(text: str, words: Iterable[str]) -> tuple[Mark, ...]:
    """`text` in pieces; marked are the places where one of `words` stands, whatever its case and accents."""
    wanted = {key for reason in list(dict.fromkeys(words))[:MOST] if (key := _key(reason))}
    found = list(_WORD.finditer(text))
    keys = [fold(match.group()) for match in found]
    pieces: list[Mark] = []
    done = 0
    for first, last in _places(keys, wanted):
        start, end = found[first].start(), found[last].end()
        if start > done:
            pieces.append(Mark(text[done:start], marked=False))
        pieces.append(Mark(text[start:end], marked=True))
        done = end
    if done < len(text):
        pieces.append(Mark(text[done:], marked=False))
    return tuple(pieces)


def _key(reason: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(reason)[:LONGEST])


def _places(keys: list[str], wanted: set[tuple[str, ...]]) -> Iterable[tuple[int, int]]:
    """The numbers of the first and last word of each place, in order; overlapping ones are one."""
    lengths = sorted({len(key) for key in wanted}, reverse=True)
    start, end = 0, -1
    for number in range(len(keys)):
        rest = len(keys) - number
        length = next((n for n in lengths if n <= rest and tuple(keys[number : number + n]) in wanted), 0)
        if not length:
            continue
        if number > end and end >= start:
            yield start, end
        if number > end:
            start = number
        end = max(end, number + length - 1)
    if end >= start:
        yield start, end

"""What differs between two texts, word by word, in time that stays linear for long ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|\S+")
# The matcher is quadratic on repeated words; beyond this the middle is told as one replacement.
MOST_WORDS = 240
LITTLE_WORD = 3  # characters


class Part(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    part: Part
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces that rebuild `before` without the added ones and `after` without the removed ones."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [Piece(Part.SAME, "".join(old[:head]))]
    pieces += _middle(middle_old, middle_new)
    pieces.append(Piece(Part.SAME, "".join(old[len(old) - tail :])))
    return tuple(piece for piece in pieces if piece.text)


def _shared(one: list[str], other: list[str]) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _middle(old: list[str], new: list[str]) -> list[Piece]:
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return [Piece(Part.REMOVED, "".join(old)), Piece(Part.ADDED, "".join(new))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = [(t, "".join(old[i:j]), "".join(new[k:m])) for t, i, j, k, m in matcher.get_opcodes()]
    return list(_joined(found))


def _joined(found: Sequence[tuple[str, str, str]]) -> Iterator[Piece]:
    """Changes that only a little word parts are one change: nobody reads word by word."""
    removed, added = "", ""
    for tag, old, new in found:
        if tag == "equal" and len(old.strip()) > LITTLE_WORD:
            yield Piece(Part.REMOVED, removed)
            yield Piece(Part.ADDED, added)
            yield Piece(Part.SAME, old)
            removed, added = "", ""
        else:
            removed, added = removed + old, added + new
    yield Piece(Part.REMOVED, removed)
    yield Piece(Part.ADDED, added)

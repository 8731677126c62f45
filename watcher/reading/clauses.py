"""Cuts a text into sentences, and sentences into clauses that each make one statement."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """`start:end` in the text, the sentence around it, and whether it is the title."""

    start: int
    end: int
    sentence: tuple[int, int]
    title: bool


# A run of stops is looked at once, from its beginning: dotted leaders are long.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++(?=[\s\"')\]]|$)|\n")
_ABBREVIATED = re.compile(
    r"(?:^|[^a-z0-9])(?:[b-gi-z]|art|oct|sept|janv|fevr?|avr|juil|nov|dec|tel|mme|st|ste|cf|env|min|max|bd|av|ex)$"
)
_TURN = re.compile(r";|,? mais (?!aussi)| alors que | tandis que |, en revanche")
_SENTENCE_LIMIT = 1_500
LIMIT = 500
"""Clauses that are read: three times what the longest announcements have."""


def clauses(folded: str, title_end: int) -> list[Clause]:
    """The clauses of a text whose first `title_end` characters are its title, in order, up to the limit."""
    found: list[Clause] = []
    for start, end in _sentences(folded):
        if len(found) >= LIMIT:
            break
        title = start < title_end
        at = start
        for turn in _TURN.finditer(folded, start, end):
            if folded[at : turn.start()].strip():
                found.append(Clause(at, turn.start(), (start, end), title))
                at = turn.end()
        if folded[at:end].strip():
            found.append(Clause(at, end, (start, end), title))
    return found


def _sentences(folded: str) -> list[tuple[int, int]]:
    spans = []
    start = 0
    for stop in _STOP.finditer(folded):
        if stop.group() == "." and _ABBREVIATED.search(folded, max(start, stop.start() - 8), stop.start()):
            continue
        if folded[start : stop.end()].strip():
            spans.append((start, stop.end()))
        start = stop.end()
    if folded[start:].strip():
        spans.append((start, len(folded)))
    return [piece for span in spans for piece in _bounded(span)]


def _bounded(span: tuple[int, int]) -> list[tuple[int, int]]:
    """A run of words without any full stop is cut, so that no step works on more than a sentence's length."""
    start, end = span
    return [(at, min(at + _SENTENCE_LIMIT, end)) for at in range(start, end, _SENTENCE_LIMIT)]

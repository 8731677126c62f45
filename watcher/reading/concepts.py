"""Words of one sense: what lets a text be understood that says a thing in words nobody labelled yet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from watcher.reading.normalise import ENDINGS, stem
from watcher.reading.vocabulary import Concept

_SHORTEST = 2
_LONGEST = 30
"""Letters of a word that are looked at: French has none longer, hostile text has."""
_REMEMBERED = 20_000
"""Stems whose concepts are kept at hand: more than French needs, and hostile text cannot fill memory."""

_NONE: frozenset[str] = frozenset()


class Concepts:
    """Which concepts a word carries, by whole words and by beginnings of words."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._words: dict[str, set[str]] = {}
        self._beginnings: dict[str, set[str]] = {}
        for concept in concepts:
            for word in concept.words.split():
                if word.endswith("*"):
                    self._beginnings.setdefault(word[:-1], set()).add(concept.id)
                else:
                    self._words.setdefault(stem(word), set()).add(concept.id)
        self._known = lru_cache(_REMEMBERED)(self._find)

    def of(self, word: str) -> tuple[str, ...]:
        """The concepts of a stem, in the order of their ids."""
        return self._known(word[:_LONGEST])

    def _find(self, word: str) -> tuple[str, ...]:
        found = set(self._words.get(word, ()))
        for length in range(_SHORTEST, len(word) + 1):
            found |= self._beginnings.get(word[:length], _NONE)
        for ending in ENDINGS:  # a stem has lost its own: "remis" is met as "remi"
            found |= self._beginnings.get(word + ending, _NONE)
        return tuple(sorted(found))

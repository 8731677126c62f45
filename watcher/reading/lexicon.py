"""Finds the words of a vocabulary in a folded text, in one pass over its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from watcher.reading.concepts import Concepts
from watcher.reading.normalise import fold, stem
from watcher.reading.vocabulary import Motif, Vocabulary


class Kind(StrEnum):
    MOTIF = "motif"
    SERVICE = "service"
    CHANNEL = "channel"
    SUBJECT = "subject"
    ELSEWHERE = "elsewhere"  # what looks like the subject and is not
    HOUSE = "house"
    OPERATION = "operation"
    REGIME = "regime"
    STRONG = "strong"
    WEAK = "weak"


_NAMES = frozenset({Kind.MOTIF, Kind.SERVICE, Kind.CHANNEL})
"""Kinds that name one thing: the longer name wins ("passeport talent" is no passport)."""
_SUBJECTS = frozenset({Kind.SUBJECT, Kind.ELSEWHERE})
_CUES = frozenset({Kind.STRONG, Kind.WEAK})
_GROUPS = {kind: group for group in (_NAMES, _CUES, _SUBJECTS) for kind in group}


class Hit(NamedTuple):
    """A vocabulary entry found at `start:end` of the text. `sure` is false for words that need company."""

    start: int
    end: int
    kind: Kind
    id: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    id: str
    sure: bool = True


class _Node:
    __slots__ = ("entries", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.entries: list[_Entry] = []


_TOKEN = re.compile(r"[a-zœæ]+|[0-9]+|[.,;:!?\n()\[\]]")
_BARRIERS = frozenset(".,;:!?\n")
_SKIPPED = frozenset("()[]")
_EMPTY = frozenset(
    ["de", "d", "du", "des", "un", "une", "le", "la", "l", "les", "leur", "leurs", "son", "sa", "ses"]
)


@lru_cache(maxsize=20_000)
def stems(spelling: str) -> tuple[str, ...]:
    """The words of a spelling as they are compared."""
    return tuple(
        stem(token)
        for token in _TOKEN.findall(fold(spelling))
        if token not in _EMPTY and token not in _BARRIERS and token not in _SKIPPED
    )


class Word(NamedTuple):
    """A word at `start:end` of a folded text, and what of it is compared."""

    start: int
    end: int
    stem: str
    barred: bool  # punctuation stands before it


def words_of(folded: str) -> list[Word]:
    """The words of a text in order, without articles and the like."""
    words: list[Word] = []
    barred = False
    last = ""
    for match in _TOKEN.finditer(folded):
        piece = match[0]
        if piece in _BARRIERS:
            joined = piece == "." and (len(last) == 1 or folded[match.end() : match.end() + 1].isalnum())
            barred = barred or not joined
        elif piece not in _SKIPPED:
            last = piece
            if piece not in _EMPTY:
                words.append(Word(*match.span(), stem(piece), barred))
                barred = False
    return words


class Lexicon:
    """A vocabulary made ready to be found. Time is proportional to the text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._root = _Node()
        self._near: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._not_after: dict[str, frozenset[str]] = {}
        self._not_before: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.concepts = Concepts(vocabulary.concepts)
        self.common = frozenset(motif.id for motif in vocabulary.motifs if motif.common)
        self._permit = tuple(stems(word) for word in vocabulary.permit_words)
        for motif in vocabulary.motifs:
            self._add_motif(motif)
        for channel in vocabulary.channels:
            if channel.part_of is None:
                self._add(Kind.CHANNEL, channel.id, (*channel.names, *channel.hosts))
        for service in vocabulary.foreign_services:
            self._add(Kind.SERVICE, service.id, service.spellings)
        for operation in vocabulary.operations:
            self._add(Kind.OPERATION, operation.id, operation.spellings)
        for regime in vocabulary.regimes:
            self._add(Kind.REGIME, regime.id, regime.spellings)
        for category in vocabulary.categories:
            self._add(Kind.STRONG, category.id, category.strong)
            self._add(Kind.WEAK, category.id, category.weak)
        self._add(Kind.SUBJECT, "subject", vocabulary.subject.spellings)
        self._add(Kind.ELSEWHERE, "elsewhere", vocabulary.subject.elsewhere)
        self._add(Kind.HOUSE, "house", vocabulary.subject.house)

    def _add_motif(self, motif: Motif) -> None:
        self._add(Kind.MOTIF, motif.id, motif.spellings)
        self._add(Kind.MOTIF, motif.id, motif.weak, sure=False)
        self._near[motif.id] = tuple(stems(word) for word in motif.near) or self._permit
        self._not_after[motif.id] = frozenset(stem(fold(word)) for word in motif.not_after)
        self._not_before[motif.id] = tuple(stems(word) for word in motif.not_before)

    def _add(self, kind: Kind, name: str, spellings: Iterable[str], *, sure: bool = True) -> None:
        entry = _Entry(kind, name, sure)
        for spelling in spellings:
            node = self._root
            for word in stems(spelling):
                node = node.next.setdefault(word, _Node())
            node.entries.append(entry)

    def find(self, words: Sequence[Word], *, home: bool = False) -> list[Hit]:
        """All entries in a text, by position."""
        begins = self._root.next
        hits = [
            hit for first, word in enumerate(words) if word.stem in begins for hit in self._from(words, first)
        ]
        return self._companied(_outermost(hits), words, home=home)

    def _from(self, words: Sequence[Word], first: int) -> Iterable[Hit]:
        node = self._root
        for at in range(first, len(words)):
            word = words[at]
            following = node.next.get(word.stem)
            if following is None or (at > first and word.barred):
                return
            node = following
            for entry in node.entries:
                if entry.kind is not Kind.MOTIF or self._fits(entry.id, words, first, at):
                    yield Hit(words[first].start, word.end, entry.kind, entry.id, entry.sure)

    def _fits(self, motif: str, words: Sequence[Word], first: int, last: int) -> bool:
        if first and not words[first].barred and words[first - 1].stem in self._not_after[motif]:
            return False
        following = tuple(word.stem for word in words[last + 1 : last + 4])
        return not any(following[: len(bar)] == bar for bar in self._not_before[motif])

    def _companied(self, hits: list[Hit], words: Sequence[Word], *, home: bool) -> list[Hit]:
        """Without the weak words that have no company; on a page about permits, and in a list, they need none."""
        listed = any(hit.kind is Kind.MOTIF and hit.sure for hit in hits)
        return [hit for hit in hits if hit.sure or self._is_companied(hit, words, alone=home or listed)]

    def _is_companied(self, hit: Hit, words: Sequence[Word], *, alone: bool) -> bool:
        near = self._near[hit.id]
        return (alone and near is self._permit) or _in_company(words, near, hit)


def _in_company(words: Sequence[Word], near: Sequence[tuple[str, ...]], hit: Hit) -> bool:
    outside = [word.stem for word in words if not (hit.start <= word.start < hit.end)]
    present = set(outside)
    return any(
        company[0] in present
        and any(tuple(outside[i : i + len(company)]) == company for i in range(len(outside)))
        for company in near
    )


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Without the names that stand inside a longer name, and the cues inside a longer cue."""
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    holders = dict.fromkeys((_NAMES, _CUES, _SUBJECTS), (-1, -1))
    for hit in hits:
        if group := _GROUPS.get(hit.kind):
            span, held = (hit.start, hit.end), holders[group]
            if hit.end <= held[1] and span != held:
                continue
            if hit.end > held[1]:
                holders[group] = span
        if hit not in kept[-8:]:
            kept.append(hit)
    return kept

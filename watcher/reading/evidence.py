"""What a text shows: its words, and what the rules found in them. The ground of every learnt answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import sqrt
from typing import TypeAlias

from watcher.reading.channel_choice import channel_after, channel_before
from watcher.reading.joining import joins_anef
from watcher.reading.lexicon import Kind
from watcher.reading.model import Features
from watcher.reading.stance import Stance
from watcher.reading.statements import Passage, Statement
from watcher.reading.understanding import WEIGHED, Understood

Span: TypeAlias = tuple[int, int]

_SCALE = 2.0
_PREFIX = 5
"""Letters that the forms of a verb share: "déposer", "déposées", "dépôt" but for accents."""
_CUES = frozenset({Kind.STRONG, Kind.WEAK})
_NAMED = frozenset({Kind.MOTIF, Kind.SERVICE, Kind.CHANNEL})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Names of words, of their senses and of findings, each with where it first stands in the text."""

    words: dict[str, Span]
    senses: dict[str, Span]
    findings: dict[str, Span]

    def features(self) -> Features:
        """A long text counts no more than a short one, nor its words more than their senses or findings."""
        return {**evenly(self.words), **evenly(self.senses), **evenly(self.findings)}

    def where(self, name: str) -> Span:
        return self.words.get(name) or self.senses.get(name) or self.findings.get(name) or (0, 0)


def evenly(names: dict[str, Span] | list[str]) -> Features:
    """Every name alike, and all together as much as the names of any other text (Euclidean norm)."""
    return dict.fromkeys(names, _SCALE / sqrt(len(names) or 1))


def evidence_of(text: Understood) -> Evidence:
    """Everything that may speak for one answer or another."""
    scope = text.scope
    findings: dict[str, Span] = {}
    findings["scope:ours" if scope.ours else "scope:house" if scope.house else "scope:elsewhere"] = (0, 0)
    for statement, stance in zip(text.passage.statements, text.stances, strict=True):
        for name, span in _findings(statement, stance):
            findings.setdefault(name, span)
    title = next((s.clause.sentence[1] for s in reversed(text.passage.statements) if s.title), 0)
    return Evidence(_words(text.passage, title), _senses(text, title), findings)


def about(text: Understood, category: str) -> Features:
    """What is known besides when the first category is: it, and the channels that the rules then prefer."""
    after = channel_after(text.passage, text.stances, category)
    before = channel_before(text.passage, text.stances, category, after)
    return dict.fromkeys((f"about:{category}", f"after:{after}", f"before:{before}"), 1.0)


def _words(passage: Passage, title: int) -> dict[str, Span]:
    """Single words, their beginnings and pairs; those before the end of the title once more as such."""
    found: dict[str, Span] = {}
    words = passage.words[:WEIGHED]
    for word in words:
        stem, span = word.stem, (word.start, word.end)
        found.setdefault(stem, span)
        if len(stem) > _PREFIX:
            found.setdefault(f"{stem[:_PREFIX]}~", span)
        if word.start < title:
            found.setdefault(f"title {stem}", span)
    for one, other in pairwise(words):
        found.setdefault(f"{one.stem} {other.stem}", (one.start, other.end))
    return found


def _senses(text: Understood, title: int) -> dict[str, Span]:
    """Concepts; those of the title once more as such."""
    found: dict[str, Span] = {}
    for word, concepts in zip(text.passage.words, text.senses, strict=False):
        for concept in concepts:
            found.setdefault(f"sense {concept}", (word.start, word.end))
            if word.start < title:
                found.setdefault(f"title sense {concept}", (word.start, word.end))
    return found


def _findings(statement: Statement, stance: Stance) -> Iterator[tuple[str, Span]]:
    place = "title" if statement.title else "body"
    told = "news" if stance.news else "state"
    whole = (statement.clause.start, statement.clause.end)
    yield f"told:{told}", whole
    for mark in statement.marks:
        yield f"mark:{mark}", whole
        yield f"mark:{place}:{mark}", whole
    for hit in statement.hits:
        span = (hit.start, hit.end)
        for name in _names(hit.kind, hit.id, place, told):
            yield name, span
    for way in statement.ways:
        yield f"way:{way.channel}:{way.stand}", (way.at, way.at)
        yield f"way:{told}:{way.channel}:{way.stand}", (way.at, way.at)
    for dated in statement.dates:
        yield f"date:{dated.role}", (dated.mention.start, dated.mention.end)
    if joins_anef(statement, stance):
        yield "joins anef", whole


@cache
def _names(kind: Kind, id_: str, place: str, told: str) -> tuple[str, ...]:
    """Of a word of the vocabulary; there are few, and each is met often."""
    names = [f"{kind}"]
    if kind in _NAMED:
        names.append(f"{kind}:{id_}")
    if kind in _CUES:
        names += [f"cue:{kind}:{id_}", f"cue:{place}:{id_}", f"cue:{told}:{id_}"]
    return tuple(names)

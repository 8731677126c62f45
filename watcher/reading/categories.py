"""From statements to categories, most important first, each with what carries it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeAlias

from watcher.core.verdict import Reason
from watcher.reading.beside import beside
from watcher.reading.channels import Stand
from watcher.reading.joining import joins_anef, put_off, takes_its_place
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.markers import Mark
from watcher.reading.names import ANEF, CLOSURE, FILING, OTHER, RDV
from watcher.reading.settle import settle
from watcher.reading.stance import Stance
from watcher.reading.statements import Passage, Statement

_SAID = 1.2
"""Least score of a category that is worth naming."""
_JOINS = 3.2

Carried: TypeAlias = dict[str, tuple[float, str]]
"""Category → what its strongest statement gave it, and the words."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Categories with their scores, best first; `margin` 0..1 is how clearly the first one leads."""

    categories: tuple[str, ...]
    scores: dict[str, float]
    reasons: tuple[Reason, ...]
    margin: float


def rank(passage: Passage, stances: tuple[Stance, ...]) -> Ranking:
    """Weigh the cues of every statement, then settle what cues alone cannot."""
    scores: dict[str, float] = defaultdict(float)
    carried: Carried = {}
    bodies = 0
    before: tuple[Statement, Stance] | None = None
    for statement, stance in zip(passage.statements, stances, strict=True):
        place = 2.2 if statement.title else (1.2 if bodies == 0 else 0.8)
        bodies += not statement.title
        cues = _cues(passage, statement, stance)
        if before and (takes_its_place(*before, statement) or put_off(before[0], statement, stance)):
            cues.setdefault(ANEF, (_JOINS, passage.sentence(statement)[-80:]))
        before = (statement, stance)
        for category, (cue, words) in cues.items():
            gained = cue * place * _force(statement, stance)
            scores[category] += gained
            if gained > carried.get(category, (0.0, ""))[0]:
                carried[category] = (gained, words)
    settle(passage, stances, scores)
    return _ranking(passage, stances, scores, carried)


def _cues(passage: Passage, statement: Statement, stance: Stance) -> dict[str, tuple[float, str]]:
    """Category → strength of its best cue in a statement, a little more for company, and the words."""
    found: dict[str, tuple[float, str]] = {}
    for hit in statement.hits:
        strength = _strength(passage, statement, hit)
        if not strength:
            continue
        before, words = found.get(hit.id, (0.0, ""))
        if strength > before:
            words = passage.text[hit.start : hit.end]
        found[hit.id] = (min(3.0, max(before, strength) + (0.3 if before else 0.0)), words)
    shut = next(
        (_SCREENS[w.channel] for w in statement.ways if w.stand is Stand.CLOSED and w.channel in _SCREENS),
        None,
    )
    if CLOSURE in found and shut:
        found[shut] = max(found.get(shut, (0.0, "")), found.pop(CLOSURE))
    if joins_anef(statement, stance):
        found[ANEF] = (_JOINS, _anef_words(passage, statement))
    return found


def _strength(passage: Passage, statement: Statement, hit: Hit) -> float:
    if hit.kind not in {Kind.STRONG, Kind.WEAK}:
        return 0.0
    if hit.id == FILING and passage.folded[max(0, hit.start - 8) : hit.start].endswith(_PUT):
        return 0.0
    left = any(way.stand is Stand.CLOSED and hit.start <= way.at < hit.end for way in statement.ways)
    return (2.0 if hit.kind is Kind.STRONG else 1.0) * (0.4 if left else 1.0)


_PUT = ("mise ", "mises ", "mis ", "publie ", "publiee ")
"""What is put on line is published: no way to file."""
_SCREENS = {"rdv_en_ligne": RDV, "teleservice_autre": FILING, "demarche_numerique": FILING}
"""What "closes" without being a door, and what its closing is about."""


def _anef_words(passage: Passage, statement: Statement) -> str:
    way = next(way for way in statement.open_ways() if way.channel == "anef")
    return passage.text[statement.clause.start : min(way.at + 8, statement.clause.end)].strip()[-80:]


def _force(statement: Statement, stance: Stance) -> float:
    if statement.has(Mark.UNCHANGED, Mark.ALREADY):
        return 0.5
    if stance.news:
        return 1.5
    return 0.6 if statement.has(Mark.REMINDER, Mark.REPORT) and not statement.title else 1.0


def _ranking(
    passage: Passage, stances: tuple[Stance, ...], scores: dict[str, float], carried: Carried
) -> Ranking:
    ordered = sorted((category for category in scores if scores[category] >= _SAID), key=lambda c: -scores[c])
    if not ordered:
        return Ranking((OTHER,), {OTHER: 0.0}, (Reason("no category", ""),), 0.0)
    first = ordered[0]
    kept = (first, *beside(passage, stances, first, scores))
    second = scores[ordered[1]] if len(ordered) > 1 else 0.0
    reasons = tuple(Reason(category, carried.get(category, (0.0, ""))[1]) for category in kept)
    return Ranking(kept, dict(scores), reasons, (scores[first] - second) / scores[first])

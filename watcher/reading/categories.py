"""From statements to categories, most important first, each with what carries it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from watcher.core.verdict import Reason
from watcher.reading.channels import Stand
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.markers import Mark
from watcher.reading.names import ANEF, CLOSURE, FILING, OTHER, OUTAGE, RDV
from watcher.reading.settle import settle
from watcher.reading.stance import Stance
from watcher.reading.statements import Passage, Statement

_SAID = 1.2
"""Least score of a category that is worth naming."""
_BESIDE = 0.4
_BESIDE_PLAINLY = 0.15
"""Least share of the best score for a category to be named beside it; less when a statement is all about it."""
_PLAIN = 2.3


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
    carried: dict[str, tuple[float, str]] = {}
    bodies = 0
    for statement, stance in zip(passage.statements, stances, strict=True):
        place = 2.2 if statement.title else (1.2 if bodies == 0 else 0.8)
        bodies += not statement.title
        for category, (cue, words) in _cues(passage, statement, stance).items():
            gained = cue * place * _force(statement, stance)
            scores[category] += gained
            if gained > carried.get(category, (0.0, ""))[0]:
                carried[category] = (gained, words)
    settle(passage, stances, scores)
    return _ranking(scores, carried)


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
    if _joins_anef(statement, stance):
        found[ANEF] = (3.2, _anef_words(passage, statement))
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


def _joins_anef(statement: Statement, stance: Stance) -> bool:
    if OUTAGE in (*statement.ids(Kind.STRONG), *statement.ids(Kind.WEAK)):
        return False
    opened = any(way.channel == "anef" for way in statement.open_ways())
    return opened and stance.news and not statement.has(Mark.FALLBACK, Mark.UNCHANGED, Mark.HELP)


def _anef_words(passage: Passage, statement: Statement) -> str:
    way = next(way for way in statement.open_ways() if way.channel == "anef")
    return passage.text[statement.clause.start : min(way.at + 8, statement.clause.end)].strip()[-80:]


def _force(statement: Statement, stance: Stance) -> float:
    if statement.has(Mark.UNCHANGED, Mark.ALREADY):
        return 0.5
    if stance.news:
        return 1.5
    return 0.6 if statement.has(Mark.REMINDER, Mark.REPORT) and not statement.title else 1.0


def _plain(category: str, carried: dict[str, tuple[float, str]]) -> bool:
    """Words about filing stand in almost every text, and so say less than those of other categories."""
    return category != FILING and carried.get(category, (0.0, ""))[0] >= _PLAIN


def _ranking(scores: dict[str, float], carried: dict[str, tuple[float, str]]) -> Ranking:
    ordered = sorted((category for category in scores if scores[category] >= _SAID), key=lambda c: -scores[c])
    if not ordered:
        return Ranking((OTHER,), {OTHER: 0.0}, (Reason("no category", ""),), 0.0)
    best = scores[ordered[0]]
    named = [c for c in ordered if scores[c] >= (_BESIDE_PLAINLY if _plain(c, carried) else _BESIDE) * best]
    kept = (OTHER,) if named[0] == OTHER else tuple(category for category in named if category != OTHER)
    second = scores[ordered[1]] if len(ordered) > 1 else 0.0
    reasons = tuple(Reason(category, carried.get(category, (0.0, ""))[1]) for category in kept)
    return Ranking(kept, dict(scores), reasons, (best - second) / best)

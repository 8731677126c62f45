"""From statements to categories, most important first, each with what carries it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from watcher.core.verdict import Reason
from watcher.reading.channels import Stand
from watcher.reading.lexicon import Kind
from watcher.reading.markers import Mark
from watcher.reading.scope import Scope
from watcher.reading.stance import Stance, ruled
from watcher.reading.statements import Passage, Statement

ANEF, RDV, FILING, CLOSURE = "anef_integration", "rdv_modality", "filing_channel", "opening_hours_or_closure"
DOCUMENTS, DELAY, FEE, SCHEME = "documents_required", "processing_time", "fee", "special_scheme"
OUTAGE, FRAUD, NATURALISATION = "outage", "fraud_warning", "naturalisation"
OTHER, UNRELATED = "other_immigration", "unrelated"
CATEGORIES = (
    ANEF, RDV, FILING, CLOSURE, DOCUMENTS, DELAY, FEE, SCHEME, OUTAGE, FRAUD, NATURALISATION, OTHER, UNRELATED,
)  # fmt: skip

_SAID = 1.2
"""Least score of a category that is worth naming."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Categories with their scores, best first; `margin` 0..1 is how clearly the first one leads."""

    categories: tuple[str, ...]
    scores: dict[str, float]
    reasons: tuple[Reason, ...]
    margin: float


def rank(passage: Passage, stances: tuple[Stance, ...], scope: Scope) -> Ranking:
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
    _settle(passage, stances, scores, scope)
    return _ranking(scores, carried)


def _cues(passage: Passage, statement: Statement, stance: Stance) -> dict[str, tuple[float, str]]:
    """Category → strength of its best cue in a statement, a little more for company, and the words."""
    found: dict[str, tuple[float, str]] = {}
    for hit in statement.hits:
        if hit.kind not in {Kind.STRONG, Kind.WEAK}:
            continue
        strength = 2.0 if hit.kind is Kind.STRONG else 1.0
        if any(w.stand is Stand.CLOSED and hit.start <= w.at < hit.end for w in statement.ways):
            strength *= 0.4
        before, words = found.get(hit.id, (0.0, ""))
        if strength > before:
            words = passage.text[hit.start : hit.end]
        found[hit.id] = (min(3.0, max(before, strength) + (0.3 if before else 0.0)), words)
    if CLOSURE in found and any(w.channel == "rdv_en_ligne" and w.stand is Stand.CLOSED for w in statement.ways):
        found[RDV] = max(found.get(RDV, (0.0, "")), found.pop(CLOSURE))  # a booking module closes, not a door
    if _joins_anef(statement, stance):
        found[ANEF] = (3.2, _anef_words(passage, statement))
    return found


def _joins_anef(statement: Statement, stance: Stance) -> bool:
    opened = any(way.channel == "anef" for way in statement.open_ways())
    return opened and stance.news and not statement.has(Mark.FALLBACK, Mark.UNCHANGED, Mark.HELP)


def _anef_words(passage: Passage, statement: Statement) -> str:
    way = next(way for way in statement.open_ways() if way.channel == "anef")
    return passage.text[statement.clause.start : statement.clause.end][: way.at - statement.clause.start + 8].strip()[-80:]


def _force(statement: Statement, stance: Stance) -> float:
    if statement.has(Mark.UNCHANGED, Mark.ALREADY):
        return 0.5
    if stance.news:
        return 1.5
    return 0.6 if statement.has(Mark.REMINDER, Mark.REPORT) and not statement.title else 1.0


def _settle(passage: Passage, stances: tuple[Stance, ...], scores: dict[str, float], scope: Scope) -> None:
    """What outweighs what, when a text carries the cues of several categories."""
    titles = [statement for statement in passage.statements if statement.title]
    _weaken(passage, scores)
    if lead := _leading(titles):
        scores[lead] *= 1.25
    named = {hit.id for statement in titles for hit in statement.hits if hit.kind in {Kind.STRONG, Kind.WEAK}}
    marks = {mark for statement in passage.statements for mark in statement.marks}
    news = any(stance.news for stance in stances)
    if scores[ANEF]:
        scores[FILING] *= 0.35
        if NATURALISATION in named or scores[NATURALISATION] > scores[ANEF]:
            scores[ANEF] *= 0.4
    if scores[NATURALISATION] >= 2.0:
        for category in (FILING, RDV, ANEF, DELAY):
            if scores[category] < scores[NATURALISATION] * 1.9:
                scores[category] = min(scores[category], scores[NATURALISATION] * 0.8)
    if not news and any(hit.id == "anef" for s in passage.statements for hit in s.hits):
        scores[FILING] *= 0.4
    if _asks_by_form(passage):
        scores[FILING] *= 0.6
    _settle_doors(passage, stances, scores, named)
    _settle_scheme(passage, scores)
    _settle_fraud(scores, named)
    if OUTAGE in named and scores[OUTAGE]:
        scores[OUTAGE] += 2.0
    scores[OTHER] += _otherness(passage, stances, marks, named, news=news)


_NEEDS_PROOF = (DOCUMENTS, FEE, OUTAGE, DELAY, CLOSURE)


def _weaken(passage: Passage, scores: dict[str, float]) -> None:
    """Common words alone ("accueil", "euros", "attestation") are poor evidence of some categories."""
    proven = {hit.id for s in passage.statements for hit in s.hits if hit.kind is Kind.STRONG}
    for category in _NEEDS_PROOF:
        if category not in proven:
            scores[category] *= 0.55


def _leading(titles: list[Statement]) -> str | None:
    """What a title speaks of first is its topic."""
    hits = [hit for title in titles for hit in title.hits if hit.kind in {Kind.STRONG, Kind.WEAK}]
    return min(hits, key=lambda hit: (hit.start, hit.kind is Kind.WEAK)).id if hits else None


_ASKING = re.compile(r"(?:demandes?|prises?|prendre|pour les|pour un|obtenir|solliciter) (?:de |un |les )?(?:rendez-vous|rdv)")


def _asks_by_form(passage: Passage) -> bool:
    """A form by which an appointment is asked for is no way to file."""
    return any(
        _ASKING.search(statement.words) and any(way.channel == "demarche_numerique" for way in statement.open_ways())
        for statement in passage.statements
    )


def _settle_doors(
    passage: Passage, stances: tuple[Stance, ...], scores: dict[str, float], named: set[str]
) -> None:
    """A door that closes because appointments are now booked is about appointments; else about the door."""
    if not (scores[CLOSURE] and scores[RDV]):
        return
    booked = any(
        stance.news and any(way.channel in {"rdv_en_ligne", "demarche_numerique"} for way in statement.open_ways())
        for statement, stance in zip(passage.statements, stances, strict=True)
    )
    if booked and RDV in named:
        scores[CLOSURE] *= 0.7
    elif CLOSURE in named and not booked:
        scores[RDV] *= 0.7


def _settle_scheme(passage: Passage, scores: dict[str, float]) -> None:
    """A scheme comes first, unless its channel is replaced by another."""
    if not scores[SCHEME]:
        return
    replaced = any(
        way.stand is Stand.CLOSED for statement in passage.statements for way in statement.ways
    )
    exclusive = any(
        statement.has(Mark.EXCLUSIVE, Mark.CHANGE) and statement.open_ways() for statement in passage.statements
    )
    rivals = max(scores[FILING], scores[RDV])
    if scores[SCHEME] >= 2.0 and not (replaced and exclusive):
        scores[SCHEME] = max(scores[SCHEME], rivals * 1.1)
    elif scores[SCHEME] >= 2.0:
        scores[SCHEME] = min(scores[SCHEME], rivals * 0.9)


def _settle_fraud(scores: dict[str, float], named: set[str]) -> None:
    """Fraud is about appointments and fees, so that their words say nothing; a passing remark is no warning."""
    if FRAUD in named and scores[FRAUD] >= 4.0:
        scores[FRAUD] += 2.0
        scores[FEE] *= 0.2
        scores[RDV] *= 0.6
    elif scores[FRAUD] and FRAUD not in named:
        scores[FRAUD] *= 0.7


def short_of_slots(passage: Passage) -> bool:
    """Whether the title says that nothing can be booked: a complaint or a state, not a rule."""
    return any(statement.title and statement.has(Mark.SHORTAGE) for statement in passage.statements)


def _otherness(
    passage: Passage, stances: tuple[Stance, ...], marks: set[Mark], named: set[str], *, news: bool
) -> float:
    """How much a text is a ruling, a reminder, a queue report: immigration, but nothing to act on."""
    total = (7.0 if ruled(passage) else 0.0) + (4.0 if short_of_slots(passage) else 0.0)
    for statement, stance in zip(passage.statements, stances, strict=True):
        if statement.has(Mark.RULING) and not statement.has(Mark.ACTION):
            total += 2.0
        elif statement.has(Mark.REPORT) and not stance.news:
            total += 1.5
        if statement.has(Mark.HELP) and statement.title:
            total += 3.0
        elif statement.has(Mark.REMINDER):
            total += 2.4 if statement.title else 1.2
        if statement.has(Mark.SHORTAGE):
            total += 2.0
        if statement.has(Mark.PLANNED) and not stance.news:
            total += 2.0
        if not news and any(way.channel == "anef" for way in statement.open_ways()):
            total += 2.6 if statement.title else 1.6
    return total


def _ranking(scores: dict[str, float], carried: dict[str, tuple[float, str]]) -> Ranking:
    ordered = sorted((category for category in scores if scores[category] >= _SAID), key=lambda c: -scores[c])
    if not ordered:
        return Ranking((OTHER,), {OTHER: 0.0}, (Reason("no category", ""),), 0.0)
    best = scores[ordered[0]]
    kept = tuple(category for category in ordered if scores[category] >= 0.4 * best)
    if kept[0] == OTHER:
        kept = (OTHER,)
    kept = tuple(category for category in kept if category != OTHER) if kept[0] != OTHER else kept
    second = scores[ordered[1]] if len(ordered) > 1 else 0.0
    reasons = tuple(Reason(category, carried.get(category, (0.0, ""))[1]) for category in kept)
    return Ranking(kept, dict(scores), reasons, (best - second) / best)

"""What outweighs what, when a text carries the cues of several categories."""

from __future__ import annotations

import re
from typing import TypeAlias

from watcher.reading.channels import Stand
from watcher.reading.lexicon import Kind
from watcher.reading.markers import Mark
from watcher.reading.motifs import PAPERS
from watcher.reading.names import (
    ANEF,
    CLOSURE,
    DELAY,
    DOCUMENTS,
    FEE,
    FILING,
    FRAUD,
    NATURALISATION,
    OTHER,
    OUTAGE,
    RDV,
    SCHEME,
)
from watcher.reading.stance import Stance, ruled
from watcher.reading.statements import Passage, Statement

Scores: TypeAlias = dict[str, float]
"""Category → weight; absent ones weigh nothing (a defaultdict)."""


def settle(passage: Passage, stances: tuple[Stance, ...], scores: Scores) -> None:
    """Correct the scores in place, the general before the particular."""
    titles = [statement for statement in passage.statements if statement.title]
    named = {hit.id for statement in titles for hit in statement.hits if hit.kind in {Kind.STRONG, Kind.WEAK}}
    news = any(stance.news for stance in stances)
    _weaken(passage, scores)
    if lead := _leading(titles):
        scores[lead] *= 1.25
    _settle_delays(passage, scores, named)
    _settle_filing(passage, scores, news=news)
    _settle_nationality(passage, scores, named, news=news)
    _settle_doors(passage, stances, scores, named)
    _settle_scheme(passage, scores)
    _settle_fraud(passage, scores, named)
    if OUTAGE in named and scores[OUTAGE]:
        scores[OUTAGE] += 2.0
    scores[OTHER] += _otherness(passage, stances, news=news)


def _settle_filing(passage: Passage, scores: Scores, *, news: bool) -> None:
    """Words about filing belong to ANEF where something joins it, and to nobody where it is only recalled."""
    if scores[ANEF]:
        scores[FILING] *= 0.35
    elif not news and any(way.channel == "anef" for s in passage.statements for way in s.open_ways()):
        scores[FILING] *= 0.4
    if _asks_by_form(passage) or _only_books(passage):
        scores[FILING] *= 0.6


def _settle_nationality(passage: Passage, scores: Scores, named: set[str], *, news: bool) -> None:
    """Nationality outranks the channel by which it is asked for, and not what it costs."""
    if scores[ANEF] and (NATURALISATION in named or scores[NATURALISATION] > scores[ANEF]):
        scores[ANEF] *= 0.4
    if FEE not in named and not news:
        scores[FEE] *= 0.5
    if scores[FEE] >= 3.0 and news:
        scores[NATURALISATION] = min(scores[NATURALISATION], scores[FEE] * 0.9)
    if NATURALISATION not in named and _one_of_many(passage):
        scores[NATURALISATION] *= 0.5
    if scores[NATURALISATION] < 2.0:
        return
    for category in (FILING, RDV, ANEF, DELAY):
        if scores[category] < scores[NATURALISATION] * 1.9:
            scores[category] = min(scores[category], scores[NATURALISATION] * 0.8)


def _one_of_many(passage: Passage) -> bool:
    """Nationality is named in one breath with permits."""
    return any(
        any("naturalisation" in motif for motif in s.motifs) and set(s.motifs) - PAPERS
        for s in passage.statements
    )


_NEEDS_PROOF = (FILING, DOCUMENTS, FEE, OUTAGE, DELAY, CLOSURE, NATURALISATION)


def _weaken(passage: Passage, scores: Scores) -> None:
    """Common words alone ("accueil", "euros", "attestation") are poor evidence of some categories."""
    proven = {hit.id for s in passage.statements for hit in s.hits if hit.kind is Kind.STRONG}
    if any(w.channel in _FILES and not w.vague for s in passage.statements for w in s.open_ways()):
        proven.add(FILING)
    for category in _NEEDS_PROOF:
        if category not in proven:
            scores[category] *= 0.55


_FILES = frozenset({"courrier", "email", "demarche_numerique"})


def _settle_delays(passage: Passage, scores: Scores, named: set[str]) -> None:
    """Delays are a topic where they are told in figures, or said to grow or to shrink; else a mere word."""
    timed = [s for s in passage.statements if DELAY in (*s.ids(Kind.STRONG), *s.ids(Kind.WEAK))]
    if any(LASTS.search(s.words) for s in timed):
        scores[DELAY] += 2.0 if DELAY in named else 0.0
    elif not any(_GROWS.search(s.words) for s in passage.statements):
        scores[DELAY] *= 0.3


_GROWS = re.compile(r"\b(?:r?allong\w*|augment\w*|redui\w*|baiss\w*|diminu\w*|publi\w*|recours|atteign\w*)")
LASTS = re.compile(
    r"\b(?:\d+|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|plusieurs|une? dizaine de)"
    r"(?: (?:a|et|ou) (?:\d+|\w+))? (?:jours?|semaines?|mois|ans?)\b"
)
"""A length of time."""


def _leading(titles: list[Statement]) -> str | None:
    """What a title speaks of first is its topic."""
    hits = [hit for title in titles for hit in title.hits if hit.kind in {Kind.STRONG, Kind.WEAK}]
    return min(hits, key=lambda hit: (hit.start, hit.kind is Kind.WEAK)).id if hits else None


_ASKING = re.compile(
    r"(?:demandes?|prises?|prendre|pour les|pour un|obtenir|solliciter) (?:de |un |les )?(?:rendez-vous|rdv)"
)


def _asks_by_form(passage: Passage) -> bool:
    """A form by which an appointment is asked for is no way to file."""
    asked = any(s.title and _ASKING.search(s.words) for s in passage.statements)
    return any(
        (_ASKING.search(s.words) or (asked and "rendez-vous" in s.words))
        and any(way.channel == "demarche_numerique" for way in s.open_ways())
        for s in passage.statements
    )


def _only_books(passage: Passage) -> bool:
    """Appointments are booked on line, and no way to file is named: « en ligne » is said of the booking."""
    opened = {way.channel for s in passage.statements for way in s.open_ways()}
    return "rdv_en_ligne" in opened and opened <= {"rdv_en_ligne", "guichet_sur_rdv", "teleservice_autre"}


def _settle_doors(passage: Passage, stances: tuple[Stance, ...], scores: Scores, named: set[str]) -> None:
    """A door that closes because appointments are now booked is about appointments; else about the door."""
    if not (scores[CLOSURE] and scores[RDV]):
        return
    booked = any(
        stance.news
        and any(way.channel in {"rdv_en_ligne", "demarche_numerique"} for way in statement.open_ways())
        for statement, stance in zip(passage.statements, stances, strict=True)
    )
    if booked and RDV in named:
        scores[CLOSURE] *= 0.7
    elif CLOSURE in named and not booked:
        scores[RDV] *= 0.7


def _settle_scheme(passage: Passage, scores: Scores) -> None:
    """A scheme comes first, unless its channel is replaced by another."""
    if not scores[SCHEME]:
        return
    replaced = any(way.stand is Stand.CLOSED for statement in passage.statements for way in statement.ways)
    exclusive = any(
        statement.has(Mark.EXCLUSIVE, Mark.CHANGE) and statement.open_ways()
        for statement in passage.statements
    )
    rivals = max(scores[FILING], scores[RDV])
    if scores[SCHEME] >= 2.0 and not (replaced and exclusive) and not _one_ground_of_many(passage):
        scores[SCHEME] = max(scores[SCHEME], rivals * 1.1)
    elif scores[SCHEME] >= 2.0:
        scores[SCHEME] = min(scores[SCHEME], rivals * 0.9)


def _one_ground_of_many(passage: Passage) -> bool:
    """Whether a scheme is only ever named in a list of grounds."""
    told = [s for s in passage.statements if SCHEME in (*s.ids(Kind.STRONG), *s.ids(Kind.WEAK))]
    return bool(told) and all(len(set(s.motifs) - {"aes"}) > 1 for s in told)


def _settle_fraud(passage: Passage, scores: Scores, named: set[str]) -> None:
    """Fraud is about appointments and fees, so that their words say nothing; a passing remark is no warning."""
    told = sum(FRAUD in (*s.ids(Kind.STRONG), *s.ids(Kind.WEAK)) for s in passage.statements)
    if scores[FRAUD] >= 3.5 and (FRAUD in named or told > 2):
        scores[FRAUD] += 2.0
        scores[FEE] *= 0.2
        scores[RDV] *= 0.6
    elif scores[FRAUD] and FRAUD not in named:
        scores[FRAUD] *= 0.7


def short_of_slots(passage: Passage) -> bool:
    """Whether the title says that nothing can be booked: a complaint or a state, not a rule."""
    return any(statement.title and statement.has(Mark.SHORTAGE) for statement in passage.statements)


def _otherness(passage: Passage, stances: tuple[Stance, ...], *, news: bool) -> float:
    """How much a text is a ruling, a reminder, a queue report: immigration, but nothing to act on."""
    total = (7.0 if ruled(passage) else 0.0) + (4.0 if short_of_slots(passage) else 0.0)
    for statement, stance in zip(passage.statements, stances, strict=True):
        total += _reported(statement, stance) + _recalled(statement)
        if not news and any(way.channel == "anef" for way in statement.open_ways()):
            total += 2.6 if statement.title else 1.6
    return total


def _reported(statement: Statement, stance: Stance) -> float:
    if statement.has(Mark.RULING) and not statement.has(Mark.ACTION):
        return 2.0
    told = statement.has(Mark.REPORT, Mark.PLANNED) and not stance.news
    return (1.5 if statement.has(Mark.REPORT) else 2.0) if told else 0.0


def _recalled(statement: Statement) -> float:
    if statement.has(Mark.HELP) and statement.title:
        return 3.0
    if statement.has(Mark.EVENT):
        return 4.0 if statement.title else 1.0
    recalled = (2.4 if statement.title else 1.2) if statement.has(Mark.REMINDER) else 0.0
    return recalled + (2.0 if statement.has(Mark.SHORTAGE) else 0.0)

"""From what a text shows to what it says: the learnt answers, one question after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core.verdict import PartialDate, Reason
from watcher.reading.evidence import Evidence, about, evidence_of
from watcher.reading.grounds import Ground, grounds_of
from watcher.reading.model import Joint, Logits, Model
from watcher.reading.moments import Moment, moments_of
from watcher.reading.names import ANEF, UNRELATED
from watcher.reading.normalise import fold
from watcher.reading.statements import Passage
from watcher.reading.understanding import Understood

YES = "yes"
NO_CHANNEL = "none"
_EVEN = 0.5
_GROUND = 0.45
_WORTH_NAMING = 0.3
"""Chance from which a category is named beside the first one: to miss one is as bad as to add one."""
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """The answers; `sure` and `change` are probabilities."""

    categories: tuple[str, ...]
    sure: float  # of the first category
    change: float  # that anything changes
    reasons: tuple[Reason, ...]
    motifs: tuple[str, ...] = ()
    channel_before: str | None = None
    channel_after: str | None = None
    effective_from: PartialDate | None = None
    effective_to: PartialDate | None = None

    @property
    def told(self) -> bool:
        """Whether the text tells of a change, rather than not."""
        return self.change > _EVEN


def weigh(text: Understood, model: Model) -> Weighed:
    """Answer every question; each later one knows the answers before it."""
    evidence = evidence_of(text)
    known = model.text.known(evidence.features())
    alone = model.text.logits(known)
    shares = model.text.shares("category", alone)
    if text.at_home:
        shares.pop(UNRELATED)
    first = _likeliest(shares)
    logits = model.text.logits(model.text.known(about(text, first)), alone)
    change = 0.0 if first == UNRELATED else model.text.chances("change", logits)[YES]
    if first == ANEF and change <= _EVEN:  # what only recalls ANEF joins nothing to it
        first = _likeliest({category: share for category, share in shares.items() if category != ANEF})
        logits = model.text.logits(model.text.known(about(text, first)), alone)
    reasons = tuple(_reasons(text.passage, evidence, model.text.speakers("category", known, first), first))
    if first == UNRELATED:
        return Weighed((first,), shares[first], change, (*_elsewhere(text), *reasons))
    return _detailed(Weighed((first,), shares[first], change, reasons), text, evidence, logits, model)


def _elsewhere(text: Understood) -> tuple[Reason, ...]:
    scope = text.scope
    if scope.foreign:
        return (Reason(f"service:{scope.foreign[0]}", scope.words),)
    return () if scope.related else (Reason("no word of ours", ""),)


def _detailed(said: Weighed, text: Understood, evidence: Evidence, logits: Logits, model: Model) -> Weighed:
    """What is ours: for whom, from when, by which channel."""
    first = said.categories[0]
    grounds = grounds_of(text, evidence, first, change=said.told)
    moments = moments_of(text, first, change=said.told)
    dates = [model.dates.logits(model.dates.known(moment.features)) for moment in moments]
    start = _best(moments, [model.dates.chances("start", one)[YES] for one in dates])
    ends = [model.dates.chances("end", one)[YES] for one in dates]
    later = [(m, chance) for m, chance in zip(moments, ends, strict=True) if not start or m.value >= start]
    return replace(
        said,
        categories=(first, *_beside(model.text.chances("also", logits), said)),
        motifs=tuple(g.id for g in grounds if _is_meant(g, model.ground)),
        channel_before=_channel(model.text.shares("before", logits)),
        channel_after=_channel(model.text.shares("after", logits)),
        effective_from=start,
        effective_to=_best([m for m, _ in later], [chance for _, chance in later]),
    )


def _is_meant(ground: Ground, model: Joint) -> bool:
    return model.chances("ground", model.logits(model.known(ground.features)))[YES] > _GROUND


def _likeliest(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda outcome: shares[outcome])


def _beside(chances: Mapping[str, float], said: Weighed) -> list[str]:
    barred = {said.categories[0], *(() if said.told else (ANEF,))}
    named = [c for c, chance in chances.items() if chance > _WORTH_NAMING and c not in barred]
    return sorted(named, key=lambda category: -chances[category])


def _channel(shares: Mapping[str, float]) -> str | None:
    best = _likeliest(shares)
    return None if best == NO_CHANNEL else best


def _best(moments: Sequence[Moment], chances: Sequence[float]) -> PartialDate | None:
    """The likeliest date, if it is likelier than not."""
    pairs = zip(chances, moments, strict=True)
    chance, moment = max(pairs, key=lambda pair: pair[0], default=(0.0, None))
    return moment.value if moment and chance > _EVEN else None


def _reasons(passage: Passage, evidence: Evidence, speakers: Iterator[str], category: str) -> list[Reason]:
    """The words that speak most for a category, each place of the text and each word once."""
    found: dict[str, Reason] = {}
    taken: list[tuple[int, int]] = []
    for name in speakers:
        start, end = evidence.where(name)
        if start == end or any(start < other[1] and other[0] < end for other in taken):
            continue
        taken.append((start, end))
        words = " ".join(passage.text[start:end].split())[:80]
        found.setdefault(fold(words), Reason(category, words))
        if len(found) == _REASONS:
            break
    return list(found.values())

"""How sure the reading is, and so where it goes."""

from __future__ import annotations

from watcher.core.verdict import Certainty, Route, Verdict
from watcher.reading.categories import Ranking
from watcher.reading.compare import Difference
from watcher.reading.names import OTHER, UNRELATED
from watcher.reading.stance import Stance
from watcher.reading.vocabulary import Vocabulary

_DOUBT = 0.06
"""What a reminder, a plan or a report beside the news takes away."""


def confidence_of(ranking: Ranking, stances: tuple[Stance, ...], *, news: bool) -> float:
    """0..1: how clearly the first category leads, and how plainly the text announces or describes."""
    first = ranking.categories[0]
    lead = min(1.0, ranking.margin * 1.6)
    body = min(1.0, ranking.scores.get(first, 0.0) / 7.0)
    strongest = max((stance.weight for stance in stances), default=0.0)
    doubtful = news and any(_hesitant(stance) for stance in stances)
    plain = min(1.0, strongest / 4.0) if news else max(0.0, 0.6 - strongest / 4.0)
    sure = 0.35 + 0.3 * lead + 0.2 * body + 0.15 * plain - (_DOUBT if doubtful else 0.0)
    return round(min(0.99, sure), 2)


def _hesitant(stance: Stance) -> bool:
    """News that is recalled or planned, or anything that others report."""
    return stance.certainty is Certainty.REPORTED or (
        stance.news and stance.certainty is not Certainty.ANNOUNCED
    )


def edit_confidence(read: Verdict, changed: Difference, *, told: bool) -> float:
    """An edit is sure when what its new words say and what differs agree, or when a link was replaced."""
    if told:
        agree = read.categories[0] in changed.categories
        return min(0.95, read.confidence + 0.05) if agree else min(read.confidence, 0.7)
    plain = changed.reasons[0].rule in _PLAIN or read.categories[0] == changed.categories[0]
    return 0.85 if plain and len(changed.categories) == 1 else 0.65


_PLAIN = frozenset({"booking link", "channel replaced", "ground added", "delay", "amount", "procedure link"})


def route_of(category: str, confidence: float, vocabulary: Vocabulary, *, is_change: bool) -> Route:
    """Publish what is sure and new; people look at the rest; what is not ours disappears."""
    if category == UNRELATED:
        return Route.MUTE
    known = vocabulary.category(category)
    if category != OTHER and is_change and known and confidence >= known.threshold:
        return Route.PUBLISH
    return Route.REVIEW

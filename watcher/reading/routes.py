"""How sure the reading is, and so where it goes."""

from __future__ import annotations

from watcher.core.verdict import Route, Verdict
from watcher.reading.compare import Difference
from watcher.reading.names import OTHER, UNRELATED
from watcher.reading.understanding import Understood
from watcher.reading.vocabulary import Vocabulary
from watcher.reading.weighing import Weighed

_SURELY_ELSEWHERE = 0.6
_MOST = 0.99
_UNNAMED = 0.7
"""Most that can be said of a text that names nothing of ours: its words alone are no proof."""


def confidence_of(said: Weighed, text: Understood) -> float:
    """0..1: how likely the first category is right, and with it that something changes or that nothing does."""
    if said.categories[0] == UNRELATED:
        return round(said.sure, 2)
    sure = said.sure * max(said.change, 1 - said.change)
    ours = text.at_home or text.scope.related
    return round(min(sure, _MOST if ours else _UNNAMED), 2)


def edit_confidence(read: Verdict, changed: Difference, *, told: bool) -> float:
    """An edit is sure when what its new words say and what differs agree, or when a link was replaced."""
    plain = changed.reasons[0].rule in _PLAIN
    agree = read.categories[0] in changed.categories
    if told and not agree:
        return min(read.confidence, 0.7)
    if told:
        return min(0.95, max(read.confidence + 0.05, _REPLACED if plain else 0.0))
    single = len(changed.categories) == 1
    return _REPLACED if single and (plain or read.categories[0] == changed.categories[0]) else 0.65


_REPLACED = 0.85
"""What plainly differs is a change, whatever the words around it."""
_PLAIN = frozenset({"booking link", "channel replaced", "ground added", "delay", "amount", "procedure link"})


def route_of(category: str, confidence: float, vocabulary: Vocabulary, *, is_change: bool) -> Route:
    """Publish what is sure and new; people look at the rest; what is surely not ours disappears."""
    if category == UNRELATED:
        return Route.MUTE if confidence >= _SURELY_ELSEWHERE else Route.REVIEW
    known = vocabulary.category(category)
    if category != OTHER and is_change and known and confidence >= known.threshold:
        return Route.PUBLISH
    return Route.REVIEW

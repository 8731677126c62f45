"""The words by which an alert is found, and the words that somebody looks for: made alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.core.alerts import Alert
from watcher.core.text import fold

# Bounds of what a database indexes: PostgreSQL holds neither longer lexemes nor a megabyte of them.
WORD, WORDS = 60, 2000

_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)'(?=\w)")
_WORD = re.compile(r"[^\W_]+")


def terms(text: str) -> tuple[str, ...]:
    """The words of `text`, each once: without case, accents, ligatures, elided articles and signs.

    Each is letters and digits alone, so that no query language reads anything else in it.
    """
    words = _WORD.findall(_ELIDED.sub("", fold(text)))
    return tuple(dict.fromkeys(word[:WORD] for word in words))


def findable(alert: Alert) -> tuple[str, ...]:
    """The words of everything that an alert says of its announcement."""
    sentences = (fact.sentence for fact in alert.verdict.facts)
    texts = (alert.title, alert.summary, alert.before, *sentences)
    return tuple(dict.fromkeys(word for text in texts for word in terms(text)))[:WORDS]


def says(words: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether each of the `wanted` begins one of the `words`."""
    known = tuple(words)
    return all(any(word.startswith(term) for word in known) for term in wanted)

"""A text as the rules understand it, before anything is weighed."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.core.verdict import Notice
from watcher.reading.dates import Published
from watcher.reading.lexicon import Lexicon
from watcher.reading.scope import Scope, scope_of
from watcher.reading.stance import Stance, stances_of
from watcher.reading.statements import Passage, passage

WEIGHED = 400
"""Words of a text that are weighed: what follows adds nothing to what a notice is about."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Statements, what each one announces (in the same order), and whether any of it is ours."""

    passage: Passage
    stances: tuple[Stance, ...]
    scope: Scope
    home: bool  # it stands on a page about residence permits
    senses: tuple[tuple[str, ...], ...]  # the concepts of each of the first words

    @property
    def at_home(self) -> bool:
        """Whether the place alone makes it ours: no other service is named there instead."""
        return self.home and (self.scope.related or not self.scope.foreign)


def understand(notice: Notice, body: str, lexicon: Lexicon) -> Understood:
    """Read a notice's title with `body`, which may be a part of its own."""
    text = passage_of(notice, body, lexicon)
    senses = tuple(lexicon.concepts.of(word.stem) for word in text.words[:WEIGHED])
    return Understood(text, stances_of(text), scope_of(text), notice.foreigners_page, senses)


def passage_of(notice: Notice, body: str, lexicon: Lexicon) -> Passage:
    return passage(notice.title, body, published(notice), lexicon, home=notice.foreigners_page)


def published(notice: Notice) -> Published:
    return Published(notice.published.isoformat() if notice.published else notice.published_as)

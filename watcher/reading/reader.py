"""The reader: a notice in, a verdict out."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from watcher.core.swaps import unlabelled
from watcher.core.verdict import Fact, Notice, Reason, Route, Verdict
from watcher.reading.compare import (
    Difference,
    Links,
    difference,
    fresh_lines,
    has_title,
    links_between,
    merely_pointed,
)
from watcher.reading.facts import facts, swapped
from watcher.reading.lexicon import Lexicon
from watcher.reading.model import Model
from watcher.reading.names import OTHER, UNRELATED
from watcher.reading.routes import confidence_of, edit_confidence, route_of
from watcher.reading.scope import town_of
from watcher.reading.stance import Stance
from watcher.reading.statements import Passage
from watcher.reading.understanding import Understood, passage_of, understand
from watcher.reading.vocabulary import Vocabulary
from watcher.reading.weighing import Weighed, weigh

_NOTHING = 0.3
_ADDED = 0.85
"""A section that appears on a page about permits is news, even if it reads as a description."""


class FrenchReader:
    """Reads French announcements with a vocabulary, which is made ready at the first reading."""

    def __init__(self, vocabulary: Vocabulary, model: Model) -> None:
        self._vocabulary = vocabulary
        self._model = model

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._vocabulary)

    def read(self, notice: Notice) -> Verdict:
        """Understand a text; for an edit, what of it is new."""
        if notice.before is not None:
            return self._edited(notice, notice.before)
        text = understand(notice, notice.body, self._lexicon)
        said = weigh(text, self._model)
        return self._verdict(text, _appeared(notice, said) if notice.foreigners_page else said)

    def _passage(self, notice: Notice, body: str) -> Passage:
        return passage_of(notice, body, self._lexicon)

    def _verdict(self, text: Understood, said: Weighed) -> Verdict:
        first = said.categories[0]
        sure = confidence_of(said, text)
        return Verdict(
            categories=said.categories,
            is_change=said.told,
            confidence=sure,
            route=route_of(first, sure, self._vocabulary, is_change=said.told),
            facts=facts(text.passage, text.stances, first, news=said.told),
            motifs=said.motifs,
            channel_before=said.channel_before,
            channel_after=said.channel_after,
            effective_from=said.effective_from,
            effective_to=said.effective_to,
            reasons=(*said.reasons, *_why(text.stances)),
        )

    def _edited(self, notice: Notice, before: str) -> Verdict:
        links = links_between(notice.links_before, notice.links)
        old, new = self._sides(notice, before)
        fresh, lost = fresh_lines(notice.body, before), fresh_lines(before, f"{notice.title}\n{notice.body}")
        if not (fresh.strip() or lost.strip() or links):
            texts = (notice.body, f"{notice.title}\n{notice.body}")
            pointed = any(merely_pointed(text, before) for text in texts)
            return _called_otherwise() if pointed else _nothing_new()
        place = self._passage(notice, notice.differs)
        changed = difference(old, new, links, place)
        text = understand(notice, fresh or lost, self._lexicon)
        read = self._verdict(text, weigh(text, self._model))
        if read.categories[0] == UNRELATED and not links:
            return read
        if not changed.categories:
            same = unlabelled(fresh, notice.links) == unlabelled(lost, notice.links_before)
            return _called_otherwise() if same else _nothing_new()
        merged = self._merged(read, changed, added=bool(fresh.strip()))
        said = merged.facts if fresh.strip() or not links else ()
        return replace(
            merged, facts=said or ((self._swapped(notice, place, changed, links),) if links else ())
        )

    def _swapped(self, notice: Notice, place: Passage, changed: Difference, links: Links) -> Fact:
        fact = swapped(place, changed, links)
        page = self._passage(replace(notice, title=""), notice.page)
        return fact if fact.territory else replace(fact, territory=town_of(page))

    def _sides(self, notice: Notice, before: str) -> tuple[Passage, Passage]:
        """Both versions: sections stand under one heading, articles bring their own title or none at all."""
        if notice.foreigners_page:
            return self._passage(notice, before), self._passage(notice, notice.body)
        bare = replace(notice, title="")
        body = f"{notice.title}\n{notice.body}" if has_title(before, notice.title) else notice.body
        return self._passage(bare, before), self._passage(bare, body)

    def _merged(self, read: Verdict, changed: Difference, *, added: bool) -> Verdict:
        """What differs says that it is a change and of what; what is new in the text says the rest."""
        told = added and read.is_change
        first = read.categories if told else changed.categories
        named = tuple(dict.fromkeys((*first, *changed.categories)))
        sure = edit_confidence(read, changed, told=told)
        return replace(
            read,
            categories=named,
            is_change=True,
            confidence=sure,
            route=route_of(named[0], sure, self._vocabulary, is_change=True),
            motifs=read.motifs if told and read.motifs else changed.motifs,
            channel_before=(read.channel_before if told else None) or changed.channel_before,
            channel_after=(read.channel_after if told else None) or changed.channel_after,
            reasons=(*changed.reasons, *read.reasons),
        )


def _appeared(notice: Notice, said: Weighed) -> Weighed:
    """A new section of a page about permits: where it tells how to file or to come, that is a change."""
    tells = said.channel_after or notice.links
    if said.told or said.categories[0] in {OTHER, UNRELATED} or not tells:
        return said
    return replace(said, change=_ADDED, reasons=(Reason("new section", notice.title), *said.reasons))


def _why(stances: tuple[Stance, ...]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for stance in stances for reason in stance.reasons))[:8]


def _called_otherwise() -> Verdict:
    """The same places under other words, or the same words: nobody asked to hear of that."""
    return replace(_nothing_new(), confidence=_ADDED, route=Route.MUTE, reasons=(Reason("label", ""),))


def _nothing_new() -> Verdict:
    return Verdict(
        categories=(OTHER,),
        is_change=False,
        confidence=_NOTHING,
        route=Route.REVIEW,
        reasons=(Reason("no fact differs", ""),),
    )

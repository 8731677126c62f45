"""The reader: a notice in, a verdict out."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from watcher.core.verdict import Certainty, Notice, Reason, Route, Verdict
from watcher.reading.categories import Ranking, rank
from watcher.reading.channel_choice import channel_after, channel_before
from watcher.reading.compare import Difference, difference, fresh_lines, has_title, links_between
from watcher.reading.dates import Published
from watcher.reading.effects import effective
from watcher.reading.facts import facts, motifs
from watcher.reading.lexicon import Kind, Lexicon
from watcher.reading.markers import Mark
from watcher.reading.names import OTHER, UNRELATED
from watcher.reading.routes import confidence_of, edit_confidence, route_of
from watcher.reading.scope import Scope, scope_of
from watcher.reading.settle import short_of_slots
from watcher.reading.stance import Stance, stances_of
from watcher.reading.statements import Passage, passage
from watcher.reading.vocabulary import Vocabulary

_NOTHING = 0.3
_ADDED = 0.78
"""A section that appears on a page about permits is news, even if it reads as a description."""


class FrenchReader:
    """Reads French announcements with a vocabulary, which is made ready at the first reading."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._vocabulary)

    def read(self, notice: Notice) -> Verdict:
        """Understand a text; for an edit, what of it is new."""
        if notice.before is not None:
            return self._edited(notice, notice.before)
        verdict = self._understood(notice, notice.body)
        return self._appeared(notice, verdict) if notice.foreigners_page else verdict

    def _passage(self, notice: Notice, body: str) -> Passage:
        return passage(notice.title, body, _published(notice), self._lexicon, home=notice.foreigners_page)

    def _understood(self, notice: Notice, body: str) -> Verdict:
        text = self._passage(notice, body)
        scope = scope_of(text)
        if not scope.related and (scope.foreign or not notice.foreigners_page):
            return _unrelated(text, scope)
        stances = stances_of(text)
        return self._verdict(text, stances, rank(text, stances))

    def _verdict(self, text: Passage, stances: tuple[Stance, ...], ranking: Ranking) -> Verdict:
        first = ranking.categories[0]
        news = _is_news(text, stances, first)
        sure = confidence_of(ranking, stances, news=news)
        after = channel_after(text, stances, first)
        start, end = effective(text, stances, first, after)
        return Verdict(
            categories=ranking.categories,
            is_change=news,
            confidence=sure,
            route=route_of(first, sure, self._vocabulary, is_change=news),
            facts=facts(text, stances, first, news=news),
            motifs=motifs(text, first, news=news),
            channel_before=channel_before(text, stances, first, after),
            channel_after=after,
            effective_from=start,
            effective_to=end,
            reasons=(*ranking.reasons, *_why(stances)),
        )

    def _appeared(self, notice: Notice, verdict: Verdict) -> Verdict:
        """A new section of a page about permits: where it tells how to file or to come, that is a change."""
        tells = verdict.channel_after or notice.links
        if verdict.is_change or verdict.categories[0] in {OTHER, UNRELATED} or not tells:
            return verdict
        sure = min(verdict.confidence, _ADDED)
        route = route_of(verdict.categories[0], sure, self._vocabulary, is_change=True)
        reasons = (Reason("new section", notice.title), *verdict.reasons)
        return replace(verdict, is_change=True, confidence=sure, route=route, reasons=reasons)

    def _edited(self, notice: Notice, before: str) -> Verdict:
        links = links_between(notice.links_before, notice.links)
        old, new = self._sides(notice, before)
        fresh, lost = fresh_lines(notice.body, before), fresh_lines(before, f"{notice.title}\n{notice.body}")
        if not (fresh.strip() or lost.strip() or links.come or links.gone):
            return _nothing_new()
        changed = difference(old, new, links)
        read = self._understood(notice, fresh or lost)
        if read.categories[0] == UNRELATED and not (links.come or links.gone):
            return read
        if not changed.categories:
            return _nothing_new()
        return self._merged(read, changed, added=bool(fresh.strip()))

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


def _is_news(text: Passage, stances: tuple[Stance, ...], category: str) -> bool:
    if category == UNRELATED or short_of_slots(text):
        return False
    if category == OTHER:
        return _changes_a_paper(text, stances)
    titled = any(s.title and s.has(Mark.REMINDER) for s in text.statements)
    told = [stance for stance in stances if stance.news]
    if any(reason.rule == "stale date" for stance in stances for reason in stance.reasons):
        return any(stance.certainty is Certainty.ANNOUNCED and stance.weight >= 3 for stance in told)
    if titled:
        return any(stance.weight >= 4 for stance in told)
    return bool(told)


def _changes_a_paper(text: Passage, stances: tuple[Stance, ...]) -> bool:
    """A plain change of a permit or a receipt that no category is for."""
    if any(statement.has(*_TOLD_OTHERWISE) for statement in text.statements):
        return False
    pairs = zip(text.statements, stances, strict=True)
    return any(stance.news and s.has(Mark.CHANGE) and s.motifs and not s.ways for s, stance in pairs)


_TOLD_OTHERWISE = (
    *(Mark.REMINDER, Mark.RULING, Mark.REPORT, Mark.PLANNED, Mark.UNCHANGED, Mark.SHORTAGE),
    *(Mark.HELP, Mark.EVENT, Mark.FALLBACK),
)


def _why(stances: tuple[Stance, ...]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for stance in stances for reason in stance.reasons))[:8]


def _unrelated(text: Passage, scope: Scope) -> Verdict:
    rule = f"service:{scope.foreign[0]}" if scope.foreign else "no word of ours"
    near = any(statement.ids(Kind.STRONG) for statement in text.statements)
    sure = 0.97 if scope.foreign else 0.8 if near else 0.93
    return Verdict(
        categories=(UNRELATED,),
        is_change=False,
        confidence=sure,
        route=Route.MUTE,
        reasons=(Reason(rule, scope.words),),
    )


def _nothing_new() -> Verdict:
    return Verdict(
        categories=(OTHER,),
        is_change=False,
        confidence=_NOTHING,
        route=Route.REVIEW,
        reasons=(Reason("no fact differs", ""),),
    )


def _published(notice: Notice) -> Published:
    return Published(notice.published.isoformat() if notice.published else notice.published_as)

"""The reader: a notice in, a verdict out."""

from __future__ import annotations

from functools import cached_property

from watcher.core.verdict import Certainty, Notice, Reason, Verdict
from watcher.reading.categories import OTHER, UNRELATED, Ranking, rank, short_of_slots
from watcher.reading.dates import Published
from watcher.reading.facts import channel_after, channel_before, effective, facts, motifs
from watcher.reading.lexicon import Lexicon
from watcher.reading.markers import Mark
from watcher.reading.routes import confidence_of, route_of
from watcher.reading.scope import Scope, scope_of
from watcher.reading.stance import Stance, stances_of
from watcher.reading.statements import Passage, passage
from watcher.reading.vocabulary import Vocabulary


class FrenchReader:
    """Reads French announcements with a vocabulary, which is made ready at the first reading."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._vocabulary)

    def read(self, notice: Notice) -> Verdict:
        """Understand a text; for an edit, what of it is new."""
        return self._understood(notice)

    def _understood(self, notice: Notice) -> Verdict:
        text = passage(notice.title, notice.body, _published(notice), self._lexicon)
        stances = stances_of(text)
        scope = scope_of(text)
        if not scope.related and (scope.foreign or not notice.foreigners_page):
            return _unrelated(scope)
        ranking = rank(text, stances, scope)
        return self._verdict(text, stances, ranking)

    def _verdict(self, text: Passage, stances: tuple[Stance, ...], ranking: Ranking) -> Verdict:
        first = ranking.categories[0]
        news = _is_news(text, stances, first)
        sure = confidence_of(ranking, stances, news=news)
        after = channel_after(text, stances, first)
        start, end = effective(text, stances, first)
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


def _is_news(text: Passage, stances: tuple[Stance, ...], category: str) -> bool:
    if category in {OTHER, UNRELATED} or short_of_slots(text):
        return False
    titled = any(s.title and s.has(Mark.REMINDER) for s in text.statements)
    told = [stance for s, stance in zip(text.statements, stances, strict=True) if stance.news]
    if any(reason.rule == "stale date" for stance in stances for reason in stance.reasons):
        return any(stance.certainty is Certainty.ANNOUNCED and stance.weight >= 3 for stance in told)
    if titled:
        return any(stance.weight >= 4 for stance in told)
    return bool(told)


def _why(stances: tuple[Stance, ...]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for stance in stances for reason in stance.reasons))[:8]


def _unrelated(scope: Scope) -> Verdict:
    rule = f"service:{scope.foreign[0]}" if scope.foreign else "no word of ours"
    return Verdict(
        categories=(UNRELATED,),
        is_change=False,
        confidence=0.97 if scope.foreign else 0.93,
        route=route_of(UNRELATED, 1.0, Vocabulary(), is_change=False),
        reasons=(Reason(rule, scope.words),),
    )


def _published(notice: Notice) -> Published:
    return Published(notice.published.isoformat() if notice.published else notice.published_as)

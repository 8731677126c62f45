"""How far a statement announces something new: the ground of "is it a change?"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from watcher.core.verdict import Certainty, PartialDate, Reason
from watcher.reading.date_roles import Role
from watcher.reading.lexicon import Kind
from watcher.reading.markers import Mark
from watcher.reading.statements import Dated, Passage, Statement

STALE_MONTHS = 31
"""An announcement of a day that far back is a reminder, or a page that nobody cleaned."""
_RECALLED_MONTHS = 8
_FAR_DAYS = 400
_NEWS = 2.0


@dataclass(frozen=True, slots=True)
class Stance:
    """How new a statement is: from `_NEWS` on it announces; `certainty` says in which way."""

    weight: float
    certainty: Certainty
    reasons: tuple[Reason, ...]

    @property
    def news(self) -> bool:
        return self.weight >= _NEWS


def stance_of(passage: Passage, statement: Statement) -> Stance:
    """Read one statement for itself."""
    marks = statement.marks
    weight, reasons = 0.0, []
    if Mark.CHANGE in marks:
        weight += 2.0
        reasons.append(Reason("change", marks[Mark.CHANGE].strip()))
    if dated := effect(statement, passage):
        weight += 2.0 if not stale(dated, passage) else -3.0
        rule = "effective date" if not stale(dated, passage) else "stale date"
        reasons.append(Reason(rule, passage.text[dated.mention.start : dated.mention.end]))
    if Mark.FUTURE in marks and _names_matter(statement):
        weight += 2.0
        reasons.append(Reason("future", marks[Mark.FUTURE]))
    if Mark.HINT in marks:
        weight += 0.5
    factor, certainty = 1.0, Certainty.ANNOUNCED
    for mark, share, kind in _DAMPERS:
        if mark in marks and not _outweighed(statement, mark):
            factor = min(factor, share)
            certainty = kind if share < 1 else certainty
            reasons.append(Reason(mark.value, marks[mark].strip()))
    return Stance(weight * factor, certainty, tuple(reasons))


def _outweighed(statement: Statement, mark: Mark) -> bool:
    """What a préfecture does about a ruling, and what one has to do now where the usual way fails, is news."""
    if mark is Mark.RULING:
        return Mark.ACTION in statement.marks
    return mark is Mark.FALLBACK and bool(_NOW_INSTEAD.search(statement.words))


_NOW_INSTEAD = re.compile(r",[^,;]{0,60}\b(?:desormais|dorenavant)\b")


def stances_of(passage: Passage) -> tuple[Stance, ...]:
    """Every statement's stance; under a ruling, only what the préfecture itself does is news."""
    event = _about_an_event(passage)
    recalling = any(statement.has(Mark.REMINDER) for statement in passage.statements)
    stances = tuple(
        _in_passage(passage, statement, event=event, recalling=recalling) for statement in passage.statements
    )
    if not ruled(passage):
        return stances
    return tuple(
        stance if statement.has(Mark.ACTION) else replace(stance, weight=stance.weight * 0.2)
        for statement, stance in zip(passage.statements, stances, strict=True)
    )


def _in_passage(passage: Passage, statement: Statement, *, event: bool, recalling: bool) -> Stance:
    """Its own stance, less in a text about an event, or where a text recalls and its day lies far back."""
    own = stance_of(passage, statement)
    if event and not statement.dates:
        return replace(own, weight=own.weight * 0.4, certainty=Certainty.REPORTED)
    if recalling and _old(statement, passage):
        return replace(own, weight=own.weight * 0.4, certainty=Certainty.REMINDER)
    return own


def _about_an_event(passage: Passage) -> bool:
    body = next((s for s in passage.statements if not s.title), None)
    return any(s.has(Mark.EVENT) for s in passage.statements if s.title or s is body)


def _old(statement: Statement, passage: Passage) -> bool:
    """Whether its day lies so far back that beside a reminder it is no news."""
    dated, published = effect(statement, passage), passage.published.value
    return bool(
        dated and dated.first and published and _months(published) - _months(dated.first) > _RECALLED_MONTHS
    )


def ruled(passage: Passage) -> bool:
    """Whether the text opens with what a court or parliament says."""
    body = next((s for s in passage.statements if not s.title), None)
    opening = [*(s for s in passage.statements if s.title), *([body] if body else [])]
    return any(s.has(Mark.RULING) and not s.has(Mark.ACTION) for s in opening)


_DAMPERS = (
    (Mark.UNCHANGED, 0.2, Certainty.REMINDER),
    (Mark.SHORTAGE, 0.2, Certainty.REMINDER),
    (Mark.REMINDER, 0.4, Certainty.REMINDER),
    (Mark.FALLBACK, 0.5, Certainty.REMINDER),
    (Mark.ALREADY, 0.4, Certainty.REMINDER),
    (Mark.PLANNED, 0.4, Certainty.PLANNED),
    (Mark.RULING, 0.2, Certainty.REPORTED),
    (Mark.EVENT, 0.2, Certainty.REPORTED),
    (Mark.REPORT, 0.9, Certainty.REPORTED),
)


def effect(statement: Statement, passage: Passage) -> Dated | None:
    """The date from which a statement holds, if it says one that can be believed."""
    for dated in statement.dates:
        lasting = dated.role is Role.SINCE and not _BACK.search(statement.words)
        if (dated.role is Role.EFFECT or lasting) and dated.first and not too_far(dated.first, passage):
            return dated
    return None


_BACK = re.compile(r"\brouv\w+|reouv\w+|repris\b|retabli")
"""What was shut since a day and opens again has the opening for its news."""


def stale(dated: Dated, passage: Passage) -> bool:
    published = passage.published.value
    if not published or not dated.first:
        return False
    return _months(published) - _months(dated.first) > STALE_MONTHS


def too_far(first: PartialDate, passage: Passage) -> bool:
    """More than a year ahead of publication: a mistake, or not the effect."""
    known = passage.published.middle
    if known is None:
        return False
    day = date(int(first[:4]), int(first[5:7] or 1), int(first[8:10] or 1))
    return (day - known).days > _FAR_DAYS


def _months(value: str) -> int:
    return int(value[:4]) * 12 + (int(value[5:7]) if len(value) > 4 else 6)


def _names_matter(statement: Statement) -> bool:
    """A future tense is news only where it governs a channel, a closure, an appointment or a day."""
    return bool(statement.ways or statement.dates) or any(
        hit.kind in {Kind.STRONG, Kind.MOTIF} for hit in statement.hits
    )


def said(passage: Passage, stances: tuple[Stance, ...]) -> list[tuple[Statement, Stance]]:
    """Statements in the order in which they matter: news before descriptions, the body before the title."""
    pairs = list(zip(passage.statements, stances, strict=True))
    return sorted(pairs, key=lambda pair: (-min(pair[1].weight, 4.0) if pair[1].news else 0, pair[0].title))

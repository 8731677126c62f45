"""From when, and until when, a text's news holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.core.verdict import PartialDate
from watcher.reading.date_roles import Role
from watcher.reading.markers import Mark
from watcher.reading.names import CLOSURE, DELAY, FRAUD, OTHER, OUTAGE, UNRELATED
from watcher.reading.stance import Stance, effect, said, too_far
from watcher.reading.statements import Dated, Passage, Statement


def effective(
    passage: Passage, stances: tuple[Stance, ...], category: str, after: str | None
) -> tuple[PartialDate | None, PartialDate | None]:
    """From when, and until when, what the text says holds: first of all, the channel `after`."""
    ordered = [statement for statement, _ in said(passage, stances)]
    if category in {UNRELATED, FRAUD, OTHER, DELAY}:
        return None, None
    first, last = _closed_days(passage, ordered) if category in {CLOSURE, OUTAGE} else (None, None)
    if first is None:
        opening = [s for s in ordered if any(way.channel == after for way in s.open_ways())]
        first = _opened(passage, opening) or _from(passage, ordered)
    return first, last or _until(ordered, first)


def _opened(passage: Passage, opening: Sequence[Statement]) -> PartialDate | None:
    """The date with which the sentence that opens the channel begins."""
    for statement in opening:
        if dated := effect(statement, passage):
            return None if dated.mention.loose or statement.has(Mark.ALREADY) else dated.first
        for dated in statement.dates:
            at_the_head = dated.mention.start - statement.clause.start < _HEAD
            if at_the_head and statement.has(Mark.CHANGE) and _bare_day(passage, dated):
                return dated.first
    return None


_HEAD = 6


def _from(passage: Passage, ordered: Sequence[Statement]) -> PartialDate | None:
    """The first that is known: a date of effect, a corrected one, a day on which something happens, now."""
    return (
        _said_effect(passage, ordered)
        or _put_off(ordered)
        or _happening(passage, ordered)
        or _just_now(passage, ordered)
    )


def _said_effect(passage: Passage, ordered: Sequence[Statement]) -> PartialDate | None:
    for statement in ordered:
        dated = effect(statement, passage)
        if (
            dated
            and not dated.mention.loose
            and not statement.has(Mark.SHORTAGE, Mark.ALREADY, Mark.UNCHANGED)
        ):
            return dated.first
    return None


def _put_off(ordered: Sequence[Statement]) -> PartialDate | None:
    """The second day of « reporté du 1er mai au 2 juin »."""
    for statement in ordered:
        for dated in statement.dates:
            if statement.has(Mark.CORRECTION) and dated.mention.last and "report" in statement.words:
                return dated.mention.last
    return None


def _happening(passage: Passage, ordered: Sequence[Statement]) -> PartialDate | None:
    for statement in ordered:
        if statement.has(Mark.CHANGE, Mark.FUTURE) and not statement.has(Mark.PLANNED, Mark.REPORT):
            for dated in statement.dates:
                if _bare_day(passage, dated):
                    return dated.first
    return None


def _bare_day(passage: Passage, dated: Dated) -> bool:
    """A day that nothing governs; a month only in brackets, where it stands for the whole clause."""
    told = _is_day(dated.first) or passage.folded[dated.mention.start - 1] == "("
    return bool(dated.role is Role.POINT and told and dated.first and not too_far(dated.first, passage))


def _is_day(first: PartialDate | None) -> bool:
    return first is not None and len(first) == 10


_JUST = re.compile(
    r"\bvien(?:t|nent) d'|\brouvr(?:e|ent)\b|rouvert\w* ce|(?:est|sont) (?:\w+ment )?fermee?s?\b|"
    r"n'a pas repris|ce (?:matin|jour)\b"
)


def _just_now(passage: Passage, ordered: Sequence[Statement]) -> PartialDate | None:
    """The month in which « vient d'ouvrir » was said, when no more is known of the publication."""
    published = passage.published.value
    if published and len(published) == 7 and any(_JUST.search(s.words) for s in ordered):
        return PartialDate(published)
    return None


def _closed_days(
    passage: Passage, ordered: Sequence[Statement]
) -> tuple[PartialDate | None, PartialDate | None]:
    for statement in ordered:
        if not statement.has(Mark.CHANGE, Mark.FUTURE) or statement.has(Mark.REPORT):
            continue
        governed = effect(statement, passage)
        for dated in statement.dates:
            if dated is governed:
                return None, None
            if dated.role is Role.POINT and _is_day(dated.first):
                return dated.first, dated.mention.last
    return None, None


def _until(ordered: Sequence[Statement], first: PartialDate | None) -> PartialDate | None:
    for statement in ordered:
        if statement.has(Mark.UNCHANGED):
            continue
        for dated in statement.dates:
            ended = dated.first if dated.role is Role.END else None
            if ended and (first is None or ended >= first[: len(ended)]):
                return dated.mention.last or ended
    return None

"""The dates of a text as candidates for the day from which its news holds, and for the last one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.core.verdict import PartialDate
from watcher.reading.date_roles import Role
from watcher.reading.markers import Mark
from watcher.reading.model import Features
from watcher.reading.stance import Stance, stale, too_far
from watcher.reading.statements import Dated, Passage, Statement
from watcher.reading.understanding import Understood


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the text and what may speak for it."""

    value: PartialDate
    features: Features


def moments_of(text: Understood, category: str, *, change: bool) -> tuple[Moment, ...]:
    """Every known date, and both ends of a range, in the order of the text."""
    found = list(_moments(text.passage, text.stances)) or list(_month_of_publication(text.passage))
    about = (f"about:{category}", "change" if change else "state")
    moments = []
    for order, (value, names) in enumerate(found):
        role = names[0]
        rank = "only" if len(found) == 1 else "first" if order == 0 else "later"
        every = (*names, *about, rank, f"{role} {about[0]}", f"{role} {about[1]}", f"{role} {rank}")
        moments.append(Moment(value, dict.fromkeys(every, 1.0)))
    return tuple(moments)


def _moments(passage: Passage, stances: tuple[Stance, ...]) -> Iterator[tuple[PartialDate, list[str]]]:
    starts = [word.start for word in passage.words]
    for statement, stance in zip(passage.statements, stances, strict=True):
        for dated in statement.dates:
            if dated.first is None or too_far(dated.first, passage):
                continue
            names = [*_about(passage, statement, stance, dated), *_around(passage, starts, dated)]
            if dated.mention.last and statement.has(Mark.CORRECTION) and _PUT_OFF in statement.words:
                yield dated.mention.last, [f"role:{Role.EFFECT}", "day", *names]
                continue
            yield dated.first, [f"role:{dated.role}", "first day" if dated.mention.last else "day", *names]
            if dated.mention.last:
                yield dated.mention.last, [f"role:last:{dated.role}", "last day", *names]


_PUT_OFF = "report"
"""« Reporté du 1er mai au 2 juin »: the second day replaces the first one."""
_JUST = re.compile(
    r"\bvien(?:t|nent) d'|\brouvr(?:e|ent)\b|rouvert\w* ce|(?:est|sont) (?:\w+ment )?fermee?s?\b|"
    r"n'a pas repris|ce (?:matin|jour)\b"
)


def _month_of_publication(passage: Passage) -> Iterator[tuple[PartialDate, list[str]]]:
    """Where no date is told and no more is known of the publication, what happens now happens in that month."""
    published = passage.published.value
    if published and len(published) == _MONTH:
        yield (
            PartialDate(published),
            ["role:published", "now" if _JUST.search(passage.folded) else "some time"],
        )


_MONTH = 7  # characters of YYYY-MM


def _about(passage: Passage, statement: Statement, stance: Stance, dated: Dated) -> Iterator[str]:
    first = dated.first or ""
    yield "title" if statement.title else "body"
    yield f"grain:{len(first)}"
    yield "news" if stance.news else "no news"
    yield from (f"mark:{mark}" for mark in statement.marks)
    yield from (f"way:{way.stand}" for way in statement.ways)
    yield f"role:{dated.role} {'opens' if statement.open_ways() else 'opens nothing'}"
    if dated.mention.loose:
        yield "loose"
    if stale(dated, passage):
        yield "stale"
    if published := passage.published.value:
        yield "past" if first < published[: len(first)] else "from publication on"


def _around(passage: Passage, starts: list[int], dated: Dated) -> Iterator[str]:
    """The words before it and after it."""
    at = bisect_left(starts, dated.mention.start)
    before = [word.stem for word in passage.words[max(0, at - 3) : at]]
    after = [word.stem for word in passage.words[bisect_left(starts, dated.mention.end) :][:2]]
    yield f"after {' '.join(before[-1:])}"
    yield f"after {' '.join(before[-2:])}"
    yield from (f"near {word}" for word in before)
    yield f"before {' '.join(after[:1])}"

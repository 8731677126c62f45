"""What happened in the official list between two of its versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from watcher.core.official_list import Procedure, Shelf, Span, after, before, procedures, says_something
from watcher.core.text import fold

ALIKE = 0.85  # of the words of two titles
_WORD = re.compile(r"\w+")

Grounds = Callable[[str], Collection[str]]
"""The motifs that a title names."""


class Happening(StrEnum):
    APPEARED = "appeared"
    LEFT = "left"
    REPLACED = "replaced"  # one left, and one of a like title came, between the same two versions
    RENAMED = "renamed"
    ALSO = "also"  # a second line for the same procedure, under another title


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened after the version of `since` and no later than that of `by`.

    `other` is the title of before, or that of the procedure which a newcomer may come instead of.
    """

    kind: Happening
    prefecture: str
    ident: str  # of the procedure that it happened to; of the one that left, when it was replaced
    address: str  # where to go now, as far as it is known
    title: str
    since: date
    by: date
    other: str = ""
    other_since: date | None = None
    other_by: date | None = None
    heir: str = ""  # the ident of the procedure that came, when one was replaced


def events(shelf: Shelf, grounds: Grounds) -> tuple[Event, ...]:
    """Of one préfecture, oldest first. `grounds` is asked only of titles that are alike."""
    found = procedures(shelf)
    came = [one for procedure in found for one in _came(procedure, shelf.versions)]
    left = [one for procedure in found for one in _left(procedure, shelf.versions)]
    named = [one for procedure in found for one in _named(procedure, shelf.versions)]
    return tuple(
        sorted((*_replacing(left, came, grounds), *named), key=lambda one: (one.by, one.kind, one.ident))
    )


def _came(procedure: Procedure, versions: Sequence[date]) -> Iterator[Event]:
    for span in procedure.spans:
        last_without = before(span.first, versions)
        if last_without is not None:
            yield _event(Happening.APPEARED, procedure, span.first, last_without, span.first)


def _left(procedure: Procedure, versions: Sequence[date]) -> Iterator[Event]:
    for span in procedure.spans:
        first_without = after(span.last, versions)
        if span.gone and first_without is not None:
            yield _event(Happening.LEFT, procedure, span.last, span.last, first_without)


def _event(kind: Happening, procedure: Procedure, titled: date, since: date, by: date) -> Event:
    title = procedure.title_at(titled)
    return Event(kind, procedure.prefecture, procedure.ident, procedure.address, title, since, by)


def _named(procedure: Procedure, versions: Sequence[date]) -> Iterator[Event]:
    """Titles that followed each other while the procedure stood in the list, or that stand beside each other."""
    for old, new in pairwise(procedure.names):
        kind, since, by = Happening.RENAMED, old.last, new.first if new.first > old.last else new.last
        if new.last <= old.last:
            last_without = before(new.first, versions)
            if last_without is None or new.first <= old.first:
                continue
            kind, since, by = Happening.ALSO, last_without, new.first
        if any(_holds(span, old.last, by) for span in procedure.spans):
            yield Event(
                kind,
                procedure.prefecture,
                procedure.ident,
                procedure.address,
                new.title,
                since,
                by,
                other=old.title,
            )


def _holds(span: Span, *days: date) -> bool:
    return all(span.first <= day <= span.last for day in days)


def _replacing(left: Sequence[Event], came: Sequence[Event], grounds: Grounds) -> Iterator[Event]:
    """Whoever left and whoever came, the likest put together: at once as one event, else as a newcomer's remark."""
    pairs = sorted(_pairs(left, came, grounds), key=lambda pair: pair[0], reverse=True)
    heirs: dict[Event, Event] = {}
    taken: dict[Event, Event] = {}
    for _, gone, new in pairs:
        if gone not in heirs and new not in taken:
            heirs[gone], taken[new] = new, gone
    for gone in left:
        heir = heirs.get(gone)
        if heir and heir.by == gone.by:
            yield replace(
                heir,
                kind=Happening.REPLACED,
                ident=gone.ident,
                other=gone.title,
                since=gone.since,
                heir=heir.ident,
            )
        else:
            yield gone
    for new in came:
        old = taken.get(new)
        if old is None:
            yield new
        elif old.by != new.by:
            yield replace(new, other=old.title, other_since=old.since, other_by=old.by)


def _pairs(
    left: Sequence[Event], came: Sequence[Event], grounds: Grounds
) -> Iterator[tuple[float, Event, Event]]:
    """A newcomer of the version in which one is missed, or of the next."""
    newcomers = [(new, _words(new.title)) for new in came if says_something(new.title)]
    for gone in left:
        if not says_something(gone.title):
            continue
        matcher = SequenceMatcher(a=(), b=_words(gone.title), autojunk=False)
        for new, words in newcomers:
            if gone.by not in {new.by, new.since} or gone.ident == new.ident:
                continue
            matcher.set_seq1(words)
            alike = _likeness(matcher)
            if alike >= ALIKE and set(grounds(gone.title)) == set(grounds(new.title)):
                yield alike, gone, new


def _words(title: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(title)))


def _likeness(matcher: SequenceMatcher[str]) -> float:
    """How much of the words of two titles is the same, in the same order; 0 where it is plainly too little."""
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()

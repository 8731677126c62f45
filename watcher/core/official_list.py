"""The dated versions of the official list of démarche numérique: what stood in it when, as far as it can be known.

A version is known by its day alone. Between two versions anything may have happened on any day: what changed
is dated by both. What stood in the first version known may have stood there long before; what stands in the
last one still does. Pure, and the same in whatever order parts of the list become known.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from watcher.core.text import fold

CUT = 60  # letters: titles that are cut at different places have as many in common
_SAYS_NOTHING = frozenset({"formulaire", "cliquez ici", "lien", "demarche", "la demarche", "ce lien"})


@dataclass(frozen=True, slots=True)
class Listing:
    """One line of the list: under this title it stood in all versions known from `first` to `last`.

    `gone` when a later version is known in which the line is not. Equal `ident`s are the same procedure,
    whichever of the host's names the address has.
    """

    prefecture: str
    ident: str
    address: str
    title: str
    first: date
    last: date
    gone: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is known of the list for one préfecture; `versions` are those of the whole list, oldest first."""

    versions: tuple[date, ...] = ()
    listings: tuple[Listing, ...] = ()


Shelves = Mapping[str, Shelf]
"""By préfecture; all have the same versions."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time through which a procedure stood in the list; `gone` when it is known to have left after `last`."""

    first: date
    last: date
    gone: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A title, and the first and the last version in which it is known to have stood there."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Procedure:
    """All that is known of one procedure; spans and names in order of time."""

    prefecture: str
    ident: str
    address: str  # the latest
    spans: tuple[Span, ...]
    names: tuple[Name, ...]  # that say something

    def title_at(self, day: date) -> str:
        """What it was called then, or nearest to then; its name in the address where no title says anything."""
        near = min(self.names, key=lambda name: (_distance(name, day), -name.first.toordinal()), default=None)
        return near.title if near else self.ident.partition(":")[2]

    @property
    def title(self) -> str:
        """What it was last called."""
        return self.title_at(self.spans[-1].last)


def merged(known: Shelves, read: Iterable[Listing], versions: Iterable[date]) -> dict[str, Shelf]:
    """What is known with what was read besides: nothing that was known is undone by silence."""
    days = {day for shelf in known.values() for day in shelf.versions} | set(versions)
    lines = [line for shelf in known.values() for line in shelf.listings]
    ordered = sorted((*lines, *read), key=_order)
    shelves: dict[str, list[Listing]] = {}
    for (prefecture, *_), group in groupby(ordered, key=_same_line):
        shelves.setdefault(prefecture, []).extend(_joined(group))
    return {code: Shelf(tuple(sorted(days)), tuple(lines)) for code, lines in sorted(shelves.items())}


def procedures(shelf: Shelf) -> tuple[Procedure, ...]:
    """Those of a préfecture, by title."""
    ordered = sorted(shelf.listings, key=lambda line: (line.ident, line.last, line.first))
    found = []
    for ident, group in groupby(ordered, key=lambda line: line.ident):
        lines = tuple(group)
        newest = lines[-1]
        spans = _spans(lines, shelf.versions)
        found.append(Procedure(newest.prefecture, ident, newest.address, spans, _names(lines)))
    return tuple(sorted(found, key=lambda one: (fold(one.title), one.ident)))


def before(day: date, versions: Sequence[date]) -> date | None:
    """The version known before that of `day`."""
    place = bisect_left(versions, day)
    return versions[place - 1] if place else None


def after(day: date, versions: Sequence[date]) -> date | None:
    """The version known after that of `day`."""
    place = bisect_right(versions, day)
    return versions[place] if place < len(versions) else None


def says_something(title: str) -> bool:
    """Whether it is a title, and not the « ici » of a link."""
    words = fold(title).strip(" .:")
    return len(words) > 3 and words not in _SAYS_NOTHING


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same words, cut somewhere or not."""
    short, long = sorted((fold(one), fold(other)), key=len)
    return short == long or (len(short) >= CUT and long.startswith(short.rstrip(" .…")))


def _same_line(line: Listing) -> tuple[str, str, str, str]:
    return line.prefecture, line.ident, line.address, fold(line.title)


def _order(line: Listing) -> tuple[object, ...]:
    return (*_same_line(line), line.first, line.last, line.gone, line.title)


def _joined(lines: Iterable[Listing]) -> list[Listing]:
    """Lines of one procedure and title, oldest first: those whose times overlap are one."""
    found: list[Listing] = []
    for line in lines:
        if found and line.first <= found[-1].last:
            old = found[-1]
            later = max(old, line, key=lambda one: (one.last, one.gone))
            found[-1] = replace(later, first=old.first)
        else:
            found.append(line)
    return found


def _spans(lines: Sequence[Listing], versions: Sequence[date]) -> tuple[Span, ...]:
    """From one version to the next without a version between is one time, whatever the line was."""
    found: list[Span] = []
    for line in sorted(lines, key=lambda one: (one.first, one.last)):
        old = found[-1] if found else None
        if old and (line.first <= old.last or after(old.last, versions) == line.first):
            last, gone = max((old.last, old.gone), (line.last, line.gone))
            found[-1] = Span(old.first, last, gone)
        else:
            found.append(Span(line.first, line.last, line.gone))
    return tuple(found)


def _names(lines: Sequence[Listing]) -> tuple[Name, ...]:
    found: list[Name] = []
    for line in sorted(lines, key=lambda one: (one.first, one.last, one.title)):
        if not says_something(line.title):
            continue
        known = next((n for n, name in enumerate(found) if same_title(name.title, line.title)), None)
        if known is None:
            found.append(Name(line.title, line.first, line.last))
        else:
            old = found[known]
            longest = max(old.title, line.title, key=len)
            found[known] = Name(longest, min(old.first, line.first), max(old.last, line.last))
    return tuple(found)


def _distance(name: Name, day: date) -> int:
    """Days between a day and the time of a title; none within it."""
    return max((name.first - day).days, (day - name.last).days, 0)

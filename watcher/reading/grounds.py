"""The grounds that a text names as candidates for those that it is about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from watcher.reading.evidence import Evidence, evenly
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.model import Features
from watcher.reading.motifs import ALL, OUTSIDE_ANEF, PAPERS, speaks_of_all, withdrawn_by
from watcher.reading.names import FEE
from watcher.reading.stance import Stance
from watcher.reading.statements import Passage, Statement
from watcher.reading.understanding import Understood

_NEAR = 3
"""Mentions of one ground whose neighbours are looked at."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground by its id, and what may speak for the text being about it."""

    id: str
    features: Features


def grounds_of(text: Understood, evidence: Evidence, category: str, *, change: bool) -> tuple[Ground, ...]:
    """Every ground that is named but to set it aside, in the order of the text, and all of them together."""
    passage = text.passage
    named: dict[str, dict[str, None]] = {}
    starts = [word.start for word in passage.words]
    for statement, stance in zip(passage.statements, text.stances, strict=True):
        for id_ in statement.motifs:
            names = named.setdefault(id_, {})
            names.update(dict.fromkeys(_said(statement, stance)))
            for hit in [hit for hit in statement.hits if hit.id == id_ and hit.kind is Kind.MOTIF][:_NEAR]:
                names.update(dict.fromkeys(_around(passage, starts, hit)))
    about = (f"about:{category}", "change" if change else "state")
    company = _company(named)
    named[ALL] = named.pop(ALL, {}) | dict.fromkeys(_of_all(passage, category))
    words = evenly(evidence.words)  # for a text that names no ground and still is about every one
    return tuple(
        Ground(id_, {**evenly(_with(id_, names, about, company)), **(words if id_ == ALL else {})})
        for id_, names in named.items()
    )


def _with(id_: str, names: Iterable[str], about: tuple[str, ...], company: str) -> list[str]:
    """Each name once, and once more as said of this kind of ground."""
    group = (
        "all"
        if id_ == ALL
        else "paper"
        if id_ in PAPERS
        else OUTSIDE_ANEF
        if id_ == OUTSIDE_ANEF
        else "ground"
    )
    keys = (*about, company, *names) if group == "all" else (*about, company)
    every = (*names, *about, f"is {id_}", group, company, *[f"{group} {key}" for key in keys])
    return list(dict.fromkeys(every))


def _company(named: Collection[str]) -> str:
    grounds = [id_ for id_ in named if id_ not in PAPERS and id_ not in (ALL, OUTSIDE_ANEF)]
    papers = "papers" if any(id_ in PAPERS for id_ in named) else ""
    return f"{papers} with {min(len(grounds), 3)}"


def _said(statement: Statement, stance: Stance) -> Iterator[str]:
    yield "in title" if statement.title else "in body"
    yield "in news" if stance.news else "in a state"
    if withdrawn_by(statement.marks):
        yield "withdrawn"
    yield from (f"mark:{mark}" for mark in statement.marks)
    yield "where a way opens" if statement.open_ways() else "where none opens"


def _around(passage: Passage, starts: list[int], hit: Hit) -> Iterator[str]:
    at, end = bisect_left(starts, hit.start), bisect_left(starts, hit.end)
    before = [word.stem for word in passage.words[max(0, at - 3) : at]]
    after = [word.stem for word in passage.words[end : end + 2]]
    yield "sure" if hit.sure else "unsure"
    yield f"after {' '.join(before[-1:])}"
    yield f"after {' '.join(before[-2:])}"
    yield from (f"near {word}" for word in before)
    yield from (f"before {word}" for word in after[:1])


def _of_all(passage: Passage, category: str) -> Iterator[str]:
    spoken = [s for s in passage.statements if not withdrawn_by(s.marks)]
    words = " ".join(statement.words for statement in spoken)
    for papers in (False, True):
        if speaks_of_all(words, fee=category == FEE, papers=papers):
            yield f"of all{' but papers' if papers else ''}"
            yield f"of all about:{category}"

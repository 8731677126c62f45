"""One clause, understood: the value that every later step works on."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from watcher.core.verdict import PartialDate
from watcher.reading.channels import Stand, Way, ways
from watcher.reading.clauses import Clause, clauses
from watcher.reading.date_roles import Role, role_of
from watcher.reading.dates import Mention, Published, find_dates
from watcher.reading.lexicon import Hit, Kind, Lexicon, Word, words_of
from watcher.reading.markers import Mark, marks
from watcher.reading.motifs import motifs_of
from watcher.reading.normalise import LIMIT, clean, fold

TITLE_LIMIT = 600


@dataclass(frozen=True, slots=True)
class Dated:
    """A date and what it is there for."""

    mention: Mention
    role: Role

    @property
    def first(self) -> PartialDate | None:
        return self.mention.first


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause with everything that was found in it."""

    clause: Clause
    words: str  # folded
    hits: tuple[Hit, ...]
    marks: dict[Mark, str]
    dates: tuple[Dated, ...]
    motifs: tuple[str, ...]
    excepted: tuple[str, ...]
    ways: tuple[Way, ...]

    @property
    def title(self) -> bool:
        return self.clause.title

    def has(self, *wanted: Mark) -> bool:
        return any(mark in self.marks for mark in wanted)

    def ids(self, kind: Kind) -> tuple[str, ...]:
        return tuple(hit.id for hit in self.hits if hit.kind is kind)

    def open_ways(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.stand is Stand.OPEN)


@dataclass(frozen=True, slots=True)
class Passage:
    """A whole notice: the cleaned words, and its statements in order."""

    text: str
    folded: str
    statements: tuple[Statement, ...]
    published: Published
    common: frozenset[str]  # grounds whose names are everyday words
    words: tuple[Word, ...]

    def sentence(self, statement: Statement) -> str:
        """The words that a person wrote around a statement."""
        start, end = statement.clause.sentence
        return " ".join(self.text[start:end].split())

    def has(self, kind: Kind) -> bool:
        return any(hit.kind is kind for statement in self.statements for hit in statement.hits)


def passage(title: str, body: str, published: Published, lexicon: Lexicon, *, home: bool = False) -> Passage:
    """Understand a text clause by clause; what stands beyond the limit is not read.

    `home`: it stands on a page about residence permits, where "visiteurs" needs no explanation.
    """
    head = clean(title)[:TITLE_LIMIT].strip()
    text = f"{head}\n{clean(body)}"[:LIMIT] if head else clean(body)
    folded = fold(text)
    cut = clauses(folded, len(head) if head else 0)
    words = words_of(folded)
    hits = lexicon.find(words, home=home)
    starts = [hit.start for hit in hits]
    dates = find_dates(folded, published)
    day_starts = [mention.start for mention in dates]
    statements = []
    for clause in cut:
        own = tuple(hits[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)])
        days = dates[bisect_left(day_starts, clause.start) : bisect_left(day_starts, clause.end)]
        found, excepted = motifs_of(folded, clause, own)
        statements.append(
            Statement(
                clause,
                folded[clause.start : clause.end],
                own,
                marks(folded, clause.start, clause.end),
                tuple(Dated(mention, role_of(folded, mention, clause.start)) for mention in days),
                found,
                excepted,
                ways(folded, clause, own),
            )
        )
    return Passage(text, folded, tuple(statements), published, lexicon.common, tuple(words))

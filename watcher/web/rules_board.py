"""The answers for all préfectures and all motifs at once, kept while they are good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from watcher.core.filing_book import RuleBook
from watcher.core.filing_tables import Cell, matrix
from watcher.core.labels import Vocabulary
from watcher.core.ports_rules import RuleReader


@dataclass(frozen=True, slots=True)
class Board:
    """All cells of one day, and the parts of préfectures that have rules of their own."""

    book: RuleBook
    day: date
    codes: tuple[str, ...]  # of the préfectures
    cells: Mapping[tuple[str, str], Cell]  # by préfecture and motif, in the order of both
    parts: Mapping[str, tuple[str, ...]]  # territories, by préfecture


@dataclass(slots=True)
class Boards:
    """The board of today, made again when a rule, the day or the préfectures are others."""

    rules: RuleReader
    vocabulary: Vocabulary
    _kept: Board | None = field(default=None, init=False)

    def of(self, day: date) -> Board:
        book, kept, codes = self.rules.book(), self._kept, tuple(sorted(self.vocabulary.prefectures))
        if kept is None or kept.book is not book or (kept.day, kept.codes) != (day, codes):
            kept = self._made(book, day, codes)
            self._kept = kept
        return kept

    def _made(self, book: RuleBook, day: date, codes: tuple[str, ...]) -> Board:
        cells = matrix(book, codes, self.vocabulary.grounds, day)
        parts: dict[str, set[str]] = defaultdict(set)
        for rule in book.rules:
            if rule.believed and rule.territory != rule.prefecture:
                parts[rule.prefecture].add(rule.territory)
        return Board(
            book,
            day,
            codes,
            {(one.prefecture, one.motif): one for one in cells},
            {code: tuple(sorted(those)) for code, those in parts.items()},
        )

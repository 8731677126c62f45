"""Many answers at once: the national table, who moved to ANEF, and what nobody confirmed for long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from watcher.core.filing import ON_ANEF, Answer, Held, Known, Rule, begins, chain, held
from watcher.core.filing_book import RuleBook
from watcher.core.verdict import PartialDate


class Shade(StrEnum):
    """What one cell of the table tells."""

    CHANNEL = "channel"
    VARIES = "varies"  # with the operation or the nationality
    LOCAL = "local"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """One préfecture and one motif; `channels` is empty unless the shade is CHANNEL or VARIES."""

    prefecture: str
    motif: str
    shade: Shade
    channels: tuple[str, ...]
    answer: Answer

    @property
    def rule(self) -> Rule | None:
        """The rule to show: the one that answers, or the first of those that vary."""
        answer = self.answer
        if self.channels and answer.known is not Known.CHANNEL:
            return answer.variants[0]
        return answer.rule


@dataclass(frozen=True, slots=True)
class Move:
    """A motif that went to ANEF; `since` is `None` when no source tells the day."""

    motif: str
    territory: str
    since: PartialDate | None
    rule: Rule


def cell(book: RuleBook, prefecture: str, motif: str, on: date, as_known_at: datetime | None = None) -> Cell:
    """What the table says of one préfecture and one motif."""
    answer = book.answers(chain(prefecture), motif, on=on, as_known_at=as_known_at)
    varies = answer.known is not Known.CHANNEL and answer.variants
    shade = Shade.VARIES if varies else Shade(answer.known.value)
    return Cell(prefecture, motif, shade, answer.channels, answer)


def matrix(
    book: RuleBook,
    prefectures: Iterable[str],
    motifs: Sequence[str],
    on: date,
    as_known_at: datetime | None = None,
) -> Iterator[Cell]:
    """All cells, préfecture by préfecture, in the order of both."""
    return (cell(book, code, motif, on, as_known_at) for code in prefectures for motif in motifs)


def moves_to_anef(book: RuleBook) -> list[Move]:
    """What went to ANEF, the earliest first, and last what went on a day that nobody told."""
    moved = [
        Move(rule.motif, rule.territory, rule.valid_from, rule)
        for rule in book.believed()
        if rule.channel in ON_ANEF
    ]
    return sorted(moved, key=lambda move: (move.since is None, begins(move.rule), move.motif, move.territory))


def stale(book: RuleBook, today: date, days: int) -> list[Rule]:
    """Rules still in force that no reading confirmed for more than so many days, the oldest first."""
    old = [
        rule
        for rule in book.believed()
        if (today - rule.checked_on).days > days and held(rule, today) is not Held.OVER
    ]
    return sorted(old, key=lambda rule: (rule.checked_on, *rule.slot))

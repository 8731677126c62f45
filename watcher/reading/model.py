"""What was learnt from labelled announcements: how much each word or finding speaks for each outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from math import exp
from typing import TypeAlias

Features: TypeAlias = Mapping[str, float]
"""Name of a word or finding → how much it counts (0 is absent)."""
Row: TypeAlias = Sequence[tuple[int, float]]
"""What one feature adds to the outcomes, by their index."""
Known: TypeAlias = Sequence[tuple[str, float, int]]
"""Of a text's features those that something was learnt of, with how much each counts and its packed row."""
Logits: TypeAlias = Sequence[float]
"""One number per outcome of every question."""
UNIT = 100
"""Weights are kept in hundredths."""
_LANE = 24
"""Bits of one number in a packed row."""
ROOM = 1 << (_LANE - 1)
"""What a sum of packed rows stays below in each column: that of all weights learnt is twenty times less."""
_BYTES = _LANE // 8


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear classifier: what each feature adds to the logit of each outcome."""

    outcomes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Row]


@dataclass(frozen=True, eq=False)
class Joint:
    """Several classifiers of the same features in one table, so that a text is gone through once.

    A row has one column an outcome of a question, in the order of `questions`.
    """

    questions: Mapping[str, tuple[str, ...]]
    bias: Logits
    rows: Mapping[str, int]  # packed, by the name of a feature

    @cached_property
    def _places(self) -> Mapping[str, slice]:
        ends = list(accumulate(map(len, self.questions.values())))
        return {
            name: slice(end - len(self.questions[name]), end)
            for name, end in zip(self.questions, ends, strict=True)
        }

    def known(self, features: Features) -> Known:
        found = zip(features.items(), map(self.rows.get, features), strict=True)
        return [(name, value, row) for (name, value), row in found if row is not None]

    def logits(self, known: Known, so_far: Logits | None = None) -> Logits:
        """What is known added to the numbers `so_far`; features that count alike are added up at once."""
        logits = list(self.bias if so_far is None else so_far)
        alike: dict[float, int] = defaultdict(int)
        for _, value, row in known:
            alike[value] += row
        for value, sums in alike.items():
            logits = [
                logit + value * total / UNIT
                for logit, total in zip(logits, unpacked(sums, len(logits)), strict=True)
            ]
        return logits

    def shares(self, question: str, logits: Logits) -> dict[str, float]:
        """Probabilities of outcomes that exclude each other (softmax)."""
        own = logits[self._places[question]]
        highest = max(own)
        powers = [exp(logit - highest) for logit in own]
        total = sum(powers)
        return {name: power / total for name, power in zip(self.questions[question], powers, strict=True)}

    def chances(self, question: str, logits: Logits) -> dict[str, float]:
        """Probabilities of outcomes that may go together (logistic)."""
        own = logits[self._places[question]]
        return {name: logistic(logit) for name, logit in zip(self.questions[question], own, strict=True)}

    def speakers(self, question: str, known: Known, outcome: str) -> Iterator[str]:
        """What spoke for an outcome, most first."""
        column = self._places[question].start + self.questions[question].index(outcome)
        halves, lane, mask = _halves(column + 1), _LANE * column, 2 * ROOM - 1
        spoken = [(value * ((row + halves >> lane & mask) - ROOM), name) for name, value, row in known]
        return (name for weight, name in sorted(spoken, key=lambda one: -one[0]) if weight > 0)


def packed(row: Iterable[tuple[int, int]]) -> int:
    """Columns and hundredths as one number: rows are added up at once, and take a third of the memory."""
    return sum(weight << _LANE * column for column, weight in row)


def unpacked(row: int, width: int) -> list[int]:
    """The hundredths of each column, of one row or of the sum of several."""
    lanes = (row + _halves(width)).to_bytes(_BYTES * width, "little")
    return [int.from_bytes(lanes[at : at + _BYTES], "little") - ROOM for at in range(0, len(lanes), _BYTES)]


@cache
def _halves(width: int) -> int:
    """What, added to a row, leaves no number below zero: none borrows of the next."""
    return packed((column, ROOM) for column in range(width))


def join(parts: Mapping[str, Linear]) -> Joint:
    """One table of several classifiers."""
    rows: dict[str, int] = defaultdict(int)
    before = 0
    for linear in parts.values():
        for name, row in linear.weights.items():
            rows[name] += packed((before + index, round(weight * UNIT)) for index, weight in row)
        before += len(linear.outcomes)
    return Joint(
        {name: linear.outcomes for name, linear in parts.items()},
        tuple(value for linear in parts.values() for value in linear.bias),
        dict(sorted(rows.items())),
    )


def logistic(logit: float) -> float:
    return 1 / (1 + exp(-min(max(logit, -50.0), 50.0)))


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learnt.

    `text` answers `category` (which comes first), `also` (which beside it), `change`, and the channels
    `after` and `before`; `ground` and `dates` (`start`, `end`) answer for one candidate at a time.
    """

    text: Joint
    ground: Joint
    dates: Joint
    learnt_from: str  # digest of the labelled announcements

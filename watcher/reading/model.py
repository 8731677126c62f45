"""What was learnt from labelled announcements: how much each word or finding speaks for each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import exp
from typing import TypeAlias

Features: TypeAlias = Mapping[str, float]
"""Name of a word or finding → how much it counts (0 is absent)."""
Row: TypeAlias = Sequence[tuple[int, float]]
"""What one feature adds to the outcomes, by their index."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear classifier: what each feature adds to the logit of each outcome."""

    outcomes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Row]


@dataclass(frozen=True)
class Joint:
    """Several classifiers of the same features in one table, so that a text is gone through once."""

    questions: Mapping[str, tuple[str, ...]]  # question → its outcomes, in the order of the table
    bias: tuple[float, ...]
    weights: Mapping[str, Row]

    @cached_property
    def _places(self) -> Mapping[str, slice]:
        ends = list(accumulate(map(len, self.questions.values())))
        return {
            name: slice(end - len(self.questions[name]), end)
            for name, end in zip(self.questions, ends, strict=True)
        }

    def logits(self, features: Features, so_far: Sequence[float] | None = None) -> list[float]:
        """One number per outcome of every question, added to those `so_far`."""
        totals = list(self.bias if so_far is None else so_far)
        weights = self.weights
        for name, value in features.items():
            for index, weight in weights.get(name, ()):
                totals[index] += weight * value
        return totals

    def shares(self, question: str, logits: Sequence[float]) -> dict[str, float]:
        """Probabilities of outcomes that exclude each other (softmax)."""
        own = logits[self._places[question]]
        highest = max(own)
        powers = [exp(logit - highest) for logit in own]
        total = sum(powers)
        return {name: power / total for name, power in zip(self.questions[question], powers, strict=True)}

    def chances(self, question: str, logits: Sequence[float]) -> dict[str, float]:
        """Probabilities of outcomes that may go together (logistic)."""
        own = logits[self._places[question]]
        return {name: logistic(logit) for name, logit in zip(self.questions[question], own, strict=True)}

    def speakers(self, question: str, features: Features, outcome: str) -> list[tuple[float, str]]:
        """What spoke for an outcome, most first."""
        wanted = self._places[question].start + self.questions[question].index(outcome)
        found = []
        for name, value in features.items():
            for index, weight in self.weights.get(name, ()):
                if index >= wanted:
                    if index == wanted and weight > 0:
                        found.append((weight * value, name))
                    break
        return sorted(found, reverse=True)


def join(parts: Mapping[str, Linear]) -> Joint:
    """One table of several classifiers."""
    rows: dict[str, list[tuple[int, float]]] = {}
    before = 0
    for linear in parts.values():
        for name, row in linear.weights.items():
            rows.setdefault(name, []).extend((before + index, weight) for index, weight in row)
        before += len(linear.outcomes)
    return Joint(
        {name: linear.outcomes for name, linear in parts.items()},
        tuple(value for linear in parts.values() for value in linear.bias),
        {name: tuple(rows[name]) for name in sorted(rows)},
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

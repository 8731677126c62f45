"""What was learnt from labelled announcements: how much each word or finding speaks for each outcome."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import exp
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Features: TypeAlias = Mapping[str, float]
"""Name of a word or finding → how much it counts (0 is absent)."""
Row: TypeAlias = Sequence[tuple[int, float]]
"""What one feature adds to the outcomes, by their index."""

_NUMBER = np.float32
Logits: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear classifier: what each feature adds to the logit of each outcome."""

    outcomes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Known:
    """Of a text's features those that something was learnt of."""

    names: Sequence[str]
    rows: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, eq=False)
class Joint:
    """Several classifiers of the same features in one table, so that a text is gone through once.

    `table` has one row a feature and one column an outcome of a question, in the order of `questions`.
    """

    questions: Mapping[str, tuple[str, ...]]
    bias: Logits  # one number a column
    rows: Mapping[str, int]  # by the name of a feature
    table: Logits

    @cached_property
    def _places(self) -> Mapping[str, slice]:
        ends = list(accumulate(map(len, self.questions.values())))
        return {
            name: slice(end - len(self.questions[name]), end)
            for name, end in zip(self.questions, ends, strict=True)
        }

    def known(self, features: Features) -> Known:
        places = list(map(self.rows.get, features))
        names = [name for name, place in zip(features, places, strict=True) if place is not None]
        rows = [place for place in places if place is not None]
        return Known(names, rows, [features[name] for name in names])

    def logits(self, known: Known, so_far: Logits | None = None) -> Logits:
        """One number per outcome of every question, added to those `so_far`."""
        before = self.bias if so_far is None else so_far
        if not known.rows:
            return before
        return before + np.asarray(known.values, _NUMBER) @ self.table.take(known.rows, 0)

    def shares(self, question: str, logits: Logits) -> dict[str, float]:
        """Probabilities of outcomes that exclude each other (softmax)."""
        own = logits[self._places[question]].tolist()
        highest = max(own)
        powers = [exp(logit - highest) for logit in own]
        total = sum(powers)
        return {name: power / total for name, power in zip(self.questions[question], powers, strict=True)}

    def chances(self, question: str, logits: Logits) -> dict[str, float]:
        """Probabilities of outcomes that may go together (logistic)."""
        own = logits[self._places[question]].tolist()
        return {name: logistic(logit) for name, logit in zip(self.questions[question], own, strict=True)}

    def speakers(self, question: str, known: Known, outcome: str) -> Iterator[str]:
        """What spoke for an outcome, most first."""
        column = self._places[question].start + self.questions[question].index(outcome)
        spoken = np.asarray(known.values, _NUMBER) * self.table[known.rows, column]
        for place in np.argsort(-spoken, kind="stable").tolist():
            if spoken[place] <= 0:
                return
            yield known.names[place]


def joint(
    questions: Mapping[str, tuple[str, ...]],
    bias: Sequence[float],
    rows: Iterable[tuple[str, Iterable[tuple[int, float]]]],
) -> Joint:
    """A table of what each feature adds to the outcomes that it speaks of; to the others it adds nothing.

    `rows` belong to the feature that each of them names, once; they are gone through once.
    """
    names: dict[str, int] = {}
    places, columns, weights = array("i"), array("i"), array("f")
    for name, row in rows:
        names[name] = place = len(names)
        for index, weight in row:
            places.append(place)
            columns.append(index)
            weights.append(weight)
    table = np.zeros((len(names), len(bias)), _NUMBER)
    table[places, columns] = weights
    return Joint(questions, np.asarray(bias, _NUMBER), names, table)


def join(parts: Mapping[str, Linear]) -> Joint:
    """One table of several classifiers."""
    rows: dict[str, list[tuple[int, float]]] = {}
    before = 0
    for linear in parts.values():
        for name, row in linear.weights.items():
            rows.setdefault(name, []).extend((before + index, weight) for index, weight in row)
        before += len(linear.outcomes)
    return joint(
        {name: linear.outcomes for name, linear in parts.items()},
        tuple(value for linear in parts.values() for value in linear.bias),
        sorted(rows.items()),
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

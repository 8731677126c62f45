"""Logistic regression by stochastic gradient descent with per-weight steps (AdaGrad, Duchi et al. 2011)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from watcher.reading.model import Features, Linear, Row, logistic

_EPOCHS = 14
_UNSETTLED = 3
"""Epochs before the weights are worth averaging (averages err less on what was never read)."""
_STEP = 0.25
_BIAS_STEP = 0.05
_CAUTION = 0.02
"""Slope that every weight is taken to have met before: what is rare moves little."""
_DECAY = 1e-4
_SETTLED = 1e-3
"""An error so small teaches nothing."""
_KEPT = 0.2
"""Weights nearer to zero decide nothing and are forgotten."""

_Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """Features, and what they are to give: the share or chance of each outcome (missing ones are 0)."""

    features: Features
    wanted: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """An example: the rows of its features, what each counts, what each outcome is to be."""

    rows: npt.NDArray[np.intp]
    values: _Numbers
    wanted: _Numbers


class _Table:
    """One row a feature, one column an outcome."""

    def __init__(self, features: int, outcomes: int) -> None:
        self.bias = np.zeros(outcomes)
        self.weights = np.zeros((features, outcomes))
        self._squares = np.full((features, outcomes), _CAUTION)

    def learn(self, lesson: _Lesson, *, together: bool) -> None:
        own = self.weights[lesson.rows]
        errors = _said(self.bias + lesson.values @ own, together=together) - lesson.wanted
        columns = np.flatnonzero(np.abs(errors) > _SETTLED)
        if not columns.size:
            return
        errors = errors[columns]
        self.bias[columns] -= _BIAS_STEP * errors
        met = np.ix_(lesson.rows, columns)
        slopes = np.outer(lesson.values, errors) + _DECAY * own[:, columns]
        squares = self._squares[met] + slopes * slopes
        self._squares[met] = squares
        self.weights[met] -= _STEP * slopes / np.sqrt(squares)


def fit(examples: Iterable[Example], outcomes: Sequence[str], *, together: bool = False) -> Linear:
    """A linear classifier; `together` where outcomes do not exclude each other."""
    known = list(examples)
    met = Counter(chain.from_iterable(one.features for one in known))
    names = [name for name, times in met.items() if times > 1]
    rows = {name: row for row, name in enumerate(names)}
    lessons = [_lesson(one, rows, outcomes) for one in known]
    table = _Table(len(names), len(outcomes))
    total = np.zeros_like(table.weights)
    shuffled = random.Random(1)  # noqa: S311 - an order, no secret
    for epoch in range(_EPOCHS):
        shuffled.shuffle(lessons)
        for lesson in lessons:
            table.learn(lesson, together=together)
        if epoch >= _UNSETTLED:
            total += table.weights
    means = dict(zip(names, (total / (_EPOCHS - _UNSETTLED)).tolist(), strict=True))
    return Linear(
        tuple(outcomes),
        tuple(round(value, 2) for value in table.bias.tolist()),
        {name: row for name in sorted(means) if (row := _significant(means[name]))},
    )


def _lesson(example: Example, rows: Mapping[str, int], outcomes: Sequence[str]) -> _Lesson:
    found = [(rows[name], value) for name, value in example.features.items() if name in rows]
    return _Lesson(
        np.array([row for row, _ in found], np.intp),
        np.array([value for _, value in found], np.float64),
        np.array([example.wanted.get(outcome, 0.0) for outcome in outcomes], np.float64),
    )


def _said(scores: _Numbers, *, together: bool) -> _Numbers:
    """The chance of each outcome."""
    if together:
        return np.array([logistic(score) for score in scores.tolist()])
    powers = np.exp(scores - scores.max())
    said: _Numbers = powers / powers.sum()
    return said


def _significant(means: Sequence[float]) -> Row:
    return tuple((index, round(mean, 2)) for index, mean in enumerate(means) if abs(mean) >= _KEPT)

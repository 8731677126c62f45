"""Learns from labelled announcements how much each word and finding counts. Pure and repeatable.

Logistic regression by stochastic gradient descent with per-weight steps (AdaGrad, Duchi et al. 2011):
the same announcements in the same order give the same weights.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, sqrt

from watcher.core.verdict import Notice
from watcher.evaluate import Case, Labelled, read_all
from watcher.reading.evidence import Evidence, about, evidence_of
from watcher.reading.grounds import grounds_of
from watcher.reading.lexicon import Lexicon
from watcher.reading.model import Features, Linear, Model, join, logistic
from watcher.reading.moments import moments_of
from watcher.reading.names import CATEGORIES, FILING, OTHER, RDV, UNRELATED
from watcher.reading.reader import FrenchReader
from watcher.reading.understanding import Understood, understand
from watcher.reading.vocabulary import Vocabulary
from watcher.reading.weighing import NO_CHANNEL, YES

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


@dataclass(frozen=True, slots=True)
class Example:
    """Features, and what they are to give: the share or chance of each outcome (missing ones are 0)."""

    features: Features
    wanted: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Lesson:
    labelled: Labelled
    text: Understood
    evidence: Evidence
    features: Features  # of the text alone
    known: Features  # with its first category

    @property
    def first(self) -> str:
        return self.labelled.primary[0]

    @property
    def change(self) -> bool:
        return bool(self.labelled.single.get("is_change"))


def learn(announcements: Sequence[Labelled], vocabulary: Vocabulary, digest: str) -> Model:
    """All classifiers, from announcements that bear every label."""
    lexicon = Lexicon(vocabulary)
    lessons = [_lesson(one, lexicon) for one in announcements]
    ours = [lesson for lesson in lessons if lesson.first != UNRELATED]
    return Model(
        text=join(
            {
                "category": fit([*map(_categorised, lessons), *_plain(vocabulary, lexicon)], CATEGORIES),
                "also": fit(
                    [Example(one.known, dict.fromkeys(one.labelled.categories, 1.0)) for one in ours],
                    [name for name in CATEGORIES if name != UNRELATED],
                    together=True,
                ),
                "change": _fit_answers(_answer(one.known, yes=one.change) for one in ours),
                "after": _fit_channel(ours, "channel_after", _plain_channels(vocabulary, lexicon)),
                "before": _fit_channel(ours, "channel_before"),
            }
        ),
        ground=join(
            {
                "ground": _fit_answers(
                    chain(*map(_grounds, ours), _plain_grounds(vocabulary, lexicon)),
                )
            }
        ),
        dates=join(
            {
                "start": _fit_answers(chain(*(_dates(one, "effective_from") for one in ours))),
                "end": _fit_answers(chain(*(_dates(one, "effective_to") for one in ours))),
            }
        ),
        learnt_from=digest,
    )


def _fit_answers(examples: Iterable[Example]) -> Linear:
    return fit(examples, [YES], together=True)


def _fit_channel(lessons: Sequence[_Lesson], name: str, plain: Iterable[Example] = ()) -> Linear:
    examples = [*(Example(one.known, {_channel(one, name): 1.0}) for one in lessons), *plain]
    return fit(examples, sorted({channel for one in examples for channel in one.wanted}))


def held_out(announcements: Sequence[Labelled], folds: int, vocabulary: Vocabulary) -> list[Case]:
    """Every announcement read by what was learnt from the other folds: how well new texts would be read."""
    cases: list[Case] = []
    for fold in range(folds):
        others = [one for number, one in enumerate(announcements) if number % folds != fold]
        reader = FrenchReader(vocabulary, learn(others, vocabulary, ""))
        cases += read_all(announcements[fold::folds], reader)
    return cases


def _plain(vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[Example]:
    """The examples of the vocabulary, each of them plain."""
    plain = [(entry.id, text) for entry in vocabulary.categories for text in entry.examples]
    plain += [(UNRELATED, text) for entry in vocabulary.foreign_services for text in entry.examples]
    for category, text in plain:
        understood = understand(Notice("", text), text, lexicon)
        yield Example(evidence_of(understood).features(), {category: 1.0})


def _plain_channels(vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[Example]:
    for channel in vocabulary.channels:
        for text in channel.examples:
            understood = understand(Notice("", text), text, lexicon)
            features = evidence_of(understood).features()
            for category in (FILING, RDV):
                yield Example(
                    {**features, **about(understood, category)}, {channel.part_of or channel.id: 1.0}
                )


def _plain_grounds(vocabulary: Vocabulary, lexicon: Lexicon) -> Iterator[Example]:
    for motif in vocabulary.motifs:
        for text in motif.examples:
            understood = understand(Notice("", text, foreigners_page=True), text, lexicon)
            for category, change in ((FILING, True), (OTHER, False)):
                found = grounds_of(understood, evidence_of(understood), category, change=change)
                yield from (_answer(ground.features, yes=True) for ground in found if ground.id == motif.id)


def _lesson(labelled: Labelled, lexicon: Lexicon) -> _Lesson:
    text = understand(labelled.notice, labelled.notice.body, lexicon)
    evidence = evidence_of(text)
    features = evidence.features()
    return _Lesson(labelled, text, evidence, features, {**features, **about(text, labelled.primary[0])})


def _categorised(lesson: _Lesson) -> Example:
    primary = lesson.labelled.primary
    return Example(lesson.features, dict.fromkeys(primary, 1 / len(primary)))


def _answer(features: Features, *, yes: bool) -> Example:
    return Example(features, {YES: 1.0 if yes else 0.0})


def _channel(lesson: _Lesson, name: str) -> str:
    value = lesson.labelled.single.get(name)
    return value if isinstance(value, str) else NO_CHANNEL


def _grounds(lesson: _Lesson) -> Iterable[Example]:
    labelled = lesson.labelled.motifs
    if labelled is None:
        return
    for ground in grounds_of(lesson.text, lesson.evidence, lesson.first, change=lesson.change):
        yield _answer(ground.features, yes=ground.id in labelled)


def _dates(lesson: _Lesson, name: str) -> Iterable[Example]:
    if name not in lesson.labelled.single:
        return
    wanted = lesson.labelled.single[name]
    for moment in moments_of(lesson.text, lesson.first, change=lesson.change):
        yield _answer(moment.features, yes=moment.value == wanted)


def fit(examples: Iterable[Example], outcomes: Sequence[str], *, together: bool = False) -> Linear:
    """A linear classifier; `together` where outcomes do not exclude each other."""
    known = list(examples)
    met = Counter(chain.from_iterable(one.features for one in known))
    lessons = [
        (
            [(name, value) for name, value in one.features.items() if met[name] > 1],
            [one.wanted.get(outcome, 0.0) for outcome in outcomes],
        )
        for one in known
    ]
    weights = {name: [0.0] * len(outcomes) for name, times in met.items() if times > 1}
    squares = {name: [_CAUTION] * len(outcomes) for name in weights}
    bias = [0.0] * len(outcomes)
    means = {name: [0.0] * len(outcomes) for name in weights}
    shuffled = random.Random(1)  # noqa: S311 - an order, no secret
    for epoch in range(_EPOCHS):
        shuffled.shuffle(lessons)
        for features, wanted in lessons:
            errors = _errors(features, wanted, weights, bias, together=together)
            _correct(features, errors, weights, squares, bias)
        if epoch >= _UNSETTLED:
            _add(means, weights)
    return Linear(
        tuple(outcomes),
        tuple(round(value, 2) for value in bias),
        {name: row for name, total in sorted(means.items()) if (row := _significant(total))},
    )


def _add(totals: Mapping[str, list[float]], weights: Mapping[str, Sequence[float]]) -> None:
    for name, row in weights.items():
        total = totals[name]
        for index, weight in enumerate(row):
            total[index] += weight


def _errors(
    features: Sequence[tuple[str, float]],
    wanted: Sequence[float],
    weights: Mapping[str, Sequence[float]],
    bias: Sequence[float],
    *,
    together: bool,
) -> list[tuple[int, float]]:
    """What is said too much of each outcome, by its index, where it matters."""
    scores = list(bias)
    for name, value in features:
        for index, weight in enumerate(weights[name]):
            scores[index] += weight * value
    if together:
        said = [logistic(score) for score in scores]
    else:
        highest = max(scores)
        powers = [exp(score - highest) for score in scores]
        total = sum(powers)
        said = [power / total for power in powers]
    errors = ((index, said[index] - wanted[index]) for index in range(len(scores)))
    return [(index, error) for index, error in errors if abs(error) > _SETTLED]


def _correct(
    features: Sequence[tuple[str, float]],
    errors: Sequence[tuple[int, float]],
    weights: Mapping[str, list[float]],
    squares: Mapping[str, list[float]],
    bias: list[float],
) -> None:
    for index, error in errors:
        bias[index] -= _BIAS_STEP * error
    for name, value in features:
        row, square = weights[name], squares[name]
        for index, error in errors:
            slope = error * value + _DECAY * row[index]
            square[index] += slope * slope
            row[index] -= _STEP * slope / sqrt(square[index])


def _significant(totals: Sequence[float]) -> tuple[tuple[int, float], ...]:
    means = [total / (_EPOCHS - _UNSETTLED) for total in totals]
    return tuple((index, round(mean, 2)) for index, mean in enumerate(means) if abs(mean) >= _KEPT)

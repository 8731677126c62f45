"""Learns from labelled announcements how much each word and finding counts. Pure and repeatable: the same
announcements in the same order give the same weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from watcher.core.verdict import Notice
from watcher.evaluate import Case, Labelled, read_all
from watcher.reading.evidence import Evidence, about, evidence_of
from watcher.reading.fitting import Example, fit
from watcher.reading.grounds import grounds_of
from watcher.reading.lexicon import Lexicon
from watcher.reading.model import Features, Linear, Model, join
from watcher.reading.moments import moments_of
from watcher.reading.names import CATEGORIES, FILING, OTHER, RDV, UNRELATED
from watcher.reading.reader import FrenchReader
from watcher.reading.understanding import Understood, understand
from watcher.reading.vocabulary import Vocabulary
from watcher.reading.weighing import NO_CHANNEL, YES


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

"""How well labelled announcements are read. Pure: labels and verdicts in, figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.ports import Reader
from watcher.core.verdict import Notice, Verdict

SINGLE = ("is_change", "effective_from", "effective_to", "channel_before", "channel_after")
"""What has one value: it is right or wrong."""
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where the bands of confidence begin."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An announcement and what people say that it says."""

    id: str
    notice: Notice
    primary: tuple[str, ...]  # the categories that are accepted as the first one
    categories: frozenset[str]
    motifs: frozenset[str] | None  # None: not labelled
    single: Mapping[str, object]  # by name of `SINGLE`; what is missing is not scored


@dataclass(frozen=True, slots=True)
class Case:
    """One announcement as it was labelled and as it was read."""

    labelled: Labelled
    verdict: Verdict

    @property
    def first(self) -> str:
        return self.verdict.categories[0] if self.verdict.categories else ""

    @property
    def right(self) -> bool:
        """Whether the first category is an accepted one."""
        return self.first in self.labelled.primary

    @property
    def wrong(self) -> Mapping[str, tuple[object, object]]:
        """What differs, by name: (labelled, said)."""
        labelled, verdict = self.labelled, self.verdict
        pairs: dict[str, tuple[object, object]] = {
            name: (value, getattr(verdict, name)) for name, value in labelled.single.items()
        }
        pairs["categories"] = (sorted(labelled.categories), sorted(verdict.categories))
        if labelled.motifs is not None:
            pairs["motifs"] = (sorted(labelled.motifs), sorted(verdict.motifs))
        wrong = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        first = {} if self.right else {"first_category": (list(labelled.primary), self.first)}
        return {**first, **wrong}


@dataclass(frozen=True, slots=True)
class Score:
    """Sets of names compared: how many are in both, said alone, labelled alone."""

    both: int
    said_alone: int
    labelled_alone: int

    @property
    def support(self) -> int:
        return self.both + self.labelled_alone

    @property
    def precision(self) -> float | None:
        return _ratio(self.both, self.both + self.said_alone)

    @property
    def recall(self) -> float | None:
        return _ratio(self.both, self.support)

    @property
    def f1(self) -> float | None:
        return _ratio(2 * self.both, 2 * self.both + self.said_alone + self.labelled_alone)


@dataclass(frozen=True, slots=True)
class Share:
    """How many are right out of those that are scored."""

    right: int
    scored: int

    @property
    def rate(self) -> float | None:
        return _ratio(self.right, self.scored)


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured; a rate is `None` where nothing is scored."""

    texts: int
    first_category: Share
    categories: Score  # micro: all categories together
    motifs: Score
    single: Mapping[str, Share]
    by_category: Mapping[str, Score]
    bands: Mapping[float, Share]  # by where the band begins: is the first category right
    confusion: Mapping[tuple[str, str], int]  # (labelled, said) first categories
    worst: Sequence[Case]  # the wrong ones, the worst first


def read_all(labelled: Iterable[Labelled], reader: Reader) -> list[Case]:
    return [Case(one, reader.read(one.notice)) for one in labelled]


def evaluate(cases: Sequence[Case]) -> Figures:
    names = sorted({name for case in cases for name in (*case.labelled.categories, *case.verdict.categories)})
    categories = [(case.labelled.categories, case.verdict.categories) for case in cases]
    motifs = [(c.labelled.motifs, c.verdict.motifs) for c in cases if c.labelled.motifs is not None]
    return Figures(
        texts=len(cases),
        first_category=_share(case.right for case in cases),
        categories=_score(categories),
        motifs=_score(motifs),
        single={name: _share(_singles(cases, name)) for name in SINGLE},
        by_category={
            name: _score([({name} & set(labelled), {name} & set(said)) for labelled, said in categories])
            for name in names
        },
        bands={
            start: _share(c.right for c in cases if band(c.verdict.confidence) == start) for start in BANDS
        },
        confusion=Counter((c.first if c.right else c.labelled.primary[0], c.first) for c in cases),
        worst=sorted((case for case in cases if case.wrong), key=_badness, reverse=True),
    )


def band(confidence: float) -> float:
    """Where the band of a confidence begins."""
    return max(start for start in BANDS if start <= max(confidence, BANDS[0]))


def _singles(cases: Sequence[Case], name: str) -> Iterable[bool]:
    return (
        getattr(case.verdict, name) == case.labelled.single[name]
        for case in cases
        if name in case.labelled.single
    )


def _badness(case: Case) -> tuple[bool, int, float]:
    """A wrong first category is worst, then many wrong things; among equals what was said most surely."""
    return not case.right, len(case.wrong), case.verdict.confidence


def _score(pairs: Iterable[tuple[Collection[str], Collection[str]]]) -> Score:
    both = said_alone = labelled_alone = 0
    for labelled, said in pairs:
        both += len(set(said) & set(labelled))
        said_alone += len(set(said) - set(labelled))
        labelled_alone += len(set(labelled) - set(said))
    return Score(both, said_alone, labelled_alone)


def _share(hits: Iterable[bool]) -> Share:
    counted = list(hits)
    return Share(sum(counted), len(counted))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None

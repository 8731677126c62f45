"""How well labelled announcements are read; the floors stand slightly under what is reached.

`announcements.jsonl`: real announcements, retold, labelled by two independent readers.
`own.jsonl`: invented ones, labelled before they were first read by the program, in batches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from watcher import evaluate, rules, weights
from watcher.core.verdict import Notice, PartialDate, Route, Verdict
from watcher.labelled import labelled_files
from watcher.learning import learn
from watcher.reading import FrenchReader

HERE = Path(__file__).parent
VOCABULARY = rules.load(HERE.parents[1] / "rules.yaml")
READER = FrenchReader(VOCABULARY, weights.shipped())
FILES = ("announcements.jsonl", "own.jsonl")


class Case(NamedTuple):
    row: dict[str, Any]
    verdict: Verdict


def notice(row: dict[str, Any]) -> Notice:
    published: str | None = row["published"]
    whole = published is not None and len(published) == 10
    return Notice(
        row["title"],
        row["body"],
        row["prefecture"],
        date.fromisoformat(published) if published and whole else None,
        published_as=PartialDate(published) if published and not whole else None,
    )


def cases(file: str) -> list[Case]:
    rows = [json.loads(line) for line in (HERE / file).read_text(encoding="utf-8").splitlines()]
    return [Case(row, READER.read(notice(row))) for row in rows]


CASES = {file: cases(file) for file in FILES}


def share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted)


def micro_f1(pairs: Iterable[tuple[set[str], set[str]]]) -> float:
    both = wrong = 0
    for said, labelled in pairs:
        both += len(said & labelled)
        wrong += len(said ^ labelled)
    return 2 * both / (2 * both + wrong)


def right(case: Case) -> bool:
    return case.verdict.categories[0] in case.row["primary"]


# What the shipped weights were learnt from must be read as it was labelled, nearly.


@pytest.mark.parametrize("file", FILES)
def test_the_first_category_is_an_accepted_one(file: str) -> None:
    assert share(map(right, CASES[file])) >= 0.985


@pytest.mark.parametrize("file", FILES)
def test_a_change_is_told_from_a_state(file: str) -> None:
    assert share(c.verdict.is_change == c.row["is_change"] for c in CASES[file]) >= 0.98


@pytest.mark.parametrize("file", FILES)
def test_the_date_of_effect_is_right_or_rightly_absent(file: str) -> None:
    agreed = [c for c in CASES[file] if c.row["effective_agreed"]]

    assert share(c.verdict.effective_from == c.row["effective_from"] for c in agreed) >= 0.95


@pytest.mark.parametrize("file", FILES)
def test_the_grounds_are_the_labelled_ones(file: str) -> None:
    assert micro_f1((set(c.verdict.motifs), set(c.row["motifs"])) for c in CASES[file]) >= 0.91


@pytest.mark.parametrize("file", FILES)
def test_the_channel_from_now_on_is_the_labelled_one(file: str) -> None:
    assert share(c.verdict.channel_after == c.row["channel_after"] for c in CASES[file]) >= 0.97


@pytest.mark.parametrize("file", FILES)
def test_high_confidence_deserves_its_name(file: str) -> None:
    sure = [c for c in CASES[file] if c.verdict.confidence >= 0.9]

    assert len(sure) >= len(CASES[file]) / 3
    assert share(map(right, sure)) >= 0.98


@pytest.mark.parametrize("file", FILES)
def test_nothing_unrelated_is_told_as_a_change(file: str) -> None:
    unrelated = [c for c in CASES[file] if c.row["primary"] == ["unrelated"]]

    assert unrelated
    assert not any(c.verdict.route is Route.PUBLISH or c.verdict.is_change for c in unrelated)


@pytest.mark.parametrize("file", FILES)
def test_a_mere_reminder_joins_nothing_to_anef(file: str) -> None:
    reminders = [
        c for c in CASES[file] if "anef_integration" not in c.row["labels"] and not c.row["is_change"]
    ]

    assert reminders
    assert share("anef_integration" in c.verdict.categories for c in reminders) <= 0.005
    assert all(c.verdict.is_change for c in CASES[file] if "anef_integration" in c.verdict.categories)


def test_the_shipped_weights_were_learnt_from_these_announcements() -> None:
    """After a label or a text changes: vigie learn tests/announcements/*.jsonl --out watcher/reading/weights.json."""
    assert weights.shipped().learnt_from == weights.digest(HERE / file for file in FILES)


# What was not learnt from: every third announcement, read by what the other two thirds teach.


@pytest.fixture(scope="module")
def unseen() -> list[evaluate.Case]:
    texts, faults = labelled_files([str(HERE / file) for file in FILES])
    assert not faults
    others = [text for number, text in enumerate(texts) if number % 3]
    reader = FrenchReader(VOCABULARY, learn(others, VOCABULARY, ""))
    return evaluate.read_all(texts[::3], reader)


def test_unseen_announcements_are_read_nearly_as_well(unseen: list[evaluate.Case]) -> None:
    figures = evaluate.evaluate(unseen)

    assert (figures.first_category.rate or 0) >= 0.92
    assert (figures.categories.f1 or 0) >= 0.88
    assert (figures.motifs.f1 or 0) >= 0.85
    assert (figures.single["is_change"].rate or 0) >= 0.92
    assert (figures.single["effective_from"].rate or 0) >= 0.94
    assert (figures.single["channel_after"].rate or 0) >= 0.86


def test_unseen_alerts_that_are_sure_are_right(unseen: list[evaluate.Case]) -> None:
    alerts = [
        case for case in unseen if case.verdict.route is Route.PUBLISH and case.verdict.confidence >= 0.9
    ]

    assert len(alerts) >= len(unseen) / 5
    assert share(case.right and case.labelled.single["is_change"] is True for case in alerts) >= 0.95


def test_hardly_anything_unseen_and_unrelated_is_published(unseen: list[evaluate.Case]) -> None:
    unrelated = [case for case in unseen if case.labelled.primary == ("unrelated",)]

    assert share(case.verdict.route is Route.PUBLISH for case in unrelated) <= 0.01

"""What is learnt from labelled announcements, and the file it is kept in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from watcher import rules, weights
from watcher.core.errors import UserError
from watcher.labelled import labelled_files
from watcher.learning import held_out, learn
from watcher.reading.fitting import Example, fit
from watcher.reading.model import ROOM, UNIT, Joint, Logits, Model, join, packed, unpacked

ROOT = Path(__file__).parents[2]
VOCABULARY = rules.load(ROOT / "rules.yaml")
TEXTS = labelled_files([str(ROOT / "tests" / "announcements" / "announcements.jsonl")])[0][:40]

FERRIES = [
    Example({"boat": 1.0, "sea": 1.0}, {"water": 1.0}),
    Example({"boat": 1.0, "quay": 1.0}, {"water": 1.0}),
    Example({"train": 1.0, "quay": 1.0}, {"land": 1.0}),
    Example({"train": 1.0, "rail": 1.0}, {"land": 1.0}),
]


def ferries() -> Joint:
    return join({"by": fit(FERRIES * 5, ["water", "land"])})


def logits(joint: Joint, *words: str) -> Logits:
    return joint.logits(joint.known(dict.fromkeys(words, 1.0)))


def written(model: Model, file: Path) -> str:
    weights.store(model, file)
    return file.read_text(encoding="utf-8")


def test_a_word_speaks_for_what_it_was_seen_with() -> None:
    joint = ferries()
    shares = joint.shares("by", logits(joint, "boat"))

    assert shares["water"] > 0.8
    assert next(joint.speakers("by", joint.known({"boat": 1.0, "quay": 1.0}), "water")) == "boat"


def test_a_word_that_was_never_seen_speaks_for_nothing() -> None:
    joint = ferries()

    assert logits(joint, "zeppelin") == logits(joint)


def test_a_word_that_was_seen_once_is_forgotten() -> None:
    examples = [*FERRIES * 5, Example({"hapax": 1.0}, {"water": 1.0})]

    assert "hapax" not in fit(examples, ["water", "land"]).weights


def test_a_packed_row_gives_its_numbers_back_as_does_the_sum_of_rows() -> None:
    row, other = [-548, 0, 3, -1, 548], [0, 7, -3, 1, -600]
    one, two = (packed((column, weight) for column, weight in enumerate(some)) for some in (row, other))

    assert unpacked(one, 5) == row
    assert unpacked(1000 * (one + two), 5) == [1000 * sum(pair) for pair in zip(row, other, strict=True)]


def test_answers_that_go_together_may_both_be_likely() -> None:
    examples = [Example({"noon": 1.0}, {"lunch": 1.0, "sun": 1.0}), Example({"night": 1.0}, {})] * 10
    joint = join({"is": fit(examples, ["lunch", "sun"], together=True)})

    assert min(joint.chances("is", logits(joint, "noon")).values()) > 0.7
    assert max(joint.chances("is", logits(joint, "night")).values()) < 0.3


def test_the_same_announcements_give_the_same_weights(tmp_path: Path) -> None:
    once, again = (learn(TEXTS, VOCABULARY, "x") for _ in range(2))

    assert written(once, tmp_path / "once.json") == written(again, tmp_path / "again.json")


def test_every_announcement_is_read_once_by_what_the_others_teach() -> None:
    cases = held_out(TEXTS, 2, VOCABULARY)

    assert sorted(case.labelled.id for case in cases) == sorted(text.id for text in TEXTS)


def test_weights_are_the_same_after_their_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    first = written(learn(TEXTS, VOCABULARY, "x"), file)

    assert written(weights.load(file), file) == first


@pytest.mark.parametrize("row", ["[2,50]", "[-1,50]", "[0]", '["0",50]', "[0,1.5]", "3"])
def test_a_row_that_fits_no_column_is_not_taken(tmp_path: Path, row: str) -> None:
    file = tmp_path / "weights.json"
    text = written(Model(ferries(), ferries(), ferries(), "x"), file)
    file.write_text(re.sub(r'"boat":.*(?=,)', f'"boat":{row}', text), encoding="utf-8")

    with pytest.raises(UserError, match="vigie learn"):
        weights.load(file)


@pytest.mark.parametrize("sign", [1, -1])
def test_weights_whose_sum_would_run_into_the_next_column_are_not_taken(tmp_path: Path, sign: int) -> None:
    file = tmp_path / "weights.json"
    whole = written(Model(ferries(), ferries(), ferries(), "x"), file)

    def weighing(most: int) -> str:
        """`boat` and `late` weigh so much together."""
        rows = f'"boat":[0,{sign * (most - 50)}],\n"late":[0,{sign * 50}]'
        return re.sub(r'"weights": {\n[^}]*(?=\n})', f'"weights": {{\n{rows}', whole)

    file.write_text(weighing(ROOM - 1), encoding="utf-8")
    table = weights.load(file).dates
    first, *others = (
        after - before for after, before in zip(logits(table, "boat", "late"), table.bias, strict=True)
    )
    assert (first, others) == (pytest.approx(sign * (ROOM - 1) / UNIT), [0.0] * len(others))

    file.write_text(weighing(ROOM), encoding="utf-8")
    with pytest.raises(UserError, match="vigie learn"):
        weights.load(file)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"learnt_from": "x", "text": 3}', '{"text": {"questions": []}}']
)
def test_a_file_that_has_no_weights_says_how_to_make_them(tmp_path: Path, text: str) -> None:
    file = tmp_path / "weights.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UserError, match="vigie learn"):
        weights.load(file)


def test_weights_that_were_cut_off_after_any_line_are_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    lines = written(Model(ferries(), ferries(), ferries(), "x"), file).splitlines(keepends=True)

    assert weights.load(file).dates.rows.keys() == ferries().rows.keys()
    for end in range(len(lines)):
        file.write_text("".join(lines[:end]), encoding="utf-8")
        with pytest.raises(UserError, match="vigie learn"):
            weights.load(file)


def test_a_file_that_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"absent\.json : lecture impossible"):
        weights.load(tmp_path / "absent.json")
    with pytest.raises(UserError, match="écriture impossible"):
        weights.store(weights.shipped(), tmp_path / "absent" / "weights.json")

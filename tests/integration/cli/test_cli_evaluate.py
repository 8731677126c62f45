"""`vigie evaluate`: figures for the maintainers of the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie

SHIPPED = Path(__file__).parents[2] / "announcements"
CANTAL = next(
    line
    for line in (SHIPPED / "announcements.jsonl").read_text(encoding="utf-8").splitlines()
    if json.loads(line)["id"] == "a000"
)


def test_a_file_is_scored_on_what_it_labels(vigie: Vigie) -> None:
    wrong = json.dumps({**json.loads(CANTAL), "id": "w", "primary": ["fee"], "labels": ["fee"], "motifs": []})
    (row,) = vigie("evaluate", vigie.file("two.jsonl", f"{CANTAL}\n\n{wrong}\n"), "--json").rows

    assert (row["texts"], row["first_category"], row["learnt"]) == (2, 0.5, False)
    assert row["micro"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "support": 2}
    assert row["categories"]["fee"] == {"precision": None, "recall": 0.0, "f1": 0.0, "support": 1}
    assert row["effective_from"] == {"right": 1.0, "scored": 2}
    assert row["motifs"]["precision"] == 0.5
    assert {"labelled": "fee", "said": "rdv_modality", "count": 1} in row["confusion"]
    assert [case["id"] for case in row["worst"]] == ["w"]
    assert row["worst"][0]["reasons"]


def test_without_a_file_all_the_labelled_announcements_are_scored(vigie: Vigie) -> None:
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in SHIPPED.glob("*.jsonl"))
    (row,) = vigie("evaluate", "--json", "--worst", "0").rows

    assert row["texts"] == lines > 200
    assert row["learnt"]
    assert len(row["files"]) >= 2
    assert sum(band["texts"] for band in row["calibration"]) == lines
    assert row["worst"] == []


def test_people_read_a_table_and_the_worst_with_their_reasons(vigie: Vigie) -> None:
    wrong = json.dumps({**json.loads(CANTAL), "id": "w", "channel_after": "courrier"})
    ran = vigie("evaluate", vigie.file("one.jsonl", wrong))

    assert ran.status == 0
    assert "première catégorie acceptée  100.0 %" in ran.out
    assert "channel_after : courrier attendu, rdv_en_ligne lu" in ran.out
    assert "aucune confusion" in ran.out


def test_a_bad_line_is_named_and_the_others_are_scored(vigie: Vigie) -> None:
    ran = vigie("evaluate", vigie.file("bad.jsonl", f"not json\n{CANTAL}\n"), "--json")

    assert (ran.status, ran.rows[0]["texts"]) == (1, 1)
    assert "bad.jsonl:1 : ce n'est pas du JSON" in ran.error


@pytest.mark.parametrize("text", ["", "not json\n"])
def test_a_file_without_labelled_announcement_is_an_error(vigie: Vigie, text: str) -> None:
    ran = vigie("evaluate", vigie.file("empty.jsonl", text))

    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1].endswith("empty.jsonl : aucune annonce étiquetée")


def test_a_file_that_is_not_there_is_one_line(vigie: Vigie) -> None:
    assert "lecture impossible" in vigie("evaluate", "nowhere.jsonl").error


def test_in_folds_each_text_is_read_by_what_the_others_teach(vigie: Vigie) -> None:
    texts = (SHIPPED / "announcements.jsonl").read_text(encoding="utf-8").splitlines()[:30]
    (row,) = vigie("evaluate", vigie.file("thirty.jsonl", "\n".join(texts)), "--folds", "2", "--json").rows

    assert row["texts"] == 30
    assert row["first_category"] < 1


def test_folds_that_leave_nothing_to_learn_from_are_refused(vigie: Vigie) -> None:
    ran = vigie("evaluate", vigie.file("one.jsonl", CANTAL), "--folds", "1")

    assert ran.status == 2
    assert "--folds" in ran.error


def test_weights_are_learnt_from_files_and_written_where_asked(vigie: Vigie) -> None:
    texts = (SHIPPED / "announcements.jsonl").read_text(encoding="utf-8").splitlines()[:30]
    out = vigie.file("weights.json", "")
    ran = vigie("learn", vigie.file("thirty.jsonl", "\n".join(texts)), "--out", out)

    assert ran.status == 0
    assert ran.error == f"{out} : appris de 30 annonces"
    assert set(json.loads(Path(out).read_text(encoding="utf-8"))) == {
        "learnt_from",
        "text",
        "ground",
        "dates",
    }


def test_an_announcement_that_lacks_labels_teaches_nothing_and_is_named(vigie: Vigie) -> None:
    bare = {key: json.loads(CANTAL)[key] for key in ("id", "title", "body", "primary", "labels")}
    out = vigie.file("weights.json", "kept")
    ran = vigie("learn", vigie.file("bare.jsonl", json.dumps(bare)), "--out", out)

    assert ran.status == 2
    assert "a000 : il manque" in ran.error
    assert Path(out).read_text(encoding="utf-8") == "kept"

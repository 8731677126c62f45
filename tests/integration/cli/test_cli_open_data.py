"""A month of alerts and the rules, as files for anybody."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie

OCTOBER = "2025-10-02T08:00:00+02:00"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def folder(told: Vigie) -> Path:
    out = told.folder / "open"
    assert told("open-data", "--out", str(out), "--now", OCTOBER).status == 0
    return out / "2025-09"


def test_the_last_month_that_is_over_is_written_as_tables_and_as_json(folder: Path) -> None:
    alerts = rows(folder / "alertes.csv")
    assert {row["prefecture"] for row in alerts} == {"15"}
    assert [row["id"] for row in alerts] == [
        one["id"] for one in json.loads((folder / "alertes.json").read_text())
    ]
    assert any(row["effective_from"] == "2025-10-01" for row in alerts)
    rules = rows(folder / "regles.csv")
    assert len(rules) == len(json.loads((folder / "regles.json").read_text())) > 100
    assert "checked_by" not in (folder / "regles.json").read_text()


def test_each_column_is_described_and_the_licence_named(folder: Path) -> None:
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert list(rows(folder / resource["path"])[0]) == names
    assert described["licenses"][0]["name"] == "etalab-2.0"
    assert "Licence Ouverte" in (folder / "LISEZMOI.txt").read_text(encoding="utf-8")


def test_a_month_without_alerts_has_its_columns_all_the_same(told: Vigie) -> None:
    assert told("open-data", "--month", "2025-08", "--out", str(told.folder), "--now", OCTOBER).status == 0
    assert (told.folder / "2025-08" / "alertes.csv").read_text(encoding="utf-8").startswith("id,prefecture,")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--month", "2025-13"], "n'est pas un mois"),
        (["--month", "2031-01"], "n'a pas commencé"),
        (["--month", "9999-12"], "n'est pas un mois"),
        (["--month", "0000-01"], "n'est pas un mois"),
        (["--month", "٢٠٢٥-08"], "n'est pas un mois"),
        (["--out", "/proc/nowhere"], "choisissez un autre --out"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(told: Vigie, options: list[str], said: str) -> None:
    ran = told("open-data", "--now", OCTOBER, *options)
    assert ran.status == 2
    assert said in ran.error
    assert "\n" not in ran.error

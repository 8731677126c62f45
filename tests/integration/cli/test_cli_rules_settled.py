"""`vigie rules accept|refuse|patch`: proposals settled on the command line are in the trail like any other."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command_line import Vigie
from watcher.bootstrap import open_app, open_tools
from watcher.core.verdict import Notice, Route
from watcher.settings import Settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def proposal(told: Vigie) -> dict[str, Any]:
    (row,) = told("rules", "proposals", "--json").rows
    return row


def test_a_refused_proposal_changes_nothing_and_is_in_the_trail(
    told: Vigie, proposal: dict[str, Any]
) -> None:
    before = told("rules", "export").out

    ran = told("rules", "refuse", proposal["id"], "--by", "ada")

    assert ran.status == 0
    assert "refusée" in ran.out
    assert told("rules", "export").out == before
    assert told("rules", "proposals").out == ""
    (line,) = told("review", "history", "--json").rows
    assert (line["action"], line["by"], line["refused"]) == ("refuse", "ada", [proposal["id"]])
    again = told("rules", "refuse", proposal["id"])
    assert (again.status, "déjà été traitée" in again.error) == (1, True)


def test_an_accepted_proposal_is_undone_and_the_rules_are_as_before(
    told: Vigie, proposal: dict[str, Any]
) -> None:
    before = told("rules", "export").out
    told("rules", "accept", proposal["alert"], "--by", "ada")
    assert told("rules", "export").out != before

    told("review", "undo", str(told("review", "history", "--json").rows[0]["number"]))

    assert told("rules", "export").out == before
    assert [row["id"] for row in told("rules", "proposals", "--json").rows] == [proposal["id"]]


def test_an_accepted_proposal_is_a_patch_of_the_shipped_file(
    told: Vigie, proposal: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told("rules", "patch", proposal["id"]).status == 2
    told("rules", "accept", proposal["id"])
    copy = tmp_path / "filing.yaml"
    copy.write_bytes((ROOT / "filing.yaml").read_bytes())
    monkeypatch.setenv("VIGIE_FILING", str(copy))
    monkeypatch.chdir(tmp_path)

    ran = told("rules", "patch", proposal["id"])

    subprocess.run(["patch", "-p1", "-s"], input=ran.out.encode(), cwd=tmp_path, check=True, timeout=30)
    assert copy.read_text(encoding="utf-8") == told("rules", "export").out
    done = told("rules", "patch", proposal["id"])
    assert (done.status, done.out, "le dit déjà" in done.error) == (0, "", True)


def test_texts_like_the_noise_are_read_as_noise_from_then_on(told: Vigie, proposal: dict[str, Any]) -> None:
    told("review", "mute", proposal["alert"], "--words", "rendez-vous en ligne", "--yes")
    (mute,) = [row["mute"] for row in told("review", "history", "--json").rows]

    with open_app(Settings.load(database=told.database)) as app, open_tools(app) as tools:
        title = "Rendez-vous en ligne pour les étudiants"
        body = "À compter du 1er octobre 2025, les étudiants prennent rendez-vous en ligne."
        here, there = (tools.reader.read(Notice(title, body, code)) for code in ("15", "69"))

    assert (here.route, here.reasons[-1].rule) == (Route.MUTE, f"mute:{mute}")
    assert there.route is not Route.MUTE

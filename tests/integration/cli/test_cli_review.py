"""`vigie review`: the Cantal's announcement, from the queue to the trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.command_line import Vigie


@pytest.fixture
def waiting(told: Vigie) -> str:
    """The id of what waits: the announcement, with its proposal."""
    (row,) = told("review", "list", "--json").rows
    return str(row["id"])


def state(vigie: Vigie, name: str) -> str:
    return str(vigie("review", "show", name, "--json").rows[0]["alert"]["state"])


def trail(vigie: Vigie, *asked: str) -> list[dict[str, Any]]:
    return vigie("review", "history", "--json", *asked).rows


def test_an_empty_queue_says_so(vigie: Vigie) -> None:
    ran = vigie("review", "list")

    assert (ran.status, ran.out) == (0, "")
    assert "rien n'attend" in ran.error


def test_what_waits_is_listed_with_what_it_suggests(told: Vigie, waiting: str) -> None:
    shown = told("review", "list").out

    assert shown.startswith(f"{waiting}  important  Cantal (15)")
    assert "1 proposition(s)" in shown


def test_a_case_shows_all_that_a_decision_rests_on(told: Vigie, waiting: str) -> None:
    (row,) = told("review", "show", waiting, "--json").rows
    shown = told("review", "show", waiting).out

    assert row["alert"]["effective_from"] == "2025-10-01"
    assert row["text"]["body"].startswith("À compter du 1er octobre 2025")
    assert {"version", "also", "decisions", "reasons"} <= row.keys()
    (proposal,) = row["proposals"]
    assert proposal["id"] in shown
    for told_too in ("sujets : Prise de rendez-vous", "parce que", "fait 0 : Rendez-vous en ligne"):
        assert told_too in shown


def test_verifying_with_its_proposal_empties_the_queue(told: Vigie, waiting: str) -> None:
    ran = told("review", "verify", waiting, "--accept", "all", "--by", "ada", "--note", "lu", "--json")

    assert ran.status == 0
    (row,) = ran.rows
    assert (row["action"], row["by"], row["note"], len(row["accepted"])) == ("verify", "ada", "lu", 1)
    assert told("review", "list").out == ""
    assert state(told, waiting) == "verified"
    (settled,) = told("rules", "proposals", "--all", "--json").rows
    assert settled["state"] == "accepted"
    assert told("review", "verify", waiting).status == 1


def test_a_correction_says_only_what_differs(told: Vigie, waiting: str) -> None:
    ran = told("review", "correct", waiting, "--effective-from", "2025-11-03", "--regime", "-", "--json")

    (row,) = ran.rows
    (made,) = told("review", "show", row["notice"], "--json").rows
    assert made["alert"]["effective_from"] == "2025-11-03"
    assert made["alert"]["motifs"] == ["hors_anef"]
    assert made["alert"]["corrects"] == waiting
    assert state(told, waiting) == "corrected"
    (proposal,) = [one for one in made["proposals"] if one["state"] == "open"]
    assert proposal["after"]["since"] == "2025-11-03"


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (("--effective-from", "2025-02-30"), "effective_from"),
        (("--motif", "nope"), "motifs"),
        (("--category", "-"), "categories"),
        ((), "ne changerait rien"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    told: Vigie, waiting: str, said: tuple[str, ...], complaint: str
) -> None:
    ran = told("review", "correct", waiting, *said)

    assert ran.status == 1
    assert complaint in ran.error
    assert trail(told) == []


def test_a_rejected_alert_is_retracted_and_comes_back_when_that_is_undone(told: Vigie, waiting: str) -> None:
    (gone,) = told("review", "reject", waiting, "--by", "ada", "--json").rows
    assert state(told, waiting) == state(told, gone["notice"]) == "retracted"

    (back,) = told("review", "undo", str(gone["number"]), "--by", "bob", "--json").rows

    assert back["undoes"] == gone["number"]
    assert state(told, gone["notice"]) == "corrected"
    assert state(told, back["notice"]) == "verified"
    assert [row["action"] for row in trail(told)] == ["undo", "retract"]
    assert [row["by"] for row in trail(told, "--by", "ada")] == ["ada"]
    again = told("review", "undo", str(gone["number"]))
    assert again.status == 1
    assert "déjà annulée" in again.error


def test_a_mute_is_shown_before_it_is_made(told: Vigie, waiting: str) -> None:
    words = ("review", "mute", waiting, "--words", "rendez-vous en ligne")

    shown = told(*words)
    assert (shown.status, trail(told)) == (0, [])
    assert "relancer avec --yes" in shown.error

    (row,) = told(*words, "--yes", "--json").rows
    assert row["mute"]
    assert state(told, waiting) == "retracted"


def test_whoever_asks_for_a_second_opinion_does_not_give_it(told: Vigie, waiting: str) -> None:
    told("review", "ask", waiting, "--by", "ada", "--note", "pour tous ?")
    assert "ada demande un deuxième avis" in told("review", "list").out

    own = told("review", "verify", waiting, "--by", "ada")
    other = told("review", "verify", waiting, "--by", "bob")

    assert (own.status, other.status) == (1, 0)
    assert "deuxième avis" in own.error


def test_without_a_name_the_account_of_the_machine_signs(
    told: Vigie, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "grace")

    told("review", "verify", waiting)

    assert trail(told)[0]["by"] == "grace"
    nobody = told("review", "ask", waiting, "--by", " ")
    assert (nobody.status, "--by" in nobody.error) == (2, True)


@pytest.mark.parametrize("action", ["show", "verify", "correct", "reject", "ask"])
def test_an_unknown_alert_is_one_french_line(vigie: Vigie, action: str) -> None:
    ran = vigie("review", action, "nope")

    assert ran.status == 2
    assert "aucune alerte « nope »" in ran.error


def test_confirmed_texts_can_be_measured_and_learnt_from(told: Vigie, waiting: str) -> None:
    told("review", "correct", waiting, "--effective-from", "2025-11-03")

    exported = told("review", "export")
    file = told.file("desk.jsonl", exported.out)

    (row,) = exported.rows
    assert row["labels"] == ["rdv_modality"]
    assert (row["effective_from"], row["motifs"], row["channel_after"]) == (
        "2025-11-03",
        ["hors_anef"],
        "rdv_en_ligne",
    )
    keys = set(json.loads(_own_line()))
    assert set(row) == keys
    (figures,) = told("evaluate", file, "--json").rows
    assert figures["texts"] == 1


def _own_line() -> str:
    own = Path(__file__).parents[2] / "announcements" / "own.jsonl"
    with own.open(encoding="utf-8") as lines:
        return next(lines)


def test_noise_is_exported_as_unrelated_and_what_was_retracted_not_at_all(told: Vigie, waiting: str) -> None:
    told("review", "reject", waiting)
    assert told("review", "export").out == ""
    number = trail(told)[0]["number"]
    (back,) = told("review", "undo", str(number), "--json").rows

    told("review", "mute", back["notice"], "--words", "rendez-vous en ligne", "--yes")
    target = told.folder / "desk.jsonl"
    done = told("review", "export", "--out", str(target))

    (row,) = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert (row["labels"], row["is_change"], row["motifs"]) == (["unrelated"], False, [])
    assert "1 texte(s)" in done.error


def test_a_mute_shows_what_else_it_would_have_hidden_and_hides_nothing_true(
    told: Vigie, waiting: str
) -> None:
    (other,) = [row["id"] for row in told("alerts", "--json").rows if row["id"] != waiting]
    words = ("review", "mute", waiting, "--words", "titre de séjour", "--now", "2025-09-12")

    assert [row["id"] for row in told(*words, "--json").rows] == [other]
    assert told(*words).out.startswith(f"{other}  15  ")

    told("review", "verify", other)
    for ran in (told(*words), told(*words, "--yes")):
        assert ran.status == 1
        assert "aurait caché" in ran.error
    assert state(told, waiting) == "verified"


def test_past_decisions_about_like_texts_are_shown(told: Vigie, waiting: str) -> None:
    (other,) = [row["id"] for row in told("alerts", "--json").rows if row["id"] != waiting]
    told("review", "verify", other, "--by", "ada")

    shown = told("review", "show", waiting).out

    assert "décisions sur des textes semblables" in shown
    assert "ada : vérifiée" in shown


def test_proposals_are_not_settled_by_whoever_asked_about_them(told: Vigie, waiting: str) -> None:
    told("review", "ask", waiting, "--by", "ada")

    ran = told("rules", "accept", waiting, "--by", "ada")

    assert ran.status == 1
    assert "deuxième avis" in ran.error


def test_a_file_that_cannot_be_written_is_named(told: Vigie) -> None:
    ran = told("review", "export", "--out", str(told.folder / "nowhere" / "desk.jsonl"))

    assert ran.status == 2
    assert "écriture impossible" in ran.error

"""`vigie rules`: where to file, what alerts propose, and the rules in and out."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie
from tests.fakes.filing import rule
from watcher import filing_file
from watcher.rules_report import as_csv, harmless


def test_an_answer_tells_the_channel_the_evidence_and_what_was_before(vigie: Vigie) -> None:
    shown = vigie("rules", "show", "15", "salarie", "--on", "2025-10-01")

    assert shown.status == 0
    assert "Rendez-vous en ligne" in shown.out
    assert "preuve : Annonce de la préfecture du Cantal" in shown.out
    assert "avant : Fermé, jusqu'au 30 septembre 2025" in shown.out
    assert "c'est la réponse" in shown.out


def test_the_day_before_the_answer_is_another(vigie: Vigie) -> None:
    (row,) = vigie("rules", "show", "15", "salarie", "--on", "2025-09-30", "--json").rows

    assert (row["known"], row["channels"]) == ("channel", ["ferme"])


def test_before_the_rules_were_known_nothing_was(vigie: Vigie) -> None:
    (row,) = vigie("rules", "show", "15", "salarie", "--as-known", "2020-01-01", "--json").rows

    assert (row["known"], row["rule"]) == ("unknown", None)


def test_without_a_motif_every_motif_is_told(vigie: Vigie) -> None:
    shown = vigie("rules", "show", "69")

    told = dict(line.split("\t") for line in shown.out.splitlines())
    assert told["etudiant"] == "ANEF"
    assert told["salarie"] == "Démarche numérique"
    assert told["asile"] == "inconnu"


def test_the_matrix_has_every_prefecture_and_motif(vigie: Vigie) -> None:
    rows = list(csv.DictReader(io.StringIO(vigie("rules", "matrix").out)))

    assert len(rows) == len({(row["prefecture"], row["motif"]) for row in rows})
    assert len(rows) > 4000
    cantal = next(row for row in rows if (row["prefecture"], row["motif"]) == ("15", "salarie"))
    assert (cantal["answer"], cantal["channels"], cantal["since"]) == (
        "channel",
        "rdv_en_ligne",
        "2025-10-01",
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_value_becomes_a_formula(sign: str) -> None:
    hostile = f"{sign}cmd|' /C calc'!A0"

    (row,) = csv.DictReader(io.StringIO(as_csv([{"address": hostile}]), newline=""))

    assert row["address"] == f"'{hostile}" == harmless(hostile)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("show", "99"), "préfecture inconnue"),
        (("show", "15", "nope"), "motif inconnu"),
        (("show", "15", "salarie", "--on", "demain"), "--on"),
        (("show", "15", "salarie", "--as-known", "hier"), "--as-known"),
        (("import", "/nowhere.yaml"), "fichier introuvable"),
    ],
)
def test_a_slip_of_the_pen_is_one_french_line(
    vigie: Vigie, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = vigie("rules", *arguments)

    assert ran.status == 2
    assert complaint in ran.error


def test_an_import_shows_what_it_changes_and_writes_it_when_told_to(vigie: Vigie) -> None:
    file = vigie.file("mine.yaml", filing_file.written([rule(territory="01", channel="email")]))
    before = vigie("rules", "export").out

    shown = vigie("rules", "import", file)
    assert "+ Courriel" in shown.out
    assert "--yes" in shown.error
    assert vigie("rules", "export").out == before

    vigie("rules", "import", file, "--yes")
    after = vigie("rules", "export").out
    assert sorted(set(after.splitlines()) - set(before.splitlines()))
    assert not set(before.splitlines()) - set(after.splitlines())
    assert vigie("rules", "show", "01", "salarie").out.count("Courriel")


def test_a_bad_import_applies_nothing(vigie: Vigie) -> None:
    good = filing_file.written([rule(territory="01", channel="email")])
    file = vigie.file("mine.yaml", good + good.split("rules:\n")[1].replace("motif: salarie", "motif: x"))
    before = vigie("rules", "export").out

    ran = vigie("rules", "import", file, "--yes")

    assert ran.status == 2
    assert "rules[1].motif" in ran.err
    assert vigie("rules", "export").out == before


def test_rules_that_nobody_confirmed_are_told(vigie: Vigie) -> None:
    ran = vigie("rules", "freshness", "--days", "300", "--json", "--now", "2026-11-22")

    assert {"45-aes", "34-hors_anef"} <= {row["id"] for row in ran.rows}
    assert not any(row["id"].startswith("57-") for row in ran.rows)


def test_the_announcement_of_the_cantal_is_proposed_and_accepted(told: Vigie) -> None:
    before = told("rules", "export").out.splitlines()
    (proposal, *_) = [row for row in told("rules", "proposals", "--json").rows if row["prefecture"] == "15"]
    assert proposal["after"]["channel"] == "rdv_en_ligne"
    assert proposal["alert"] in told("rules", "proposals").out

    done = told("rules", "accept", proposal["id"], "--by", "Ada")

    assert done.status == 0
    after = told("rules", "export").out.splitlines()
    added = [line for line in after if line not in before]
    assert any(proposal["alert"] in line for line in added)
    (row,) = told("rules", "show", "15", "salarie", "--on", "2025-10-01", "--json").rows
    assert (row["channels"], row["rule"]["checked_by"]) == (["rdv_en_ligne"], "Ada")
    assert proposal["alert"] in {piece["alert"] for piece in row["rule"]["evidence"]}
    again = told("rules", "accept", proposal["id"])
    assert again.status == 1
    assert "déjà été traitée" in again.error


def test_an_unknown_proposal_is_a_failure(vigie: Vigie) -> None:
    ran = vigie("rules", "accept", "nope")

    assert ran.status == 1
    assert "aucune proposition" in ran.error


def test_looking_at_rules_takes_in_no_other_file(
    vigie: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What proposals of a running watch would change must still be what it was when they were made."""
    first = tmp_path / "filing.yaml"
    first.write_text(filing_file.written([rule()]), encoding="utf-8")
    monkeypatch.setenv("VIGIE_FILING", str(first))
    before = vigie("rules", "export")
    monkeypatch.delenv("VIGIE_FILING")

    assert before.status == 0
    assert vigie("rules", "export").out == before.out

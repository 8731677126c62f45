"""`filing.yaml`: the shipped rules, and what is said about a file that cannot be used."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.filing import rule
from watcher import filing_file
from watcher import rules as rule_file
from watcher.core.filing import LOCAL, NATIONAL, ON_ANEF, Evidence, Known, Rule, chain, ordered
from watcher.core.filing_book import RuleBook
from watcher.core.filing_tables import moves_to_anef
from watcher.reading.vocabulary import Vocabulary
from watcher.rules import RulesError
from watcher.sources import load as load_sources

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = NOW.date()


@cache
def words() -> Vocabulary:
    return rule_file.load(ROOT / "rules.yaml")


@cache
def shipped() -> tuple[Rule, ...]:
    return filing_file.load(ROOT / "filing.yaml", words(), NOW)


@cache
def book() -> RuleBook:
    return RuleBook(shipped())


def where(code: str, motif: str, on: date = TODAY, **asked: str) -> tuple[str, ...]:
    return (
        book()
        .answers(chain(code), motif, asked.get("operation", ""), asked.get("regime", ""), on=on)
        .channels
    )


def test_every_shipped_rule_has_evidence_and_the_day_of_its_last_check() -> None:
    assert len(shipped()) > 150
    for one in shipped():
        assert any(piece.sentence for piece in one.evidence), one.id
        assert date(2020, 1, 1) < one.checked_on <= TODAY, one.id


def test_shipped_rules_are_about_prefectures_that_are_watched() -> None:
    known = load_sources(ROOT / "sources.yaml").prefectures

    assert {one.prefecture for one in shipped()} <= {
        *known,
        NATIONAL,
        "977",
        "978",
        "986",
        "987",
        "988",
        "975",
    }


def test_the_shipped_rules_do_not_contradict_each_other() -> None:
    places = {one.territory for one in shipped()} | {"15", "69", "94", "01"}
    told = {
        (place, motif.id): [rule.id for rule in found.conflicts]
        for place in places
        for motif in words().motifs
        if (found := book().answers(chain(place), motif.id, on=TODAY)).conflicts
    }

    assert set(told) <= {
        (code, "naturalisation_decret") for code in ("973", "975", "977", "978", "986", "987", "988")
    } | {("57", "attestation_prolongation")}


def test_the_file_is_what_export_writes() -> None:
    assert filing_file.written(shipped()) == (ROOT / "filing.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "motif", "channels"),
    [
        ("01", "etudiant", ("anef",)),
        ("69", "etudiant", ("anef",)),
        ("69", "salarie", ("demarche_numerique",)),
        ("69", "conjoint_francais", ("anef",)),
        ("15", "salarie", ("rdv_en_ligne",)),
        ("15", "visiteur", ("anef",)),
        ("34", "aes", ("email",)),
        ("01", "naturalisation_decret", ("anef_natali",)),
    ],
)
def test_the_shipped_rules_answer(code: str, motif: str, channels: tuple[str, ...]) -> None:
    assert where(code, motif) == channels


def test_the_cantal_had_no_way_before_october_2025() -> None:
    assert where("15", "salarie", date(2025, 9, 30)) == ("ferme",)
    assert where("15", "salarie", date(2025, 10, 1)) == ("rdv_en_ligne",)


def test_outside_anef_elsewhere_the_way_is_not_guessed() -> None:
    answer = book().answers(chain("01"), "salarie", on=TODAY)

    assert (answer.known, answer.channels) == (Known.LOCAL, ())


def test_the_val_de_marne_has_a_form_for_algerians() -> None:
    asked = {"operation": "premiere_demande", "regime": "algerien"}

    assert where("94-creteil", "salarie", **asked) == ("demarche_numerique_rdv",)


def test_students_moved_to_anef_before_spouses() -> None:
    moves = {move.motif: move.since for move in moves_to_anef(book()) if move.since}

    assert moves["etudiant"] == "2021-05-01"
    assert moves["conjoint_francais"] == "2023-04-05"
    assert all(one.channel in {LOCAL, *ON_ANEF} for one in shipped() if one.territory == NATIONAL)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    hard = rule(
        "etudiant",
        "email",
        territory="2A-ajaccio",
        operation="renouvellement",
        regime="algerien",
        valid_from="2025",
        valid_to="2026-02",
        note_fr='Il dit : "oui" # non',
        checked_by="- Ada",
        evidence=(Evidence("a1", "https://www.corse.gouv.fr/a?b=1", "« À partir d'octobre » : [x] {y}"),),
        known_from=NOW,
        id="2A-ajaccio-etudiant",
    )
    dated = rule(seen_on=date(2025, 1, 2), known_from=NOW)
    path = tmp_path / "filing.yaml"
    path.write_text(filing_file.written([dated, hard]), encoding="utf-8")

    assert list(filing_file.load(path, words(), NOW)) == ordered([hard, dated])


def test_a_change_of_one_rule_changes_its_lines_alone() -> None:
    rules = [rule("etudiant"), rule(), rule("aes")]
    changed = [rule("etudiant"), rule(channel="email"), rule("aes")]

    before, after = (filing_file.written(these).splitlines() for these in (rules, changed))

    differing = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert differing == [("    channel: courrier", "    channel: email")]


GOOD = """version: 1
rules:
  - id: a
    motif: salarie
    channel: courrier
    checked_on: 2025-01-02
    evidence:
      - sentence: Vu.
"""


@pytest.mark.parametrize(
    ("wrong", "right", "line", "key"),
    [
        ("motif: salarie", "motif: salarier", 4, "rules[0].motif"),
        ("channel: courrier", "channel: pigeon", 5, "rules[0].channel"),
        ("motif: salarie", "motif: salarie\n    colour: red", 5, "rules[0].colour"),
        ("checked_on: 2025-01-02", "checked_on: 2025-02-30", 6, "rules[0].checked_on"),
        ("checked_on: 2025-01-02", "checked_on: 2025-01-02\n    since: hier", 7, "rules[0].since"),
        (
            "checked_on: 2025-01-02",
            "checked_on: 2025-01-02\n    since: 2025-03\n    until: 2025-02-01",
            8,
            "rules[0].until",
        ),
        ("motif: salarie", "motif: salarie\n    territory: rhone", 5, "rules[0].territory"),
        ("motif: salarie", "motif: salarie\n    operation: vol", 5, "rules[0].operation"),
        ("motif: salarie", "motif: salarie\n    address: javascript:x", 5, "rules[0].address"),
        ("sentence: Vu.", "sentence: ''", 8, "rules[0].evidence[0]"),
        ("version: 1", "version: 2", 1, "version"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(
    tmp_path: Path, wrong: str, right: str, line: int, key: str
) -> None:
    path = tmp_path / "filing.yaml"
    path.write_text(GOOD.replace(wrong, right), encoding="utf-8")

    with pytest.raises(RulesError) as refused:
        filing_file.load(path, words(), NOW)

    assert (refused.value.problems[0].line, refused.value.problems[0].key) == (line, key)
    assert str(path) in str(refused.value)


def test_one_id_is_one_rule(tmp_path: Path) -> None:
    path = tmp_path / "filing.yaml"
    path.write_text(GOOD + GOOD.split("rules:\n")[1], encoding="utf-8")

    with pytest.raises(RulesError, match="déjà pris"):
        filing_file.load(path, words(), NOW)

"""Accepted proposals as patches of `filing.yaml`: the lines of their rules, and no other ones."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.filing import rule
from watcher import filing_file
from watcher import rules as rule_file
from watcher.core.errors import UserError
from watcher.core.filing import Rule
from watcher.core.verdict import PartialDate
from watcher.rules_patch import patch

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2025, 9, 12, tzinfo=UTC)
FIRST, LAST = rule("etudiant", territory="01"), rule("salarie", territory="69")
ENDED = replace(LAST, valid_to=PartialDate("2025-10-01"))
NEW = rule("salarie", "rdv_en_ligne", territory="69", valid_from="2025-10-01")


@pytest.fixture(scope="module")
def words() -> rule_file.Vocabulary:
    return rule_file.load(ROOT / "rules.yaml")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in a directory where `git apply` may work."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "filing.yaml"
    file.write_text(filing_file.written([FIRST, LAST]), encoding="utf-8")
    return file


def apply(file: Path, text: str, *how: str) -> None:
    subprocess.run(how or ("git", "apply", "-"), cwd=file.parent, input=text.encode(), check=True, timeout=30)


def known(file: Path, words: rule_file.Vocabulary) -> Sequence[Rule]:
    return [replace(one, known_from=LAST.known_from) for one in filing_file.load(file, words, NOW)]


@pytest.mark.parametrize("how", [("git", "apply", "-"), ("patch", "-p1", "-s")])
def test_what_is_applied_is_what_was_accepted(
    project: Path, words: rule_file.Vocabulary, how: tuple[str, ...]
) -> None:
    text = patch(project, [ENDED, NEW], words, NOW)

    apply(project, text, *how)

    assert known(project, words) == [FIRST, ENDED, NEW]
    assert project.read_text(encoding="utf-8") == filing_file.written([FIRST, ENDED, NEW])
    assert patch(project, [ENDED, NEW], words, NOW) == ""


def test_only_lines_of_the_rules_themselves_are_touched(project: Path, words: rule_file.Vocabulary) -> None:
    lines = patch(project, [ENDED], words, NOW).splitlines()

    assert [line for line in lines[2:] if line[0] in "+-"] == ['+    until: "2025-10-01"']
    assert lines[:2] == ["--- a/filing.yaml", "+++ b/filing.yaml"]


@pytest.mark.parametrize("territory", ["", "30", "974"])
def test_a_new_rule_goes_where_its_like_are(
    project: Path, words: rule_file.Vocabulary, territory: str
) -> None:
    new = rule("visiteur", territory=territory)

    apply(project, patch(project, [new], words, NOW))

    assert project.read_text(encoding="utf-8") == filing_file.written([FIRST, LAST, new])


def test_a_file_written_by_hand_keeps_its_comments_order_and_indentation(
    project: Path, words: rule_file.Vocabulary
) -> None:
    entries = ["\n".join(filing_file.entry_lines(one)).replace("\n  ", "\n")[2:] for one in (LAST, FIRST)]
    by_hand = f"version: 1\n# Ours.\nrules:\n{entries[0]}\n\n# Below: students.\n{entries[1]}\n# The end."
    project.write_text(by_hand, encoding="utf-8")

    apply(project, patch(project, [ENDED, NEW], words, NOW))

    text = project.read_text(encoding="utf-8")
    assert {one.id for one in known(project, words)} == {FIRST.id, LAST.id, NEW.id}
    assert ENDED in known(project, words)
    assert set(by_hand.splitlines()) <= set(text.splitlines())
    assert not text.endswith("\n")


def test_line_ends_of_another_system_stay(project: Path, words: rule_file.Vocabulary) -> None:
    project.write_bytes(project.read_bytes().replace(b"\n", b"\r\n"))

    apply(project, patch(project, [ENDED, NEW], words, NOW))

    assert known(project, words) == [FIRST, ENDED, NEW]
    assert project.read_bytes().count(b"\n") == project.read_bytes().count(b"\r\n")


def test_elsewhere_the_file_goes_by_its_name(
    project: Path,
    words: rule_file.Vocabulary,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    assert patch(project, [ENDED], words, NOW).startswith("--- a/filing.yaml\n")


def test_a_file_without_rules_is_no_place_for_one(project: Path, words: rule_file.Vocabulary) -> None:
    project.write_text("version: 1\nrules: []\n", encoding="utf-8")

    with pytest.raises(UserError, match="aucune règle"):
        patch(project, [NEW], words, NOW)

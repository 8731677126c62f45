"""`rules.yaml` is refused with the file, the line and the key of everything that is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher import rules

SHIPPED = (Path(__file__).parents[2] / "rules.yaml").read_text(encoding="utf-8")


def refusal(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(rules.RulesError) as caught:
        rules.load(path)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return tuple(str(problem).removeprefix(f"{path}:") for problem in caught.value.problems)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_shipped_file_loads() -> None:
    vocabulary = rules.load(Path(__file__).parents[2] / "rules.yaml")

    assert {"hors_anef", "tous", "salarie"} <= {motif.id for motif in vocabulary.motifs}


def test_an_unknown_key_is_named_with_its_line(tmp_path: Path) -> None:
    text = SHIPPED.replace("    fr: Visiteur\n", "    fr: Visiteur\n    fro: Visiteur\n", 1)

    (problem,) = refusal(tmp_path, text)

    assert problem.startswith(f"{line_of(text, 'fro:')}: motifs[")
    assert problem.endswith("].fro: clé inconnue")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - id: visiteur\n", "  - id: Visiteur!\n", "minuscules sans accent, chiffres"),
        ("  - id: visiteur\n", "  - id: talent\n", "déjà pris"),
        ("    threshold: 0.75\n", "    threshold: 7\n", "trop grand"),
        ("    threshold: 0.75\n", "    threshold: beaucoup\n", "un nombre est attendu"),
        ("    fr: Visiteur\n", "", "clé obligatoire absente"),
        ("    fr: Visiteur\n", "    fr: 12\n", "un texte est attendu"),
        ("    general: true\n", "    general: oui\n", "true ou false"),
        ("    part_of: anef\n", "    part_of: nulle_part\n", "canal inconnu"),
        ("  - id: outage\n", "  - id: panne\n", "catégorie inconnue"),
        ("version: 1\n", "version: 2\n", "valeur admise"),
        ("    weak: [visiteur, visiteuse]\n", '    weak: ["de la", visiteuse]\n', "aucun mot à chercher"),
        ("    weak: [visiteur, visiteuse]\n", "    weak: visiteur\n", "une liste est attendue"),
    ],
)
def test_what_is_wrong_is_said_in_one_french_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert SHIPPED.count(old) >= 1

    problems = refusal(tmp_path, SHIPPED.replace(old, new, 1))

    assert any(said in problem for problem in problems)
    assert all(problem.split(":", 1)[0].isdigit() for problem in problems)


@pytest.mark.parametrize("text", ["", "motifs: [", "- a\n", "&x a: *x\n", "motifs: {}\n"])
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(rules.RulesError):
        rules.load(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(rules.RulesError, match="fichier introuvable"):
        rules.load(tmp_path / "absent.yaml")


def test_the_schema_knows_every_section() -> None:
    assert {"motifs", "channels", "categories", "foreign_services"} <= set(rules.schema()["properties"])

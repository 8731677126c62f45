"""The history of the official list, from a file to what readers find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie

SHIPPED = Path(__file__).parents[3] / "official_list.csv"
NOW = ("--now", "2026-11-22T12:00:00+01:00")


def test_the_shipped_list_is_imported_once_and_found(vigie: Vigie) -> None:
    checked = vigie("history", "list", str(SHIPPED), "--check", *NOW)
    first = vigie("history", "list", str(SHIPPED), *NOW)
    again = vigie("history", "list", str(SHIPPED), *NOW)

    assert (checked.status, first.status, again.status) == (0, 0, 0)
    assert "181 lignes lues, 0 laissée de côté" in first.out
    assert "172 démarches de 22 préfectures, 12 versions" in first.out
    assert "10 février 2025 : 60 événements" in first.out
    assert "133 alertes historiques nouvelles ; rien n'est écrit" in checked.out
    assert "133 alertes historiques nouvelles, rien n'est envoyé" in first.out
    assert "0 alerte historique nouvelle" in again.out
    remarks = first.err.splitlines()
    assert len(remarks) == 9
    assert all(f"{SHIPPED}:" in remark for remark in remarks)


def test_a_bad_line_is_named_with_its_place_and_the_others_are_taken_in(vigie: Vigie) -> None:
    path = vigie.file(
        "liste.csv",
        "code;url;first_listed;last_listed\n"
        "98;https://www.demarches-simplifiees.fr/commencer/a;2022-07-21;\n"
        "15;https://www.demarches-simplifiees.fr/commencer/b;2022-07-21;2023-12-08\n"
        "15;https://www.demarches-simplifiees.fr/commencer/c;2026-04-29;\n",
    )
    ran = vigie("history", "list", path, *NOW)

    assert ran.status == 1
    assert ran.error == f"{path}:2 : « 98 » n'est pas un département que l'on connaisse (laissée de côté)"
    assert "2 alertes historiques nouvelles" in ran.out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("autre.csv", "nom,adresse\n", "ce n'est pas l'histoire de la liste officielle"),
        ("vide.csv", "", "ce n'est pas l'histoire de la liste officielle"),
    ],
)
def test_a_file_of_another_kind_is_a_mistake(vigie: Vigie, name: str, text: str, said: str) -> None:
    path = vigie.file(name, text)
    ran = vigie("history", "list", path)

    assert ran.status == 2
    assert ran.error.startswith(f"vigie : {path} : {said}")


@pytest.mark.parametrize("path", ["/nowhere/liste.csv", "/proc/self"])
def test_a_file_that_cannot_be_read_is_a_mistake(vigie: Vigie, path: str) -> None:
    ran = vigie("history", "list", path)

    assert ran.status == 2
    assert ran.error.startswith(f"vigie : {path} : impossible à lire")

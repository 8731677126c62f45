"""`vigie user`: who may enter the desk; passwords never stand on a command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.fakes.command_line import Ran, Vigie
from watcher.passwords import Argon2

PHRASE = "le merle chante à cinq heures"


@pytest.fixture
def typed(vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> Vigie:
    """Whoever types nothing at a terminal that is none."""
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return vigie


def say(vigie: Vigie, monkeypatch: pytest.MonkeyPatch, password: str, *arguments: str) -> Ran:
    monkeypatch.setattr("sys.stdin", io.StringIO(password))
    return vigie("user", *arguments, "--stdin", "--by", "root")


def kept(vigie: Vigie, name: str) -> str:
    """The hash, out of the database itself."""
    import sqlite3

    with sqlite3.connect(vigie.folder / "vigie.db") as connection:
        (found,) = connection.execute("SELECT password FROM users WHERE name = ?", [name]).fetchone()
    connection.close()
    return str(found)


def test_the_first_admin_is_added_here(vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = say(vigie, monkeypatch, f"{PHRASE}\n", "add", " Ada ", "--role", "admin")

    assert (ran.status, ran.out) == (0, "ada : ajouté (admin)\n")
    (row,) = vigie("user", "list", "--json").rows
    assert (row["name"], row["role"], row["disabled_at"]) == ("ada", "admin", None)
    assert Argon2().verify(kept(vigie, "ada"), PHRASE)
    assert PHRASE not in ran.out + ran.err
    assert "argon2" not in vigie("user", "list").out
    taken = say(vigie, monkeypatch, PHRASE, "add", "ADA")
    assert (taken.status, "existe déjà" in taken.error) == (2, True)


@pytest.mark.parametrize(
    ("name", "password", "complaint"),
    [
        ("ada", "petit", "trop court"),
        ("ada", "", "trop court"),
        ("ada", "é" * 513, "trop long"),
        ("adalovelace99", "AdaLovelace99", "le nom"),
        ("ada", "ababababababab", "trop simple"),
        ("a da", PHRASE, "n'est pas un nom"),
        ("../x", PHRASE, "n'est pas un nom"),
        ("é", PHRASE, "n'est pas un nom"),
    ],
)
def test_a_weak_password_or_a_bad_name_is_refused(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch, name: str, password: str, complaint: str
) -> None:
    ran = say(vigie, monkeypatch, f"{password}\n", "add", name)

    assert ran.status == 2
    assert complaint in ran.error
    assert not password or password not in ran.err
    assert vigie("user", "list").out == ""


def test_without_a_terminal_a_password_must_be_given_on_purpose(typed: Vigie) -> None:
    ran = typed("user", "add", "ada")

    assert ran.status == 2
    assert "--stdin" in ran.error


def test_a_password_typed_twice_differently_is_none(vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    given = iter([PHRASE, f"{PHRASE}!", PHRASE, PHRASE])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(given))

    assert "diffèrent" in vigie("user", "add", "ada").error
    assert vigie("user", "add", "ada").status == 0


def test_a_password_is_changed(vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    say(vigie, monkeypatch, PHRASE, "add", "ada")

    ran = say(vigie, monkeypatch, "un autre merle chante", "password", "ada")

    assert ran.status == 0
    assert Argon2().verify(kept(vigie, "ada"), "un autre merle chante")


def test_doors_are_closed_and_opened_and_roles_changed(vigie: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    say(vigie, monkeypatch, PHRASE, "add", "ada")

    vigie("user", "disable", "ada")
    assert vigie("user", "list", "--json").rows[0]["disabled_at"]
    assert "fermé le" in vigie("user", "list").out
    vigie("user", "enable", "ada")
    vigie("user", "role", "ada", "reader")
    (row,) = vigie("user", "list", "--json").rows
    assert (row["role"], row["disabled_at"]) == ("reader", None)


@pytest.mark.parametrize("arguments", [("disable",), ("enable",), ("role", "admin"), ("password", "--stdin")])
def test_nobody_of_that_name_is_told(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PHRASE))
    action, *rest = arguments

    ran = vigie("user", action, "ada", *rest)

    assert ran.status == 2
    assert "personne ne s'appelle « ada »" in ran.error


def test_who_changed_who_may_enter_is_in_the_trail(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say(vigie, monkeypatch, PHRASE, "add", "ada")
    vigie("user", "disable", "ada", "--by", "bob")

    rows = vigie("review", "history", "--json").rows

    assert [(row["action"], row["by"], row["subject"]) for row in rows] == [
        ("user", "bob", "ada"),
        ("user", "root", "ada"),
    ]
    assert "ada" in vigie("review", "history").out

"""`vigie subscribers`: what a maintainer sees of subscribers, and does for those who ask."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.alerts import SEEN
from tests.fakes.command_line import Vigie
from watcher.bootstrap import open_app
from watcher.core.subscriptions import Choices, Interest, Signup, Subscription, Way
from watcher.settings import Settings

ANA, BOB = "ana@exemple.fr", "bob@exemple.fr"
ONE, OTHER = "1" * 32, "2" * 32
CHOICES = Choices(Interest(prefectures=frozenset({"15"})))


@pytest.fixture
def served(vigie: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vigie:
    """Ana is subscribed; Bob signed up and was not asked to confirm yet."""
    monkeypatch.setenv("VIGIE_KEY_FILE", str(tmp_path / "vigie.key"))
    with open_app(Settings(database=vigie.database, key_file=tmp_path / "vigie.key")) as app:
        sealed = app.vault.seal(ANA, ONE)
        app.subscriptions.add(Subscription(ONE, Way.MAIL, sealed, CHOICES, SEEN, SEEN, "1-fr"))
        app.subscriptions.ask(Signup(OTHER, Way.MAIL, app.vault.seal(BOB, OTHER), CHOICES, SEEN, "1-fr"))
    return vigie


def test_subscribers_are_listed_without_their_addresses(served: Vigie) -> None:
    ran = served("subscribers", "list")
    assert ran.status == 0
    (line,) = ran.out.splitlines()
    assert line.split() == [ONE, "mail", "now", "fr", "2025-09-10", "a•••@e•••.fr"]
    (row,) = served("subscribers", "list", "--json").rows
    assert row["address"] == "a•••@e•••.fr"
    assert row["choices"]["prefecture"] == ["15"]


def test_addresses_are_shown_to_whoever_insists(served: Vigie) -> None:
    (row,) = served("subscribers", "list", "--json", "--reveal").rows
    assert row["address"] == ANA
    assert ANA in served("subscribers", "list", "--reveal").out


@pytest.mark.parametrize("person", [ONE, ANA, "Ana@EXEMPLE.fr"])
def test_a_person_gets_all_that_is_known_of_them(served: Vigie, person: str) -> None:
    ran = served("subscribers", "export", person)
    known = json.loads(ran.out)
    assert ran.status == 0
    assert known["subscription"]["id"] == ONE
    assert known["subscription"]["address"] == ANA
    assert known["subscription"]["consent"] == "1-fr"
    assert known["signups"] == []
    assert known["never"] is False


def test_somebody_who_only_signed_up_is_known_too(served: Vigie) -> None:
    known = json.loads(served("subscribers", "export", BOB).out)
    assert known["subscription"] is None
    assert [signup["consent"] for signup in known["signups"]] == ["1-fr"]


@pytest.mark.parametrize("person", [ONE, ANA, BOB])
def test_a_person_is_erased_at_their_wish(served: Vigie, person: str, tmp_path: Path) -> None:
    assert served("subscribers", "erase", person).status == 0
    left = served("subscribers", "list", "--json").rows
    assert [row["id"] for row in left] == ([] if person != BOB else [ONE])
    if person != ONE:
        assert served("subscribers", "export", person).status == 2
    else:
        known = json.loads(served("subscribers", "export", ONE).out)
        assert known["subscription"]["ended_reason"] == "erased"
        assert known["subscription"]["address"] is None
        assert "choices" not in known["subscription"]


@pytest.mark.parametrize("action", ["export", "erase"])
@pytest.mark.parametrize("person", ["nobody@exemple.fr", "0" * 32, "a b@exemple.fr", "\n"])
def test_whoever_is_not_known_is_said_in_one_line_that_repeats_nothing(
    served: Vigie, action: str, person: str
) -> None:
    ran = served("subscribers", action, person)
    assert ran.status == 2
    assert ran.out == ""
    assert "exemple.fr" not in ran.error


def test_a_lost_key_is_said(served: Vigie, tmp_path: Path) -> None:
    (tmp_path / "vigie.key").write_text(f"0000000a {'a1' * 32}\n")
    assert "illisible" in served("subscribers", "list").out
    assert "clé est perdue" in served("subscribers", "export", ONE).error
    assert served("subscribers", "erase", ONE).status == 0


def test_of_very_many_addresses_some_are_tried(served: Vigie, tmp_path: Path) -> None:
    key = tmp_path / "vigie.key"
    with open_app(Settings(database=served.database, key_file=key)) as app:
        names = [f"{number:032x}" for number in range(1200)]
        sealed = app.vault.seal(BOB, names[0])
    with closing(sqlite3.connect(served.database.removeprefix("sqlite:///"))) as raw, raw:
        raw.executemany(
            "INSERT INTO subscriptions (id, way, sealed, address_index, mailbox, choices, confirmed_at, asked_at,"
            " consent, sequence) VALUES (?, 'mail', ?, ?, '', '{}', 0, 0, '1-fr', 0)",
            [(name, sealed.sealed, name) for name in names],
        )

    told = served("doctor").out

    assert "les adresses de 999 abonnements sont scellées avec une clé qui n'y est pas" in told
    assert "1000 adresses essayées sur 1201" in told


def test_a_key_that_others_can_read_is_refused_in_one_line(served: Vigie, tmp_path: Path) -> None:
    (tmp_path / "vigie.key").chmod(0o644)
    ran = served("subscribers", "list")
    assert ran.status == 2
    assert "chmod 600" in ran.error


def test_without_the_key_of_those_who_subscribed_no_other_is_made(served: Vigie, tmp_path: Path) -> None:
    """What was sealed would be lost, and nobody known again: one line says what is missing and what to do."""
    key = tmp_path / "vigie.key"
    key.rename(tmp_path / "elsewhere")
    for command in (["serve", "--port", "0"], ["subscribers", "list"], ["deliver"]):
        ran = served(*command)
        assert ran.status == 2
        assert "manque" in ran.error
        assert "VIGIE_KEY_FILE" in ran.error
        assert len(ran.error.splitlines()) == 1
    assert not key.exists()
    assert ("clé des adresses", False) in _doctor(served)

    (tmp_path / "elsewhere").rename(key)
    assert ("clé des adresses", True) in _doctor(served)


def test_the_doctor_sees_that_a_key_is_the_wrong_one(served: Vigie, tmp_path: Path) -> None:
    (tmp_path / "vigie.key").write_text(f"{'0' * 8} {'1' * 64}\n")

    assert ("clé des adresses", False) in _doctor(served)


def _doctor(vigie: Vigie) -> list[tuple[object, object]]:
    return [(row["check"], row["ok"]) for row in vigie("doctor", "--json").rows]

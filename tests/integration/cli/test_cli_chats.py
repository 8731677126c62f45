"""A maintainer adds a chat, and it is told of what was chosen for it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.command_line import CANTAL_STEP, Vigie, poll
from tests.fakes.receiver import always, receiving
from tests.integration.fetching.scripted import answer
from watcher.replica import Replica

TELEGRAM = "tgram://123456789:AABBccddeeffgghhiijjkkllmmnnooppqqr/12345"


@pytest.fixture(autouse=True)
def _with_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("apprise")
    monkeypatch.setenv("VIGIE_KEY_FILE", str(tmp_path / "vigie.key"))


def test_a_chat_is_added_without_its_address_being_told_again(told: Vigie) -> None:
    ran = told("subscribers", "add", TELEGRAM, "--prefecture", "15", "--category", "fee", "--verified")

    assert ran.status == 0
    assert ran.out.startswith("tgram://")
    assert ran.out.count("messagerie ajoutée") == 1
    assert "AABB" not in ran.out + ran.err
    assert not [file for file in told.folder.glob("vigie.*") if b"AABB" in file.read_bytes()]


def test_adding_it_again_changes_its_choices(told: Vigie) -> None:
    first = told("subscribers", "add", TELEGRAM)
    again = told("subscribers", "add", TELEGRAM, "--language", "en")

    assert again.status == 0
    assert "choix changés" in again.out
    assert first.out.rpartition("(")[2] == again.out.rpartition("(")[2]


def test_the_address_may_come_from_standard_input(told: Vigie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{TELEGRAM}\n"))

    assert told("subscribers", "add", "-").status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mailto://u:p@example.org"], "pas admis"),
        (["tgram://nonsense"], "faute de frappe"),
        ([TELEGRAM, "--prefecture", "00"], "--prefecture : « 00 » n'est pas connu ici"),
        ([TELEGRAM, "--category", "weather"], "--category"),
        ([TELEGRAM, "--language", "de"], "n'existe pas"),
        ([], "il manque"),
    ],
)
def test_a_slip_is_said_in_one_line_and_nothing_is_added(
    told: Vigie, arguments: list[str], said: str
) -> None:
    ran = told("subscribers", "add", *arguments)

    assert ran.status == 2
    assert said in ran.error
    assert "AABB" not in ran.error


def test_a_chat_gets_the_alerts_that_come_after_it(cantal: Vigie, replica: Replica) -> None:
    poll(cantal, replica, 0)
    with receiving(reply=always(answer(b"{}"))) as receiver:
        now = ("--now", replica.time(CANTAL_STEP).isoformat())
        port = receiver.port
        address = f"gotify://127.0.0.1:{port}/token"
        assert cantal("subscribers", "add", address, "--prefecture", "15", *now).status == 0
        poll(cantal, replica, CANTAL_STEP)
        later = ("--now", (replica.time(CANTAL_STEP) + timedelta(minutes=10)).isoformat())  # polls take time
        sent = cantal("deliver", *later)
        cantal("deliver", *later)

    assert "messageries : 2 acceptés" in sent.out
    said = [got.told["message"] for got in receiver.got]
    assert len(said) == 2
    assert all(one.startswith("Cantal (15) : à compter du 1er octobre 2025") for one in said)
    assert str(port) not in sent.out + sent.err

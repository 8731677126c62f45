"""`vigie deliver`, `vigie digest`: what is due goes out, what waits is shown."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from storage.engine import open_engine
from tests.fakes.command_line import CANTAL_STEP, Vigie, poll
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.subscriptions import Cadence, Subscription, Way
from watcher.replica import Replica
from watcher.vault import open_vault

JEANNE = "jeanne@exemple.org"


@pytest.fixture(autouse=True)
def posted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Mail goes into this folder."""
    monkeypatch.setenv("VIGIE_SMTP", f"file://{tmp_path}/courriels")
    monkeypatch.setenv("VIGIE_MAIL_FROM", "Vigie <vigie@exemple.org>")
    return tmp_path / "courriels"


def signed_up(vigie: Vigie, **choices: object) -> None:
    name = "5" * 32
    recipient = open_vault(vigie.folder / "vigie.key").seal(JEANNE, name)
    who: Subscription = subscriber(name, recipient=recipient, **choices)
    engine = open_engine(vigie.database)
    subscribe(engine, who)
    engine.dispose()


def mails(folder: Path) -> list[EmailMessage]:
    found = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in found]  # type: ignore[misc]


@pytest.fixture
def watched(cantal: Vigie, replica: Replica) -> Vigie:
    poll(cantal, replica, 0)
    return cantal


def announce(vigie: Vigie, replica: Replica) -> str:
    """The Cantal announces two things; a time soon after that."""
    poll(vigie, replica, CANTAL_STEP)
    return (replica.time(CANTAL_STEP) + timedelta(minutes=5)).isoformat()


def test_an_alert_is_mailed_to_whoever_wants_it_and_once(
    watched: Vigie, replica: Replica, posted: Path
) -> None:
    signed_up(watched)
    now = announce(watched, replica)

    first, second = watched("deliver", "--now", now), watched("deliver", "--now", now)

    (mail,) = mails(posted)
    assert mail["To"] == JEANNE
    assert "15" in mail["Subject"]
    assert first.status == second.status == 0
    assert first.out.splitlines()[0] == "courriel : 1 acceptés"
    assert second.out.splitlines()[0] == "courriel : rien à envoyer"


def test_what_waits_is_shown_for_people_and_for_programs(watched: Vigie, replica: Replica) -> None:
    signed_up(watched)
    now = announce(watched, replica)

    shown = watched("deliver", "--status", "--now", now)
    rows = {row["way"]: row for row in watched("deliver", "--status", "--json", "--now", now).rows}

    assert (rows["mail"]["queued"], rows["mail"]["down"]) == (2, None)
    assert set(rows) == {str(way) for way in Way}
    assert "queued" in shown.out


def test_a_mail_server_that_is_down_is_named_and_nothing_is_lost(
    watched: Vigie, replica: Replica, posted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_up(watched)
    now = announce(watched, replica)
    with monkeypatch.context() as down:
        down.setenv("VIGIE_SMTP", "smtp://127.0.0.1:1")
        failed = watched("deliver", "--now", now)
        (row, *_) = watched("deliver", "--status", "--json", "--now", now).rows
        told = watched("doctor", "--now", now)

    assert failed.status == 1
    assert "envois arrêtés" in failed.err
    assert row["queued"] > 0
    assert "envois arrêtés" in row["down"]
    assert "envois arrêtés" in told.out
    assert watched("deliver", "--now", now).status == 0
    assert len(mails(posted)) == 1


def test_a_digest_can_be_looked_at_without_being_sent(watched: Vigie, replica: Replica, posted: Path) -> None:
    signed_up(watched, cadence=Cadence.DAILY)
    announce(watched, replica)
    after = replica.time(CANTAL_STEP + 2).isoformat()

    shown = watched("digest", "daily", "--dry-run", "--now", after)

    assert shown.out.startswith("--- daily:Europe/Paris:2025-09-1")
    assert JEANNE not in shown.out
    assert not mails(posted)


def test_a_digest_is_sent_in_the_morning_and_once(watched: Vigie, replica: Replica, posted: Path) -> None:
    signed_up(watched, cadence=Cadence.DAILY)
    now = announce(watched, replica)
    watched("deliver", "--now", now)
    assert not mails(posted)

    morning = "2025-09-12T06:00:00Z"
    for _ in range(2):
        assert watched("digest", "daily", "--now", morning).status == 0

    (mail,) = mails(posted)
    body = mail.get_body(("plain",))
    assert body
    assert "préfecture" in body.get_content()
    assert "lue" in body.get_content()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("digest", "daily", "--date", "demain"), "n'est pas un jour"),
        (("digest", "daily", "--date", "2199-01-01"), "n'est pas encore venu"),
        (("digest", "hourly"), "n'existe pas"),
        (("deliver", "--status", "--replay", "x"), "ne va pas avec"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(
    vigie: Vigie, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = vigie(*arguments)

    assert ran.status == 2
    assert complaint in ran.error


def test_a_message_that_nobody_gave_up_is_not_replayed(vigie: Vigie) -> None:
    ran = vigie("deliver", "--replay", "abc")

    assert ran.status == 1
    assert "abc n'est pas" in ran.error


def test_maintainers_are_told_by_the_same_command_of_what_waits_for_them(
    watched: Vigie, replica: Replica, posted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_MAINTAINERS", "anne@exemple.org, omar@exemple.org")
    now = announce(watched, replica)
    signed_up(watched)
    watched("deliver", "--suspend", "--now", now)

    for _ in range(2):
        assert watched("deliver", "--now", now).status == 1

    told = {str(mail["To"]): str(mail["Subject"]) for mail in mails(posted)}
    assert told == dict.fromkeys(
        ("anne@exemple.org", "omar@exemple.org"), "[Vigie] 1 nouveau problème (1 ouvert)"
    )
    assert len(mails(posted)) == 2
    assert "2 adresses sont prévenues" in watched("doctor", "--now", now).out


def test_maintainers_cannot_be_told_without_a_mail_server(
    vigie: Vigie, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_MAINTAINERS", "anne@exemple.org")
    monkeypatch.delenv("VIGIE_SMTP")

    done = vigie("deliver")

    assert done.status == 2
    assert "VIGIE_MAINTAINERS : sans VIGIE_SMTP" in done.err

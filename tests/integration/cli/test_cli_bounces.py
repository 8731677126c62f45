"""`vigie bounces`: a mailbox file, one mail, or a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.fakes.alerts import SEEN
from tests.fakes.command_line import Vigie
from tests.fakes.returned import report
from watcher.bootstrap import open_app
from watcher.core.ports_outgoing import Purpose
from watcher.core.subscriptions import Choices, Subscription, Way
from watcher.settings import Settings

ANA = "1" * 32


@pytest.fixture
def path(vigie: Vigie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where what comes back of Ana's mails goes."""
    key = tmp_path / "vigie.key"
    monkeypatch.setenv("VIGIE_KEY_FILE", str(key))
    monkeypatch.setenv("VIGIE_SMTP", "smtp://127.0.0.1:25")
    monkeypatch.setenv("VIGIE_MAIL_FROM", "Vigie <veille@vigie.example>")
    monkeypatch.setenv("VIGIE_MAIL_BOUNCES", "retours@vigie.example")
    with open_app(Settings(database=vigie.database, key_file=key)) as app:
        sealed = app.vault.seal("ana@exemple.fr", ANA)
        app.subscriptions.add(Subscription(ANA, Way.MAIL, sealed, Choices(), SEEN, SEEN, "1-fr"))
        return f"retours+{app.vault.token(Purpose.BOUNCE, ANA)}@vigie.example"


def test_a_mailbox_is_taken_in_mail_by_mail(vigie: Vigie, path: str) -> None:
    mails = [
        report(path),
        report("retours+0.0@vigie.example"),
        report(path, "4.2.2"),
        b"Subject: hello\r\n\r\n",
    ]
    box = b"".join(b"From x@y.example Mon Sep  1 10:00:00 2025\n" + mail + b"\n" for mail in mails)
    file = vigie.folder / "box"
    file.write_bytes(box)

    ran = vigie("bounces", str(file), "--json")

    assert ran.status == 0
    assert [row["outcome"] for row in ran.rows] == ["noted", "stranger", "passing", "other"]
    assert ran.rows[0]["status"] == "5.1.1"
    assert "exemple.fr" not in ran.out + ran.err


def test_three_days_of_one_mail_through_a_pipe_end_the_subscription(
    vigie: Vigie, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for day in ("2025-09-11", "2025-09-12", "2025-09-14"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(path))))
        said.append(vigie("bounces", "-", "--now", day).err.strip())

    assert said[-1] == "1 message lu (abonnements terminés : 1)"
    assert vigie("subscribers", "list", "--json").rows == []


def test_a_file_that_is_not_there_is_said_in_one_line(vigie: Vigie, path: str) -> None:
    ran = vigie("bounces", str(vigie.folder / "nowhere"))

    assert ran.status == 2
    assert "lecture impossible" in ran.error

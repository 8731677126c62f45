"""How this installation sends mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.core.errors import SettingsError
from watcher.mail_settings import (
    MailServer,
    read_address,
    read_addresses,
    read_rate,
    read_sender,
    read_server,
)
from watcher.settings import Settings

FROM = {"VIGIE_MAIL_FROM": "Vigie préfectures <vigie@exemple.org>"}


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("smtp://127.0.0.1", MailServer("smtp", "127.0.0.1", 25)),
        ("smtp+starttls://mx.exemple.org", MailServer("smtp+starttls", "mx.exemple.org", 587)),
        ("smtps://a%40b:p%3A%2F@mx.exemple.org", MailServer("smtps", "mx.exemple.org", 465, "a@b", "p:/")),
        ("smtp://[::1]:2525/", MailServer("smtp", "::1", 2525)),
        ("file:///tmp/courrier%20sortant", Path("/tmp/courrier sortant")),  # noqa: S108
    ],
)
def test_a_mail_server_is_named_by_an_address(text: str, server: MailServer | Path) -> None:
    assert read_server(text, "VIGIE_SMTP") == server


@pytest.mark.parametrize(
    "text",
    [
        "mx.exemple.org",
        "http://mx.exemple.org",
        "smtp://",
        "smtp://mx.exemple.org:0",
        "smtp://mx.exemple.org:99999",
        "smtp://mx.exemple.org/?x=secret",
        "smtp://mx exemple.org",
        "file://relatif",
        "file:///",
        "smtp://compte:secret@mx.exemple.org",
    ],
)
def test_what_cannot_be_meant_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^VIGIE_SMTP : [^\n]+$") as refused:
        read_server(text, "VIGIE_SMTP")

    assert "secret" not in str(refused.value)


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    settings = Settings.load({"VIGIE_SMTP": "smtps://moi:hunter2@mx.exemple.org", **FROM})
    mail = settings.mail

    assert mail
    assert "hunter2" not in f"{settings!r} {mail!r} {mail.shown}"


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mot de passe\n", encoding="utf-8")
    settings = Settings.load(
        {"VIGIE_SMTP": "smtps://moi@mx", "VIGIE_SMTP_PASSWORD_FILE": str(tmp_path / "secret"), **FROM}
    )

    assert settings.mail
    assert isinstance(settings.mail.to, MailServer)
    assert settings.mail.to.password == "mot de passe"


def test_a_password_file_without_an_end_is_not_read_to_it() -> None:
    settings = Settings.load(
        {"VIGIE_SMTP": "smtps://moi@mx", "VIGIE_SMTP_PASSWORD_FILE": "/dev/zero", **FROM}
    )
    with pytest.raises(SettingsError, match="/dev/zero ne contient pas de mot de passe"):
        _ = settings.mail


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    settings = Settings.load(
        {"VIGIE_SMTP": "smtps://moi@mx", "VIGIE_SMTP_PASSWORD_FILE": str(tmp_path / "absent"), **FROM}
    )

    with pytest.raises(SettingsError, match=r"VIGIE_SMTP_PASSWORD_FILE : .*absent"):
        _ = settings.mail


def test_without_a_server_there_is_no_mail() -> None:
    assert Settings.load({}).mail is None


def test_a_server_without_a_sender_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="VIGIE_MAIL_FROM"):
        Settings.load({"VIGIE_SMTP": "smtp://127.0.0.1"})


def test_a_sender_has_an_address_and_perhaps_a_name() -> None:
    mail = Settings.load({"VIGIE_SMTP": "smtp://127.0.0.1", **FROM}).mail

    assert mail
    assert (mail.name, mail.address) == ("Vigie préfectures", "vigie@exemple.org")


@pytest.mark.parametrize(
    "text",
    ["vigie", "a@b@c.fr", "A\r\nBcc: x@y.fr <a@b.fr>", "é@b.fr", "a@b.fr, c@d.fr", "<a@b..fr>", ".a@b.fr"],
)
def test_a_sender_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="VIGIE_MAIL_FROM"):
        read_sender(text, "VIGIE_MAIL_FROM")


def test_a_bare_address_takes_no_name() -> None:
    assert read_address("retours@exemple.org", "VIGIE_MAIL_BOUNCES") == "retours@exemple.org"
    with pytest.raises(SettingsError):
        read_address("Retours <retours@exemple.org>", "VIGIE_MAIL_BOUNCES")


@pytest.mark.parametrize(
    ("text", "rate"),
    [("10", 10), ("0,5", 0.5), ("10/s", 10), ("300/min", 5), ("3600/h", 1), ("60/h", 1 / 60)],
)
def test_a_rate_is_told_by_second_minute_or_hour(text: str, rate: float) -> None:
    assert read_rate(text, "VIGIE_MAIL_RATE") == rate


@pytest.mark.parametrize("text", ["0", "-1", "vite", "10/jour", "1e9", "59/h"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="VIGIE_MAIL_RATE"):
        read_rate(text, "VIGIE_MAIL_RATE")


def test_a_hub_is_a_web_address() -> None:
    assert (
        Settings.load({"VIGIE_WEBSUB_HUB": "https://hub.exemple.org/"}).websub_hub
        == "https://hub.exemple.org/"
    )
    with pytest.raises(SettingsError, match="VIGIE_WEBSUB_HUB"):
        Settings.load({"VIGIE_WEBSUB_HUB": "ftp://hub"})


@pytest.mark.parametrize(
    "text", ["anne", "anne@exemple.org, omar", "Anne <anne@exemple.org>", ", ", "a@b,c@d\nBcc: e@f"]
)
def test_maintainers_are_bare_addresses(text: str) -> None:
    with pytest.raises(SettingsError, match="VIGIE_MAINTAINERS"):
        read_addresses(text, "VIGIE_MAINTAINERS")


def test_a_maintainer_who_is_named_twice_is_written_to_once() -> None:
    assert read_addresses("a@exemple.org, b@exemple.org,a@exemple.org", "VIGIE_MAINTAINERS") == (
        "a@exemple.org",
        "b@exemple.org",
    )

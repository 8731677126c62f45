"""Encryption is what was agreed or nothing; a login is for the server alone. Real servers on loopback."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult

from notifiers.letterhead import Identity
from notifiers.mail import MailServer, SmtpSender
from notifiers.maildir import FolderSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert
from tests.fakes.letters import PlainLinks, claimed
from tests.fakes.smtp import ScriptedServer
from watcher.core.outbox import Attempt, Fate
from watcher.core.ports_outgoing import SenderDown

CONTENT = MailRenderer(VOCABULARY, BASE)(claimed(), [alert()], None)
USER, PASSWORD = "vigie", "un mot de passe"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def served(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


class Kept(Message):
    def __init__(self) -> None:
        super().__init__()
        self.subjects: list[str] = []

    def handle_message(self, message: object) -> None:
        self.subjects.append(str(message["Subject"]))  # type: ignore[index]


class Listening(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="localhost", **self.SMTP_kwargs)


@contextmanager
def server(**told: object) -> Iterator[tuple[int, Kept]]:
    def login(_server: object, _session: object, _envelope: object, _way: str, given: object) -> AuthResult:
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())  # type: ignore[attr-defined]
        return AuthResult(success=right, handled=False)

    kept = Kept()
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    controller = Listening(kept, hostname="localhost", port=port, authenticator=login, **told)
    controller.start()
    try:
        yield port, kept
    finally:
        controller.stop()


def attempt(port: int, security: Security, context: ssl.SSLContext | None, **told: str) -> Attempt:
    mail_server = MailServer(
        "localhost", "veille@vigie.example", port=port, security=security, timeout=10, **told
    )  # type: ignore[arg-type]
    with SmtpSender(mail_server, PlainLinks(), StillClock(), context).open() as send:
        return send(claimed(), CONTENT)


def test_mail_goes_over_starttls_with_a_login(served: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with server(tls_context=served, require_starttls=True, auth_required=True) as (port, kept):
        sent = attempt(port, Security.STARTTLS, trusting, user=USER, password=PASSWORD)

    assert sent.fate is Fate.ACCEPTED
    assert len(kept.subjects) == 1


def test_a_wrong_login_stops_the_sender_and_is_not_repeated_in_words(
    served: ssl.SSLContext, trusting: ssl.SSLContext
) -> None:
    with (
        server(tls_context=served, require_starttls=True, auth_required=True) as (port, kept),
        pytest.raises(SenderDown, match="AUTH 535") as down,
    ):
        attempt(port, Security.STARTTLS, trusting, user=USER, password="wrong")

    assert "wrong" not in str(down.value)
    assert kept.subjects == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(security: Security, served: ssl.SSLContext) -> None:
    told = {"tls_context": served} if security is Security.STARTTLS else {"ssl_context": served}
    if security is Security.TLS:
        with (
            ScriptedServer(lambda _s, _n: None, tls=served).running() as scripted,
            pytest.raises(SenderDown, match="TLS"),
        ):
            attempt(scripted.port, security, None)
        return
    with server(**told) as (port, kept), pytest.raises(SenderDown, match="STARTTLS TLS"):
        attempt(port, security, None)

    assert kept.subjects == []


def test_mail_goes_over_tls_from_the_first_byte(served: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    with ScriptedServer(lambda _s, _n: None, tls=served).running() as scripted:
        sent = attempt(scripted.port, Security.TLS, trusting)

    assert sent.fate is Fate.ACCEPTED
    assert len(scripted.got) == 1


def test_what_was_to_be_encrypted_never_goes_in_clear(trusting: ssl.SSLContext) -> None:
    with (
        ScriptedServer(lambda _s, _n: None).running() as scripted,
        pytest.raises(SenderDown, match="STARTTLS is not offered"),
    ):
        attempt(scripted.port, Security.STARTTLS, trusting, user=USER, password=PASSWORD)

    assert all(command.upper().startswith((b"EHLO", b"QUIT")) for command in scripted.commands)


def test_a_password_never_goes_in_clear_to_another_machine() -> None:
    login = (b"AUTH PLAIN LOGIN",)
    with ScriptedServer(lambda _s, _n: None, login, host="127.0.0.2").running() as scripted:
        other = MailServer(
            "127.0.0.2",
            "veille@vigie.example",
            port=scripted.port,
            security=Security.NONE,
            user=USER,
            password=PASSWORD,
        )
        with (
            pytest.raises(SenderDown, match="not encrypted"),
            SmtpSender(other, PlainLinks(), StillClock()).open(),
        ):
            raise AssertionError("it opened")

    assert not [command for command in scripted.commands if command.upper().startswith(b"AUTH")]


def test_a_password_is_shown_to_nobody() -> None:
    assert PASSWORD not in repr(MailServer("smtp.example", "a@b.example", user=USER, password=PASSWORD))


def test_a_folder_gets_each_mail_once_and_whole(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "sent", Identity("veille@vigie.example"), PlainLinks())
    with sender.open() as send:
        fates = [send(claimed(number), CONTENT).fate for number in (1, 2, 1)]

    files = sorted((tmp_path / "sent").iterdir())
    assert fates == [Fate.ACCEPTED] * 3
    assert [message_from_bytes(file.read_bytes())["To"] for file in files] == [
        "reader1@lecteurs.example",
        "reader2@lecteurs.example",
    ]
    assert {file.suffix for file in files} == {".eml"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_a_folder_that_cannot_be_is_a_sender_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sender = FolderSender(tmp_path / "file", Identity("veille@vigie.example"), PlainLinks())

    with pytest.raises(SenderDown), sender.open():
        raise AssertionError("it opened")

"""A real mail server on loopback, and what a reader finds in the mails it took."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.fakes.processes import until

IN_TIME = 30  # seconds


@dataclass
class Letterbox:
    """Keeps the mails of everybody, in the order of arrival."""

    port: int
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.got += [(recipient, mail) for recipient in envelope.rcpt_tos]
        return "250 2.0.0 kept"

    def of(self, address: str) -> list[EmailMessage]:
        return [mail for recipient, mail in self.got if recipient == address]

    def waits_for(self, address: str, count: int) -> EmailMessage:
        """The newest mail of somebody, once they have so many."""
        until(lambda: len(self.of(address)) >= count, IN_TIME, f"mail {count} for {address}")
        return self.of(address)[count - 1]


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = Letterbox(port)
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


def parts(mail: EmailMessage) -> list[str]:
    """The kinds of its parts, in their order."""
    return [part.get_content_type() for part in mail.iter_parts()]


def words(mail: EmailMessage) -> str:
    """The text part."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(mail: EmailMessage, page: str) -> str:
    """The address in the text that leads to this page of ours."""
    found = re.findall(rf"https?://\S+/{page}/\S+", words(mail))
    assert found, words(mail)
    return str(found[0])


def links(mail: EmailMessage) -> list[str]:
    """Every address that its parts or its headers lead to."""
    said = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    whole = "\n".join([*map(html.unescape, said), *map(str, mail.values())])
    return sorted(set(re.findall(r"https?://[^\s<>\"]+", whole)))

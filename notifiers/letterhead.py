"""Puts one recipient's lines on a letter that was written once for all: microseconds, where building costs 1 ms.

What is written for all is a message in bytes without the headers that differ, with the names of slots
between two `MARK` bytes, which no mail may contain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

from watcher.core.outbox import Claimed, MessageKind

MARK = b"\x02"
LOCAL_PART = 64  # octets before the @, RFC 5321 §4.5.3.1.1
LIST_KINDS = frozenset({MessageKind.ALERTS, MessageKind.DIGEST})

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?=@\[\]%+-]{1,900}")  # nothing that HTML or a header would read
_IDENT = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,300}")
_PIECE = 70  # of a link on one line of quoted-printable


class Links(Protocol):
    """What a letter needs to know of its recipient; links lead to pages in the language they are given."""

    def address(self, claimed: Claimed) -> str: ...

    def unsubscribe_url(self, subscription: str, language: str) -> str:
        """Takes the one-click POST of RFC 8058, and shows a button to people.

        What follows its last ``/`` is the token by which mail programs unsubscribe by mail.
        """

    def manage_url(self, subscription: str, language: str) -> str: ...

    def confirm_url(self, signup: str, written_at: datetime, language: str) -> str:
        """Lasts as long as promised from when the letter was written, however late it is sent."""

    def never_url(self, about: str, language: str) -> str: ...

    def bounce_token(self, about: str) -> str:
        """Comes back with what cannot be delivered; letters, digits, ``-``, ``_`` and ``.``."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who writes. `sender` is ``Name <address>``; `bounces` gets what comes back, as ``local+TOKEN@domain``."""

    sender: str
    reply_to: str = ""
    bounces: str = ""
    help_page: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole message, and its envelope."""

    sender: str
    recipient: str
    data: bytes


class AddressError(ValueError):
    """An address to which no mail can be written; it is not repeated."""


class Letterhead:
    """Makes letters of what was written for all. Raises `ValueError` for an identity that cannot be meant."""

    def __init__(self, identity: Identity, links: Links) -> None:
        name, self.address = parseaddr(identity.sender)
        reply_to = identity.reply_to or self.address
        for address in filter(None, (self.address or "-", reply_to, identity.bounces)):
            usable(address)
        self.domain = self.address.rpartition("@")[2]
        self._links = links
        self._bounces = identity.bounces
        self._who = f"From: {formataddr((name, self.address), 'utf-8')}\r\nReply-To: {reply_to}\r\n"
        self._mailbox = identity.bounces or reply_to
        self._list = f"List-Id: <alertes.{self.domain}>\r\n"
        if identity.help_page:
            self._list += f"List-Help: <{_safe(identity.help_page)}>\r\n"
        self._compiled: tuple[bytes, tuple[bytes, ...]] = (b"", (b"",))
        if self._bounces and len(self._envelope("0" * 32).partition("@")[0]) > LOCAL_PART:
            raise ValueError("the address for bounces leaves no room for its token")

    def letter(self, claimed: Claimed, content: bytes) -> Letter:
        """Raises `AddressError`, and `ValueError` for a slot that nobody knows."""
        recipient = usable(self._links.address(claimed))
        message = claimed.message
        # Signing takes longer than all the rest: each link is signed once.
        links: dict[str, str] = {}
        if message.kind in LIST_KINDS:
            links["unsubscribe"] = self._link("unsubscribe", claimed)
        parts = [self._head(claimed, recipient, links)]
        lines: dict[str, bytes] = {}
        for index, part in enumerate(self._pieces(content)):
            if not index % 2:
                parts.append(part)
                continue
            slot = part.decode("ascii")
            if slot not in lines:
                lines[slot] = _soft(links.get(slot) or self._link(slot, claimed))
            parts.append(lines[slot])
        sender = self._envelope(message.about) if self._bounces else self.address
        return Letter(sender, recipient, b"".join(parts))

    def _pieces(self, content: bytes) -> tuple[bytes, ...]:
        """Literals and, between them, names of slots; one content goes to many."""
        if content != self._compiled[0]:
            self._compiled = (content, tuple(content.split(MARK)))
        return self._compiled[1]

    def _head(self, claimed: Claimed, recipient: str, links: Mapping[str, str]) -> bytes:
        message = claimed.message
        lines = (
            f"{self._who}To: {recipient}\r\nDate: {_date(message.created_at)}\r\n"
            f"Message-ID: {self.message_id(message.id)}\r\n"
        )
        if claimed.answers:
            first = self.message_id(claimed.answers)
            lines += f"In-Reply-To: {first}\r\nReferences: {first}\r\n"
        if message.kind in LIST_KINDS:
            lines += self._list + self._unsubscribe(links["unsubscribe"])
        return lines.encode("ascii")

    def _unsubscribe(self, link: str) -> str:
        """Never an encoded word, which would hide the button of mail programs."""
        word = _word(link.rpartition("/")[2])
        return (
            f"List-Unsubscribe: <{link}>,\r\n <mailto:{self._mailbox}?subject=unsubscribe%20{word}>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )

    def _link(self, slot: str, claimed: Claimed) -> str:
        about, language = claimed.message.about, claimed.subscription.choices.language
        match slot:
            case "unsubscribe":
                return _safe(self._links.unsubscribe_url(about, language))
            case "manage":
                return _safe(self._links.manage_url(about, language))
            case "confirm":
                return _safe(self._links.confirm_url(about, claimed.message.created_at, language))
            case "never":
                return _safe(self._links.never_url(about, language))
        raise ValueError(f"no slot is called {slot[:20]!r}")

    def message_id(self, message: str) -> str:
        """The same for all attempts."""
        ident = message if _IDENT.fullmatch(message) else uuid5(NAMESPACE_URL, message).hex
        return f"<{ident}@{self.domain}>"

    def _envelope(self, about: str) -> str:
        local, _, domain = self._bounces.rpartition("@")
        return f"{local}+{_word(self._links.bounce_token(about))}@{domain}"


def usable(address: str) -> str:
    """An address as SMTP and a header take it, one and not more; other alphabets' domains in ASCII."""
    if not address.isascii():
        local, at, domain = address.rpartition("@")
        try:
            address = local + at + domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise AddressError("a domain that does not exist") from None
    if not _ADDRESS.fullmatch(address) or len(address) > 254:
        raise AddressError("not an address for mail")
    return address


def _safe(link: str) -> str:
    if not _LINK.fullmatch(link):
        raise ValueError("a link with characters that a mail must not carry")
    return link


def _word(token: str) -> str:
    if not _WORD.fullmatch(token):
        raise ValueError("a token with characters that a mail must not carry")
    return token


def _soft(link: str) -> bytes:
    """A link in quoted-printable, over several lines where one is too short."""
    plain = link.encode("ascii")
    if len(plain) <= _PIECE and b"=" not in plain:
        return plain
    pieces = [plain[i : i + _PIECE // 2] for i in range(0, len(plain), _PIECE // 2)]
    if b"=" in plain:
        pieces = [piece.replace(b"=", b"=3D") for piece in pieces]
    return b"=\r\n".join(pieces)


@lru_cache(maxsize=64)
def _date(created_at: datetime) -> str:
    return format_datetime(created_at)

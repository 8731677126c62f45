"""Web-hooks: which addresses may be one, how messages are signed, and how a receiver shows that it is willing.

Signing follows Standard Webhooks (https://www.standardwebhooks.com/), with one symmetric secret for each
registration.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from watcher.core.public_addresses import permitted

PREFIX = "whsec_"
SECRET = 32  # bytes
LENGTH = 2000  # characters of an address
CHALLENGES = 3  # how often a receiver is asked whether it is willing

NUMBERED, NOT_NUMBERED = b'{"sequence":%d,', b'{"sequence":0,'
CHALLENGE = b'{"type":"endpoint.challenge","challenge":"%s"}'

_PLAIN = re.compile(r"[!-~]+")
_UNFIT = re.compile(r'[\\"<>^`{|}]|%(?![0-9A-Fa-f]{2})')
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


class WebhookTrouble(StrEnum):
    """Why an address cannot be a web-hook."""

    MISSING = "missing"
    LONG = "long"
    CHARACTERS = "characters"  # blanks, accents, or what should be escaped
    FORM = "form"  # no address at all
    SCHEME = "scheme"
    EXTRAS = "extras"  # a user name or a fragment
    PORT = "port"
    HOST = "host"  # no name or number of the public Internet


class WebhookError(Exception):
    def __init__(self, trouble: WebhookTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the messages of one registration go, and what they are signed with."""

    address: str
    secret: str  # ``whsec_`` and base64

    @property
    def sealed_text(self) -> str:
        """What is sealed in place of an address: one without the other is of no use."""
        return f"{self.address}\n{self.secret}"

    @classmethod
    def opened(cls, text: str) -> Endpoint:
        """Raises `ValueError` for anything that is no `sealed_text`."""
        address, secret = text.split("\n")
        return cls(address, secret)

    @property
    def door(self) -> str:
        """What is asked for too often or not: the address without its query."""
        return self.address.partition("?")[0]


def new_secret(random: bytes) -> str:
    """``random`` are `SECRET` bytes that nobody can guess."""
    return PREFIX + base64.b64encode(random).decode()


def webhook_address(text: str, *, allow_private: bool) -> str:
    """The one spelling of an address that may be a web-hook. Raises `WebhookError`.

    https on its own port, to a name with a dot in it or a public literal address, without user name and
    fragment. With `allow_private` also http, any port and any host. What the name leads to is looked at when
    it is connected to, not here.
    """
    text = text.strip(" ")
    _require(bool(text), WebhookTrouble.MISSING)
    _require(len(text) <= LENGTH, WebhookTrouble.LONG)
    _require(bool(_PLAIN.fullmatch(text)) and not _UNFIT.search(text), WebhookTrouble.CHARACTERS)
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise WebhookError(WebhookTrouble.FORM) from None
    _require(parts.scheme in ({"https", "http"} if allow_private else {"https"}), WebhookTrouble.SCHEME)
    _require("@" not in parts.netloc and "#" not in text, WebhookTrouble.EXTRAS)
    _require(port is None or port == 443 or (allow_private and port > 0), WebhookTrouble.PORT)
    _require(bool(host) and (allow_private or _public(host)), WebhookTrouble.HOST)
    return _spelt(parts.scheme, host, port, text)


def _require(fit: bool, trouble: WebhookTrouble) -> None:  # noqa: FBT001  # what is required is named at each call
    if not fit:
        raise WebhookError(trouble)


def _public(host: str) -> bool:
    if permitted(host, allow_private=False):
        return True
    return len(host) <= 253 and _NAME.fullmatch(host) is not None


def _spelt(scheme: str, host: str, port: int | None, text: str) -> str:
    """Path and query stay as they were typed: they are the receiver's own business."""
    parts = urlsplit(text)
    host = f"[{host}]" if ":" in host else host
    place = host if port in {None, 443 if scheme == "https" else 80} else f"{host}:{port}"
    query = f"?{parts.query}" if "?" in text else ""
    return f"{scheme}://{place}{parts.path or '/'}{query}"


def signed(message: str, body: bytes, secret: str, now: datetime) -> list[tuple[str, str]]:
    """The headers of one attempt to send `body` under the id `message`."""
    timestamp = str(int(now.timestamp()))
    signature = base64.b64encode(_hmac(secret, f"{message}.{timestamp}.".encode() + body)).decode()
    return [
        ("Content-Type", "application/json"),
        ("webhook-id", message),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", f"v1,{signature}"),
    ]


def numbered(content: bytes, sequence: int) -> bytes:
    """A body with its place in the row of one subscription's messages.

    Raises `ValueError` for content that was not rendered for web-hooks.
    """
    if not content.startswith(NOT_NUMBERED):
        raise ValueError("content without a place for its number")
    return NUMBERED % sequence + content[len(NOT_NUMBERED) :]


def challenge(message: str, secret: str) -> str:
    """What only the receiver of this message can repeat; the same in all attempts."""
    return _hmac(secret, f"challenge.{message}".encode()).hex()


def challenge_body(answer: str) -> bytes:
    return CHALLENGE % answer.encode()


def is_willing(answer: str, body: bytes) -> bool:
    """Whether `body` repeats the challenge: as it is, or as ``{"challenge": "…"}``."""
    told = body.strip()
    if told.startswith(b"{"):
        try:
            told = str(json.loads(told).get("challenge")).encode()
        except (ValueError, RecursionError):
            return False
    return hmac.compare_digest(told, answer.encode())


def _hmac(secret: str, data: bytes) -> bytes:
    return hmac.digest(base64.b64decode(secret.removeprefix(PREFIX)), data, "sha256")

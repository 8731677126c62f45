"""How this installation sends mail, read from `VIGIE_SMTP` and its companions.

Errors name the variable and never repeat its value: it may hold a password.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from watcher.core.errors import SettingsError

SLOWEST = 1 / 60  # mails per second: who waits longer for a turn may lose the lease on what is to be sent
MAINTAINERS = 20
_LONGEST_PASSWORD = 4_096  # characters
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
_EXPECTED = (
    "une adresse de serveur est attendue (smtp+starttls://compte:mot-de-passe@machine:587, smtps://…, "
    "smtp://127.0.0.1:25 ou file:///dossier)"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Whom mail is handed to; a password is never shown."""

    scheme: str  # of `PORTS`
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Everything that sending mail needs."""

    to: MailServer | Path  # a path: a folder that mail is put into, for rehearsals
    sender: str  # ``Vigie préfectures <vigie@exemple.org>``
    reply_to: str = ""
    bounces: str = ""  # whereto the returns go: the sender's address, when it is not said
    rate: float | None = None  # mails per second

    @property
    def address(self) -> str:
        """The sender's bare address."""
        return _parsed(self.sender)[1]

    @property
    def name(self) -> str:
        """The sender's name; may be empty."""
        return _parsed(self.sender)[0]

    @property
    def shown(self) -> str:
        return str(self.to) if isinstance(self.to, Path) else self.to.shown


def read_server(text: str, name: str) -> MailServer | Path:
    """``smtp://``, ``smtp+starttls://`` and ``smtps://`` with host and port, or ``file:///folder``.

    Raises:
        SettingsError: it is none of these, or would send a password readable to everybody on the way.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise SettingsError(f"{name} : {_EXPECTED}") from None
    if parts.scheme == "file" and not parts.netloc and len(parts.path) > 1:
        return Path(unquote(parts.path))
    host = parts.hostname or ""
    whole = not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in PORTS or not re.fullmatch(r"[\w.:-]+", host) or not whole or port == 0:
        raise SettingsError(f"{name} : {_EXPECTED}")
    server = MailServer(
        parts.scheme,
        host,
        port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
    if server.user and server.scheme == "smtp" and not _is_loopback(host):
        raise SettingsError(f"{name} : un compte demande une liaison chiffrée (smtp+starttls:// ou smtps://)")
    return server


def read_sender(text: str, name: str) -> str:
    """``vigie@exemple.org``, or with a name: ``Vigie préfectures <vigie@exemple.org>``."""
    shown, address = _parsed(text)
    if not address or re.search(r"[\r\n\0<>]", shown):
        raise SettingsError(f"{name} : une adresse est attendue (Vigie préfectures <vigie@exemple.org>)")
    return f"{shown} <{address}>" if shown else address


def read_address(text: str, name: str) -> str:
    """One bare address."""
    shown, address = _parsed(text)
    if shown or not address:
        raise SettingsError(f"{name} : une adresse seule est attendue (retours@exemple.org)")
    return address


def read_addresses(text: str, name: str) -> tuple[str, ...]:
    """Bare addresses with commas between them, each once, `MAINTAINERS` at most."""
    found = dict.fromkeys(read_address(part, name) for part in text.split(",") if part.strip())
    if not 1 <= len(found) <= MAINTAINERS:
        raise SettingsError(
            f"{name} : de 1 à {MAINTAINERS} adresses sont attendues, séparées par des virgules"
        )
    return tuple(found)


def read_rate(text: str, name: str) -> float:
    """Mails per second from ``10``, ``10/s``, ``300/min`` or ``5000/h``."""
    match = re.fullmatch(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(?:/\s*(s|min|h))?", text.strip(), re.ASCII)
    rate = float(match[1].replace(",", ".")) / {"s": 1, "min": 60, "h": 3600}[match[2] or "s"] if match else 0
    if rate < SLOWEST:
        raise SettingsError(f"{name} : un débit est attendu (10/s, 300/min ou 5000/h ; au moins 1/min)")
    return rate


def read_password(file: Path, name: str) -> str:
    """The first line of a file.

    Raises:
        SettingsError: there is none.
    """
    try:
        with file.open(encoding="utf-8") as text:
            lines = text.read(_LONGEST_PASSWORD + 1).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "ce n'est pas du texte"
        raise SettingsError(f"{name} : {file} est illisible ({reason})") from None
    if not lines or not 0 < len(lines[0]) <= _LONGEST_PASSWORD:
        raise SettingsError(f"{name} : {file} ne contient pas de mot de passe")
    return lines[0]


def _parsed(text: str) -> tuple[str, str]:
    """Name and address; empty when it is not one."""
    match = re.fullmatch(r"(?:\"?([^\"<>\r\n]*?)\"?\s*<([^<>\s]+)>|([^<>\s]+))", text.strip())
    if not match:
        return "", ""
    address = match[2] or match[3]
    return ((match[1] or "").strip(), address) if _ADDRESS.fullmatch(address) else ("", "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""What this installation was told: flags first, then `VIGIE_…` variables, then defaults.

Read without pydantic-settings, whose import alone takes longer than most commands.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from watcher.core.errors import SettingsError
from watcher.mail_settings import (
    MailServer,
    MailSettings,
    read_address,
    read_addresses,
    read_password,
    read_rate,
    read_sender,
    read_server,
)

_ROOT = Path(__file__).resolve().parent.parent


class Flags(TypedDict, total=False):
    """What a command line may override; `None` means that the flag was not given."""

    sources: str | Path | None
    rules: str | Path | None
    filing: str | Path | None
    database: str | None
    now: str | None
    allow_private: bool | None
    host: str | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two installations. `now` is aware and in UTC."""

    sources: Path = _ROOT / "sources.yaml"
    rules: Path = _ROOT / "rules.yaml"
    filing: Path = _ROOT / "filing.yaml"
    database: str = "sqlite:///var/vigie.db"
    now: datetime | None = None
    allow_private: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    proxies: str = "127.0.0.1"  # whose word about the visitor's address is believed
    public_url: str = ""  # without a slash at the end; empty: where the server listens
    contact: str = "veille non officielle des annonces des prefectures"  # goes into a header: ASCII
    smtp: MailServer | Path | None = None  # without one, no mail is sent and none can be asked for
    smtp_password_file: Path | None = None
    mail_from: str = ""
    mail_reply_to: str = ""
    mail_bounces: str = ""
    mail_rate: float | None = None  # mails per second
    maintainers: tuple[str, ...] = field(default=(), repr=False)  # are written to about problems
    key_file: Path | None = None
    websub_hub: str = ""
    ping: str = field(default="", repr=False)  # told as long as all goes on: whoever has it may speak for us
    bounce_secret: str = field(
        default="", repr=False
    )  # shared with whoever hands in what comes back of mails

    @property
    def base_url(self) -> str:
        """Where readers find the pages, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def key(self) -> Path:
        """The file with the key to the addresses: beside the database, yet never to be saved with it."""
        if self.key_file:
            return self.key_file
        scheme, _, path = self.database.partition(":///")
        return Path(path).with_name("vigie.key") if scheme == "sqlite" and path else Path("var/vigie.key")

    @property
    def mail(self) -> MailSettings | None:
        """How mail is sent, if it is. Raises `SettingsError` when the file of the password cannot be read."""
        if self.smtp is None:
            return None
        server = self.smtp
        if isinstance(server, MailServer) and self.smtp_password_file:
            password = read_password(self.smtp_password_file, "VIGIE_SMTP_PASSWORD_FILE")
            server = replace(server, password=password)
        return MailSettings(server, self.mail_from, self.mail_reply_to, self.mail_bounces, self.mail_rate)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **flags: Unpack[Flags]) -> Settings:
        """The settings of this process; an empty variable counts as absent.

        Raises:
            SettingsError: one of them cannot be meant.
        """
        variables = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for name, (variable, read) in _READERS.items():
            flag = flags.get(name)
            if flag is not None:
                given[name] = read(str(flag), f"--{name.replace('_', '-')}")
            elif text := variables.get(variable):
                given[name] = read(text, variable)
        settings = cls(**given)
        if settings.ping.startswith("http:") and not settings.allow_private:
            raise SettingsError("VIGIE_PING : une adresse https est attendue")
        if settings.smtp and not settings.mail_from:
            raise SettingsError("VIGIE_MAIL_FROM : l'adresse d'expéditeur manque (VIGIE_SMTP est donné)")
        if settings.maintainers and not settings.smtp:
            raise SettingsError("VIGIE_MAINTAINERS : sans VIGIE_SMTP, aucun courriel ne part")
        return settings


def parse_time(text: str, name: str) -> datetime:
    """A day (its midnight) or an ISO time, in UTC unless it says otherwise; `name` is who gave it.

    Raises:
        SettingsError: it is neither.
    """
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        expected = "une date (2025-09-10) ou une date et une heure ISO (2025-09-10T08:00:00Z)"
        raise SettingsError(f"{name} : {_shown(text)} n'est pas {expected}") from None


def _now(text: str, name: str) -> datetime:
    """Sums of times and spans stay within what `datetime` can hold."""
    time = parse_time(text, name)
    if not 1970 <= time.year <= 2999:
        raise SettingsError(f"{name} : {_shown(text)} est hors du calendrier admis (1970 à 2999)")
    return time


def _path(text: str, name: str) -> Path:
    if not text.strip() or "\0" in text:
        raise SettingsError(f"{name} : un chemin de fichier est attendu")
    return Path(text)


def _database(text: str, name: str) -> str:
    # The value is not repeated: it may hold a password.
    if "://" not in text:
        expected = "sqlite:///chemin/vigie.db ou postgresql+psycopg://compte@machine/base"
        raise SettingsError(f"{name} : une adresse de base de données est attendue ({expected})")
    return re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", text)  # as some providers spell it


def _shown(text: str) -> str:
    return f"« {' '.join(text.split())[:60]} »"


_TRUTH = {
    **dict.fromkeys(("1", "true", "yes", "on", "oui", "vrai"), True),
    **dict.fromkeys(("0", "false", "no", "off", "non", "faux"), False),
}


def _truth(text: str, name: str) -> bool:
    truth = _TRUTH.get(text.strip().lower())
    if truth is None:
        raise SettingsError(f"{name} : {_shown(text)} n'est ni oui (1) ni non (0)")
    return truth


def _host(text: str, name: str) -> str:
    if not re.fullmatch(r"[\w.:%-]+", text):
        raise SettingsError(f"{name} : {_shown(text)} n'est pas une adresse d'écoute (127.0.0.1, localhost…)")
    return text


def _port(text: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise SettingsError(f"{name} : {_shown(text)} n'est pas un numéro de port (0 à 65535)")
    return int(text)


def _proxies(text: str, name: str) -> str:
    """Whoever is named here may pass for any visitor, so not everybody may be."""
    from ipaddress import ip_network  # most commands need none of it

    try:
        networks = [ip_network(part.strip()) for part in text.split(",") if part.strip()]
    except ValueError:
        networks = []
    if not networks or any(network.prefixlen == 0 for network in networks):
        expected = (
            "des adresses ou des réseaux sont attendus, séparés par des virgules (127.0.0.1,10.0.7.0/24)"
        )
        raise SettingsError(f"{name} : {expected}")
    return ",".join(map(str, networks))


def _public_url(text: str, name: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@\\]+(?:/[^\s?#\\]*)?", text) or not _has_host(text):
        raise SettingsError(
            f"{name} : {_shown(text)} n'est pas une adresse publique (https://vigie.exemple.org)"
        )
    return text.rstrip("/")


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # of brackets, or of a port that is none
        return False


def _hub(text: str, name: str) -> str:
    if not re.fullmatch(r"https?://[!-~]{1,500}", text) or "@" in text or not _has_host(text):
        raise SettingsError(f"{name} : {_shown(text)} n'est pas l'adresse d'un hub (https://…)")
    return text


def _ping(text: str, name: str) -> str:
    # Not repeated: whoever knows it may speak for us.
    if not re.fullmatch(r"https?://[^\s/?#@\\]+(?:[/?][!-~]{0,500})?", text) or not _has_host(text):
        raise SettingsError(f"{name} : une adresse https est attendue (https://exemple.org/ping/…)")
    return text


def _secret(text: str, name: str) -> str:
    if not re.fullmatch(r"[!-~]{16,200}", text):
        raise SettingsError(f"{name} : 16 signes au moins sont attendus, en ASCII et sans espace")
    return text


def _contact(text: str, name: str) -> str:
    if not re.fullmatch(r"[!-'*-\[\]-~ ]{1,200}", text):
        raise SettingsError(f"{name} : une adresse ou une URL est attendue, en ASCII et sans parenthèses")
    return text


_READERS: Mapping[str, tuple[str, Callable[[str, str], object]]] = {
    "sources": ("VIGIE_SOURCES", _path),
    "rules": ("VIGIE_RULES", _path),
    "filing": ("VIGIE_FILING", _path),
    "database": ("VIGIE_DATABASE", _database),
    "now": ("VIGIE_NOW", _now),
    "allow_private": ("VIGIE_ALLOW_PRIVATE", _truth),
    "host": ("VIGIE_HOST", _host),
    "port": ("VIGIE_PORT", _port),
    "proxies": ("VIGIE_PROXIES", _proxies),
    "public_url": ("VIGIE_BASE_URL", _public_url),
    "contact": ("VIGIE_CONTACT", _contact),
    "smtp": ("VIGIE_SMTP", read_server),
    "smtp_password_file": ("VIGIE_SMTP_PASSWORD_FILE", _path),
    "mail_from": ("VIGIE_MAIL_FROM", read_sender),
    "mail_reply_to": ("VIGIE_MAIL_REPLY_TO", read_address),
    "mail_bounces": ("VIGIE_MAIL_BOUNCES", read_address),
    "mail_rate": ("VIGIE_MAIL_RATE", read_rate),
    "maintainers": ("VIGIE_MAINTAINERS", read_addresses),
    "key_file": ("VIGIE_KEY_FILE", _path),
    "websub_hub": ("VIGIE_WEBSUB_HUB", _hub),
    "ping": ("VIGIE_PING", _ping),
    "bounce_secret": ("VIGIE_BOUNCE_SECRET", _secret),
}

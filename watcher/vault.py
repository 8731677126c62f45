"""Keeps the key: seals addresses, knows them again, signs links. The only user of `cryptography`.

The key file stands outside the database and its backups. It holds one key a line, ``ID SECRET`` in
hexadecimal, the newest first. New things are sealed and signed with the first; all of them open what they
sealed and honour what they signed. Indexes are made with the last one: as long as it stays, an address that
signs up again is known, whatever keys were put before it. Without its key, an address is lost.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from watcher.core.errors import UserError
from watcher.core.mail_address import mailbox_of, normalised
from watcher.core.ports_outgoing import Purpose, VaultError
from watcher.core.subscriptions import Recipient

_LINE = re.compile(r"([0-9a-f]{8})[ \t]+([0-9a-f]{64})")
_SUBJECT = re.compile(r"[0-9a-z]{1,64}")
_TOKEN = re.compile(r"([0-9a-z]{1,64})(?:\.([1-9a-f][0-9a-f]{0,9}))?\.([0-9a-f]{20,32})")
_SHORT, _LONG = 20, 32  # hexadecimal digits of a signature
_ID, _NONCE, _BLOCK = 4, 12, 64  # bytes
_SUFFIX = 8  # bytes in the name of a key file that is being made


class KeyFileError(UserError):
    """The key file cannot be used: one French line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the file, and what is derived from it."""

    id: bytes
    sealing: AESGCM
    index: bytes
    mailbox: bytes
    links: dict[Purpose, bytes]


class KeyVault:
    """`Vault` over the keys of one file, the newest first."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)

    def seal(self, address: str, owner: str) -> Recipient:
        """The sealed form is padded: its length tells next to nothing of the address."""
        key, nonce = self._keys[0], secrets.token_bytes(_NONCE)
        plain = address.encode()
        padded = plain + bytes(-len(plain) % _BLOCK)
        sealed = key.id + nonce + key.sealing.encrypt(nonce, padded, _bound(key, owner))
        last = self._keys[-1]
        return Recipient(
            sealed,
            index=_digest(last.index, normalised(address)),
            mailbox=_digest(last.mailbox, mailbox_of(address)),
        )

    def open(self, recipient: Recipient, owner: str) -> str:
        id_, nonce, sealed = _cut(recipient.sealed)
        for key in self._keys:
            if key.id == id_:
                try:
                    return key.sealing.decrypt(nonce, sealed, _bound(key, owner)).rstrip(b"\0").decode()
                except InvalidTag:
                    raise VaultError("an address was sealed for somebody else, or altered") from None
        raise VaultError("the key with which an address was sealed is not in the key file")

    def token(self, purpose: Purpose, subject: str, expires_at: datetime | None = None) -> str:
        """``SUBJECT.SIGNATURE`` or ``SUBJECT.EXPIRY.SIGNATURE``, all of it in lower case.

        `subject` is of digits and small letters; fractions of a second do not count. A bounce token of an id
        fits before the @ of a return address, with a prefix.
        """
        if not _SUBJECT.fullmatch(subject):
            raise ValueError("a subject has 1 to 64 digits and small letters")
        expiry = f"{int(expires_at.timestamp()):x}" if expires_at else ""
        signature = _signature(self._keys[0], purpose, subject, expiry)
        return ".".join(part for part in (subject, expiry, signature) if part)

    def subject(self, purpose: Purpose, token: str, now: datetime) -> str | None:
        found = _TOKEN.fullmatch(token)
        if not found:
            return None
        subject, expiry, signature = found[1], found[2] or "", found[3]
        signed = [_signature(key, purpose, subject, expiry) for key in self._keys]
        genuine = any(hmac.compare_digest(signature, one) for one in signed)
        if not genuine or (expiry and now.timestamp() >= int(expiry, 16)):
            return None
        return subject


def open_vault(path: Path, sealed: int = 0) -> KeyVault:
    """The vault of a key file. When there is none it is made, unless addresses were `sealed` with the one
    that is missing: a new key would open none of them, and know nobody again. Raises `KeyFileError`.
    """
    try:
        if not path.exists():
            if sealed:
                raise KeyFileError(_missing(path, sealed))
            _make(path)
        _tidy(path)
        return KeyVault(_keys(path))
    except OSError as error:
        raise KeyFileError(f"{path} : fichier de clé inutilisable ({error.strerror})") from error


def _missing(path: Path, sealed: int) -> str:
    people = "d'un abonné" if sealed == 1 else f"de {sealed} abonnés"
    return (
        f"{path} : la clé qui scelle les adresses {people} manque ; remettez ce fichier depuis sa sauvegarde, "
        "ou dites où il est (VIGIE_KEY_FILE)"
    )


def _make(path: Path) -> None:
    """All or nothing, and durable before anything is sealed with it; of two makers, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{secrets.token_hex(_SUFFIX)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_ID)} {secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)
        except FileExistsError:
            return
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        new.unlink(missing_ok=True)


def _tidy(path: Path) -> None:
    """A maker that was killed left the key under the name it began with, which no rule for backups knows."""
    kept = path.stat()
    if kept.st_nlink > 1:
        for other in path.parent.glob(f"{path.name}.{'[0-9a-f]' * 2 * _SUFFIX}"):
            with suppress(FileNotFoundError):  # its maker lives, and was quicker
                if other.stat().st_ino == kept.st_ino:
                    other.unlink()


def _keys(path: Path) -> list[Key]:
    """Empty lines and those that begin with # say nothing."""
    with path.open("rb") as file:
        kept = os.fstat(file.fileno())
        if not stat.S_ISREG(kept.st_mode):
            raise KeyFileError(f"{path} : un fichier de clé est attendu")
        if open_to_others(kept, os.geteuid()):
            raise KeyFileError(f"{path} : d'autres comptes ont accès à ce fichier de clé (chmod 600 {path})")
        lines = file.read(65_536).decode("ascii", "replace").splitlines()
    keys: list[Key] = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            keys.append(_key(line, path, number))
    if not keys:
        _unusable(path, "aucune clé")
    if len({key.id for key in keys}) < len(keys):
        _unusable(path, "deux clés ont le même identifiant")
    return keys


def open_to_others(kept: os.stat_result, us: int) -> bool:
    """Whether accounts that nobody gave the file to may read or change it, as far as its mode tells.

    What root lets a group read is meant to be so: systemd (from 254 on) hands a service its credentials as
    root's files, by an access list that shows as the group's right to read.
    """
    given = stat.S_IRGRP if kept.st_uid == 0 != us else 0
    return bool(kept.st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~given)


def _key(line: str, path: Path, number: int) -> Key:
    found = _LINE.fullmatch(line.strip())
    if not found:
        _unusable(path, f"ligne {number}, 8 puis 64 chiffres hexadécimaux sont attendus")
    master = bytes.fromhex(found[2])
    return Key(
        id=bytes.fromhex(found[1]),
        sealing=AESGCM(_derived(master, "seal")),
        index=_derived(master, "index"),
        mailbox=_derived(master, "mailbox"),
        links={purpose: _derived(master, f"link {purpose}") for purpose in Purpose},
    )


def _unusable(path: Path, why: str) -> NoReturn:
    raise KeyFileError(f"{path} : fichier de clé inutilisable ({why})")


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"vigie {purpose} 1".encode()).derive(master)


def _bound(key: Key, owner: str) -> bytes:
    """What a sealed address is tied to."""
    return key.id + owner.encode()


def _cut(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    if len(sealed) <= _ID + _NONCE:
        raise VaultError("there is no address any more")
    return sealed[:_ID], sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :]


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()[:32]


def _signature(key: Key, purpose: Purpose, subject: str, expiry: str) -> str:
    length = _SHORT if purpose is Purpose.BOUNCE else _LONG
    return hmac.digest(key.links[purpose], f"{subject}.{expiry}".encode(), "sha256").hex()[:length]

"""Links of our letters: forged, exchanged, cut, outlived, guessed."""

from __future__ import annotations

import random
import string
import tempfile
from datetime import timedelta
from pathlib import Path

from prove.report import Figure
from tests.fakes.alerts import SEEN
from watcher.core.ports_outgoing import Purpose, VaultError
from watcher.core.subscriptions import Recipient
from watcher.vault import KeyVault, open_vault

ONE, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
LATER = SEEN + timedelta(hours=1)


def attack(rng: random.Random, *, long: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = (open_vault(Path(folder) / name) for name in ("a.key", "b.key"))
        forged, taken = _forged(ours, theirs)
        guesses = 1_000_000 if long else 40_000
        guessed = sum(
            ours.subject(Purpose.UNSUBSCRIBE, _guess(rng), SEEN) is not None for _ in range(guesses)
        )
        sealed, opened = _resealed(ours)
    return [
        Figure("forged links (each bit, each cut, other purposes, owners, keys, times)",
        f"{taken} of {forged} taken",
               "0 of ≥ 5,000", kept=not taken and forged >= 5_000),
        Figure("guessed links to unsubscribe somebody", f"{guessed} of {guesses} taken", "0",
        kept=not guessed),
        Figure("sealed addresses with a bit changed, or of another owner", f"{opened} of {sealed} opened",
        "0", kept=not opened),
    ]  # fmt: skip


def _forged(ours: KeyVault, theirs: KeyVault) -> tuple[int, int]:
    tried = taken = 0
    for purpose in Purpose:
        for until in (None, LATER):
            token = ours.token(purpose, ONE, until)
            all_of = _altered(token) | {theirs.token(purpose, ONE, until), ours.token(purpose, ONE, SEEN)}
            all_of |= {ours.token(other, ONE, until) for other in Purpose if other is not purpose}
            all_of |= _mixed(token, ours.token(purpose, OTHER, until)) | _mixed(
                token, ours.token(purpose, ONE, SEEN)
            )
            genuine = {ours.token(purpose, who, when) for who in (ONE, OTHER) for when in (None, LATER)}
            for one in all_of - genuine:
                tried += 1
                taken += ours.subject(purpose, one, SEEN) is not None
    return tried, taken


def _altered(token: str) -> set[str]:
    data = token.encode()
    flipped = set()
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        flipped.add(changed.decode("latin-1"))
    cut = {token[:end] for end in range(len(token))} | {token[start:] for start in range(1, len(token))}
    stuffed = {token[:at] + sign + token[at:] for at in range(len(token) + 1) for sign in "0.\n \x00١"}
    return (
        flipped
        | cut
        | stuffed
        | {token.upper(), token + token, token.replace(".", ""), token.replace(".", "..")}
    )


def _mixed(one: str, other: str) -> set[str]:
    parts = (one.split("."), other.split("."))
    length = min(map(len, parts))
    return {
        ".".join(parts[pick >> at & 1][at] for at in range(length)) for pick in range(1, 2**length - 1)
    }  # fmt: skip


def _guess(rng: random.Random) -> str:
    digits = string.hexdigits[:16]
    return f"{ONE}.{''.join(rng.choices(digits, k=rng.choice((20, 32, 32, 32))))}"


def _resealed(vault: KeyVault) -> tuple[int, int]:
    recipient = vault.seal("ana@exemple.fr", ONE)
    tried = opened = 0
    for bit in range(8 * len(recipient.sealed)):
        changed = bytearray(recipient.sealed)
        changed[bit // 8] ^= 1 << bit % 8
        tried += 1
        opened += _opens(vault, bytes(changed), ONE)
    return tried + 1, opened + _opens(vault, recipient.sealed, OTHER)


def _opens(vault: KeyVault, sealed: bytes, owner: str) -> bool:
    try:
        vault.open(Recipient(sealed, "", ""), owner)
    except VaultError:
        return False
    return True

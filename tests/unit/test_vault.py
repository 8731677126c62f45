"""The key that is kept outside the database, and what can be done without it: nothing."""

from __future__ import annotations

import os
import secrets
import stat
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.fakes.alerts import SEEN
from watcher.core.ports_outgoing import Purpose, VaultError
from watcher.core.subscriptions import Recipient
from watcher.vault import KeyFileError, KeyVault, open_to_others, open_vault

ANA = "ana+vigie@exemple.fr"
ONE, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
LATER = SEEN + timedelta(hours=48)
LINE_A, LINE_B = f"0000000a {'a1' * 32}\n", f"0000000b {'b2' * 32}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "vigie.key"


@pytest.fixture
def vault(path: Path) -> KeyVault:
    return open_vault(path)


def key_file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_key_is_made_with_the_first_need_and_read_by_its_owner_alone(path: Path) -> None:
    sealed = open_vault(path).seal(ANA, ONE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["vigie.key"]
    assert open_vault(path).open(sealed, ONE) == ANA


def test_processes_that_start_together_share_one_key(path: Path) -> None:
    start, sealed = Barrier(8), list[Recipient]()

    def make() -> None:
        start.wait()
        sealed.append(open_vault(path).seal(ANA, ONE))

    makers = [Thread(target=make) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    vault = open_vault(path)
    assert [vault.open(one, ONE) for one in sealed] == [ANA] * 8


def test_a_maker_that_was_killed_leaves_no_second_copy_of_the_key(path: Path) -> None:
    """Copies that somebody else made stay, and so do other keys."""
    link = open_vault(path).token(Purpose.CONFIRM, ONE)
    path.with_name("vigie.key.0123456789abcdef").hardlink_to(path)
    saved = path.with_name("vigie.key.bak")
    saved.hardlink_to(path)
    other = key_file(path.with_name("vigie.key.fedcba9876543210"), LINE_A)

    assert open_vault(path).token(Purpose.CONFIRM, ONE) == link

    assert set(path.parent.iterdir()) == {path, saved, other}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o610])
def test_a_key_that_others_can_reach_is_refused_in_one_line(path: Path, mode: int) -> None:
    key_file(path, LINE_A, mode)
    with pytest.raises(KeyFileError, match="chmod 600") as refused:
        open_vault(path)
    assert "\n" not in str(refused.value)
    assert "a1a1" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["", "# rien\n", "a1" * 32, f"0000000a {'a1' * 31}\n", LINE_A + "x\n", LINE_A + LINE_A, "\xff\xfe"],
)
def test_a_file_that_holds_no_sound_keys_is_refused_in_one_line(path: Path, text: str) -> None:
    with pytest.raises(KeyFileError) as refused:
        open_vault(key_file(path, text))
    assert "\n" not in str(refused.value)
    assert "a1a1" not in str(refused.value)


def test_a_place_where_no_file_can_be_is_refused_in_one_line(tmp_path: Path) -> None:
    key_file(tmp_path / "file", "")
    for path in (tmp_path / "file" / "vigie.key", tmp_path):
        with pytest.raises(KeyFileError):
            open_vault(path)


def test_what_is_kept_tells_nothing_of_the_address(vault: KeyVault) -> None:
    kept = [vault.seal(address, ONE) for address in (ANA, ANA, "z@y.fr", "ana@exemple.fr")]
    assert len({one.sealed for one in kept}) == 4
    assert len({len(one.sealed) for one in kept}) == 1
    assert kept[0].index == kept[1].index != kept[3].index
    assert kept[0].mailbox == kept[3].mailbox != kept[2].mailbox
    assert kept[3].index != kept[3].mailbox
    assert not any(b"exemple" in one.sealed for one in kept)


def test_without_its_key_an_address_is_lost(vault: KeyVault, tmp_path: Path) -> None:
    sealed = vault.seal(ANA, ONE)
    stranger = open_vault(tmp_path / "other.key")
    assert stranger.seal(ANA, ONE).index != sealed.index
    with pytest.raises(VaultError):
        stranger.open(sealed, ONE)


def test_a_new_key_reads_what_the_old_ones_sealed_and_knows_who_was_there(path: Path) -> None:
    old = open_vault(key_file(path, LINE_A))
    sealed, link = old.seal(ANA, ONE), old.token(Purpose.UNSUBSCRIBE, ONE)
    both = open_vault(key_file(path, f"# nouvelle d'abord\n{LINE_B}\n{LINE_A}"))
    assert both.open(sealed, ONE) == ANA
    assert both.subject(Purpose.UNSUBSCRIBE, link, SEEN) == ONE
    assert (both.seal(ANA, ONE).index, both.seal(ANA, ONE).mailbox) == (sealed.index, sealed.mailbox)
    assert both.seal(ANA, ONE).sealed[:4] == bytes.fromhex("0000000b")
    assert both.token(Purpose.UNSUBSCRIBE, ONE) != link
    new = open_vault(key_file(path, LINE_B))
    assert new.subject(Purpose.UNSUBSCRIBE, link, SEEN) is None
    with pytest.raises(VaultError, match="not in the key file"):
        new.open(sealed, ONE)


def test_no_altered_or_exchanged_address_is_read(vault: KeyVault) -> None:
    """Every bit of a sealed address, every cut of it, and its owner."""
    sealed = vault.seal(ANA, ONE).sealed
    forged = [_flipped(sealed, bit) for bit in range(8 * len(sealed))]
    forged += [sealed[:end] for end in range(len(sealed))] + [sealed + b"\0", sealed * 2]
    for one in forged:
        with pytest.raises(VaultError):
            vault.open(Recipient(one, "", ""), ONE)
    with pytest.raises(VaultError):
        vault.open(Recipient(sealed, "", ""), OTHER)


def test_a_link_is_the_same_each_time_and_leads_to_its_subject(vault: KeyVault) -> None:
    for purpose in Purpose:
        token = vault.token(purpose, ONE, LATER)
        assert token == vault.token(purpose, ONE, LATER)
        assert set(token) <= set("0123456789abcdefghijklmnopqrstuvwxyz.")
        assert vault.subject(purpose, token, SEEN) == ONE
        assert vault.subject(purpose, vault.token(purpose, ONE), datetime(2999, 1, 1, tzinfo=UTC)) == ONE
    assert len(f"bounce+{vault.token(Purpose.BOUNCE, ONE)}") <= 64


def test_a_link_ends_with_the_second_that_it_names(vault: KeyVault) -> None:
    token = vault.token(Purpose.CONFIRM, ONE, LATER)
    assert vault.subject(Purpose.CONFIRM, token, LATER - timedelta(microseconds=1)) == ONE
    assert vault.subject(Purpose.CONFIRM, token, LATER) is None
    assert vault.subject(Purpose.CONFIRM, token, LATER + timedelta(days=9999)) is None


def test_no_forged_link_opens_anything(vault: KeyVault, tmp_path: Path) -> None:
    stranger = open_vault(tmp_path / "other.key")
    tried = 0
    for purpose in Purpose:
        for expires_at in (None, LATER):
            token = vault.token(purpose, ONE, expires_at)
            forged = {*_altered(token), *_guessed(token)}
            forged |= {stranger.token(purpose, ONE, expires_at), vault.token(purpose, ONE, SEEN)}
            forged |= {vault.token(other, ONE, expires_at) for other in Purpose if other is not purpose}
            forged |= _exchanged(token, vault.token(purpose, OTHER, expires_at))
            forged |= _exchanged(token, vault.token(purpose, ONE, LATER + timedelta(hours=1)))
            forged -= {token, vault.token(purpose, OTHER, expires_at), vault.token(purpose, ONE, LATER)}
            forged.discard(vault.token(purpose, ONE, LATER + timedelta(hours=1)))
            assert [one for one in forged if vault.subject(purpose, one, SEEN) is not None] == []
            tried += len(forged)
    assert tried >= 5_000


def test_a_link_has_a_subject_that_can_stand_in_it(vault: KeyVault) -> None:
    for subject in ("", "A", "a.b", "é", "a" * 65, "a\n", "a/b"):
        with pytest.raises(ValueError, match="subject"):
            vault.token(Purpose.FORM, subject)


def _flipped(data: bytes, bit: int) -> bytes:
    altered = bytearray(data)
    altered[bit // 8] ^= 1 << bit % 8
    return bytes(altered)


def _altered(token: str) -> set[str]:
    """Every bit of every character, cut, lengthened, doubled, in capitals, without its points."""
    data = token.encode()
    flipped = {_flipped(data, bit).decode("latin-1") for bit in range(8 * len(data))}
    cut = {token[:end] for end in range(len(token))} | {token[start:] for start in range(1, len(token))}
    around = {f"{token}{c}" for c in "0af. \n\0%="} | {f"{c}{token}" for c in "0af. \n\0%="}
    cased = {token[:i] + token[i].upper() + token[i + 1 :] for i in range(len(token))} | {token.upper()}
    return flipped | cut | around | cased - {token} | {token * 2, token.replace(".", ""), f"{token}.{token}"}


def _guessed(token: str) -> set[str]:
    head, _, signature = token.rpartition(".")
    return {f"{head}.{secrets.token_hex(len(signature) // 2)}" for _ in range(200)}


def _exchanged(one: str, other: str) -> set[str]:
    """The parts of two links put together in every way."""
    parts = [*one.split("."), *other.split(".")]
    return {".".join(mix) for size in (1, 2, 3) for mix in permutations(parts, size)}


@pytest.mark.parametrize(
    ("mode", "owner", "us", "is_open"),
    [
        (0o600, 990, 990, False),
        (0o400, 990, 990, False),
        (0o440, 0, 990, False),  # a credential of systemd 254 and later
        (0o440, 990, 990, True),
        (0o440, 0, 0, True),
        (0o460, 0, 990, True),
        (0o444, 0, 990, True),
    ],
)
def test_a_group_may_read_the_key_only_where_root_gave_it_to_us(
    mode: int, owner: int, us: int, *, is_open: bool
) -> None:
    kept = os.stat_result((stat.S_IFREG | mode, 1, 1, 1, owner, 0, 80, 0, 0, 0))
    assert open_to_others(kept, us) is is_open

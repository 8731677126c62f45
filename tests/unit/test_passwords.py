"""Passwords are kept as argon2id, all of their signs count, and nobody's costs what somebody's does."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from tests.proportion import in_proportion
from watcher.passwords import Argon2


@pytest.fixture(scope="module")
def passwords() -> Argon2:
    return Argon2()


def test_only_the_password_itself_is_right(passwords: Argon2) -> None:
    hashed = passwords.hash("une phrase de passe")

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.hash("une phrase de passe") != hashed
    assert passwords.verify(hashed, "une phrase de passe")
    assert not passwords.verify(hashed, "une phrase de passe ")
    assert not passwords.verify(hashed, "")


def test_what_comes_after_the_72nd_byte_counts(passwords: Argon2) -> None:
    hashed = passwords.hash("x" * 72 + "a")

    assert not passwords.verify(hashed, "x" * 72 + "b")
    assert not passwords.verify(hashed, "x" * 72)


def test_the_same_signs_from_another_keyboard_are_the_same(passwords: Argon2) -> None:
    assert passwords.verify(
        passwords.hash("d\u00e9j\u00e0 vu, d\u00e9j\u00e0 lu"), "de\u0301ja\u0300 vu, de\u0301ja\u0300 lu"
    )


def test_signs_that_are_no_text_are_a_wrong_password(passwords: Argon2) -> None:
    assert not passwords.verify(passwords.hash("une phrase de passe"), "\udcff" * 12)
    assert not passwords.verify(passwords.hash("une phrase\x00 et plus"), "une phrase\x00 et moins")


def test_nobody_has_no_password(passwords: Argon2) -> None:
    assert not passwords.verify(None, "")
    assert not passwords.verify(None, "une phrase de passe")


def test_a_monstrous_password_is_wrong_and_costs_no_more(passwords: Argon2) -> None:
    hashed = passwords.hash("une phrase de passe")

    assert not passwords.verify(hashed, "é" * 5_000_000)
    assert in_proportion(
        lambda typed: passwords.verify(hashed, typed), lambda length: "é" * length, 5_000_000
    )


def test_hashes_of_weaker_parameters_are_to_be_renewed(passwords: Argon2) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192).hash("une phrase de passe")

    assert passwords.stale(weaker)
    assert passwords.verify(weaker, "une phrase de passe")
    assert not passwords.stale(passwords.hash("une phrase de passe"))


def test_what_argon2_did_not_write_is_an_error_and_no_wrong_password(passwords: Argon2) -> None:
    with pytest.raises(ValueError, match="argon2"):
        passwords.verify("$2b$12$abcdefghijklmnopqrstuv", "une phrase de passe")

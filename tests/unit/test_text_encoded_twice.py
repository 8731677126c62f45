"""A page whose text was encoded as UTF-8 twice reads as it was meant."""

from __future__ import annotations

import pytest

from watcher.core.twice import undoubled

TEXT = "À l’accueil des étrangers, « séjour » : œuvre – 10 € à Saint-Étienne, où ça ? Été 2025, n° 1 🏛"


def octets_as(charset: str, text: str) -> str:
    """The UTF-8 octets of a text, each read as a character of another charset."""
    return "".join(bytes([octet]).decode(charset, "ignore") or chr(octet) for octet in text.encode())


@pytest.mark.parametrize("charset", ["windows-1252", "latin-1"])
def test_what_was_encoded_twice_is_read_twice(charset: str) -> None:
    assert undoubled(octets_as(charset, TEXT)) == TEXT


def test_a_page_of_both_kinds_is_read_as_each_is() -> None:
    assert undoubled(f"Préfet | {octets_as('windows-1252', TEXT)} | été") == f"Préfet | {TEXT} | été"


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "SÃO PAULO, IRMÃ, MANHÃ",
        f"Une faute : {octets_as('latin-1', 'é')} et {octets_as('latin-1', 'à')}.",
        "Ã" * 50,
        "Ã\u00bf\u00ff Ã",
    ],
)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert undoubled(text) == text


def test_octets_that_are_no_letter_stay_where_the_rest_is_read() -> None:
    broken = "à\u0080"
    assert undoubled(f"{octets_as('latin-1', 'étérné')} {broken}") == f"étérné {broken}"

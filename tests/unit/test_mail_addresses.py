"""Which mail addresses are taken, and in which form."""

from __future__ import annotations

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proportion import in_proportion
from watcher.core.mail_address import (
    AddressError,
    AddressTrouble,
    mail_address,
    mailbox_of,
    masked,
    normalised,
)

ACCEPTED = {
    "ana@exemple.fr": "ana@exemple.fr",
    "  ana@exemple.fr ": "ana@exemple.fr",
    "Ana.B+vigie@EXEMPLE.Fr": "Ana.B+vigie@exemple.fr",
    "o'neil_{x}~@a-b.c.org": "o'neil_{x}~@a-b.c.org",
    "ana@préfecture.fr": "ana@xn--prfecture-c4a.fr",
    "ana@PRÉFECTURE.fr": "ana@xn--prfecture-c4a.fr",
    "ana@xn--prfecture-c4a.fr": "ana@xn--prfecture-c4a.fr",
    "ana@пример.рф": "ana@xn--e1afmkfd.xn--p1ai",
    "1@2.fr": "1@2.fr",
    "a" * 64 + "@exemple.fr": "a" * 64 + "@exemple.fr",
    "ana@" + "b" * 63 + ".fr": "ana@" + "b" * 63 + ".fr",
    **dict.fromkeys([f"{'a' * 62}@{'b.' * 94}fra"], f"{'a' * 62}@{'b.' * 94}fra"),  # 254 characters
}

REFUSED = [
    "ana",
    "@exemple.fr",
    "ana@",
    "ana@exemple",
    "ana@@exemple.fr",
    "ana@exemple@exemple.fr",
    "ana@exemple.fr,bob@exemple.fr",
    "ana@exemple.fr;bob@exemple.fr",
    "ana@exemple.fr bob@exemple.fr",
    "Ana <ana@exemple.fr>",
    "<ana@exemple.fr>",
    '"ana"@exemple.fr',
    '"a b"@exemple.fr',
    "ana(comment)@exemple.fr",
    "ana@exemple.fr(comment)",
    "ana@[192.0.2.1]",
    "ana@[IPv6:2001:db8::1]",
    "ana@192.0.2.1",
    "ana@exemple.123",
    ".ana@exemple.fr",
    "ana.@exemple.fr",
    "a..b@exemple.fr",
    "ana@.exemple.fr",
    "ana@exemple.fr.",
    "ana@exemple..fr",
    "ana@-exemple.fr",
    "ana@exemple-.fr",
    "ana@exem_ple.fr",
    "ana@exemple.f",
    "ana@xn--.fr",
    "ana@xn--a.fr",
    "ana@xn--prfecture-b4.fr",
    "ana@straße.de",
    "ana@ｅxemple.fr",
    "ana@exemple。fr",
    "ana@exem\u200bple.fr",
    "ana@exem\u200dple.fr",
    "ana@exemple\u2024fr.fr",
    "ana@exem℀ple.fr",
    "àna@exemple.fr",
    "ana\u202e@exemple.fr",
    "ana\t@exemple.fr",
    "ana%0d%0a@exem ple.fr",
    "\ufeffana@exemple.fr",
    "a" * 65 + "@exemple.fr",
    "ana@" + "a" * 64 + ".fr",
    "ana@" + "a." * 125 + "fr",
    "a" * 63 + "@" + "b." * 94 + "fra",
    "a" * 255,
    "ana@xn--abc-.fr",
    "ana@xn--strae-oqa.xn--a-.fr",
    "ana@xn--PRFECTURE-c4a.xn--e.fr",
]

SMTP_INJECTIONS = [
    f"ana@exemple.fr{tail}"
    for tail in (
        "\r\nRCPT TO:<x@y.fr>",
        "\nBcc: x@y.fr",
        "\r",
        "\n",
        "\x00",
        "\x0b",
        "\x85",
        "\u2028",
        "> SIZE=1",
        ">\r\nDATA\r\n.\r\n",
        "%0ARCPT",
        "\\r\\n",
        "?subject=x",
    )
]


@pytest.mark.parametrize(("typed", "kept"), ACCEPTED.items())
def test_an_ordinary_address_is_taken(typed: str, kept: str) -> None:
    assert mail_address(typed) == kept
    assert mail_address(kept) == kept


@pytest.mark.parametrize("typed", [*REFUSED, *SMTP_INJECTIONS])
def test_anything_but_one_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(AddressError):
        mail_address(typed)


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("", AddressTrouble.MISSING),
        ("   ", AddressTrouble.MISSING),
        ("ana", AddressTrouble.FORM),
        ("ana@exemple", AddressTrouble.DOMAIN),
        ("ana@" + "exemple." * 40 + "fr", AddressTrouble.LONG),
        ("ana@" + "é." * 60 + "fr", AddressTrouble.LONG),
        ("a" * 65 + "@exemple.fr", AddressTrouble.LONG),
    ],
)
def test_its_writer_is_told_what_is_wrong(typed: str, trouble: AddressTrouble) -> None:
    with pytest.raises(AddressError) as refused:
        mail_address(typed)
    assert refused.value.trouble is trouble


PIECES = st.sampled_from(
    [*"aZ09.@+-_'\"()<>[]\\,;: \t\r\n\x00\x7fé。ßх", "xn--", ".fr", "@exemple.fr", "%0a", "ﬀ"]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=20).map("".join)))
def test_what_is_taken_may_stand_in_a_header_and_in_an_smtp_command(typed: str) -> None:
    try:
        address = mail_address(typed)
    except AddressError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' "(),:;<>[]\\')
    assert len(address) <= 254
    assert Address(addr_spec=address).addr_spec == address
    assert mail_address(address) == address


@pytest.mark.parametrize(("begins", "goes_on"), [("", "a."), ("", "@"), ("a@", "é"), ("a@", "xn--a.")])
def test_a_hostile_address_costs_no_more_than_its_length(begins: str, goes_on: str) -> None:
    def refuse(typed: str) -> None:
        with pytest.raises(AddressError):
            mail_address(typed)

    assert in_proportion(refuse, lambda length: begins + goes_on * (length // len(goes_on)), 10_000_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@exemple.fr", "ana+vigie@exemple.fr"),
        ("ana@exemple.fr", "Ana+a+b@exemple.fr"),
        ("ana.b@gmail.com", "anab+x@googlemail.com"),
        ("+x@exemple.fr", "+X@exemple.fr"),
    ],
)
def test_spellings_that_lead_to_one_mailbox_are_one(one: str, other: str) -> None:
    assert mailbox_of(one) == mailbox_of(other)


def test_different_people_stay_different() -> None:
    known = ["ana@exemple.fr", "a.na@exemple.fr", "+x@exemple.fr", "+y@exemple.fr", "ana@exemple.org"]
    assert len({mailbox_of(address) for address in known}) == len(known)
    assert normalised("Ana@exemple.fr") == normalised("ana@exemple.fr") != normalised("ana+x@exemple.fr")
    hook = "https://exemple.fr/Hook/@ana+x"
    assert mailbox_of(hook) == normalised(hook) == hook
    assert mailbox_of(f"{hook}?a=1?b=2\nwhsec_x\n") == hook
    assert mailbox_of("Ana") == "ana"


def test_an_address_is_shown_to_maintainers_without_being_told() -> None:
    assert masked("dominique@exemple.asso.fr") == "d•••@e•••.fr"
    assert masked("https://exemple.fr/hook?key=1") == "https://e•••"

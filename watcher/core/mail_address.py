"""Mail addresses as people type them, and what is told of them."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

LONGEST, LONGEST_LOCAL = 254, 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,58}[a-z0-9]")
# Where dots mean nothing, and another name leads to the same mailbox.
_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
_HIDDEN = "•••"


class AddressTrouble(StrEnum):
    """What is wrong with an address, as far as its writer can be told."""

    MISSING = "missing"
    LONG = "long"
    FORM = "form"  # not one plain address
    DOMAIN = "domain"  # what follows the @ is no name of the public Internet


class AddressError(Exception):
    def __init__(self, trouble: AddressTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def mail_address(text: str) -> str:
    """The one plain ASCII address in `text`, its domain in lower case and punycode; blanks around it are lost.

    Quotes, comments, literals, control characters and non-ASCII names before the @ are refused: what is
    accepted stands in a header or an SMTP command as it is. Takes time linear in its length.
    """
    text = text.strip(" ")
    if not text:
        raise AddressError(AddressTrouble.MISSING)
    if len(text) > LONGEST:
        raise AddressError(AddressTrouble.LONG)
    local, at, domain = text.partition("@")
    if not at or not _LOCAL.fullmatch(local) or "@" in domain:
        raise AddressError(AddressTrouble.FORM)
    address = f"{local}@{_domain(domain)}"
    if len(local) > LONGEST_LOCAL or len(address) > LONGEST:
        raise AddressError(AddressTrouble.LONG)
    return address


def normalised(address: str) -> str:
    """Equal for spellings that reach the same person: no provider tells capitals apart. Web addresses as they are."""
    return address if "://" in address else address.lower()


def mailbox_of(address: str) -> str:
    """Equal for all spellings that lead to one mailbox: `+tag` is dropped, and dots where they mean nothing.

    Of a web address its query is dropped.
    """
    if "://" in address:  # of a web-hook: its secret is the next line
        return address.partition("\n")[0].partition("?")[0]
    local, at, domain = normalised(address).rpartition("@")
    if not at:
        return normalised(address)
    plain = local.partition("+")[0] or local
    if domain in _DOTLESS:
        plain, domain = plain.replace(".", ""), _DOTLESS[domain]
    return f"{plain}@{domain}"


def masked(address: str) -> str:
    """``a•••@d•••.fr``: enough for somebody who knows it; of a web address the beginning of its host."""
    scheme, web, rest = address.partition("://")
    if web:
        return f"{scheme}://{rest[:1]}{_HIDDEN}"
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{_HIDDEN}@{domain[:1]}{_HIDDEN}.{domain.rpartition('.')[2]}"


def _domain(text: str) -> str:
    labels = [_ascii(label) for label in text.split(".")]
    if len(labels) < 2 or not _TOP.fullmatch(labels[-1]):
        raise AddressError(AddressTrouble.DOMAIN)
    return ".".join(labels)


def _ascii(label: str) -> str:
    """One label in punycode.

    What IDNA would change beyond capitals is refused: its two editions change some characters differently,
    and the mail would go to another domain than the one that was meant.
    """
    try:
        plain = unicodedata.normalize("NFC", label.lower())
        encoded = plain.encode("idna").decode("ascii").lower()
        faithful = encoded.encode("ascii").decode("idna") == plain or encoded == plain
    except UnicodeError:
        raise AddressError(AddressTrouble.DOMAIN) from None
    if not faithful or not _LABEL.fullmatch(encoded):
        raise AddressError(AddressTrouble.DOMAIN)
    return encoded

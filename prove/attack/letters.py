"""Letters: what is in their heads, and what goes over the wire to the mail server."""

from __future__ import annotations

import random
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from notifiers.letterhead import AddressError as Unusable
from notifiers.letterhead import Identity, Letterhead, usable
from notifiers.mail_probe import header_injection, rendering_flaw
from notifiers.render.mail import MailRenderer
from prove.attack.battery import LINES, TEXTS
from prove.report import Figure
from tests.fakes.alerts import BASE, VOCABULARY, alert, verdict
from tests.fakes.letters import RUN, PlainLinks, claimed
from watcher.core.mail_address import AddressError, mail_address
from watcher.core.mail_subject import harmless
from watcher.core.outbox import MessageKind
from watcher.core.verdict import Fact

_RENDER = MailRenderer(VOCABULARY, BASE)
_HEAD = Letterhead(
    Identity("Vigie <veille@vigie.example>", "aide@vigie.example", help_page=f"{BASE}/"), PlainLinks()
)
_SIGNS = ["a", " ", "é", "=?", "?=", "=", "?", "utf-8", "q", "b", "\r", "\n", "\r\n", ":", "Bcc",
"Bcc: x@y.fr", "\x00",
          "\x0b", "\x85", "\u2028", "\u202e", "\ud800", "\U0001f600", "=0D=0A", "@", "<", ">", ",", ";", '"',
          "\\", ".",
          "\u0301", "_", "\t", "&#13;&#10;", "&#x0d;", "\x02"]  # fmt: skip


def html_of(data: bytes) -> str:
    """The HTML part of a letter."""
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def attack(rng: random.Random, *, long: bool) -> list[Figure]:
    texts = [
        *LINES,
        *(TEXTS if long else TEXTS[::7]),
        *(_made_up(rng) for _ in range(5_000 if long else 100)),
    ]
    wrong = [text for text in texts if not _sound(text)]
    subjects = [_made_up(rng) for _ in range(100_000 if long else 5_000)]
    broken = [text for text in subjects if not _one_line(text)]
    accepted, unsafe = _addresses(rng, 200_000 if long else 20_000)
    flaw, python = rendering_flaw(), header_injection()
    return [
        Figure(f"letters with {len(texts)} hostile texts in all fields, alerts and digests: other headers or parts",
               f"{len(wrong)} {wrong[:1]!a}" if wrong else "0", "0", kept=not wrong),
        Figure(f"{len(subjects)} made-up subjects that are no single plain line", str(len(broken)), "0",
        kept=not broken),
        Figure("made-up addresses accepted that could leave an SMTP command or a header",
        f"{unsafe} of {accepted}", "0",
               kept=not unsafe),
        Figure("our renderer on this Python", flaw or "sound", "sound", kept=flaw is None),
        Figure("this Python's own generator", python or "sound", ""),
    ]  # fmt: skip


def _made_up(rng: random.Random) -> str:
    return "".join(rng.choice(_SIGNS) for _ in range(rng.randrange(1, 14)))


def _sound(text: str) -> bool:
    """The same headers and parts as a harmless text has, in CRLF lines that a mail server takes."""
    one = alert(
        title=f"a{text}", summary=f"a{text}", before=text, address=f"https://www.cantal.gouv.fr/{text}",
        verdict=verdict(motifs=(text,), channel_before=text, channel_after=text, facts=(Fact(text),)),
    )  # fmt: skip
    run = replace(RUN, coverage=(("fr", text),))
    for kind in (MessageKind.ALERTS, MessageKind.DIGEST):
        told, plain = (
            _HEAD.letter(to, _RENDER(to, [shown], run if kind is MessageKind.DIGEST else None)).data
            for to in (claimed(7, kind),)
            for shown in (one, alert())
        )
        read, expected = (message_from_bytes(data, policy=policy.default) for data in (told, plain))
        parts = [part.get_content_type() for part in read.walk()]
        if read.keys() != expected.keys() or parts != [part.get_content_type() for part in expected.walk()]:
            return False
        if str(read["To"]) != "reader7@lecteurs.example" or not _wire(told):
            return False
    return True


def _wire(data: bytes) -> bool:
    lines = data.split(b"\r\n")
    return all(
        b"\r" not in line and b"\n" not in line and len(line) <= 998 and line.isascii() for line in lines
    )


def _one_line(text: str) -> bool:
    line = harmless(text)
    return "=?" not in line and line.isprintable() and harmless(line) == line


_ADDRESS_SIGNS = [*_SIGNS, "ana", "exemple.fr", "@exemple.fr", "xn--", "-", "+", "%", "!", "(", ")", "[",
"]", "{", "|",
                  "127.0.0.1", "localhost", "\u3002", "ß", "İ", "\u212a", "\u00ad", "\u200d"]  # fmt: skip


def _addresses(rng: random.Random, count: int) -> tuple[int, int]:
    """How many of these were accepted, and how many of those are not one plain ASCII mailbox."""
    accepted = unsafe = 0
    for _ in range(count):
        text = "".join(rng.choice(_ADDRESS_SIGNS) for _ in range(rng.randrange(1, 6)))
        text = rng.choice(("", "ana")) + text + rng.choice(("", "@exemple.fr", "@é.fr", "@a.fr"))
        try:
            found = mail_address(text)
        except AddressError:
            continue
        accepted += 1
        plain = found.isascii() and found.isprintable() and found.count("@") == 1
        try:
            usable(found)
        except Unusable:
            plain = False
        if not plain or any(char in found for char in ' <>,;:"\\()[]\r\n') or mail_address(found) != found:
            unsafe += 1
    return accepted, unsafe

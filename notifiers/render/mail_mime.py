"""From text and HTML to the bytes of a mail that is the same for all who get it.

Written here, not by the standard library's generator: what leaves is letters, digits and signs of ASCII
chosen one by one, so that no text can become a header, on any version of Python.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence

from notifiers.letterhead import MARK

LINE = 76
_PLAIN = re.compile(r"[ -~]*")
_AS_IT_IS = frozenset(range(0x21, 0x7F)) - frozenset(b"=?_")


def alternative(subject: str, headers: Sequence[tuple[str, str]], text: str, html: str) -> bytes:
    """`headers` are ours and plain. Slots stand between two `MARK` in the texts."""
    parts = quoted(text), quoted(html)
    # "=_" is in no quoted-printable text.
    boundary = b"=_" + hashlib.sha256(b"\0".join(parts)).hexdigest()[:32].encode("ascii")
    lines = [b"Subject: " + encoded(subject, len("Subject: "))]
    lines += [f"{name}: {value}".encode("ascii") for name, value in headers]
    lines += [
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/alternative; boundary="' + boundary + b'"',
        b"",
    ]
    for kind, part in zip((b"plain", b"html"), parts, strict=True):
        lines += [
            b"--" + boundary,
            b"Content-Type: text/" + kind + b"; charset=utf-8",
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            part,
        ]
    return b"\r\n".join([*lines, b"--" + boundary + b"--", b""])


def plain(subject: str, headers: Sequence[tuple[str, str]], text: str) -> bytes:
    """A mail of text alone, in which there are no slots."""
    lines = [b"Subject: " + encoded(subject, len("Subject: "))]
    lines += [f"{name}: {value}".encode("ascii") for name, value in headers]
    lines += [
        b"MIME-Version: 1.0",
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        quoted(text.replace(MARK.decode("ascii"), "")),
    ]
    return b"\r\n".join(lines)


def quoted(text: str) -> bytes:
    """Quoted-printable with lines of at most `LINE`; each slot alone on its line, between soft breaks."""
    pieces = text.split(MARK.decode("ascii"))
    lines = [
        MARK + piece.encode("ascii") + MARK if index % 2 else _quoted(piece)
        for index, piece in enumerate(pieces)
    ]
    return b"=\r\n".join(lines)


def _quoted(text: str) -> bytes:
    return binascii.b2a_qp(text.encode("utf-8"), istext=True).replace(b"\n", b"\r\n")


def encoded(text: str, used: int) -> bytes:
    """One line as a header takes it (RFC 2047), the first of its lines `used` already."""
    if _PLAIN.fullmatch(text) and "=?" not in text and used + len(text) <= LINE:
        return text.encode("ascii")
    words, word, room = [], b"", LINE - used - len("=?utf-8?q??=")
    for char in text:
        piece = b"".join(_sign(byte) for byte in char.encode("utf-8"))
        if len(word) + len(piece) > room:
            words.append(word)
            word, room = b"", LINE - 1 - len("=?utf-8?q??=")
        word += piece
    return b"\r\n ".join(b"=?utf-8?q?" + one + b"?=" for one in [*words, word])


def _sign(byte: int) -> bytes:
    if byte in _AS_IT_IS:
        return bytes((byte,))
    return b"_" if byte == 0x20 else b"=%02X" % byte

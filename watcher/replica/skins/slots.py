"""Pages that are the same text each time but for ids and tokens, which are fresh at every request."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_OPEN, _SHUT = "\x01", "\x02"
_SLOT = re.compile(f"{_OPEN}([^{_SHUT}]*){_SHUT}")


def slot(name: str) -> str:
    """A place for 32 fresh hexadecimal digits; equal names on one page get equal digits."""
    return f"{_OPEN}{name}{_SHUT}"


@dataclass(frozen=True, slots=True)
class Template:
    """A rendered text with its slots cut out: filling it costs no parsing."""

    pieces: tuple[bytes, ...]
    holes: tuple[int, ...]  # which of the fresh values follows each piece but the last
    count: int

    @classmethod
    def of(cls, text: str) -> Template:
        parts = _SLOT.split(text)
        names = list(dict.fromkeys(parts[1::2]))
        place = {name: index for index, name in enumerate(names)}
        return cls(
            pieces=tuple(part.encode() for part in parts[::2]),
            holes=tuple(place[name] for name in parts[1::2]),
            count=len(names),
        )

    def fill(self) -> bytes:
        if not self.count:
            return self.pieces[0]
        digits = secrets.token_hex(16 * self.count).encode()
        fresh = [digits[at : at + 32] for at in range(0, len(digits), 32)]
        out = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            out += (fresh[hole], piece)
        return b"".join(out)

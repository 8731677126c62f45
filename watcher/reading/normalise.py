"""The text as it is searched: folded to plain lower case, character for character.

A folded text is as long as the cleaned one, so that offsets found in it cut the words a person wrote.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ENDINGS = "esx"
"""Of the plural and of the feminine: what words are compared without."""
LIMIT = 20_000
"""Characters of a notice that are read; what follows is not news but an annex."""

_VANISHING = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIKE = {
    **dict.fromkeys("’‘ʼ′´`", "'"),
    **dict.fromkeys("«»“”„″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}


class _Folding(dict[int, str]):
    """Code point → one folded character, worked out once per character met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _LIKE.get(char) or _plain(char)
        if code < 0x3000:  # hostile text may hold every code point; only ordinary ones are remembered
            self[code] = folded
        return folded


def _plain(char: str) -> str:
    if char != "\n" and (char.isspace() or unicodedata.category(char) == "Cc"):
        return " "
    base = unicodedata.normalize("NFKD", char)[:1].lower()
    return base if len(base) == 1 else char


_FOLDING = _Folding()


def clean(text: str) -> str:
    """Composed characters, without invisible ones and without carriage returns."""
    composed = unicodedata.normalize("NFC", text[:LIMIT]).translate(_VANISHING)
    return composed.replace("\r\n", "\n").replace("\r", "\n")


def fold(text: str) -> str:
    """Lower case without accents, typographic quotes or dashes; as long as `text`."""
    return text.translate(_FOLDING)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without the endings of the plural and of the feminine."""
    while len(word) > 4 and word[-1] in ENDINGS:
        word = word[:-1]
    return word

"""Text as pages write it, made safe to keep and fit to compare; linear in its length.

`clean` is the door: no string leaves a layout without it. `fold` and `squeeze` make keys, never shown.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html.entities import html5

LINE_LIMIT = 10_000
TITLE_LIMIT = 300
BLOCK_LIMIT = 200_000
_MARKS_IN_A_ROW = 3
_UNESCAPE_PASSES = 3
_SHORT = 300

_DROPPED = {"Cf", "Cc", "Cs", "Co", "Cn"}
# Everything but the letters and signs of ordinary French pages, which need no second look.
_UNUSUAL = re.compile(r"[^\t\n\r -~¡-¬®-ʯ‐-‗’‘“”„…€•■→ ]")
_ENTITY = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


class _Kept(dict[int, str | None]):
    """`str.translate` table, filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        if char.isspace():
            kept: str | None = " "
        else:
            kept = None if unicodedata.category(char) in _DROPPED else char
        self[code] = kept
        return kept


_KEPT = _Kept()


def clean(text: str, limit: int = LINE_LIMIT) -> str:
    """One line of NFC text: single spaces, no invisible or control character, at most `limit` characters.

    Entities that are still escaped (pages that escape twice) are read. Idempotent.
    """
    text = _visible(text.lstrip()[: 4 * limit + 1000])
    if "&" in text and _ENTITY.search(text):
        text = _unescaped(text)
    return " ".join(text.split())[:limit].rstrip()


def clean_block(text: str, limit: int = BLOCK_LIMIT) -> str:
    """Like `clean`, line by line; empty lines go."""
    lines = (clean(line) for line in text[: 4 * limit].splitlines())
    return "\n".join(line for line in lines if line)[:limit].rstrip()


def _visible(text: str) -> str:
    if not _UNUSUAL.search(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(_KEPT)
    return unicodedata.normalize("NFC", _few_marks(text))


def _few_marks(text: str) -> str:
    """Cut floods of combining marks, which would draw over the neighbouring lines."""
    if not any(unicodedata.category(char)[0] == "M" for char in set(text)):
        return text
    kept: list[str] = []
    row = 0
    for char in text:
        row = row + 1 if unicodedata.category(char)[0] == "M" else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def _unescaped(text: str) -> str:
    """Read entities, at most so often; what then still looks like one is broken up, to be stable."""
    for _ in range(_UNESCAPE_PASSES):
        read = _visible(_ENTITY.sub(_character, text))
        if read == text:
            return text
        text = read
    return _ENTITY.sub(r"& \1;", text)


def _character(entity: re.Match[str]) -> str:
    name = entity.group(1)
    if not name.startswith("#"):
        return html5.get(name + ";", entity.group())
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if code < 0x110000 else ""


_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ´`′‛＇", "'"),
        **dict.fromkeys("«»“”„‟″＂‹›", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃", "-"),
        "…": "...",
        "œ": "oe",
        "æ": "ae",
        "⁄": "/",
    }
)


class _Folded(dict[int, str]):
    """`str.translate` table to a character without its marks, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code).casefold().translate(_SAME))
        self[code] = "".join(char for char in parts if not unicodedata.combining(char)).translate(_SAME)
        return self[code]


_FOLDED = _Folded({code: chr(code).lower() for code in range(128)} | {ord("°"): "°", ord("º"): "°"})
_NUMERO = re.compile(r"\bn ?[°º] ?")
_BULLETS = re.compile(r"^(?:[•■▪◦●○·∙‣►▶➢➤✓*>|-]\s*)+(?=.)")
_CUT = re.compile(r"(?<=\S)\s*(?:[(\[]\s*\.\.\.\s*[)\]]|\.\.\.)\Z")
_TIGHT = re.compile(r" (?=[:;!?.,)\]%\"])|(?<=[(\[\"]) ")


def fold(text: str) -> str:
    """A key under which typographic variants of one text are equal."""
    return _folded_often(text) if len(text) < _SHORT else _folded(text)


def _folded(text: str) -> str:
    text = clean(text)
    text = text.lower() if text.isascii() else text.translate(_FOLDED)
    text = " ".join(_NUMERO.sub("n° ", text).split())
    text = _BULLETS.sub("", text)
    return _TIGHT.sub("", _CUT.sub("", text))


# Headings and titles are compared again and again.
_folded_often = lru_cache(maxsize=4096)(_folded)


def squeeze(text: str) -> str:
    """`fold` without any space: pages also put spaces inside words."""
    return fold(text).replace(" ", "")


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "fevrier fevr fev",
            "mars",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "aout",
            "septembre sept",
            "octobre oct",
            "novembre nov",
            "decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY = (
    r"(?<![\d/.-])(?:(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"|(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
    r"|(?P<wd>\d{1,2})(?: ?er)? (?P<wm>[a-z]{3,9})\.? (?P<wy>\d{4}))(?![\d/]|[.-]\d)"
)
_FIND_DAY = re.compile(_DAY)
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)}),? (?:le )?")
_BESIDE = 24
# What makes a day of another weekday no day that is known, and what looks like one the name of something.
_BEFORE = re.compile(
    rf"\b(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),? (?:le )?|n° ?|numero |"
    r"(?:rue|avenue|boulevard|quai|(?<!en )(?<!sur )(?<!a la )place) du )$"
)


def parse_day(text: str) -> date | None:
    """The day that `text` is, as page dates are written; `None` for anything else or an impossible day."""
    folded = fold(text[:100])
    weekday = _WEEKDAY.match(folded)
    found = _FIND_DAY.fullmatch(folded, weekday.end() if weekday else 0)
    return _day(found) if found else None


def find_day(text: str) -> date | None:
    """The first possible day in `text`."""
    for found in _FIND_DAY.finditer(fold(text)):
        if day := _day(found):
            return day
    return None


def _day(found: re.Match[str]) -> date | None:
    part = found.groupdict()
    if part["d"]:
        numbers = part["y"], part["m"], part["d"]
    elif part["iy"]:
        numbers = part["iy"], part["im"], part["id"]
    else:
        numbers = part["wy"], str(_MONTHS.get(part["wm"], 0)), part["wd"]
    try:
        day = date(*map(int, numbers))
    except ValueError:
        return None
    start = max(found.start(name) for name in ("d", "iy", "wd"))
    before = _BEFORE.search(found.string, max(0, start - _BESIDE), start)
    if before and before["weekday"] != _WEEKDAYS[day.weekday()]:
        return None
    return day if day.year >= 1950 else None


_STAMP = re.compile(
    r"\b(?:(?P<new>publiee?s?|(?:date de )?(?:publication|parution)|mise? en ligne|postee?)"
    r"|(?:mise?s? a jour|date de mise a jour|actualisee?|modifiee?|derniere (?:mise a jour|modification)))"
    r" ?(?:le|du|en date du|:)*:? ?(?:le )?(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?"
    + _DAY
    + r"(?: ?(?:a|-)? ?\d{1,2} ?[h:] ?\d{2})?"
)
_LEFT_OVER = re.compile(r"[\s,;:.()|/-]*")


@dataclass(frozen=True, slots=True)
class Stamps:
    """The days on which a text says that something was put online or changed."""

    published: date | None
    updated: date | None
    alone: bool  # the text says nothing else


def find_stamps(text: str) -> Stamps:
    """Read "Publié le 20/08/2026", "Mis à jour le 1er août 2026" and the like."""
    folded = fold(text)
    published = updated = None
    for found in _STAMP.finditer(folded):
        if found["new"]:
            published = published or _day(found)
        else:
            updated = updated or _day(found)
    alone = bool(published or updated) and _LEFT_OVER.fullmatch(_STAMP.sub("", folded)) is not None
    return Stamps(published, updated, alone)

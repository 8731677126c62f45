"""The table that tells the history of the official list: one line for each procedure and address, CSV of any kind.

Columns, in any order, others are passed over: ``code`` of the département, ``url``, ``first_listed`` and
``last_listed`` (the first and the last dated version with the line; the last one empty while it stands), and, if
there are, ``label`` (the title) and ``kind`` (lines of another kind than ``demarche`` are not meant).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from watcher.core.errors import UserError
from watcher.core.french import day
from watcher.core.items import LinkKind
from watcher.core.links import official
from watcher.core.official_list import Listing, same_title
from watcher.core.printable import one_line
from watcher.core.text import TITLE_LIMIT, clean

NEEDED = ("code", "url", "first_listed", "last_listed")
LARGEST = 20_000_000  # bytes; the list of the whole country has some thousand lines
TALLEST = 20  # lines of one record: more is a quotation mark that nobody closed
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SHOWN = 80
_QUOTES = "un guillemet est ouvert et jamais fermé, ou fermé au milieu d'une case"
_LONG = "une case est trop longue"


@dataclass(frozen=True, slots=True)
class Remark:
    line: int
    said: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says; `refused` lines count for nothing, `remarks` are about lines that do."""

    listings: tuple[Listing, ...]
    versions: tuple[date, ...]  # oldest first
    refused: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    others: int  # lines of another kind


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    listing: Listing
    told_last: date | None  # as it stands in the file


class NoListError(UserError):
    """A file that is not the history of the list."""


class _RefusedError(Exception):
    """What is wrong with one line."""


def read_list(content: bytes, codes: Collection[str], today: date) -> Read:
    """What `content` says of the préfectures `codes`. Raises `NoListError` when it is no such table at all."""
    rows = _rows(_decoded(content))
    heads, separator, start = _heading(rows)
    lines: list[_Line] = []
    refused: list[Remark] = []
    others = 0
    for number, record in _records(rows, start, separator):
        if isinstance(record, str):
            refused.append(Remark(number, record))
            continue
        if not any(cell.strip() for cell in record):
            continue
        cells = {name: record[place].strip() for name, place in heads.items() if place < len(record)}
        if cells.get("kind", "demarche") != "demarche":
            others += 1
            continue
        try:
            lines.append(_line(number, cells, codes, today))
        except _RefusedError as error:
            refused.append(Remark(number, str(error)))
    versions = tuple(sorted({d for line in lines for d in (line.listing.first, line.told_last) if d}))
    whole = tuple(_censored(line, versions[-1]) for line in lines)
    return Read(whole, versions, tuple(refused), tuple(_repeated(lines)), others)


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise NoListError(f"trop gros ({len(content) // 1_000_000} Mo) pour être la liste officielle")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoListError("ce n'est pas un tableau CSV")


def _rows(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _heading(rows: Sequence[str]) -> tuple[Mapping[str, int], str, int]:
    """Where each column is, what stands between them, and which line comes after; remarks may stand before."""
    for number, row in enumerate(rows):
        if not row.strip() or row.startswith(("#", "sep=")):
            continue
        for separator in (",", ";", "\t"):
            names = [cell.strip().lower() for cell in next(csv.reader([row], delimiter=separator))]
            if set(NEEDED) <= set(names):
                return (
                    {name: place for place, name in reversed(list(enumerate(names)))},
                    separator,
                    number + 1,
                )
        break
    raise NoListError(
        f"ce n'est pas l'histoire de la liste officielle : la première ligne doit nommer {', '.join(NEEDED)}"
    )


def _records(rows: Sequence[str], start: int, separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the number of its first line, or what is wrong with it: the lines after it are read anyway."""
    at = start
    while at < len(rows):
        number, taken = at + 1, 1
        while True:
            text = "\n".join(rows[at : at + taken])
            try:
                found = next(csv.reader([text], delimiter=separator, strict=True), [])
            except csv.Error as error:
                if "unexpected end" in str(error) and taken < min(TALLEST, len(rows) - at):
                    taken += 1
                    continue
                yield number, _LONG if "field limit" in str(error) else _QUOTES
                at += 1
                break
            yield number, found
            at += taken
            break


def _line(number: int, cells: Mapping[str, str], codes: Collection[str], today: date) -> _Line:
    code = cells.get("code", "")
    if code not in codes:
        near = next((one for one in (code.upper(), code.zfill(2)) if code and one in codes), "")
        hint = f" : « {near} » ?" if near else ""
        raise _RefusedError(f"« {_quoted(code)} » n'est pas un département que l'on connaisse{hint}")
    # The list is kept as Markdown, in which an underscore is escaped.
    address = cells.get("url", "").replace("\\_", "_")
    place = official(address, "")
    if place is None or place.kind is not LinkKind.PROCEDURE:
        raise _RefusedError(
            f"« {_quoted(address)} » n'est pas l'adresse d'une démarche de démarche numérique"
        )
    first = _day(cells.get("first_listed", ""), "first_listed")
    last = _day(cells.get("last_listed", ""), "last_listed")
    if first is None:
        raise _RefusedError("sans date : first_listed est vide")
    if last is not None and last < first:
        raise _RefusedError(f"first_listed ({first}) vient après last_listed ({last})")
    if max(first, last or first) > today:
        raise _RefusedError(f"le {day(max(first, last or first))} n'est pas encore venu")
    title = clean(cells.get("label", ""), TITLE_LIMIT)
    return _Line(number, Listing(code, place.ident, address, title, first, last or first, gone=False), last)


def _day(text: str, column: str) -> date | None:
    """``2025-07-11`` or ``11/07/2025``; `None` of nothing."""
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found and found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found:
            return date(int(found[6]), int(found[5]), int(found[4]))
    except ValueError:
        pass
    raise _RefusedError(f"{column} : « {_quoted(text)} » n'est pas une date (2025-07-11)")


def _censored(line: _Line, newest: date) -> Listing:
    """Without a last version, or with the newest, it still stands."""
    last = line.told_last or newest
    return replace(line.listing, last=last, gone=last < newest)


def _repeated(lines: Sequence[_Line]) -> Iterator[Remark]:
    """What is said twice, and what is one procedure under two names of the host or two titles."""
    seen: dict[tuple[str, str], _Line] = {}
    for line in lines:
        mine = line.listing
        known = seen.setdefault((mine.prefecture, mine.ident), line)
        if known is line:
            continue
        other = known.listing
        if (mine.address, mine.first, known.told_last) == (other.address, other.first, line.told_last):
            said = f"la même que la ligne {known.number}, comptée une fois"
        elif mine.title and other.title and not same_title(mine.title, other.title):
            said = f"la même démarche que la ligne {known.number}, sous un autre titre"
        elif mine.address != other.address:
            said = f"la même démarche que la ligne {known.number}, sous un autre nom du site"
        else:
            said = f"la même démarche que la ligne {known.number}, à d'autres dates"
        yield Remark(line.number, said)


def _quoted(text: str) -> str:
    return one_line(text, _SHOWN)

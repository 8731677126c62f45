"""Rules as a patch of `filing.yaml`: only the lines of the entries that they change or add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

from watcher import filing_file, marked_yaml
from watcher.core.errors import UserError
from watcher.core.filing import Rule, ordered
from watcher.filing_file import entry_lines
from watcher.reading.vocabulary import Vocabulary

_INDENT = 4  # of the keys of an entry, as they are written
_LAST = "\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule of the file and its lines, the first of them and the one after the last."""

    rule: Rule
    start: int
    end: int


def patch(path: Path, rules: Sequence[Rule], words: Vocabulary, now: datetime) -> str:
    """The patch (``git apply``, ``patch -p1``) that makes the file say these rules; "" when it says them.

    The file stays as its maintainer wrote it, comments and order included. Raises `UserError` when it
    cannot be used.
    """
    known = filing_file.load(path, words, now)
    if not known:
        raise UserError(f"{path} : aucune règle à côté de laquelle écrire")
    before = path.read_bytes().decode()
    lines = before.split("\n")
    entries = _entries(path, known, lines)
    for rule in rules:
        lines, entries = _placed(rule, lines, entries)
    name, after = _name(path), "\n".join(lines)
    pieces = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_LAST}" for line in pieces)


def _lines(text: str) -> list[str]:
    """Lines as patches count them, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _entries(path: Path, known: Sequence[Rule], lines: Sequence[str]) -> list[_Entry]:
    root = marked_yaml.read(path).root
    nodes = [root.find(("rules", number)) for number in range(len(known))]
    starts = [node.place.line - 1 for node in nodes if node]
    bounds = pairwise((*starts, len(lines)))
    return [
        _Entry(rule, start, _end(lines, start, following))
        for rule, (start, following) in zip(known, bounds, strict=True)
    ]


def _end(lines: Sequence[str], start: int, following: int) -> int:
    """What stands above the next entry, comments and empty lines, is its own."""
    end = following
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _placed(rule: Rule, lines: list[str], entries: list[_Entry]) -> tuple[list[str], list[_Entry]]:
    """The lines and entries with a rule in its place."""
    mine = next((one for one in entries if one.rule.id == rule.id), None)
    index = entries.index(mine) if mine else _place(rule, entries)
    start = mine.start if mine else entries[index].start if index < len(entries) else entries[-1].end
    end = mine.end if mine else start
    new = _written(rule, lines[entries[0].start])
    moved = len(new) - (end - start)
    following = entries[index + 1 :] if mine else entries[index:]
    later = [_Entry(one.rule, one.start + moved, one.end + moved) for one in following]
    entry = _Entry(rule, start, start + len(new))
    return [*lines[:start], *new, *lines[end:]], [*entries[:index], entry, *later]


def _place(rule: Rule, entries: Sequence[_Entry]) -> int:
    """Where a new rule goes: above the first one that comes after it."""
    after = (n for n, one in enumerate(entries) if ordered([one.rule, rule])[0] is rule)
    return next(after, len(entries))


def _written(rule: Rule, like: str) -> list[str]:
    """The lines of a rule, indented and ended as those of the file are."""
    shift = len(like) - len(like.lstrip()) + 2 - _INDENT
    end = "\r" if like.endswith("\r") else ""
    lines = list(entry_lines(rule))
    return [(" " * shift + line if shift > 0 else line[-shift:]) + end for line in lines]


def _name(path: Path) -> str:
    """As the project calls it, when that is where we are."""
    here = Path.cwd().resolve()
    there = path.resolve()
    return there.relative_to(here).as_posix() if there.is_relative_to(here) else there.name

"""Changes `sources.yaml` as somebody would by hand: one stanza more, or one address instead of another.

Comments, order and everything else stay as they are. What was written is read again, as it will be at the next
start; unless it says just what was said before and the change, the file is left alone.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from watcher import marked_yaml
from watcher.core.catalogue import Catalogue
from watcher.core.errors import UserError
from watcher.core.site_proposals import Stanza
from watcher.marked_yaml import Node, UnreadableFileError
from watcher.sources import load_lenient

WIDE = 118  # characters of a line
_PLAIN = re.compile(r"[A-Za-z0-9][\w./~%+()@=&?:-]*", re.ASCII)


class EditError(UserError):
    """The file cannot be changed by us; `stanza` is what to write by hand."""

    def __init__(self, message: str, stanza: str) -> None:
        super().__init__(message)
        self.stanza = stanza


def add_page(path: Path, prefecture: str, stanza: Stanza, today: date) -> None:
    """Write a new page of a préfecture below its others.

    Raises:
        EditError: the file could not be read, changed or written; it is as it was.
    """
    shown = "\n".join(written(stanza, 6, today))
    before = _text(path, shown)
    after = _refusing(lambda: with_page(before, prefecture, stanza, today), shown)
    expected = _known(path, shown)
    _replace(path, before, after, shown, lambda found: _has_one_more(found, expected, stanza.id))


def change_address(path: Path, source: str, address: str) -> None:
    """Write another address of a page that is watched. Raises like `add_page`."""
    shown = f"{source} : url: {quoted(address)}"
    before = _text(path, shown)
    after = _refusing(lambda: with_address(before, source, address), shown)
    known = _known(path, shown)
    if source not in known.sources:
        raise EditError(f"{path} : la source {source} n'y est plus", shown)
    moved = replace(known.sources[source], url=address)
    expected = replace(known, sources={**known.sources, source: moved})
    _replace(path, before, after, shown, lambda found: found == expected)


def with_page(text: str, prefecture: str, stanza: Stanza, today: date) -> str:
    """The same file with one page more; `ValueError` says in French why that cannot be."""
    root = _parsed(text)
    entry = root.find(("prefectures", prefecture))
    if entry is None or not isinstance(entry.value, dict):
        raise ValueError(f"la préfecture {prefecture} n'y est pas")
    lines = text.splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    plain = _shortened(stanza, root.value, entry.value)
    pages = entry.children.get("pages")
    if pages is not None and pages.children:
        at, indent = _after_last(lines, pages)
    else:
        at, indent, lines = _room(lines, entry, pages)
    new = written(plain, indent, today)
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += ending
    return "".join([*lines[:at], *(line + ending for line in new), *lines[at:]])


def with_address(text: str, source: str, address: str) -> str:
    """The same file with another address of one page; `ValueError` says in French why that cannot be."""
    root = _parsed(text)
    page = next((page for page in _pages(root) if page.value.get("id") == source), None)
    node = page.children.get("url") if page else None
    if node is None:
        raise ValueError(f"la source {source} n'y est pas")
    lines = text.splitlines(keepends=True)
    line = lines[node.place.line - 1]
    start = node.place.column - 1
    rest = line[start:]
    old = next((form for form in _forms(node.text) if rest.startswith(form)), None)
    if old is None:
        raise ValueError(f"l'adresse de {source} est écrite sur plusieurs lignes")
    lines[node.place.line - 1] = line[:start] + quoted(address) + rest[len(old) :]
    return "".join(lines)


def written(stanza: Stanza, indent: int, today: date) -> Iterator[str]:
    """The lines of a stanza, on one line where that is not too long."""
    fields = {"id": stanza.id, "kind": str(stanza.kind), "url": stanza.url}
    more = {"layout": stanza.layout, "platform": stanza.platform, "every": stanza.every}
    fields |= {name: value for name, value in more.items() if value}
    said = [f"{name}: {quoted(value)}" for name, value in fields.items()]
    start, note = " " * indent + "- ", f"  # found {today:%Y-%m-%d}"
    if len(one := f"{start}{{{', '.join(said)}}}{note}") <= WIDE:
        yield one
        return
    yield start + said[0] + note
    yield from (" " * (indent + 2) + line for line in said[1:])


# Numbers in all their spellings (0E0, 0x1f, 1_000, 1:30, .inf), days, and words for yes, no and nothing.
_NO_TEXT = re.compile(r"[-+.\d][-+.:_\da-fox]*|[-+]?\.(inf|nan)|true|false|null|yes|no|on|off", re.IGNORECASE)


def quoted(value: str) -> str:
    """A text as YAML: as it is where nothing in it means something else."""
    tricky = ": " in value or value.endswith(":") or not _PLAIN.fullmatch(value)
    return value if not tricky and not _NO_TEXT.fullmatch(value) else "'" + value.replace("'", "''") + "'"


def _forms(value: str) -> tuple[str, ...]:
    return "'" + value.replace("'", "''") + "'", f'"{value}"', value


def _shortened(stanza: Stanza, file: Mapping[str, Any], entry: Mapping[str, Any]) -> Stanza:
    """Without what is the default anyway."""
    defaults = file.get("defaults") or {}
    layout = defaults.get("layout", "dsfr") if stanza.kind == "news" else "content"
    platform = entry.get("platform") or defaults.get("platform", "")
    return replace(
        stanza,
        layout="" if stanza.layout == layout else stanza.layout,
        platform="" if stanza.platform == platform else stanza.platform,
        every="" if stanza.every == defaults.get("every") else stanza.every,
    )


def _after_last(lines: list[str], pages: Node) -> tuple[int, int]:
    """Where the list of a préfecture's pages ends, and how far its dashes stand from the margin."""
    last = list(pages.children.values())[-1]
    dash = _dash(lines, last)
    if dash is None:
        raise ValueError("ses pages ne sont pas écrites une par ligne")
    at = last.place.line
    while at < len(lines) and _belongs(lines[at], dash):
        at += 1
    while at > last.place.line and not lines[at - 1].strip():
        at -= 1
    return at, dash


def _dash(lines: list[str], page: Node) -> int | None:
    before = lines[page.place.line - 1][: page.place.column - 1]
    return before.index("-") if re.fullmatch(r" *- +", before) else None


def _belongs(line: str, dash: int) -> bool:
    """Whether a line goes on with the entry above it: further from the margin, or empty."""
    stripped = line.strip()
    return not stripped or len(line) - len(line.lstrip(" ")) > dash


def _room(lines: list[str], entry: Node, pages: Node | None) -> tuple[int, int, list[str]]:
    """Where the first page of a préfecture goes: below `pages:`, which is made where it is missing."""
    first = next(iter(entry.children.values()))
    if first.key_place is None or entry.place.line == (entry.key_place or first.key_place).line:
        raise ValueError("sa préfecture est écrite sur une seule ligne")
    indent = first.key_place.column - 1
    if pages is None:
        at = max(_last_line(node) for node in entry.children.values())
        return at + 1, indent + 2, [*lines[:at], " " * indent + "pages:\n", *lines[at:]]
    at = pages.key_place.line if pages.key_place else 0
    line = lines[at - 1]
    emptied = re.sub(r"(pages:)\s*(?:\[\s*\]|~|null)?(\s*(?:#.*)?)$", r"\1\2", line.rstrip("\r\n"))
    if not re.match(r" *pages:\s*(?:#.*)?$", emptied):
        raise ValueError("sa liste de pages est écrite d'une façon qui ne se complète pas")
    return at, indent + 2, [*lines[: at - 1], emptied.rstrip() + "\n", *lines[at:]]


def _last_line(node: Node) -> int:
    return max([node.place.line, *(_last_line(child) for child in node.children.values())])


def _pages(root: Node) -> Iterator[Node]:
    prefectures = root.children.get("prefectures")
    for entry in prefectures.children.values() if prefectures else ():
        pages = entry.children.get("pages")
        yield from (
            page for page in (pages.children.values() if pages else ()) if isinstance(page.value, dict)
        )


def _parsed(text: str) -> Node:
    try:
        return marked_yaml.parse(text).root
    except UnreadableFileError as error:
        raise ValueError(error.message) from error


def _refusing(change: Callable[[], str], shown: str) -> str:
    try:
        return change()
    except ValueError as error:
        raise EditError(
            f"sources.yaml ne peut pas être complété : {error} ; à écrire à la main", shown
        ) from error


def _text(path: Path, shown: str) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise EditError(f"{path} : lecture impossible ({error}) ; à écrire à la main", shown) from error


def _known(path: Path, shown: str) -> Catalogue:
    try:
        return load_lenient(path)[0]
    except UserError as error:
        raise EditError(f"{path} : {str(error).splitlines()[0]}", shown) from error


def _has_one_more(found: Catalogue, before: Catalogue, source: str) -> bool:
    rest = {name: one for name, one in found.sources.items() if name != source}
    return source in found.sources and replace(found, sources=rest) == before


def _replace(path: Path, before: str, after: str, shown: str, agrees: Callable[[Catalogue], bool]) -> None:
    """Put the new text in the file's place, all at once, if it says what it should and nobody else changed it."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.resolve().parent)
    except OSError as error:
        raise EditError(
            f"{path} : écriture refusée ({error.strerror}) ; à écrire à la main", shown
        ) from error
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o7777)
        if not agrees(_known(new, shown)):
            raise EditError(f"{path} : le fichier ne dirait pas ce qu'il doit ; à écrire à la main", shown)
        if _text(path, shown) != before:
            raise EditError(f"{path} : le fichier vient d'être changé par quelqu'un ; recommencez", shown)
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o200:
            raise EditError(f"{path} : le fichier est en lecture seule ; à écrire à la main", shown)
        new.replace(path.resolve())
    except OSError as error:
        raise EditError(
            f"{path} : écriture impossible ({error.strerror}) ; à écrire à la main", shown
        ) from error
    finally:
        new.unlink(missing_ok=True)

"""A YAML file read strictly, every value knowing where it stands.

Stricter than YAML: a key is a text and appears once, and there are no anchors, aliases, tags or second
documents. Unquoted words follow YAML 1.2: `no` and `12:30` are texts; `01`, `1.5` and `true` are not.

The parser's events are read rather than its nodes, because composing the nodes of a deeply nested file
overflows the C stack and ends the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from yaml import events
from yaml._yaml import CParser
from yaml.error import YAMLError

LARGEST = 2 * 2**20  # bytes; a thousand pages take about 150 kB
MOST = 200_000  # keys and values; a thousand pages take about 25 000
DEEPEST = 16

KeyPath: TypeAlias = tuple[str | int, ...]


class Place(NamedTuple):
    """Where something begins; both count from 1, and 0 means "nowhere in particular"."""

    line: int
    column: int


NOWHERE = Place(0, 0)


_COLUMN = LARGEST.bit_length()  # bits
_CHILDLESS: Mapping[str | int, Node] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Node:
    """A value, as plain data (`value`) and as it stands in the file; there are a hundred thousand of them."""

    at: int
    value: Any
    text: str = ""  # of a scalar, as written
    key_at: int = 0
    children: Mapping[str | int, Node] = field(default_factory=lambda: _CHILDLESS)

    @property
    def place(self) -> Place:
        return _unpacked(self.at)

    @property
    def key_place(self) -> Place | None:
        return _unpacked(self.key_at) if self.key_at else None

    def find(self, path: KeyPath) -> Node | None:
        """The node at `path`, or `None` when the file has none there."""
        node: Node | None = self
        for step in path:
            node = node.children.get(step) if node else None
        return node


def _packed(place: Place) -> int:
    return place.line << _COLUMN | place.column


def _unpacked(at: int) -> Place:
    return Place(at >> _COLUMN, at & (1 << _COLUMN) - 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry that could be read but not accepted; the message is one French sentence."""

    path: KeyPath
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file; entries with a fault are left out of `root`."""

    root: Node
    faults: tuple[Fault, ...]


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message is one French sentence."""

    def __init__(self, message: str, place: Place = NOWHERE) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def read(path: Path) -> Document:
    """The document in a UTF-8 file.

    Raises:
        UnreadableFileError: it is missing, too large, not text, or not YAML as understood here.
    """
    return parse(_decode(_bytes(path)))


def parse(text: str) -> Document:
    """The document in a text; raises like `read`."""
    if forbidden := _FORBIDDEN.search(text):
        code = f"U+{ord(forbidden[0]):04X}"
        raise UnreadableFileError(f"caractère interdit {code}", _place_in(text, forbidden.start()))
    builder = _Builder(text)
    try:
        root = builder.document()
    except YAMLError as error:
        raise _syntax_error(error) from error
    return Document(root, tuple(builder.faults))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFileError("c'est un dossier, un fichier est attendu")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UnreadableFileError("fichier introuvable") from None
    except PermissionError:
        raise UnreadableFileError("lecture refusée par le système (droits du fichier)") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFileError(f"lecture impossible ({reason})") from error
    if len(content) > LARGEST:
        raise UnreadableFileError(f"fichier de plus de {LARGEST // 2**20} Mio, refusé")
    return content


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        place = _place_in(before, len(before))
        raise UnreadableFileError("le fichier n'est pas un texte en UTF-8", place) from error


def _place_in(text: str, offset: int) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class _Builder:
    """Turns the events of one text into nodes."""

    def __init__(self, text: str) -> None:
        self._parser = CParser(text)
        self._values = 0
        self.faults: list[Fault] = []

    def document(self) -> Node:
        self._next()  # the stream begins
        if isinstance(self._next(), events.StreamEndEvent):
            raise UnreadableFileError("le fichier est vide")
        root = self._node(self._next(), ())
        self._next()  # the document ends
        end = self._next()
        if not isinstance(end, events.StreamEndEvent):
            raise UnreadableFileError("un seul document YAML est attendu", _place(end))
        return root

    def _next(self) -> events.Event:
        event = self._parser.get_event()
        if event is None:
            raise UnreadableFileError("le fichier s'arrête trop tôt")
        return event

    def _node(self, event: events.Event, path: KeyPath, key_at: int = 0) -> Node:
        _refuse_cleverness(event)
        self._values += 1
        if self._values > MOST:
            raise UnreadableFileError(f"plus de {MOST} valeurs, refusé", _place(event))
        if isinstance(event, events.ScalarEvent):
            return Node(_packed(_place(event)), _scalar(event), event.value, key_at)
        if len(path) >= DEEPEST:
            raise UnreadableFileError("trop de niveaux imbriqués", _place(event))
        if isinstance(event, events.MappingStartEvent):
            children: dict[str | int, Node] = dict(self._entries(path))
            value: Any = {key: child.value for key, child in children.items()}
        else:
            children = dict(self._items(path))
            value = [child.value for child in children.values()]
        return Node(_packed(_place(event)), value, key_at=key_at, children=children)

    def _items(self, path: KeyPath) -> Iterator[tuple[int, Node]]:
        index = 0
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            yield index, self._node(event, (*path, index))
            index += 1

    def _entries(self, path: KeyPath) -> Iterator[tuple[str, Node]]:
        seen: dict[str, Place] = {}
        while not isinstance(event := self._next(), events.MappingEndEvent):
            if isinstance(event, events.CollectionStartEvent):
                raise UnreadableFileError("une clé doit être un texte simple", _place(event))
            key = self._node(event, path)
            entry = self._node(self._next(), (*path, key.text), key.at)
            if message := _key_fault(key, seen):
                self.faults.append(Fault((*path, key.text), key.place, message))
                continue
            seen[key.text] = key.place
            yield key.text, entry


def _key_fault(key: Node, seen: Mapping[str, Place]) -> str | None:
    if not isinstance(key.value, str):
        return unquoted(key)
    if key.text in seen:
        return f"clé en double, déjà écrite ligne {seen[key.text].line}"
    return None


def unquoted(node: Node) -> str:
    """What to tell about a scalar that was meant to be a text and is not one."""
    if node.value is None:
        return "valeur vide : un texte est attendu"
    sort = "une valeur logique" if isinstance(node.value, bool) else "un nombre"
    return f'{node.text} est lu comme {sort} : l\'écrire entre guillemets, "{node.text}"'


def _place(event: events.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else NOWHERE


_TEXT_TAG = "tag:yaml.org,2002:str"


def _refuse_cleverness(event: events.Event) -> None:
    if isinstance(event, events.AliasEvent):
        raise UnreadableFileError(f"les alias YAML (*{event.anchor:.40}) sont refusés", _place(event))
    if anchor := getattr(event, "anchor", None):
        raise UnreadableFileError(f"les ancres YAML (&{anchor:.40}) sont refusées", _place(event))
    tag = getattr(event, "tag", None)
    if tag not in {None, "!", _TEXT_TAG}:
        raise UnreadableFileError(f"les étiquettes YAML ({tag:.40}) sont refusées", _place(event))


_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _scalar(event: events.ScalarEvent) -> Any:
    text: str = event.value
    if event.style or event.tag is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SYNTAX: Mapping[str, str] = {
    "mapping values are not allowed in this context": "« : » inattendu, retrait ou guillemets manquants",
    "found character that cannot start any token": "caractère inattendu (tabulation, @, ` ou %)",
    "did not find expected key": "clé attendue, le retrait est sans doute faux",
    "did not find expected '-' indicator": "« - » attendu, le retrait est sans doute faux",
    "did not find expected ',' or '}'": "« , » ou « } » attendu",
    "did not find expected ',' or ']'": "« , » ou « ] » attendu",
    "did not find expected node content": "valeur attendue",
    "could not find expected ':'": "« : » attendu",
    "found unexpected ':'": "« : » inattendu, il doit être suivi d'une espace et d'une valeur",
    "found unexpected end of stream": "guillemets jamais refermés",
    "found unknown escape character": "séquence \\ inconnue entre guillemets",
}


def _syntax_error(error: YAMLError) -> UnreadableFileError:
    problem = getattr(error, "problem", None) or str(error)
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if "quoted scalar" in (getattr(error, "context", None) or "") and opened:
        mark = opened  # the parser only notices at the end of the file
    place = Place(mark.line + 1, mark.column + 1) if mark else NOWHERE
    said = _SYNTAX.get(problem, f"syntaxe incorrecte ({problem})")
    return UnreadableFileError(f"YAML illisible, {said}", place)

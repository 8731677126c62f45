"""`rules.yaml`, read and checked: the vocabulary that texts are read with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from watcher import marked_yaml
from watcher.core.errors import UserError
from watcher.marked_yaml import NOWHERE, Fault, KeyPath, Node, Place, UnreadableFileError
from watcher.reading.lexicon import stems
from watcher.reading.names import CATEGORIES
from watcher.reading.vocabulary import Category, Channel, Concept, Motif, Subject, Term, Vocabulary


@dataclass(frozen=True, slots=True)
class RulesProblem:
    """One thing that is wrong in the file; `line` counts from 1, 0 means the whole file."""

    file: str
    line: int
    key: str  # motifs[3].spellings
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.key, self.message) if part)


class RulesError(UserError):
    """The file cannot be used; `str()` gives one line per problem."""

    def __init__(self, problems: Sequence[RulesProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300)]
_List = tuple[Words, ...]


class Entry(BaseModel):
    """A group of keys; others than its own are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _MotifEntry(Entry):
    id: Id
    fr: Words
    en: Words
    ceseda: _List = ()
    ceseda_seen: bool = False
    spellings: _List = Field(min_length=1)
    weak: _List = ()
    near: _List = ()
    not_after: _List = ()
    not_before: _List = ()
    other_ids: tuple[Id, ...] = ()
    general: bool = False
    scheme: bool = False
    common: bool = False
    examples: _List = Field(min_length=1)
    not_examples: _List = ()


class _ChannelEntry(Entry):
    id: Id
    fr: Words
    en: Words
    names: _List = ()
    hosts: _List = ()
    part_of: Id | None = None
    other_ids: tuple[Id, ...] = ()
    examples: _List = ()


class _TermEntry(Entry):
    id: Id
    fr: Words
    en: str = ""
    spellings: _List = Field(min_length=1)
    examples: _List = ()


class _CategoryEntry(Entry):
    id: Id
    fr: Words
    en: Words
    threshold: float = Field(ge=0, le=1, strict=False)
    strong: _List = ()
    weak: _List = ()
    examples: _List = Field(min_length=1)


class _SubjectEntry(Entry):
    spellings: _List = Field(min_length=1)
    house: _List = ()
    elsewhere: _List = ()
    examples: _List = ()
    not_examples: _List = ()


class _ConceptEntry(Entry):
    id: Id
    words: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\*?(?:\s+[a-z0-9]+\*?)*$", max_length=8000)]
    examples: _List = Field(min_length=1)


class _RulesFile(Entry):
    version: Literal[1]
    permit_words: _List
    motifs: tuple[_MotifEntry, ...]
    channels: tuple[_ChannelEntry, ...]
    operations: tuple[_TermEntry, ...]
    regimes: tuple[_TermEntry, ...]
    subject: _SubjectEntry
    foreign_services: tuple[_TermEntry, ...]
    categories: tuple[_CategoryEntry, ...]
    concepts: tuple[_ConceptEntry, ...] = ()


def load(path: Path) -> Vocabulary:
    """The vocabulary in a file.

    Raises:
        RulesError: anything in it is wrong.
    """
    try:
        document = marked_yaml.read(path)
    except UnreadableFileError as error:
        raise refused(path, [Fault((), error.place, error.message)]) from error
    found = list(document.faults)
    try:
        entries = _RulesFile.model_validate(tuples(document.root.value))
    except ValidationError as error:
        raise refused(path, [*found, *faults(error, document.root)]) from error
    found.extend(_incoherent(entries, document.root))
    if found:
        raise refused(path, found)
    return _vocabulary(entries)


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors and other programs."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_RulesFile.model_json_schema(),
        "title": "rules.yaml",
    }


def _vocabulary(entries: _RulesFile) -> Vocabulary:
    return Vocabulary(
        motifs=tuple(Motif(**dict(entry)) for entry in entries.motifs),
        channels=tuple(Channel(**dict(entry)) for entry in entries.channels),
        operations=tuple(Term(**dict(entry)) for entry in entries.operations),
        regimes=tuple(Term(**dict(entry)) for entry in entries.regimes),
        foreign_services=tuple(Term(**dict(entry)) for entry in entries.foreign_services),
        categories=tuple(Category(**dict(entry)) for entry in entries.categories),
        subject=Subject(**dict(entries.subject)),
        permit_words=entries.permit_words,
        concepts=tuple(Concept(**dict(entry)) for entry in entries.concepts),
    )


def tuples(value: Any) -> Any:
    """Lists as tuples: strict validation takes no list for a tuple."""
    if isinstance(value, list):
        return tuple(map(tuples, value))
    return {key: tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


def _incoherent(entries: _RulesFile, root: Node) -> Iterator[Fault]:
    """What no single entry shows: ids that clash, parts of nothing, categories that are not ours."""
    for section in (
        "motifs",
        "channels",
        "operations",
        "regimes",
        "foreign_services",
        "categories",
        "concepts",
    ):
        yield from _clashes(section, getattr(entries, section), root)
    channels = {entry.id for entry in entries.channels}
    for index, channel in enumerate(entries.channels):
        if channel.part_of is not None and channel.part_of not in channels - {channel.id}:
            yield fault_at(root, ("channels", index, "part_of"), f"canal inconnu « {channel.part_of} »")
    named = {entry.id for entry in entries.categories}
    for index, category in enumerate(entries.categories):
        if category.id not in CATEGORIES:
            admitted = ", ".join(CATEGORIES)
            yield fault_at(
                root, ("categories", index, "id"), f"catégorie inconnue (catégories admises : {admitted})"
            )
    if missing := [name for name in CATEGORIES if name not in named]:
        yield fault_at(root, ("categories",), f"catégories absentes : {', '.join(missing)}")
    yield from _empty(entries, root)


def _clashes(section: str, entries: Iterable[Any], root: Node) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        for name in (entry.id, *getattr(entry, "other_ids", ())):
            if name in seen:
                message = f"identifiant « {name} » déjà pris par {section}[{seen[name]}]"
                yield fault_at(root, (section, index, "id"), message)
            seen.setdefault(name, index)


def _empty(entries: _RulesFile, root: Node) -> Iterator[Fault]:
    """Words that hold nothing to look for ("de la", "…") would be found everywhere."""
    for section, keys in _SEARCHED:
        for index, entry in enumerate(getattr(entries, section)):
            for key in keys:
                for place, words in enumerate(getattr(entry, key)):
                    if not stems(words):
                        yield fault_at(
                            root,
                            (section, index, key, place),
                            f"« {words[:40]} » ne contient aucun mot à chercher",
                        )


_SEARCHED = (
    ("motifs", ("spellings", "weak", "near")),
    ("channels", ("names", "hosts")),
    ("operations", ("spellings",)),
    ("regimes", ("spellings",)),
    ("foreign_services", ("spellings",)),
    ("categories", ("strong", "weak")),
)


def faults(error: ValidationError, root: Node) -> Iterator[Fault]:
    """What a schema refuses, each where it stands."""
    for detail in error.errors(include_url=False, include_input=False):
        yield fault_at(root, tuple(detail["loc"]), _message(detail, root.find(tuple(detail["loc"]))))


def _message(detail: ErrorDetails, node: Node | None) -> str:
    text = node.text[:60] if node else ""
    return _PLAIN.get(detail["type"], "valeur refusée").format(text=f"« {text} »", **detail.get("ctx", {}))


_PLAIN = {
    "extra_forbidden": "clé inconnue",
    "missing": "clé obligatoire absente",
    "string_type": "un texte est attendu (l'écrire entre guillemets)",
    "string_too_short": "texte vide",
    "string_too_long": "texte de plus de {max_length} caractères",
    "string_pattern_mismatch": "{text} refusé : minuscules sans accent, chiffres et « _ » seulement",
    "tuple_type": "une liste est attendue",
    "too_short": "au moins {min_length} élément est attendu",
    "model_type": "un groupe de clés est attendu",
    "bool_type": "true ou false est attendu, pas {text}",
    "float_type": "un nombre est attendu, pas {text}",
    "float_parsing": "un nombre est attendu, pas {text}",
    "greater_than_equal": "{text} est trop petit (minimum {ge:g})",
    "less_than_equal": "{text} est trop grand (maximum {le:g})",
    "literal_error": "{text} inconnu (valeur admise : {expected})",
}


def fault_at(root: Node, path: KeyPath, message: str) -> Fault:
    """Something wrong with the value at `path`."""
    return Fault(path, _place(root, path), message)


def _place(root: Node, path: KeyPath) -> Place:
    """Where the value at `path` begins, or what would hold it when the file has no such key."""
    node = root.find(path)
    if node is None:
        return _place(root, path[:-1]) if path else NOWHERE
    return node.key_place or node.place


def refused(path: Path, found: Sequence[Fault]) -> RulesError:
    """All that is wrong in a file, in its order."""
    ordered = sorted(found, key=lambda fault: fault.place)
    return RulesError([RulesProblem(str(path), f.place.line, _key(f.path), f.message) for f in ordered])


def _key(path: KeyPath) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")

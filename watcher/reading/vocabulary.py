"""What a reader knows: the vocabulary of `rules.yaml`, as values."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Motif:
    """A ground of a residence permit, or a document around it. `general` ones name no single ground.

    `common` ones are words of everyday news too, and make no text ours by themselves.
    """

    id: str
    fr: str
    en: str
    ceseda: tuple[str, ...] = ()
    ceseda_seen: bool = False
    spellings: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    other_ids: tuple[str, ...] = ()
    general: bool = False
    scheme: bool = False
    common: bool = False
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to file or to get an appointment; one that is `part_of` another is reported as that one."""

    id: str
    fr: str
    en: str
    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    part_of: str | None = None
    other_ids: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A named thing with its spellings: an operation, a regime, a service that is not ours."""

    id: str
    fr: str
    en: str = ""
    spellings: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of announcement; a verdict below `threshold` is for review."""

    id: str
    fr: str
    en: str
    threshold: float
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Words that place a text among residence permits; `house` means the whole préfecture."""

    spellings: tuple[str, ...] = ()
    house: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    not_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """Single words of one sense, without accents, divided by spaces; a star ends a beginning of words."""

    id: str
    words: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All of it, in the file's order."""

    motifs: tuple[Motif, ...] = ()
    channels: tuple[Channel, ...] = ()
    operations: tuple[Term, ...] = ()
    regimes: tuple[Term, ...] = ()
    foreign_services: tuple[Term, ...] = ()
    categories: tuple[Category, ...] = ()
    subject: Subject = field(default_factory=Subject)
    permit_words: tuple[str, ...] = ()
    concepts: tuple[Concept, ...] = ()

    def motif(self, name: str) -> Motif | None:
        """The ground of that id, or formerly of that id."""
        return next((m for m in self.motifs if name == m.id or name in m.other_ids), None)

    def category(self, name: str) -> Category | None:
        return next((c for c in self.categories if c.id == name), None)

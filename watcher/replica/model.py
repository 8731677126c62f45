"""What stands on the replica's sites: news, foreigners pages, and what truly changed between two steps."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from watcher.replica.services.model import Service


def dice(*seed: object) -> random.Random:
    """Repeatable chance: equal arguments give an equal sequence, on every machine."""
    return random.Random("|".join(str(part) for part in seed))  # noqa: S311 - scenery, not secrets


class Form(StrEnum):
    """What a card of a list leads to."""

    ARTICLE = "article"
    UNDATED = "undated"  # an article whose card shows no date
    PDF = "pdf"  # a file; its date stands only in the link's title
    OFFSITE = "offsite"  # a page of somebody else
    DECOY = "decoy"  # an editorial card among the items


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a list and its own page; `path` is a whole address for `Form.OFFSITE`."""

    path: str
    title: str
    published: date
    paragraphs: tuple[str, ...]
    updated: date | None = None
    form: Form = Form.ARTICLE
    number: int = 0  # object number, in image and file addresses


class Shape(StrEnum):
    """How a section of a foreigners page is laid out."""

    PLAIN = "plain"
    ACCORDION = "accordion"
    TABLE = "table"
    BUTTONS = "buttons"
    FORM = "form"  # a button that sends a form to another address
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class Download:
    """A file offered on a page; `number` is in its address and changes when it is sent again."""

    label: str
    file: str
    number: int
    detail: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what is under it. Texts may hold links as ``[label](address)``."""

    heading: str
    shape: Shape = Shape.PLAIN
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[Download, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """A foreigners page."""

    path: str
    title: str
    updated: date
    lead: str
    sections: tuple[Section, ...]


class Markup(StrEnum):
    """The generation of templates that a DSFR site is rendered with."""

    USUAL = "usual"
    RENAMED = "renamed"  # one site's own experiment: other class names, other wrappers
    NEXT = "next"  # the whole platform's next version of its cards


class Typography(StrEnum):
    """How one and the same text is typed in; none of it is a change."""

    PLAIN = "plain"
    CURLY = "curly"  # ’ and …
    NO_BREAK = "no_break"  # U+00A0 and U+202F before : ; ? ! and inside « »
    DECOMPOSED = "decomposed"  # NFD
    ENTITIES = "entities"  # &nbsp; &eacute; &deg;
    TWICE = "twice"  # entities escaped once too often
    CAPITALS = "capitals"  # titles shouted
    STRAY = "stray"  # zero-width and soft hyphens, doubled spaces, "n °"


class Links(StrEnum):
    """How a list writes the addresses of its items."""

    PLAIN = "plain"
    INDEX = "index"  # /index.php/…
    ABSOLUTE = "absolute"  # https://host/…
    TAGGED = "tagged"  # trailing slash and ?utm_source=…
    THEMED = "themed"  # …/(theme)/39


@dataclass(frozen=True, slots=True)
class State:
    """Everything one site shows at one step. `news` is newest first, whatever order the list has."""

    news: tuple[News, ...]
    guide: Guide
    rubrics: tuple[str, ...]
    moved: Mapping[str, str] = field(default_factory=dict)  # answered 301
    private: frozenset[str] = frozenset()  # answered 401
    only_child: Mapping[str, str] = field(default_factory=dict)  # a rubric that redirects to its one child
    children: Mapping[str, tuple[News, ...]] = field(default_factory=dict)  # ... and one that has several
    markup: Markup = Markup.USUAL
    typography: Typography = Typography.PLAIN
    links: Links = Links.PLAIN
    image_version: int = 1
    menu: int = 0
    services: Mapping[str, Service] = field(default_factory=dict)  # by path, whatever host serves it
    guarded: bool = False  # Paris: a script stands before every page


@dataclass(frozen=True, slots=True)
class Truth:
    """What a text says, in the vocabulary of the product; `effective_from` is an ISO day or part of one."""

    categories: tuple[str, ...]
    effective_from: str | None = None
    motifs: tuple[str, ...] = ()
    channel_after: str | None = None
    relevant: bool = True
    channel_before: str | None = None
    place: str | None = None


UNRELATED = Truth(("unrelated",), relevant=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One true change of one site; `source` is the part of the source's id after the code."""

    code: str
    source: str
    kind: str  # added · edited · withdrawn
    title: str
    path: str
    truth: Truth


@dataclass(frozen=True, slots=True)
class Expected:
    """What truly changed on one source between one step and the next.

    A change of a foreigners page is one `Expected` per section: `title` is the section's heading and `kind`
    says whether the section is new, edited or gone. `relevant` is false for what no reader asked to hear of.
    """

    source: str
    kind: str
    title: str
    url: str
    categories: tuple[str, ...]
    effective_from: str | None
    motifs: tuple[str, ...]
    channel_after: str | None
    relevant: bool
    channel_before: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of the week: what every site shows, what is broken, what has changed since the last."""

    at: datetime
    states: Mapping[str, State]
    faults: Mapping[str, str]
    events: tuple[Event, ...]
    troubles: Mapping[str, str] = field(default_factory=dict)  # of the hosts that are nobody's own

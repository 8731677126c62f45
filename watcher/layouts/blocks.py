"""The text of a content page as blocks: one for each paragraph, list item, table row or download."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bs4.element import NavigableString, Tag

from watcher.core.items import Attachment, OfficialLink
from watcher.core.links import called
from watcher.core.text import TITLE_LIMIT, clean, find_stamps, fold
from watcher.layouts.files import attachment, bare_label
from watcher.layouts.tree import BLOCKS, HEADINGS, View, all_of, anchors, classes_of, first, label_of, text_of

_CONTROLS = frozenset({"button", "input", "select", "textarea", "label", "legend", "datalist", "option"})
# A heading inside one of these says nothing about what follows after it.
_SCOPES = frozenset({"details", "aside", "li", "td", "th", "dd", "figure"})
_SCOPE_CLASSES = frozenset(
    [
        "fr-accordion",
        "fr-tabs__panel",
        "fr-callout",
        "fr-alert",
        "fr-card",
        "fr-tile",
        "fr-highlight",
        "faq-item",
    ]
)
_TITLE_CLASSES = frozenset(
    ["fr-callout__title", "fr-alert__title", "fr-accordion__btn", "fr-accordion__title"]
)
_LOWEST = 7
_BREAK = "\n"  # runs of space are single spaces by now
_SHORT = 200
# The slots' time stamp also stands within longer texts.
_SLOTS = re.compile(
    r"derni[eè]re mise en ligne de rendez-vous ?:?(?: le)? ?\d{1,2}/\d{1,2}/\d{4}"
    r"(?: [àa] \d{1,2} ?[:h] ?\d{2})?(?: ?\([^)]{0,80}\))?\.?",
    re.IGNORECASE,
)
_VOLATILE = re.compile(
    r"derniere mise en ligne de rendez-vous\b.*|(?:nombre de )?(?:visites?|vues?|consultations?) ?: ?[\d ]+"
    r"|[\d ]+ (?:visites?|vues?|consultations?)|page (?:vue|consultee) [\d ]+ fois"
    r"|il y a \d+ (?:minutes?|heures?|jours?)"
    r"|(?:date de (?:la )?)?derniere (?:mise a jour|modification) d[eu] (?:site|portail|la page|cette page)\b.*"
)
_CHROME = re.compile(
    r"imprimer(?: la page)?|fermer|aller au (?:contenu|menu)|(?:retour en )?haut(?: de (?:la )?page)?|retour"
    r"|partager(?: (?:la|cette) page| sur .{0,30}| par .{0,30})?"
    r"|(?:lire la suite|en savoir plus|suivante?|precedente?)\W*"
    r"|(?:cette page vous a-t-elle ete utile\W*)?(?:donnez(?:-nous)? votre avis\W*)?(?:oui\W*non)?"
    r"|sous menu de navigation|ecouter|copier le lien|ajouter aux favoris"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text; `tag` is the element that holds it."""

    section: tuple[str, ...]
    text: str
    tag: Tag
    links: tuple[OfficialLink, ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(slots=True)
class Text:
    """What a page says, in order, and when it says that it was put online or changed."""

    blocks: list[Block]
    published: date | None = None
    updated: date | None = None


def read_text(view: View, root: Tag) -> Text:
    """All blocks under `root`; stamps ("Mis à jour le …") are fields, volatile lines are dropped."""
    walker = _Walker(view)
    walker.walk(root)
    walker.flush(root)
    walker.close(0)
    return walker.text


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading whose section goes on; `before` counts the blocks that stood above it."""

    level: int
    text: str
    tag: Tag
    before: int


class _Walker:
    """Walks an element once; inline text gathers in a run until a block ends it."""

    def __init__(self, view: View) -> None:
        self.text = Text([])
        self._view = view
        self._path: list[_Open] = []
        self._floor = 0  # headings of the path that the present scope may not end
        self._run: list[str] = []
        self._anchors: list[Tag] = []

    def walk(self, tag: Tag) -> None:
        for child in tag.contents:
            if isinstance(child, Tag):
                self._element(child, tag)
            elif type(child) is NavigableString:
                self._run.append(child)

    def _element(self, tag: Tag, outer: Tag) -> None:
        if tag.name in HEADINGS or not _TITLE_CLASSES.isdisjoint(classes_of(tag)):
            self.flush(outer)
            self._heading(tag)
        elif tag.name in _CONTROLS:
            self._control(tag, outer)
        elif tag.name == "br":
            self._run.append(_BREAK)
        elif tag.name == "summary":
            self.flush(outer)
            self._open(_LOWEST, text_of(tag, TITLE_LIMIT), tag)
        elif tag.name == "tr" and _is_line(tag):
            self.flush(outer)
            self._row(tag)
        elif tag.name in BLOCKS:
            self.flush(outer)
            self._scoped(tag)
        else:
            if tag.name == "a":
                self._anchors.append(tag)
            self.walk(tag)

    def _control(self, tag: Tag, outer: Tag) -> None:
        """What is typed or pressed is no text, but a button may lead to a place of its own."""
        if tag.get("formaction") and self._view.official(tag):
            self.flush(outer)
            self._add(tag, text_of(tag, TITLE_LIMIT), [tag])

    def _sent(self, form: Tag) -> None:
        """Where a form leads that is sent to an official place, under the words of its button."""
        if form.get("action") and self._view.official(form):
            self._add(
                form, text_of(button, TITLE_LIMIT) if (button := first(form, {"button"})) else "", [form]
            )

    def _scoped(self, tag: Tag) -> None:
        """Headings inside a scope stand below those outside, and end with it."""
        if tag.name not in _SCOPES and _SCOPE_CLASSES.isdisjoint(classes_of(tag)):
            self.walk(tag)
            self.flush(tag)
            if tag.name == "form":
                self._sent(tag)
            return
        floor, self._floor = self._floor, len(self._path)
        self.walk(tag)
        self.flush(tag)
        self.close(0)
        self._floor = floor

    def _heading(self, tag: Tag) -> None:
        text = text_of(tag, TITLE_LIMIT)
        if tag.name == "h1":
            return
        level = int(tag.name[1]) if tag.name in HEADINGS else _LOWEST
        self._open(level, text, tag)
        linked = anchors(tag)
        if any(self._view.official(a) or attachment(self._view, a) for a in linked):
            self._add(tag, text, linked)

    def _open(self, level: int, text: str, tag: Tag) -> None:
        if text:
            self.close(level)
            self._path.append(_Open(level, text, tag, len(self.text.blocks)))

    def close(self, level: int) -> None:
        """End the headings of this level and below; one with nothing under it is itself what is said there."""
        while len(self._path) > self._floor and self._path[-1].level >= level:
            last = self._path[-1]
            if last.before == len(self.text.blocks) and not _CHROME.fullmatch(fold(last.text[:_SHORT])):
                self.text.blocks.append(Block(self._section(), last.text, last.tag))
            self._path.pop()

    def _section(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self._path)

    def _row(self, row: Tag) -> None:
        cells = [text_of(cell) for cell in all_of(row, {"td", "th"})]
        self._add(row, " | ".join(cell for cell in cells if cell), anchors(row))

    def flush(self, tag: Tag) -> None:
        """End the run: what it gathered is a block of `tag`."""
        text, linked = "".join(self._run), self._anchors
        if self._run or linked:
            self._run, self._anchors = [], []
        if linked or not text.isspace():
            lines = (_SLOTS.sub("", clean(line)).strip() for line in text.split(_BREAK))
            self._add(tag, clean(" ".join(line for line in lines if self._is_text(line))), linked)

    def _add(self, tag: Tag, text: str, linked: list[Tag]) -> None:
        files = tuple(f for f in (attachment(self._view, a) for a in linked) if f)
        links = tuple({link.ident: link for link in map(self._view.official, linked) if link}.values())
        text = bare_label(text) if files else text
        if links or files:
            text = text or next((label for label in map(label_of, linked) if label), "")
            text = text or (called(links[0]) if links else "")  # an image without a word for it
        elif _CHROME.fullmatch(fold(text[:_SHORT])):
            return
        if not any(map(str.isalnum, text)):
            return
        self.text.blocks.append(Block(self._section(), text, tag, links, files))

    def _is_text(self, line: str) -> bool:
        """False for a stamp, which is kept as a field, and for a line that changes by itself."""
        if len(line) > _SHORT or not any(map(str.isdecimal, line)):
            return True
        stamps = find_stamps(line)
        if stamps.alone:
            self.text.published = self.text.published or stamps.published
            self.text.updated = self.text.updated or stamps.updated
        return not stamps.alone and _VOLATILE.fullmatch(fold(line)) is None


def _is_line(row: Tag) -> bool:
    """A row of data is one line; a row that only places things holds texts of its own."""
    inside = all_of(row, {"ul", "ol", "table", "p", *HEADINGS})
    cells = sum(isinstance(cell, Tag) for cell in row.contents)
    return all(tag.name == "p" for tag in inside) and len(inside) <= max(cells, 1)

"""Files that pages offer for download, as far as they are read: which, when again, and what is said of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.core.address import same_site
from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.items import Article, Attachment, Document, DocumentState, Item
from watcher.core.page import Page
from watcher.core.schedule import SOON
from watcher.core.state import Problem, ProblemKind, SourceState
from watcher.core.text import find_stamps, fold, squeeze

MOST_BYTES = 5_000_000  # of a file: as of any answer
FILES = (".pdf", ".doc", ".docx", ".odt", ".ods", ".xls", ".xlsx", ".zip", ".jpg", ".png")
TRIES = 3  # to get one, before it is told without it
_DAILY, _WEEKLY = timedelta(days=1), timedelta(days=7)
_QUARTER = timedelta(hours=6)
_TRACED = re.compile(r"/(?:ire)?(?:contenu/telechargement|content/download)/\d+/\d+/", re.IGNORECASE)
_PDF = re.compile(r"\bpdf\b", re.IGNORECASE)
_ENDING = re.compile(r"\.[a-z0-9]{2,4}\Z", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?) ?([kmg]?)(?:[bo]|octets)\b", re.IGNORECASE)
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_SHORT = 160  # a line that says when it was made says little besides
_DATE = r"(?:le |du |au |: ?)*(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}(?:er)? [a-z]{3,9} \d{4}|[a-z]{3,9} \d{4})"
_EDITION = re.compile(
    r"(?:date de )?(?:(?:mise? )?a jour|maj|actualise(?:e|s|es)?|actualisation|version|edite(?:e|s|es)?|edition"
    r"|imprimee?|revisee?|revision|derniere (?:mise a jour|modification)|publiee?)\s*"
    + _DATE
    # and the hour
    + r"(?: a \d{1,2} ?[h:] ?\d{0,2})?"
)
_PIECE = 5_000  # characters that are folded at once

_NOT_SEEN = frozenset({DocumentState.MISSING, DocumentState.REFUSED})
WORDS = {
    DocumentState.SCANNED: "document numérisé : son texte n'a pas pu être lu",
    DocumentState.ENCRYPTED: "document protégé par un mot de passe : son texte n'a pas pu être lu",
    DocumentState.DAMAGED: "document abîmé : son texte n'a pas pu être lu",
    DocumentState.TOO_LARGE: "document trop volumineux : son texte n'a pas été lu",
    DocumentState.TOO_SLOW: "document trop long à lire : son texte n'a pas été lu",
    DocumentState.NO_PDF: "le fichier n'est pas un PDF : il n'a pas été lu",
    DocumentState.REFUSED: "le document n'est pas accessible à la vigie : son texte n'a pas pu être lu",
    DocumentState.MISSING: "le document n'a pas pu être obtenu",
}


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a PDF holds."""

    state: DocumentState
    text: str = ""
    pages: int = 0
    scanned: int = 0  # of the pages: without text
    beyond: int = 0  # of the pages: after those that are read


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of the files that a page offers."""

    read: Mapping[str, Article] = field(default_factory=dict)  # those that changes tell of, by key
    stored: Mapping[str, Article] = field(default_factory=dict)  # as they were
    replaced: tuple[Difference, ...] = ()
    next_at: datetime | None = None  # when one is to be asked for
    waiting: bool = False  # for one that may come soon
    lacking: str = ""  # what cannot be told without it
    troubles: tuple[str, ...] = ()  # those that are given up


def file_key(label: str, name: str) -> str:
    """The identity of a file: its address changes whenever it is sent again."""
    return "file:" + hashlib.blake2b(f"{squeeze(label)}\x1f{name}".encode(), digest_size=12).hexdigest()


def key_of(file: Attachment) -> str:
    return file_key(file.label, file.name)


def has_own_page(source: Source, item: Item) -> bool:
    """Whether an item links to a page of the same site, rather than to a file or elsewhere."""
    path = item.address.split("?")[0].split("#")[0].lower()
    return not item.attachments and same_site(item.address, source.url) and not path.endswith(FILES)


def readable(files: Iterable[Attachment], site: str) -> tuple[Attachment, ...]:
    """The PDFs among files, of the same site as the address `site`; each once."""
    found = {key_of(f): f for f in reversed(tuple(files)) if is_pdf(f) and same_site(f.address, site)}
    return tuple(reversed(found.values()))


def is_pdf(file: Attachment) -> bool:
    """Whether a link promises a PDF, by its detail or its name; a name without ending may be one."""
    if _PDF.search(file.detail) or file.name.lower().endswith(".pdf"):
        return True
    return not file.detail and _ENDING.search(file.name) is None


def too_large(file: Attachment) -> bool:
    """Whether the page itself says that it is larger than what is read."""
    said = _SIZE.search(file.detail)
    return said is not None and float(said[1].replace(",", ".")) * _UNITS[said[2].lower()] > 1.1 * MOST_BYTES


def files_due(source: Source, state: SourceState, now: datetime) -> bool:
    """Whether files that the page offers are to be asked for, though it may look the same."""
    if source.kind is SourceKind.PAGE and state.documents_at is None:
        return True
    return state.documents_at is not None and state.documents_at <= now


def same_upload(known: Document, file: Attachment) -> bool:
    return (known.address, known.detail) == (file.address, file.detail)


def look_at(known: Document | None, file: Attachment, now: datetime) -> datetime:
    """When a document is to be asked for. One that says nothing of its uploads is asked whether it changed."""
    if known is None:
        return now
    if known.failures:
        return (known.failed_at or now) + (SOON if known.failures < TRIES else _DAILY)
    if not same_upload(known, file) or known.read_at is None:
        return now
    traced = _TRACED.search(file.address) is not None
    if traced or file.detail:
        return known.read_at + (_WEEKLY if traced and file.detail else _DAILY)
    return known.read_at if known.etag or known.last_modified else known.read_at + _QUARTER


def gives_up(known: Document | None) -> bool:
    """Whether it failed so often that nothing waits for it any more."""
    return known is not None and known.failures >= TRIES


def remarks(documents: Iterable[Document]) -> tuple[str, ...]:
    """What readers are told of documents that were not read, or not whole."""
    return tuple(remark for one in documents if (remark := _remark(one)))


def _remark(one: Document) -> str:
    if one.state is not DocumentState.TEXT:
        return f"« {one.label} » : {WORDS[one.state]} ({one.address})"
    if one.failures:
        return (
            f"« {one.label} » : le texte est celui d'avant, le nouveau n'a pas pu être obtenu ({one.address})"
        )
    whole = f"« {one.label} » : {{}} page(s) sur {one.pages} {{}} ({one.address})"
    if one.scanned:
        return whole.format(one.scanned, "numérisée(s), dont le texte n'a pas pu être lu")
    return whole.format(one.beyond, "n'ont pas été lues") if one.beyond else ""


def same_text(before: str, after: str) -> bool:
    """Whether two versions of a document say the same: days of edition, typography and line ends aside."""
    return before == after or _letters(before) == _letters(after)


def _letters(text: str) -> str:
    whole = " ".join(_undated(line) for line in text.split("\n"))
    pieces = (fold(whole[at : at + _PIECE]) for at in range(0, len(whole), _PIECE))
    return "".join(char for piece in pieces for char in piece if char.isalnum())


def _undated(line: str) -> str:
    """A short line without the day on which it says that it was made."""
    if len(line) > _SHORT or not any(map(str.isdecimal, line)):
        return line
    return "" if find_stamps(line).alone else _EDITION.sub("", fold(line))


def replaced(known: Document | None, now: Document) -> bool:
    """Whether a document says something else than it did, as far as anybody can tell."""
    if known is None or not {known.state, now.state}.isdisjoint(_NOT_SEEN):
        return False
    if known.state is not now.state:
        return known.digest != now.digest
    if now.state is DocumentState.TEXT:
        return not same_text(known.text, now.text)
    return known.digest != now.digest


def counterpart(one: Document, among: Sequence[Document]) -> Document | None:
    """The same document at another time: of the same label and name, or else of one of both."""
    for same in (
        lambda other: (other.label, other.name) == (one.label, one.name),
        lambda other: other.label == one.label,
        lambda other: other.name == one.name,
    ):
        for other in among:
            if same(other):
                return other
    return None


def rewritten(then: Article, now: Article) -> bool:
    """Whether an article says something else or leads elsewhere: itself, or in a document that was read both times
    or is new.
    """
    if _spelt(then.body) != _spelt(now.body) or _leads(then) != _leads(now):
        return True
    for one in now.documents:
        former = counterpart(one, then.documents)
        listed = any(a.label == one.label or a.name == one.name for a in then.attachments)
        if replaced(former, one) or (former is None and not listed and bool(one.digest)):
            return True
    return False


def _leads(article: Article) -> frozenset[str]:
    return frozenset(link.ident for link in article.links)


def _spelt(body: str) -> str:
    return "".join(map(squeeze, body.split("\n")))


def merely_renamed(
    difference: Difference, read: Mapping[str, Article], stored: Mapping[str, Article]
) -> bool:
    """Whether all that differs is what a file is called: its label and its text stay."""
    before, after = difference.before, difference.after
    if difference.kind is not ChangeKind.EDITED or before is None or after is None:
        return False
    links = {link.ident for link in before.links} == {link.ident for link in after.links}
    if not links or not same_text(before.summary, after.summary) or not after.attachments:
        return False
    then = of_files(before.attachments, stored)
    now = of_files(after.attachments, read)
    whole = (len(then), len(now)) == (len(before.attachments), len(after.attachments))
    return whole and len(then) == len(now) and all(_same(one, then) for one in now)


def of_files(files: Iterable[Attachment], known: Mapping[str, Article]) -> tuple[Document, ...]:
    """What is known of files that stand on a page itself."""
    return tuple(d for f in files if (article := known.get(key_of(f))) for d in article.documents)


def came_with(item: Item, read: Mapping[str, Article], received: Mapping[str, Page]) -> tuple[Page, ...]:
    """The files, of those that were received, that an item or its article offers."""
    article = read.get(item.key)
    files = (*item.attachments, *(article.attachments if article else ()))
    return tuple(received[key] for key in map(key_of, files) if key in received)


def lost(source: str, troubles: Sequence[str], now: datetime) -> tuple[Problem, ...]:
    """That files of a page cannot be had; one problem, however many they are."""
    return (Problem(source, ProblemKind.DOCUMENT, now, " ; ".join(troubles[:3])),) if troubles else ()


def _same(one: Document, then: Sequence[Document]) -> bool:
    former = counterpart(one, then) or (then[0] if len(then) == 1 else None)
    return former is not None and bool(former.digest) and bool(one.digest) and not replaced(former, one)

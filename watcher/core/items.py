"""What is found on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LinkKind(StrEnum):
    """Official places where something is filed or booked."""

    ANEF = "anef"
    BOOKING = "booking"  # /booking/create/N of a préfecture
    RDV_PREFECTURE = "rdv_prefecture"
    PROCEDURE = "procedure"  # démarche numérique, ex démarches simplifiées
    TELESERVICE = "teleservice"  # other national or dedicated form
    EMAIL = "email"
    POSTAL = "postal"  # written, not linked: its address is empty


@dataclass(frozen=True, slots=True)
class OfficialLink:
    """A link to a place where something is filed or booked; equal `ident`s are the same place."""

    kind: LinkKind
    ident: str  # "booking:www.val-de-marne.gouv.fr/4963", "rdvpref:16040", "demarche:slug", "anef"
    address: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file offered for download; its identity is (label, file name), never the address."""

    label: str
    name: str
    address: str
    detail: str = ""  # "PDF - 2,96 Mb - 14/08/2026"
    dated: date | None = None


class DocumentState(StrEnum):
    """What came of asking for a PDF."""

    TEXT = "text"
    SCANNED = "scanned"  # pictures of pages, or letters that mean nothing
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NO_PDF = "no_pdf"  # a file of another kind
    REFUSED = "refused"  # we may not ask for it
    MISSING = "missing"  # it could not be had this time


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF as it was last read. Where it could not be had since, `failures` and `trouble` say so."""

    label: str
    name: str
    address: str
    detail: str  # of the link that led to it: another one, or another address, is another upload
    state: DocumentState
    text: str = ""
    pages: int = 0
    scanned: int = 0  # of the pages: without text
    beyond: int = 0  # of the pages: after those that are read
    digest: str = ""  # SHA-256 of the file
    read_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0  # in a row
    failed_at: datetime | None = None
    trouble: str = ""


class ItemKind(StrEnum):
    CARD = "card"  # one entry of a list
    BLOCK = "block"  # one paragraph, list item, table row or download of a content page


@dataclass(frozen=True, slots=True)
class Item:
    """One news card, or one block of a content page.

    `key` is the canonical address of what a card links to, or a hash of (section, text) for a block.
    `summary` is a card's excerpt or a block's whole text. Texts are already clean (see `core.text`).
    """

    kind: ItemKind
    key: str
    title: str
    address: str
    summary: str = ""
    published: date | None = None
    updated: date | None = None
    attachments: tuple[Attachment, ...] = ()
    links: tuple[OfficialLink, ...] = ()
    section: tuple[str, ...] = ()  # headings above a block, outermost first


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a layout reads on a page, before anybody asks whether it is believable."""

    layout: str
    version: int
    items: tuple[Item, ...]
    heading: str = ""  # the h1
    updated: date | None = None  # the page's own "Mis à jour le"
    links: tuple[OfficialLink, ...] = ()  # official links of the whole main region
    next_page: str | None = None
    template: str = ""  # the shape of the markup around the items
    declared_empty: bool = False  # the page itself says that there is nothing to show
    anomalies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """The text of one item's own page."""

    title: str
    body: str
    published: date | None = None
    updated: date | None = None
    links: tuple[OfficialLink, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    documents: tuple[Document, ...] = ()  # the files among them that were asked for

    @property
    def text(self) -> str:
        """What it says, documents included."""
        return "\n".join(text for text in (self.body, *(one.text for one in self.documents)) if text)


@dataclass(frozen=True, slots=True)
class Past:
    """A version of an item that was on the page once: seeing it again is no news."""

    key: str
    title: str  # squeezed
    fingerprint: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The items of one accepted reading: the baseline of the next. `number` counts from 1 per source."""

    source: str
    number: int
    taken_at: datetime
    layout: str
    version: int
    template: str
    site: str  # last part of the page's <title>: "Les services de l'État dans le Cantal"
    items: tuple[Item, ...]
    past: tuple[Past, ...] = ()  # newest first, bounded
    more: bool = False  # the list went on on a further page
    address: str = ""  # canonical, after redirects

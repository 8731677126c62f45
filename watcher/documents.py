"""The PDFs that one poll asks for: few, each once, and none that is known as it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.core.catalogue import SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.decide import Assessment, Reading
from watcher.core.documents import (
    TRIES,
    Extracted,
    Watched,
    gives_up,
    key_of,
    look_at,
    readable,
    replaced,
    too_large,
)
from watcher.core.items import Article, Attachment, Document, DocumentState, Item
from watcher.core.judge import decode
from watcher.core.labels import FAILURES
from watcher.core.page import FailureKind, FetchFailure, NotModified, Page, Validators
from watcher.core.ports import PollStore
from watcher.core.sniff import foreign
from watcher.core.telling import lines_only_in
from watcher.visit import OVERLOADED, Tools, Visit

PER_ITEM = 3
PER_POLL = 8
PER_PAGE = 60  # that are watched
UNCHANGED_FOR = timedelta(days=7)  # a page without files is looked at as a whole once in so long
_HEAD, _TAIL = 1024, 2048  # bytes in which a PDF begins and ends
_SHUT = {401, 403, *OVERLOADED}  # whoever answers so is not asked for the next one
_LARGE = {FailureKind.TOO_LARGE, FailureKind.BOMB}


class Documents:
    """What is known of the files of one source, and what a poll learns of them."""

    def __init__(self, tools: Tools, store: PollStore, visit: Visit, source: str, now: datetime) -> None:
        self._tools, self._store, self._visit = tools, store, visit
        self._source, self._now = source, now
        self._left = PER_POLL
        self._known: dict[str, Document | None] = {}  # as they were before this poll
        self._got: dict[str, Document] = {}
        self._answers: dict[str, Page | NotModified | FetchFailure] = {}  # by address
        self.received: dict[str, Page] = {}  # the files that came, by key

    def known(self, file: Attachment) -> Document | None:
        """As it was before this poll."""
        key = key_of(file)
        if key not in self._known:
            article = self._store.article(self._source, key)
            self._known[key] = article.documents[0] if article and article.documents else None
        return self._known[key]

    def get(self, file: Attachment) -> Document:
        """As it is now; as it was where it is not its turn, or cannot be had."""
        key, known = key_of(file), self.known(file)
        if key in self._got:
            return self._got[key]
        if known and look_at(known, file, self._now) > self._now:
            return known
        if too_large(file):
            self._got[key] = self._made(file, DocumentState.TOO_LARGE)
        elif self._left <= 0 or self._visit.platform_down:
            return known or replace(self._made(file, DocumentState.MISSING), read_at=None)
        else:
            self._left -= 1
            self._got[key] = self._asked(key, file, known)
        return self._got[key]

    def of_item(self, files: Sequence[Attachment], site: str) -> tuple[Document, ...]:
        return tuple(self.get(file) for file in readable(files, site)[:PER_ITEM])

    def turn(self, file: Attachment) -> tuple[int, datetime]:
        """What others come before: first those that did not fail, of them the one that is due for longest."""
        known = self.known(file)
        return known.failures if known else 0, look_at(known, file, self._now)

    def lacks(self, document: Document) -> bool:
        """Whether a document could not be had, and may be had later."""
        never = document.state is DocumentState.MISSING and not document.failures
        return never or (document.failures > 0 and not gives_up(document))

    def now(self, file: Attachment) -> Document | None:
        """As far as it is known without asking."""
        return self._got.get(key_of(file)) or self.known(file)

    @property
    def learnt(self) -> dict[str, Article]:
        """To be remembered, by key."""
        return {key: _kept(one) for key, one in self._got.items()}

    def _asked(self, key: str, file: Attachment, known: Document | None) -> Document:
        same = known is not None and known.address == file.address
        asked = Validators(known.etag, known.last_modified) if known and same else Validators()
        if file.address not in self._answers:  # one file may stand under several names
            self._answers[file.address] = self._visit.get(file.address, asked).result
        match self._answers[file.address]:
            case NotModified() if known:
                return self._again(known, file)
            case NotModified():
                return self._failed(file, known, "statut 304")
            case FetchFailure(kind=kind) if kind in _LARGE:
                return self._made(file, DocumentState.TOO_LARGE)
            case FetchFailure(kind=kind) if kind.transient:
                self._left = 0
                return self._failed(file, known, FAILURES[kind])
            case Page() as page:
                return self._answered(key, page, file, known)
            case _ if known and known.digest:
                return self._failed(file, known, "le site ne permet plus de le lire")
            case _:
                return self._made(file, DocumentState.REFUSED)

    def _answered(self, key: str, page: Page, file: Attachment, known: Document | None) -> Document:
        if page.status != 200:
            self._left = 0 if page.status in _SHUT else self._left
            return self._failed(file, known, f"statut {page.status}")
        if b"%PDF-" not in page.body[:_HEAD]:
            if page.body[:_HEAD].strip() and foreign(page.body, decode(page)):
                return self._made(file, DocumentState.NO_PDF)
            return self._failed(file, known, "une page Web au lieu du fichier")
        if b"%%EOF" not in page.body.rstrip(b"\0 \t\r\n")[-_TAIL:]:
            return self._failed(file, known, "fichier incomplet")
        digest = hashlib.sha256(page.body).hexdigest()
        self.received[key] = page
        if known and known.digest == digest and known.state is not DocumentState.TOO_SLOW:
            return _as_served(self._again(known, file), page)
        found: Extracted = self._tools.read_document(page.body)
        made = replace(self._made(file, found.state, digest), text=found.text, pages=found.pages)
        return _as_served(replace(made, scanned=found.scanned, beyond=found.beyond), page)

    def _again(self, known: Document, file: Attachment) -> Document:
        """The same file, wherever it stands now."""
        return replace(
            known, address=file.address, detail=file.detail, read_at=self._now, failures=0, trouble=""
        )

    def _made(self, file: Attachment, state: DocumentState, digest: str = "") -> Document:
        return Document(
            file.label, file.name, file.address, file.detail, state, digest=digest, read_at=self._now
        )

    def _failed(self, file: Attachment, known: Document | None, trouble: str) -> Document:
        """What is known of it stays, its upload included, so that it is asked for again."""
        document = known or replace(self._made(file, DocumentState.MISSING), read_at=None)
        failures = min(document.failures + 1, TRIES)
        return replace(document, failures=failures, failed_at=self._now, trouble=trouble[:200])


def watch(documents: Documents, reading: Reading, assessment: Assessment) -> Watched:
    """Ask for the files that a page offers, those that its changes tell of first, as far as this poll may."""
    offered = ((file, item) for item in reading.extraction.items for file in item.attachments)
    items = {key_of(file): item for file, item in offered}
    files = _watched(reading)
    if reading.source.kind is SourceKind.NEWS:
        return _of_a_list(documents, files, reading.now)
    told = {key_of(f): f for f in readable(_of(d.after for d in assessment.told), reading.source.url)}
    former = {key_of(f): f for f in _of(side for d in assessment.told for side in (d.before, d.after))}
    rest = sorted(files, key=lambda file: documents.turn(file))
    current = {key_of(file): documents.get(file) for file in (*told.values(), *rest)}
    lacking = [current[key].label for key in told if documents.lacks(current[key])]
    changed = [
        _replaced(items[key], file, known, current[key])
        for file in files
        if (key := key_of(file)) not in told
        if (known := documents.known(file)) and replaced(known, current[key])
    ]
    looks = [look_at(documents.now(file), file, reading.now) for file in files]
    return Watched(
        read={
            key: _kept(current[key]) for key in (*told, *(key_of(f) for f in _of(d.after for d in changed)))
        },
        stored={key: _kept(known) for key, file in former.items() if (known := documents.known(file))},
        replaced=tuple(changed),
        next_at=min(looks, default=reading.now + UNCHANGED_FOR),
        waiting=any(documents.lacks(one) for one in current.values()),
        lacking=f"« {lacking[0]} » n'a pas encore pu être lu" if lacking else "",
        troubles=tuple(f"« {d.label} » : {d.trouble} ({d.address})" for d in current.values() if gives_up(d)),
    )


def _watched(reading: Reading) -> tuple[Attachment, ...]:
    """Those that can be told apart: of two with one label and name nobody knows which takes whose place."""
    offered = [file for item in reading.extraction.items for file in item.attachments]
    places: dict[str, set[str]] = {}
    for file in offered:
        places.setdefault(key_of(file), set()).add(file.address)
    alone = (file for file in offered if len(places[key_of(file)]) == 1)
    return readable(alone, reading.source.url)[:PER_PAGE]


def _of_a_list(documents: Documents, files: Iterable[Attachment], now: datetime) -> Watched:
    """Cards that lead straight to a file: what it says is known before somebody replaces it."""
    unknown = [file for file in files if not (known := documents.now(file)) or documents.lacks(known)]
    found = [documents.get(file) for file in unknown]
    waiting = any(map(documents.lacks, found))
    return Watched(next_at=now if waiting else None, waiting=waiting)


def _of(items: Iterable[Item | None]) -> list[Attachment]:
    return [file for item in items if item for file in item.attachments]


def _replaced(item: Item, file: Attachment, known: Document, now: Document) -> Difference:
    """One file as a section of the page: the lines of it that differ."""
    section = item.section if item.section[-1:] == (file.label,) else (*item.section, file.label)
    key = f"{key_of(file)}@{known.read_at:%Y%m%d%H%M%S}"
    side = replace(item, key=key, title=file.label, section=section, links=(), attachments=(file,))
    return Difference(
        ChangeKind.EDITED,
        replace(side, summary=lines_only_in(known.text, now.text)),
        replace(side, summary=lines_only_in(now.text, known.text)),
        known.text,
        now.text,
    )


def _kept(document: Document) -> Article:
    return Article(document.label, "", documents=(document,))


def _as_served(document: Document, page: Page) -> Document:
    return replace(document, etag=page.validators.etag, last_modified=page.validators.last_modified)

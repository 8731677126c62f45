"""Asks an archive of the Web for what it kept of a page: politely, once, and within the bounds of any fetch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core import headers
from watcher.core.captures import Capture, believable, nearest, page_key
from watcher.core.catalogue import Source
from watcher.core.labels import FAILURES
from watcher.core.mementos import (
    AT_ONCE,
    Archive,
    Entry,
    listed,
    mementos,
    original,
    rows_of_one,
    taken_at,
)
from watcher.core.page import FailureKind, FetchFailure, Page, Validators
from watcher.core.ports_history import HistoryStore
from watcher.pacing import Pacer, StopRequestedError
from watcher.past import Shelf
from watcher.spool import again
from watcher.visit import Tools, Visit

NAME = "archive"  # the platform's, which may be described as any other
GAP = timedelta(seconds=4)
TRIES = 3
PARTS = 200  # of a list of captures
_SECOND = timedelta(seconds=1)
_FOR_GOOD = frozenset({FailureKind.ROBOTS, FailureKind.FORBIDDEN_ADDRESS, FailureKind.BAD_ADDRESS})
_BUSY = frozenset({429, 500, 502, 503, 504})
_NO_INDEX = frozenset({400, 403, 404, 405, 410, 501})


class ArchiveError(StopRequestedError):
    """The archive cannot be asked now; what was begun is done again next time. The message is a French clause."""


@dataclass
class Asker:
    """Speaks to one archive."""

    archive: Archive
    tools: Tools
    pacer: Pacer
    source: Source
    answered: bool = False  # as an archive does, at least once
    _index: int = 0  # that answers; beyond the last, the TimeMap does
    _known: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    def entries(
        self, address: str, first: datetime | None = None, last: datetime | None = None
    ) -> tuple[Entry, ...]:
        """The captures of a page, oldest first, each moment once. Raises `ArchiveError`."""
        key = page_key(address)
        while self._index < len(self.archive.indexes):
            found = self._indexed(address, first, last)
            if found is not None:
                break
            self._index += 1
        else:
            found = self._mapped(address)
        now = self.tools.clock.now()
        fit = {
            one.at: one
            for one in found
            if page_key(one.address) == key and believable(one.at, now) and _within(one.at, first, last)
        }
        return tuple(fit[at] for at in sorted(fit))

    def page(self, address: str, at: datetime) -> Page | None:
        """The page as it was captured then, or at the moment nearest to it; `None` when it cannot be had."""
        result = self._ask(self.archive.raw(address, at))
        if not isinstance(result, Page) or result.status != 200:
            return None
        then = taken_at(result.headers, result.final_address) or at
        if not believable(then, self.tools.clock.now()):
            return None
        told = original(result.headers)
        kind = next((value for name, value in told if name.lower() == "content-type"), result.content_type)
        return Page(
            address=address,
            final_address=address,
            status=200,
            body=result.body,
            content_type=headers.media_type(kind),
            charset=headers.charset(kind) or result.charset,
            validators=Validators(),
            fetched_at=then,
            headers=told,
            archive=self.archive.home,
        )

    def captures(
        self, source: str, address: str, store: HistoryStore, first: datetime | None, last: datetime | None
    ) -> Iterator[Capture]:
        """Those of a page that are not kept yet: of a row that says the same, its ends."""
        key = page_key(address) or address
        known = set(store.moments(source, key))
        for row in rows_of_one(self.entries(address, first, last)):
            page = None
            for entry in row[:: max(1, len(row) - 1)]:
                if entry.at in known:
                    continue
                page = (
                    again(page, replace(page, fetched_at=entry.at)) if page else self.page(address, entry.at)
                )
                if page:
                    yield Capture(source, key, page)

    def shelf(self, source: str, kept: Shelf) -> Shelf:
        """Pages of items: those that are kept, else those that the archive has."""

        def find(address: str, at: datetime, since: datetime | None) -> Capture | None:
            found = kept(address, at, since)
            key = page_key(address)
            if found or key is None:
                return found
            if key not in self._known:
                self._known[key] = self.entries(address)
            chosen = nearest([one.at for one in self._known[key]], at, since)
            page = self.page(address, chosen) if chosen else None
            return Capture(source, key, page) if page else None

        return find

    def _indexed(self, address: str, first: datetime | None, last: datetime | None) -> list[Entry] | None:
        """`None` when there is no index at this address."""
        found: list[Entry] = []
        for _ in range(PARTS):
            result = self._ask(self.archive.index(self._index, address, first, last))
            if not isinstance(result, Page) or result.status in _NO_INDEX:
                return found or None
            part = listed(result.body.decode("utf-8", "replace")) if result.status == 200 else None
            if part is None:
                return found or None
            self.answered = True
            found += part
            if len(part) < AT_ONCE:
                break
            first = max(part[-1].at, (first or part[-1].at) + _SECOND)
        return found

    def _mapped(self, address: str) -> list[Entry]:
        found: list[Entry] = []
        following: str | None = self.archive.timemap(address)
        seen: set[str] = set()
        while following and following not in seen and len(seen) < PARTS:
            seen.add(following)
            result = self._ask(following)
            if not isinstance(result, Page) or result.status != 200:
                break
            part, following = mementos(result.body.decode("utf-8", "replace"))
            self.answered = self.answered or bool(part)
            found += [replace(one, address=address) for one in part]
            following = following if following and following.startswith(self.archive.home) else None
        return found

    def _ask(self, address: str) -> Page | FetchFailure:
        """Once the archive is free; what it refuses for long, or does not answer, ends it all."""
        reason = ""
        for _ in range(TRIES):
            until = self.pacer.braked_until(NAME)
            if until and self.tools.clock.wait(until - self.tools.clock.now()):
                raise StopRequestedError
            match Visit(self.tools, self.source).get(address).result:
                case Page(status=status) as page if status not in _BUSY:
                    return page
                case Page(status=status):
                    reason = f"statut {status}"
                case FetchFailure(kind=kind) as failure if not (kind.transient or kind in _FOR_GOOD):
                    return failure
                case FetchFailure(kind=kind, detail=detail) if kind in _FOR_GOOD:
                    raise ArchiveError(f"{FAILURES[kind]} ({detail})")
                case FetchFailure(kind=kind, detail=detail):
                    reason = f"{FAILURES[kind]} ({detail})"
                case _:
                    reason = "réponse inattendue"
        raise ArchiveError(f"l'archive {self.archive.home} ne répond pas : {reason}")


def _within(at: datetime, first: datetime | None, last: datetime | None) -> bool:
    return (first is None or at >= first) and (last is None or at <= last)

"""Takes the past in: finds whose captures they are, keeps them, and looks through each source's in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from watcher.core.address import host_of
from watcher.core.captures import Capture, Past, nearest, page_key, warc_date
from watcher.core.catalogue import Catalogue, Source
from watcher.core.page import Page
from watcher.core.ports_history import HistoryStore
from watcher.past import Shelf, led_to, replay
from watcher.spool import Held, Spool, again
from watcher.visit import Tools
from watcher.warc import Record

NAMED = 5  # addresses that are nobody's, as examples
_AT_ONCE = 50  # captures that one transaction writes
_READABLE = frozenset({"text/html", "application/xhtml+xml", "application/pdf", ""})


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of one source. `old`: there was nothing new to look through."""

    source: str
    captures: int
    new: int
    past: Past | None = None

    @property
    def old(self) -> bool:
        return self.past is None


@dataclass
class Sorted:
    """What became of the records of archives."""

    ours: int = 0
    items: int = 0  # pages of the same sites, that may be those of items
    others: Counter[str] = field(default_factory=Counter)  # by host
    examples: list[str] = field(default_factory=list)
    why: Counter[str] = field(default_factory=Counter)


class History:
    """What the commands of history do. `moved` are further addresses of sources, by key."""

    def __init__(
        self,
        tools: Tools,
        catalogue: Catalogue,
        store: HistoryStore,
        looks_old: Callable[[str, str], bool],
        spool: Spool,
    ) -> None:
        self.tools = tools
        self._catalogue = catalogue
        self._store = store
        self._looks_old = looks_old
        self._spool = spool
        self._sources = _by_key(catalogue, store.moved())
        self._hosts = {host_of(one.url) for one in catalogue.sources.values()}
        self._hosts |= {host_of(address) for _, address, _ in store.moved()}
        self._revisits: list[tuple[str, Record]] = []
        self._aside: set[str] = set()  # hosts of pages that are no source's own
        self.sorted = Sorted()

    def sort_in(self, records: Iterable[Record]) -> None:
        """Put aside what may be ours."""
        for record in records:
            page = record.page
            key = page_key(page.final_address)
            if key is None or host_of(page.final_address) not in self._hosts:
                self._not_ours(page)
            elif record.revisit:
                self._revisits.append((key, record))
            elif page.content_type in _READABLE and not _to_itself(key, page):
                self._spool.put(key, page, record.payload)
                self._count(key)

    def revisited(self) -> None:
        """Once all is sorted in: what archives found unchanged has the body of what it was found equal to."""
        for key, record in self._revisits:
            held = self._referred(record)
            if held:
                self._spool.put_again(key, held, record.page)
            elif known := self._store.by_payload(record.payload):
                self._spool.put(key, again(known, record.page), record.payload)
            else:
                self.sorted.why["qui renvoient à une capture absente"] += 1
                continue
            self._count(key)
        self._revisits.clear()

    def take_in(self, report: Callable[[TakenIn], None], only: str = "") -> None:
        """Keep and look through what was sorted in; `report` hears of each source that is done."""
        known = {one.source for one in self._store.status()}
        for source in self._catalogue.sources.values():
            keys = self.keys_of(source.id)
            ours = any(map(self._spool.of, keys))
            beside = source.id in known and self._beside(source.id)
            if only in {"", source.id} and (ours or beside):
                report(self.one(source, self._own(source, keys)))

    def one(
        self,
        source: Source,
        captures: Iterable[Capture],
        *,
        shelf: Shelf | None = None,
        at_once: int = _AT_ONCE,
    ) -> TakenIn:
        """Keep captures of a source's page, so many in each transaction, and look through all there are."""
        new = 0
        arriving = iter(captures)
        while batch := list(islice(arriving, at_once)):
            new += self._store.add(batch)
        keys = self.keys_of(source.id)
        own_ones = sum(len(self._store.moments(source.id, key)) for key in keys)
        fresh = new or self._beside(source.id)
        if not own_ones or (not fresh and self._store.status(source.id)[0].replayed):
            return TakenIn(source.id, own_ones, new)
        own = self._store.captures(source.id, keys)
        past = replay(
            self.tools, self._catalogue, source, own, shelf or self.shelf(source.id), self._looks_old
        )
        return TakenIn(source.id, len(own), new, self._store.conclude(past))

    def addresses_of(self, source: Source) -> Sequence[str]:
        """Where its page is, and where it was."""
        return [source.url, *(there for _, there, name in self._store.moved() if name == source.id)]

    @property
    def kept(self) -> HistoryStore:
        return self._store

    def keys_of(self, source: str) -> Sequence[str]:
        return [key for key, sources in self._sources.items() if source in sources]

    def shelf(self, source: str) -> Shelf:
        """Pages of a source's items: those kept, and those put aside."""

        def find(address: str, at: datetime, since: datetime | None) -> Capture | None:
            key = page_key(address)
            if key is None:
                return None
            kept = self._store.moments(source, key)
            aside = {held.page.fetched_at: held for held in self._spool.of(key)}
            chosen = nearest([*kept, *aside], at, since)
            if chosen is None:
                return None
            if chosen in aside:
                return Capture(source, key, self._spool.page(aside[chosen]), aside[chosen].payload)
            return next(one for one in self._store.captures(source, [key]) if one.at == chosen)

        return find

    def _beside(self, source: str) -> bool:
        """Whether pages of the same site were put aside, that may be those of its items."""
        return any(host_of(key) in self._aside for key in self.keys_of(source))

    def _own(self, source: Source, keys: Sequence[str]) -> Iterator[Capture]:
        for key in keys:
            for held in self._spool.of(key):
                yield Capture(source.id, key, self._spool.page(held), held.payload)

    def _referred(self, record: Record) -> Held | None:
        if held := self._spool.by_payload(record.payload):
            return held
        address, date = record.refers
        key, at = page_key(address), warc_date(date)
        return self._spool.at(key, at) if key and at else None

    def _count(self, key: str) -> None:
        if key in self._sources:
            self.sorted.ours += 1
        else:
            self.sorted.items += 1
            self._aside.add(host_of(key))

    def _not_ours(self, page: Page) -> None:
        self.sorted.others[host_of(page.final_address) or "?"] += 1
        if len(self.sorted.examples) < NAMED and page.final_address not in self.sorted.examples:
            self.sorted.examples.append(page.final_address)


def _by_key(catalogue: Catalogue, moved: Iterable[tuple[str, str, str]]) -> Mapping[str, tuple[str, ...]]:
    """By key of a page: the sources that read it."""
    pairs = [(page_key(one.url), one.id) for one in catalogue.sources.values()]
    pairs += [(key, source) for key, _, source in moved if source in catalogue.sources]
    found: dict[str, tuple[str, ...]] = {}
    for key, source in pairs:
        if key and source not in found.get(key, ()):
            found[key] = (*found.get(key, ()), source)
    return found


def _to_itself(key: str, page: Page) -> bool:
    """Whether it only led to another spelling of its own address."""
    target = led_to(page)
    return target is not None and page_key(target) == key

"""What differs between the cards of a baseline and those of a new reading.

Cards are compared as a set keyed by canonical address: order, typography and dates are no news.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from watcher.core.changes import ChangeKind
from watcher.core.items import Item, Past, Snapshot
from watcher.core.text import squeeze

PAST_KEPT = 400  # versions of former items that a snapshot remembers
_CUT = ("(...)", "(…)", "...", "…", "[...]", "[…]")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, before it is judged worth telling.

    For blocks, the contexts are the whole text of the section before and after.
    """

    kind: ChangeKind
    before: Item | None
    after: Item | None
    context_before: str = ""
    context_after: str = ""

    @property
    def item(self) -> Item:
        item = self.after or self.before
        if item is None:
            raise ValueError("a difference has at least one side")
        return item


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs; `vanished` is what left the page without newcomers to push it out."""

    differences: tuple[Difference, ...] = ()
    kept: int = 0
    vanished: tuple[Item, ...] = ()
    touched: tuple[Item, ...] = ()  # only a date moved, or a file was sent again
    resurfaced: tuple[Item, ...] = ()  # old items that came into view again

    def of(self, kind: ChangeKind) -> tuple[Difference, ...]:
        return tuple(d for d in self.differences if d.kind is kind)


def fingerprint(item: Item) -> str:
    """A hash of what an item says; dates, addresses and typography are left out."""
    parts = ["1", squeeze(item.title), squeeze(_uncut(item.summary))]
    parts += sorted(f"file {squeeze(a.label)} {a.name}" for a in item.attachments)
    parts += sorted(f"link {link.ident}" for link in item.links)
    return hashlib.sha256("\x1f".join(part for part in parts if part).encode()).hexdigest()[:24]


def compare_cards(
    baseline: Snapshot, items: Sequence[Item], awaited: Collection[str] = frozenset()
) -> Comparison:
    """Cards before and now → what was added, edited, moved or aged out, and what vanished.

    `awaited` are keys of newcomers that earlier readings met and could not tell yet.
    """
    old = {item.key: item for item in baseline.items}
    new = {item.key: item for item in items}
    gone = [item for key, item in old.items() if key not in new]
    fresh = [item for key, item in new.items() if key not in old]
    moved, gone, fresh = _pair_moved(gone, fresh)
    old_news = _resurfaced(baseline, gone, items).difference(awaited)
    added = [item for item in fresh if item.key not in old_news]
    aged = _aged_out(baseline.items, gone, room=len(added))
    pushed = {item.key for item in aged}
    edited = [(old[key], item) for key, item in new.items() if key in old and not same_words(old[key], item)]
    changed = {after.key for _, after in edited}
    both = [key for key in new if key in old]
    return Comparison(
        differences=(
            *(Difference(ChangeKind.ADDED, None, item) for item in added),
            *(Difference(ChangeKind.EDITED, before, after) for before, after in edited),
            *(Difference(ChangeKind.MOVED, before, after) for before, after in moved),
            *(Difference(ChangeKind.AGED_OUT, item, None) for item in aged),
        ),
        kept=len(both) + len(moved),
        vanished=tuple(item for item in gone if item.key not in pushed),
        touched=(
            *(new[key] for key in both if key not in changed and _redated(old[key], new[key])),
            *(after for before, after in moved if after.attachments),
        ),
        resurfaced=tuple(item for item in fresh if item.key in old_news),
    )


def same_words(before: Item, after: Item) -> bool:
    """Whether two versions of an item say the same; an excerpt may be cut shorter, or not be shown."""
    return (
        squeeze(before.title) == squeeze(after.title)
        and _same_excerpt(before.summary, after.summary)
        and _files(before) == _files(after)
        and _places(before) == _places(after)
    )


def remember(
    baseline: Snapshot | None,
    items: Iterable[Item],
    beyond: Iterable[Item] = (),
    returned: Iterable[Item] = (),
) -> tuple[Past, ...]:
    """The versions that later readings may meet again: what `items` replaced, what stood `beyond` them, and what
    was missed and is there again.
    """
    again = {(item.key, fingerprint(item)) for item in returned}
    now = {(item.key, fingerprint(item)) for item in items} - again
    former = (*(baseline.items if baseline else ()), *beyond)
    left = {
        (item.key, fingerprint(item)): Past(item.key, squeeze(item.title), fingerprint(item), item.published)
        for item in former
        if (item.key, fingerprint(item)) not in now
    }
    older = [p for p in (baseline.past if baseline else ()) if (p.key, p.fingerprint) not in left]
    return (*left.values(), *older)[:PAST_KEPT]


def _pair_moved(
    gone: Sequence[Item], fresh: Sequence[Item]
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """The same title and day under another address is the same item, moved."""
    waiting = _Waiting(gone)
    moved = [(before, item) for item in fresh if (before := waiting.take(item))]
    left, came = {b.key for b, _ in moved}, {a.key for _, a in moved}
    return moved, [i for i in gone if i.key not in left], [i for i in fresh if i.key not in came]


class _Waiting:
    """Items that are gone, by whatever makes another the same: a list may hold thousands of one title."""

    def __init__(self, gone: Sequence[Item]) -> None:
        self._gone = gone
        self._taken: set[int] = set()
        self._places: dict[tuple[str, object], deque[int]] = {}
        for place, item in enumerate(gone):
            title = squeeze(item.title)
            names: list[object] = [_ANY, _day(item)]
            if item.attachments:
                names.append(_files(item))
            for name in names:
                self._places.setdefault((title, name), deque()).append(place)

    def take(self, after: Item) -> Item | None:
        """The first that `after` may be. The same document uploaded again: its address and day change, it does not."""
        title, day = squeeze(after.title), _day(after)
        names: tuple[object, ...] = (day, None, _files(after)) if day else (_ANY,)
        found = [place for name in names if (place := self._first((title, name))) is not None]
        if not found:
            return None
        self._taken.add(min(found))
        return self._gone[min(found)]

    def _first(self, name: tuple[str, object]) -> int | None:
        places = self._places.get(name)
        while places and places[0] in self._taken:
            places.popleft()
        return places[0] if places else None


_ANY = "any"  # day; one that is not known may be any other


def _day(item: Item) -> date | None:
    return item.published or item.updated


def _resurfaced(baseline: Snapshot, gone: Sequence[Item], items: Sequence[Item]) -> set[str]:
    """Keys of newcomers that are no news: seen before, or pulled up from a further page."""
    known = {item.key for item in baseline.items}
    past = {version.key for version in baseline.past}
    titles = {(version.title, version.published) for version in baseline.past if version.published}
    days = [item.published for item in baseline.items if item.published]
    floor = min(days) if days and baseline.more else None
    last = max((n for n, item in enumerate(items) if item.key in known), default=len(items))
    return {
        item.key
        for n, item in enumerate(items)
        if item.key in past
        or (item.published and (squeeze(item.title), item.published) in titles)
        or (floor and item.published and item.published < floor)
        or (baseline.more and gone and not item.published and n > last)
    }


def _by_key(past: Iterable[Past]) -> Mapping[str, set[str]]:
    versions: dict[str, set[str]] = {}
    for version in past:
        versions.setdefault(version.key, set()).add(version.fingerprint)
    return versions


def seen_before(baseline: Snapshot, item: Item) -> bool:
    """Whether this very version was on the page once: a page that flaps between two is no news."""
    return fingerprint(item) in _by_key(baseline.past).get(item.key, set())


def _aged_out(items: Sequence[Item], gone: Sequence[Item], room: int) -> list[Item]:
    """Of what is gone, at most `room` items, the oldest first, were pushed out by newcomers."""
    if not room:
        return []
    away = {item.key for item in gone}
    stay = [item for item in items if item.key not in away]
    oldest = min((i.published for i in stay if i.published), default=None)
    last = max((n for n, item in enumerate(items) if item.key not in away), default=-1)
    tail = [
        item
        for n, item in enumerate(items)
        if item.key in away and (n > last or (oldest and item.published and item.published <= oldest))
    ]
    return tail[-room:]


def _same_excerpt(before: str, after: str) -> bool:
    a, b = squeeze(_uncut(before)), squeeze(_uncut(after))
    if not a or not b or a == b:
        return True
    if before.rstrip().endswith(_CUT) or after.rstrip().endswith(_CUT):
        return a.startswith(b) or b.startswith(a)
    return False


def _uncut(excerpt: str) -> str:
    text = excerpt.rstrip()
    for mark in _CUT:
        text = text.removesuffix(mark).rstrip()
    return text


def _files(item: Item) -> frozenset[tuple[str, str]]:
    return frozenset((squeeze(a.label), a.name) for a in item.attachments)


def _places(item: Item) -> frozenset[str]:
    return frozenset(link.ident for link in item.links)


def _redated(before: Item, after: Item) -> bool:
    """Whether its day moved, or its file was sent again."""
    days = (before.published, before.updated) != (after.published, after.updated)
    return days or _uploads(before) != _uploads(after)


def _uploads(item: Item) -> frozenset[tuple[str, str]]:
    return frozenset((a.address, a.detail) for a in item.attachments)

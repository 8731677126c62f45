"""Pages as archives kept them: which moment a capture speaks for, and what was concluded from many of them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from watcher.core.address import canonical
from watcher.core.alerts import Alert
from watcher.core.changes import Change, ChangeKind
from watcher.core.compare import fingerprint
from watcher.core.items import ItemKind, Snapshot
from watcher.core.page import Page
from watcher.core.verdict import Notice, Verdict

FIRST = datetime(1996, 1, 1, tzinfo=UTC)  # no archive of the Web is older
AFTER = timedelta(days=31)  # in which the page of an announcement is taken to say what it said at first
ROOM = timedelta(days=1)  # by which clocks may differ

_DATE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})T(?P<time>\d{2}:\d{2}:\d{2})(?:\.(?P<part>\d{1,9}))?Z",
    re.ASCII,
)
_FURTHER = re.compile(r"/\(offset\)/0*([1-9][0-9]*)", re.IGNORECASE | re.ASCII)
_PRINTED = re.compile(r"/layout/set/print(?:/|\Z)")
_STAMP = re.compile(r"\d{14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Capture:
    """One page of a source, or of one of its items, as it was at `page.fetched_at`."""

    source: str
    key: str  # see `page_key`
    page: Page
    payload: str = ""  # the digest by which later records of an archive name it: ``sha1:…``

    @property
    def at(self) -> datetime:
        return self.page.fetched_at

    @property
    def digest(self) -> str:
        """Of what was captured; two captures of one moment that agree in it are one."""
        return hashlib.sha256(b"%d " % self.page.status + self.page.body).hexdigest()

    @property
    def name(self) -> tuple[str, datetime, str]:
        return self.key, self.at, self.digest


@dataclass(frozen=True, slots=True)
class PastChange:
    """A change between two captures, `before` and `after`, as it was read."""

    change: Change
    before: Capture | None
    after: Capture
    notice: Notice | None = None
    verdict: Verdict | None = None
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of a source's past. `used`: the pages of items that were read for it."""

    source: str
    captures: int  # of the source's own page
    snapshots: tuple[Snapshot, ...] = ()
    changes: tuple[PastChange, ...] = ()
    used: tuple[Capture, ...] = ()
    stumbled: tuple[tuple[datetime, str], ...] = ()  # captures over which the program itself fell

    @property
    def alerts(self) -> tuple[Alert, ...]:
        return tuple(one.alert for one in self.changes if one.alert)


@dataclass(frozen=True, slots=True)
class PastStatus:
    """What is kept of a source's past."""

    source: str
    captures: int
    first: datetime | None
    last: datetime | None
    changes: int
    alerts: int
    replayed: bool  # all captures were looked at


def page_key(address: str) -> str | None:
    """What an address is known by among captures; `None` of none. Further pages of a list are pages of their own, and
    what a site gives to printers is another page than what it shows.
    """
    key = canonical(address)
    path = unquote(urlsplit(address).path) if key else ""
    if key is None or _PRINTED.search(path):
        return None
    further = _FURTHER.search(path)
    return f"{key}#{further[1]}" if further else key


def sameness(change: Change) -> tuple[str, str, str]:
    """Equal for a change that the watch found and the same one between two captures."""
    return change.kind.value, change.item.key, fingerprint(change.after) if change.after else ""


def named(source: str, changes: Sequence[PastChange]) -> tuple[PastChange, ...]:
    """The same, oldest first, with ids that do not depend on how many captures lie in between.

    The watch's own ids name the very snapshot that was compared to; here further captures may come later, so that
    what counts is what happened, and which time it was.
    """
    told: Counter[str] = Counter()
    found = []
    for one in changes:
        what = _what(one.change)
        name = _hash("historical", source, what, str(told[what]))
        told[what] += 1
        alert = replace(one.alert, id=name, historical=True) if one.alert else None
        found.append(replace(one, change=replace(one.change, id=name), alert=alert))
    return tuple(found)


def _what(change: Change) -> str:
    """An announcement comes and goes under its address, whatever it says; all else is known by its words."""
    parts = [change.kind.value, change.item.key]
    card = change.item.kind is ItemKind.CARD
    if not card or change.kind is ChangeKind.EDITED:
        parts += [fingerprint(side) if side else "" for side in (change.before, change.after)]
    return "\x1f".join(parts)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def nearest(moments: Sequence[datetime], at: datetime, since: datetime | None) -> datetime | None:
    """The capture of an item's page that says best what it said when its list was captured `at`.

    The first one from then on, within `AFTER`; else the last one before, if it was made `since` the list was seen
    without the change.
    """
    later = [one for one in moments if at <= one <= at + AFTER]
    if later:
        return min(later)
    earlier = [one for one in moments if one < at and (since is None or one > since)]
    return max(earlier, default=None)


def warc_date(text: str) -> datetime | None:
    """``2024-01-31T08:00:00Z`` or with fractions, to the microsecond; `None` for anything else, as for a mere day."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    return _moment(f"{found['day']}T{found['time']}.{(found['part'] or '0')[:6].ljust(6, '0')}")


def stamp_date(text: str) -> datetime | None:
    """``20240131080000``, as archives write it."""
    if not _STAMP.fullmatch(text):
        return None
    return _moment(f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}")


def stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}"


def believable(at: datetime, now: datetime) -> bool:
    """Whether a capture can have been made then."""
    return FIRST <= at <= now + ROOM


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None

"""From alerts to one model of a feed, which every feed format is written from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import starmap
from urllib.parse import quote
from zoneinfo import ZoneInfo

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.errors import UserError
from watcher.core.feed_content import content
from watcher.core.french import known_date
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.verdict import PartialDate
from watcher.core.weblinks import web_link

# Part of every id for ever, whatever the site's address: see docs/decisions/0002-feed-ids.md.
AUTHORITY = "vigie-prefectures.invalid,2025"
KEPT = 100  # entries at least,
KEPT_FOR = timedelta(days=30)  # and all of these last days: a reader that pulls weekly misses none
MOST = 3000  # entries, whatever happens: a feed stays as large as a program can read
REMEMBERED = 20_000  # entries
EMPTY_SINCE = datetime(2025, 1, 1, tzinfo=UTC)  # of a feed without entries: a constant keeps bytes stable


class FeedQueryError(UserError):
    """A feed that does not exist; the message is a French line for whoever asked."""


class Subject(StrEnum):
    ALL = "all"
    PREFECTURE = "prefecture"
    CATEGORY = "category"
    MOTIF = "motif"


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Which alerts a feed carries; `value` is a code or an id, empty for `Subject.ALL`."""

    subject: Subject = Subject.ALL
    value: str = ""

    @classmethod
    def parse(cls, text: str) -> FeedQuery:
        """Read ``all``, ``prefecture:69``, ``category:K`` or ``motif:M``; raises `FeedQueryError`."""
        name, colon, value = text.strip().partition(":")
        name, value = name.strip(), value.strip()
        known = name in {subject.value for subject in Subject}
        if not known or bool(colon) != (name != Subject.ALL) or bool(value) != bool(colon):
            raise FeedQueryError(
                f"Flux inconnu : « {one_line(text, 80)} ». "
                "Formes admises : all, prefecture:CODE, category:CATÉGORIE, motif:MOTIF."
            )
        return cls(Subject(name), value.upper() if name == Subject.PREFECTURE else value)

    def __str__(self) -> str:
        return f"{self.subject}:{self.value}" if self.value else str(self.subject)

    @property
    def path(self) -> str:
        """``all`` or ``prefecture/69``, as in addresses and ids."""
        return f"{self.subject}/{quote(self.value, safe='')}" if self.value else str(self.subject)

    def known_to(self, vocabulary: Vocabulary) -> bool:
        return {
            Subject.ALL: self.value == "",
            Subject.PREFECTURE: self.value in vocabulary.prefectures,
            Subject.CATEGORY: self.value in CATEGORIES,
            Subject.MOTIF: self.value in vocabulary.motifs,
        }[self.subject]

    def label(self, vocabulary: Vocabulary) -> str:
        """What readers call it; raises `FeedQueryError` for a value that nobody knows."""
        if not self.known_to(vocabulary):
            raise FeedQueryError(
                f"Flux inconnu : « {one_line(str(self), 80)} » ne correspond à rien de suivi."
            )
        if self.subject is Subject.PREFECTURE:
            return vocabulary.place(self.value)
        if self.subject is Subject.CATEGORY:
            return vocabulary.category(self.value)
        return vocabulary.motif(self.value) if self.subject is Subject.MOTIF else "toutes les alertes"

    def matches(self, alert: Alert) -> bool:
        """Whether an alert belongs to the feed."""
        return {
            Subject.ALL: True,
            Subject.PREFECTURE: alert.prefecture == self.value,
            Subject.CATEGORY: self.value in alert.verdict.categories,
            Subject.MOTIF: self.value in alert.verdict.motifs,
        }[self.subject]


@dataclass(frozen=True, slots=True)
class Term:
    """A category of an entry: `scheme` is a URI that says which vocabulary `name` belongs to."""

    scheme: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert as feeds tell it; texts are plain but `content`, which is safe HTML in UTF-8: a thousand are
    remembered, and as texts they would take twice as much.
    """

    id: str
    title: str
    address: str  # the préfecture's page, else ours
    page: str  # ours
    corrects: str  # our page of the alert that this one corrects, "" when there is none
    summary: str
    content: bytes
    author: str
    home: str  # of the author; "" when unknown
    published: datetime
    updated: datetime
    terms: tuple[Term, ...]
    state: AlertState
    reviewed: bool  # by a person
    effective_from: PartialDate | None
    effective_to: PartialDate | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed before it has a format; entries are newest first."""

    id: str
    title: str
    subtitle: str
    address: str  # without what depends on the format
    verified_only: bool
    page: str  # where people read the same
    rights: str
    updated: datetime
    entries: tuple[Entry, ...]

    def self_address(self, extension: str) -> str:
        return feed_address(self.address, extension, verified_only=self.verified_only)


EntryOf = Callable[[Alert], Entry]


def feed_address(address: str, extension: str, *, verified_only: bool = False) -> str:
    return f"{address}.{extension}{'?stream=verified' if verified_only else ''}"


def feed_title(label: str, *, verified_only: bool = False) -> str:
    return one_line(f"Vigie préfectures – {label}{' (vérifiées)' if verified_only else ''}")


def feed_page(query: FeedQuery, base: str) -> str:
    """Where people read what a feed carries."""
    if query.subject is Subject.PREFECTURE:
        return f"{base}/prefectures/{quote(query.value, safe='')}"
    return f"{base}/" if query.subject is Subject.ALL else f"{base}/feeds"


def tag(path: str) -> str:
    """A ``tag:`` URI (RFC 4151) of the project."""
    return f"tag:{AUTHORITY}:{path}"


def build(
    query: FeedQuery,
    alerts: Iterable[Alert],
    vocabulary: Vocabulary,
    base_url: str,
    *,
    verified_only: bool = False,
    told: EntryOf | None = None,
) -> Feed:
    """The feed of those of `alerts` that `query` wants, given in any order; `told` makes its entries.

    It depends on nothing else, the time included: the same alerts give an equal feed. Raises
    `FeedQueryError` when the query names what the vocabulary does not know.
    """
    base = base_url.rstrip("/")
    label = query.label(vocabulary)
    chosen = [a for a in alerts if query.matches(a) and (a.trusted or not verified_only)]
    told = told or Teller(vocabulary, base)
    entries = tuple(map(told, kept(chosen)))
    return Feed(
        id=tag(f"feed/{query.path}" + ("/verified" if verified_only else "")),
        title=feed_title(label, verified_only=verified_only),
        subtitle="Ce qui change dans les démarches de titre de séjour annoncées par les préfectures. "
        + wording.UNOFFICIAL,
        address=f"{base}/feeds/{query.path}",
        verified_only=verified_only,
        page=feed_page(query, base),
        rights=wording.LICENCE,
        updated=max((entry.updated for entry in entries), default=EMPTY_SINCE),
        entries=entries,
    )


def kept(alerts: Iterable[Alert]) -> list[Alert]:
    """The last `KEPT_FOR` before the newest of them, `KEPT` at least and `MOST` at most; each once, newest first."""
    newest: dict[str, Alert] = {}
    for alert in sorted(alerts, key=lambda a: (a.updated_at, a.id)):
        newest[alert.id] = alert
    ordered = sorted(newest.values(), key=lambda a: (a.updated_at, a.id), reverse=True)
    recent = [a for a in ordered[KEPT:MOST] if ordered[0].updated_at - a.updated_at <= KEPT_FOR]
    return ordered[:KEPT] + recent


def terms(alert: Alert, vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The département, the categories and the motifs of an alert."""
    verdict = alert.verdict
    found = [("departement", alert.prefecture, vocabulary.place(alert.prefecture))]
    found += [("category", name, vocabulary.category(name)) for name in verdict.categories]
    found += [("motif", name, vocabulary.motif(name)) for name in verdict.motifs]
    return tuple(starmap(_term, found))


@lru_cache(maxsize=1000)
def _term(scheme: str, name: str, label: str) -> Term:
    """Thousands of entries have the same few."""
    return Term(tag(scheme), one_line(name, 80), label)


def alert_page(base_url: str, alert: str) -> str:
    return f"{base_url.rstrip('/')}/alerts/{quote(alert, safe='')}"


class Teller:
    """Makes entries and remembers the last ones that it made: what they tell moves with `updated_at`.

    Threads may share it.
    """

    def __init__(self, vocabulary: Vocabulary, base_url: str) -> None:
        self._vocabulary = vocabulary
        self._base = base_url.rstrip("/")
        self._made: dict[tuple[str, AlertState, datetime], Entry] = {}

    def __call__(self, alert: Alert) -> Entry:
        key = (alert.id, alert.state, alert.updated_at)
        entry = self._made.get(key)
        if entry is None:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            entry = self._made[key] = _entry(alert, self._vocabulary, self._base)
        return entry


def _entry(alert: Alert, vocabulary: Vocabulary, base: str) -> Entry:
    page = alert_page(base, alert.id)
    corrects = alert_page(base, alert.corrects) if alert.corrects else ""
    link = web_link(alert.address)
    prefecture = vocabulary.prefectures.get(alert.prefecture)
    home = web_link(prefecture.home) if prefecture else None
    return Entry(
        id=tag(f"alert/{quote(alert.id, safe='')}"),
        title=wording.headline(alert, vocabulary),
        address=link.href if link else page,
        page=page,
        corrects=corrects,
        summary=wording.gist(alert, vocabulary),
        content=content(alert, vocabulary, page, corrects).encode(),
        author=one_line(f"Préfecture – {vocabulary.place(alert.prefecture)}"),
        home=home.href if home else "",
        published=published(alert, vocabulary),
        updated=alert.updated_at,
        terms=terms(alert, vocabulary),
        state=alert.state,
        reviewed=alert.reviewed,
        effective_from=known_date(alert.verdict.effective_from),
        effective_to=known_date(alert.verdict.effective_to),
    )


def published(alert: Alert, vocabulary: Vocabulary) -> datetime:
    """The page's own day, at its beginning there; an edit or a removal is published when we see it.

    Never later than the detection: pages announce with tomorrow's date, and readers' programs hide
    what is published in the future.
    """
    if alert.published is None or alert.kind is not ChangeKind.ADDED or alert.published.year < 2000:
        return alert.detected_at
    prefecture = vocabulary.prefectures.get(alert.prefecture)
    zone = ZoneInfo(prefecture.timezone if prefecture else "Europe/Paris")
    return min(datetime.combine(alert.published, time(), zone), alert.detected_at)

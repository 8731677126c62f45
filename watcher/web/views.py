"""An alert as pages show it: every choice made, so that templates only lay out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.differences import Piece
from watcher.core.feed import FeedQuery, Subject, feed_address
from watcher.core.french import Words
from watcher.core.labels import CATEGORIES, KINDS, STATE_NOTES, STATES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.weblinks import WebLink, web_link


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed as it is offered: what it is called and where it is in each format."""

    query: str
    label: str
    english: str  # "" when the label is a name
    page: str  # "" when there is none of its own
    atom: str
    rss: str
    json: str
    ics: str
    calendar: str  # the same in full, to be copied into a program


@dataclass(frozen=True, slots=True)
class Badge:
    name: str  # of a CSS class
    label: str


@dataclass(frozen=True, slots=True)
class AlertView:
    id: str
    href: str
    headline: str
    line: str
    title: str
    code: str
    place: str
    place_href: str  # "" when the préfecture is not watched
    kind: str
    state: str
    state_label: str  # "" when there is nothing to warn of
    note: str
    categories: tuple[Badge, ...]
    motifs: tuple[str, ...]
    when: tuple[Words, ...]
    filing: wording.Filing | None
    sentences: tuple[str, ...]
    gist: str
    text: str
    comparison: tuple[Piece, ...]
    withdrawn: bool
    link: WebLink | None
    address: str
    published: date | None
    detected_at: datetime
    updated_at: datetime
    corrects_href: str


def alert_view(alert: Alert, vocabulary: Vocabulary, root: str) -> AlertView:
    known = alert.prefecture in vocabulary.prefectures
    return AlertView(
        id=alert.id,
        href=_alert(root, alert.id),
        headline=wording.headline(alert, vocabulary),
        line=wording.line(alert, vocabulary),
        title=wording.title(alert),
        code=alert.prefecture,
        place=vocabulary.place(alert.prefecture),
        place_href=prefecture_href(root, alert.prefecture) if known else "",
        kind=KINDS[alert.kind],
        state=alert.state,
        state_label="" if alert.state is AlertState.VERIFIED else STATES[alert.state],
        note=STATE_NOTES.get(alert.state, ""),
        categories=tuple(badge(name, vocabulary) for name in alert.verdict.categories),
        motifs=tuple(vocabulary.motif(name) for name in alert.verdict.motifs),
        when=wording.effective(alert),
        filing=wording.filing(alert, vocabulary),
        sentences=wording.sentences(alert),
        gist=one_line(alert.summary, wording.GIST),
        text=wording.text(alert),
        comparison=wording.comparison(alert),
        withdrawn=alert.kind is ChangeKind.WITHDRAWN,
        link=web_link(alert.address),
        address=one_line(alert.address, wording.TITLE),
        published=alert.published,
        detected_at=alert.detected_at,
        updated_at=alert.updated_at,
        corrects_href=_alert(root, alert.corrects) if alert.corrects else "",
    )


def badge(category: str, vocabulary: Vocabulary) -> Badge:
    return Badge(category if category in CATEGORIES else "other_immigration", vocabulary.category(category))


def feed_links(query: FeedQuery, vocabulary: Vocabulary, root: str, base_url: str) -> FeedLinks:
    """Links begin with `root`. Raises `FeedQueryError` for what the vocabulary does not know."""
    address = f"{root}/feeds/{query.path}"
    return FeedLinks(
        query=str(query),
        label=query.label(vocabulary),
        english=CATEGORIES[query.value].english if query.subject is Subject.CATEGORY else "",
        page=prefecture_href(root, query.value) if query.subject is Subject.PREFECTURE else "",
        atom=feed_address(address, "atom"),
        rss=feed_address(address, "rss"),
        json=feed_address(address, "json"),
        ics=feed_address(address, "ics"),
        calendar=feed_address(f"{base_url}/feeds/{query.path}", "ics"),
    )


def prefecture_href(root: str, code: str) -> str:
    return f"{root}/prefectures/{quote(code, safe='')}"


def _alert(root: str, alert: str) -> str:
    return f"{root}/alerts/{quote(alert, safe='')}"

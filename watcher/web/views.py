"""An alert as pages show it: every choice made, so that templates only lay out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.differences import Piece
from watcher.core.feed import FeedQuery, Subject, feed_address
from watcher.core.french import PARIS, Words
from watcher.core.labels import CATEGORIES, HISTORICAL, KINDS, LISTED, STATES, Vocabulary
from watcher.core.language import spelt
from watcher.core.official_news import SOURCE
from watcher.core.printable import one_line
from watcher.core.speech import Manners, Speech
from watcher.core.verdict import Route
from watcher.core.weblinks import WebLink, web_link
from watcher.web.tongues import Tongue

DEGREES = ((90, "certain"), (70, "high"), (40, "middling"), (0, "low"))  # least confidence in percent


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """One feed as it is offered: what it is called and where it is in each format."""

    query: str
    label: str
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
class Because:
    """What one rule found."""

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """How sure we are, and what an alert rests on."""

    degree: str  # names a phrase: certain, high, middling, low
    percent: int
    route: str  # names a phrase: published, unverified, checked
    reasons: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The alerts of one month, newest first."""

    id: str
    name: str
    alerts: tuple[AlertView, ...]


@dataclass(frozen=True, slots=True)
class Related:
    corrections: tuple[AlertView, ...]
    elsewhere: tuple[AlertView, ...]  # the same text, in other préfectures


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
    past_label: str  # "" of an alert of the watch itself
    notes: tuple[str, ...]
    categories: tuple[Badge, ...]
    motifs: tuple[str, ...]
    when: tuple[Words, ...]
    filing: wording.Filing | None
    sentences: tuple[str, ...]
    gist: str
    text: str
    comparison: tuple[Piece, ...]
    withdrawn: bool
    listed: bool  # it comes from the official list, and from no page
    link: WebLink | None
    address: str
    published: date | None
    detected_at: datetime
    updated_at: datetime
    corrects_href: str
    why: Why


def alert_view(alert: Alert, vocabulary: Vocabulary, tongue: Tongue) -> AlertView:
    code, root = tongue.code, tongue.root
    known = alert.prefecture in vocabulary.prefectures
    return AlertView(
        id=alert.id,
        href=_alert(root, alert.id),
        headline=wording.headline(alert, vocabulary, code),
        line=wording.line(alert, vocabulary, code),
        title=wording.title(alert, code),
        code=alert.prefecture,
        place=vocabulary.place(alert.prefecture),
        place_href=prefecture_href(root, alert.prefecture) if known else "",
        kind=(LISTED if alert.source == SOURCE else KINDS[alert.kind]).told(code),
        state=alert.state,
        state_label=_state(alert, code),
        past_label=HISTORICAL.told(code) if alert.historical else "",
        notes=tuple(tongue.speech.manners.unbroken(note) for note in wording.notes(alert, vocabulary, code)),
        categories=tuple(badge(name, vocabulary, code) for name in alert.verdict.categories),
        motifs=tuple(vocabulary.motif(name, code) for name in alert.verdict.motifs),
        when=wording.effective(alert, tongue.speech.manners),
        filing=wording.filing(alert, vocabulary, code),
        sentences=wording.sentences(alert),
        gist=one_line(alert.summary, wording.GIST),
        text=wording.text(alert),
        comparison=wording.comparison(alert),
        withdrawn=alert.kind is ChangeKind.WITHDRAWN,
        listed=alert.source == SOURCE,
        link=web_link(alert.address),
        address=one_line(alert.address, wording.TITLE),
        published=alert.published,
        detected_at=alert.detected_at,
        updated_at=alert.updated_at,
        corrects_href=_alert(root, alert.corrects) if alert.corrects else "",
        why=_why(alert, vocabulary, tongue.speech),
    )


def _state(alert: Alert, code: str) -> str:
    if alert.state is not AlertState.VERIFIED:
        return STATES[alert.state].told(code)
    return wording.mark(alert, code)


def timeline(alerts: Iterable[AlertView], manners: Manners) -> list[Month]:
    """By the month in which they were seen, in Paris; the order stays."""
    months: dict[tuple[int, int], list[AlertView]] = {}
    for alert in alerts:
        seen = alert.detected_at.astimezone(PARIS)
        months.setdefault((seen.year, seen.month), []).append(alert)
    return [
        Month(f"m-{year}-{month:02}", manners.month(year, month), tuple(found))
        for (year, month), found in months.items()
    ]


def related(alert: Alert, others: Iterable[Alert], vocabulary: Vocabulary, tongue: Tongue) -> Related:
    """What the store knows to be `Store.related`, told apart; one alert for each other préfecture."""
    found = [one for one in others if one.id != alert.id]
    corrections = [one for one in found if alert.id in {one.corrects, one.first}]
    elsewhere = {
        one.prefecture: one
        for one in reversed(found)
        if alert.group and one.group == alert.group and one.prefecture != alert.prefecture
    }
    return Related(
        tuple(alert_view(one, vocabulary, tongue) for one in corrections),
        tuple(alert_view(elsewhere[code], vocabulary, tongue) for code in sorted(elsewhere)),
    )


def _why(alert: Alert, vocabulary: Vocabulary, speech: Speech) -> Why:
    verdict = alert.verdict
    found: dict[str, list[str]] = {}
    for reason in verdict.reasons:
        words = one_line(reason.words, wording.REASON)
        found.setdefault(_rule(reason.rule, vocabulary, speech), []).extend([words] if words else [])
    reasons = tuple(Because(label, tuple(dict.fromkeys(words))) for label, words in found.items())
    percent = min(99, int(100 * max(0.0, verdict.confidence)))
    degree = next(name for least, name in DEGREES if percent >= least)
    return Why(degree, percent, _route(alert), reasons)


def _route(alert: Alert) -> str:
    if alert.reviewed:
        return "checked"
    if alert.historical:
        return "past"
    if alert.state is AlertState.UNVERIFIED:
        return "unverified"
    return "published" if alert.verdict.route is Route.PUBLISH else "checked"


def _rule(rule: str, vocabulary: Vocabulary, speech: Speech) -> str:
    """Rules are called after what they find: a category, a motif, a sign; ``service:…``, ``… link``."""
    if rule in CATEGORIES:
        return vocabulary.category(rule, speech.code)
    if rule in vocabulary.motifs:
        return vocabulary.motif(rule, speech.code)
    signs = (rule, rule.partition(":")[0], rule.rpartition(" ")[2])
    keys = [f"alert.signs.{sign.replace(' ', '_')}" for sign in signs]
    found = next((key for key in keys if key in speech.phrases), None)
    return speech.say(found) if found else spelt(rule)


def badge(category: str, vocabulary: Vocabulary, code: str) -> Badge:
    return Badge(
        category if category in CATEGORIES else "other_immigration", vocabulary.category(category, code)
    )


def feed_links(query: FeedQuery, vocabulary: Vocabulary, tongue: Tongue, base_url: str) -> FeedLinks:
    """Raises `FeedQueryError` for what the vocabulary does not know."""
    address = f"{tongue.top}/feeds/{query.path}"
    return FeedLinks(
        query=str(query),
        label=_label(query, vocabulary, tongue),
        page=prefecture_href(tongue.root, query.value) if query.subject is Subject.PREFECTURE else "",
        atom=feed_address(address, "atom"),
        rss=feed_address(address, "rss"),
        json=feed_address(address, "json"),
        ics=feed_address(address, "ics"),
        calendar=feed_address(f"{base_url}/feeds/{query.path}", "ics"),
    )


def _label(query: FeedQuery, vocabulary: Vocabulary, tongue: Tongue) -> str:
    label = query.label(vocabulary)
    if query.subject is Subject.CATEGORY:
        return vocabulary.category(query.value, tongue.code)
    if query.subject is Subject.MOTIF:
        return vocabulary.motif(query.value, tongue.code)
    return label if query.subject is Subject.PREFECTURE else tongue.speech.say("feeds.everything")


def prefecture_href(root: str, code: str) -> str:
    return f"{root}/prefectures/{quote(code, safe='')}"


def chronicle_href(root: str, code: str) -> str:
    return f"{prefecture_href(root, code)}/chronologie"


def _alert(root: str, alert: str) -> str:
    return f"{root}/alerts/{quote(alert, safe='')}"

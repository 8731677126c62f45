"""From alerts to one model of a calendar: the days from which, during which and until which things hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from watcher.core import wording
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.feed import (
    AUTHORITY,
    EMPTY_SINCE,
    FeedQuery,
    alert_page,
    feed_address,
    feed_page,
    feed_title,
    terms,
)
from watcher.core.french import day, known_date, moment
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.summary import passes
from watcher.core.text import squeeze
from watcher.core.verdict import Fact, PartialDate
from watcher.core.weblinks import web_link

PAST = timedelta(days=92)  # a day that was over so long before the newest alert is left out
REFRESH = timedelta(hours=6)  # how often programs are asked to come again
YEARS = range(2000, 2101)  # another year in an announcement is a slip of the pen
LASTING = frozenset({"opening_hours_or_closure", "outage"})  # what fills every day from first to last


class Role(StrEnum):
    """Which day of an alert an event is; part of its id."""

    START = "start"
    END = "end"


class Status(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


_STATUSES = {
    AlertState.UNVERIFIED: Status.TENTATIVE,
    AlertState.CORRECTED: Status.CANCELLED,
    AlertState.RETRACTED: Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Whole days, `last` included; texts are plain."""

    uid: str
    summary: str
    description: str
    link: str  # to the préfecture's page, "" when its address is no web address
    first: date
    last: date
    status: Status
    categories: tuple[str, ...]
    created: datetime
    updated: datetime

    @property
    def sequence(self) -> int:
        """Grows with every revision: the seconds between the first telling and the last."""
        return max(0, int((self.updated - self.created).total_seconds()))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar before it has a format; events are in the order of their days."""

    uid: str
    title: str
    description: str
    address: str  # without what depends on the format
    verified_only: bool
    page: str  # where people read the same
    updated: datetime
    events: tuple[Event, ...]

    @property
    def self_address(self) -> str:
        return feed_address(self.address, "ics", verified_only=self.verified_only)


@dataclass(frozen=True, slots=True)
class _Days:
    role: Role
    first: date
    last: date
    lead: str = ""

    def told_by(self, fact: Fact) -> bool:
        days = {self.first.isoformat(), self.last.isoformat()}
        return not days.isdisjoint({fact.effective_from, fact.effective_to})


@dataclass(frozen=True, slots=True)
class _Pages:
    """What the préfectures took off their pages, by page."""

    removals: Mapping[tuple[str, str], Sequence[tuple[Alert, str]]] = field(default_factory=dict)

    def taken_back(self, alert: Alert, days: _Days, seen: datetime) -> Alert | None:
        """The change later than `seen` that removed what told these days, one that stands if there is."""
        told = [squeeze(fact.sentence) for fact in alert.verdict.facts if days.told_by(fact)]
        found = [
            removal
            for removal, lost in self.removals.get((alert.source, alert.address), ())
            if removal.detected_at > seen and any(one and one in lost for one in told)
        ]
        return min(found, key=lambda removal: removal.state is AlertState.RETRACTED, default=None)


def build_calendar(
    query: FeedQuery,
    alerts: Iterable[Alert],
    vocabulary: Vocabulary,
    base_url: str,
    *,
    verified_only: bool = False,
) -> Calendar:
    """The days of those of `alerts` that `query` wants, given in any order.

    Like a feed it depends on nothing else, the time included. A date known to its month or year only
    is no event. Raises `FeedQueryError` when the query names what the vocabulary does not know.
    """
    base = base_url.rstrip("/")
    label = query.label(vocabulary)
    chosen = _each_once(a for a in alerts if query.matches(a) and (a.trusted or not verified_only))
    pages = _pages(chosen)
    oldest = max((a.detected_at.date() for a in chosen), default=date.max) - PAST
    events = [
        event
        for chain in _chains(chosen)
        for event in _events(chain, pages, vocabulary, base)
        if event.last >= oldest
    ]
    events.sort(key=lambda event: (event.first, event.last, event.uid))
    return Calendar(
        uid=_uid(query.path + ("/verified" if verified_only else "")),
        title=feed_title(label, verified_only=verified_only),
        description="Dates d'effet, fermetures et échéances annoncées par les préfectures pour les titres "
        f"de séjour. {wording.UNOFFICIAL}",
        address=f"{base}/feeds/{query.path}",
        verified_only=verified_only,
        page=feed_page(query, base),
        updated=max((event.updated for event in events), default=EMPTY_SINCE),
        events=tuple(events),
    )


def _each_once(alerts: Iterable[Alert]) -> list[Alert]:
    newest = {alert.id: alert for alert in sorted(alerts, key=lambda a: a.updated_at)}
    return sorted(newest.values(), key=lambda a: (a.detected_at, a.id))


def _pages(alerts: Iterable[Alert]) -> _Pages:
    removals = defaultdict(list)
    for alert in alerts:
        if alert.kind is not ChangeKind.ADDED:
            gone = alert.kind is ChangeKind.WITHDRAWN
            lost = squeeze(f"{alert.before}\n{alert.summary}" if gone else alert.before)
            removals[alert.source, alert.address].append((alert, lost))
    return _Pages(removals)


def _days(alert: Alert) -> Iterator[_Days]:
    """One event for what lasts, else one for each end that is known to the day."""
    if alert.kind is ChangeKind.WITHDRAWN:
        return  # what was removed announces nothing
    verdict = alert.verdict
    start, end = _exact(verdict.effective_from), _exact(verdict.effective_to)
    lasts = not LASTING.isdisjoint(verdict.categories)
    if start and end and (start == end or (lasts and start < end)):
        yield _Days(Role.START, start, end)
        return
    if start:
        yield _Days(Role.START, start, start, "" if passes(verdict) else "Dès ce jour : ")
    if end:
        yield _Days(Role.END, end, end, "Dernier jour : ")


def _exact(value: PartialDate | None) -> date | None:
    """The day, when it is known to the day and exists."""
    known = known_date(value)
    if known is None or len(known) < 10:
        return None
    try:
        found = date.fromisoformat(known)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _chains(alerts: Iterable[Alert]) -> Iterable[Sequence[Alert]]:
    """Alerts about one change, each of which took the place of the one before."""
    chains: dict[str, list[Alert]] = {}
    for alert in alerts:
        chains.setdefault(alert.root, []).append(alert)
    return chains.values()


def _events(chain: Sequence[Alert], pages: _Pages, vocabulary: Vocabulary, base: str) -> Iterator[Event]:
    """The days that the last of a chain tells, and, cancelled, those that only others before it had told.

    All are as old as the first, so that calendars that have them already move them.
    """
    seen, told = chain[0].detected_at, set()
    for alert in reversed(chain):
        for days in _days(alert):
            if days.role in told:
                continue
            told.add(days.role)
            event = replace(_event(alert, days, vocabulary, base), created=seen)
            removal = pages.taken_back(alert, days, seen)
            if alert is not chain[-1]:
                yield replace(
                    event, status=Status.CANCELLED, updated=max(event.updated, chain[-1].updated_at)
                )
            else:
                yield _revised(event, removal) if removal else event


def _event(alert: Alert, days: _Days, vocabulary: Vocabulary, base: str) -> Event:
    link = web_link(alert.address)
    return Event(
        uid=_uid(f"alert-{quote(alert.root, safe='')}-{days.role}"),
        summary=f"{_place(alert, vocabulary)} – {days.lead}{wording.marked_title(alert)}",
        description=_description(alert, vocabulary, alert_page(base, alert.id)),
        link=link.href if link else "",
        first=days.first,
        last=days.last,
        status=_STATUSES.get(alert.state, Status.CONFIRMED),
        categories=tuple(one_line(term.label, 80) for term in terms(alert, vocabulary)),
        created=alert.detected_at,
        updated=max(alert.updated_at, alert.detected_at),
    )


def _revised(event: Event, removal: Alert) -> Event:
    """An event whose sentence was found to be no longer on the page."""
    updated = max(event.updated, removal.updated_at)
    if removal.state is AlertState.RETRACTED:
        return replace(event, updated=updated)  # a revision too: what was said in between must give way
    doubtful = removal.state is AlertState.UNVERIFIED
    seen = f"Depuis le {moment(removal.detected_at)}, la page de la préfecture ne dit plus cela"
    note = f"{seen}{' (changement non vérifié)' if doubtful else ''}. Reportez-vous à la page officielle."
    place, dash, rest = event.summary.partition(" – ")
    status = Status.TENTATIVE if doubtful and event.status is not Status.CANCELLED else Status.CANCELLED
    return replace(
        event,
        summary=f"{place}{dash}{'À vérifier' if doubtful else 'Annulé'} : {rest}",
        description=f"{note}\n\n{event.description}",
        status=status,
        updated=updated,
    )


def _place(alert: Alert, vocabulary: Vocabulary) -> str:
    """``15 Cantal``: a calendar shows the first words only."""
    known = vocabulary.prefectures.get(alert.prefecture)
    return one_line(f"{alert.prefecture} {known.name if known else ''}", 80)


def _description(alert: Alert, vocabulary: Vocabulary, page: str) -> str:
    link = web_link(alert.address)
    quoted = wording.sentences(alert)
    text = wording.text(alert)
    dated = f", page datée du {day(alert.published)}" if alert.published else ""
    place = one_line(vocabulary.place(alert.prefecture))
    blocks = [
        "\n".join(wording.notes(alert, vocabulary)),
        wording.line(alert, vocabulary),
        *(f"« {sentence} »" for sentence in quoted),
        f"Avant :\n{wording.text_before(alert)}" if alert.before.strip() else "",
        "" if one_line(text) in quoted else text,
        f"Page officielle : {link.href}" if link else "",
        f"Cette alerte sur Vigie préfectures : {page}",
        f"{wording.UNOFFICIAL} Source : préfecture – {place}{dated}, "
        f"vue le {moment(alert.detected_at)} (heure de Paris). {wording.LICENCE}",
    ]
    return "\n\n".join(block for block in blocks if block)


def _uid(path: str) -> str:
    """Like a feed's ids it outlives titles and addresses, the site's own included."""
    return f"{path}@{AUTHORITY.partition(',')[0]}"

"""What a mail says, before it is text or HTML: every word cleaned, every link checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from notifiers.letterhead import MARK
from notifiers.render.texts import Texts
from watcher.core import corrections, english, french, summary, wording
from watcher.core.alerts import Alert
from watcher.core.changes import ChangeKind
from watcher.core.feed import alert_page
from watcher.core.labels import Vocabulary
from watcher.core.language import Language
from watcher.core.notices import OVER
from watcher.core.outbox import DigestRun
from watcher.core.printable import one_line
from watcher.core.text import clean
from watcher.core.verdict import Verdict
from watcher.core.weblinks import web_link

QUOTES, QUOTE, SHOWN = 4, 600, 200
_LINE = 400


@dataclass(frozen=True, slots=True)
class Link:
    """`href` is "" for an address that must not be a link: then only `shown` says it."""

    label: str
    href: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One alert."""

    line: str  # "" where the heading of the mail is its line
    notes: tuple[str, ...]  # how far it may be relied upon, and what was wrong before
    facts: tuple[str, ...]
    quotes: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`name` is the préfecture of a digest's part, or ""."""

    name: str
    alerts: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A paragraph with the link that it speaks of."""

    text: str
    label: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    language: str
    subject: str
    heading: str
    opening: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    letters: tuple[LetterPart, ...] = ()
    foot: tuple[str, ...] = ()
    foot_links: tuple[Link, ...] = ()

    @property
    def colon(self) -> str:
        return "\u00a0: " if self.language == "fr" else ": "


def slot(name: str) -> str:
    mark = MARK.decode("ascii")
    return f"{mark}{name}{mark}"


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts alerts into the words of one language."""

    vocabulary: Vocabulary
    language: Language
    texts: Texts
    base_url: str

    def told(self, alert: Alert, *, placed: bool, brief: bool) -> Told:
        """`placed` where the place is said above; `brief` leaves what is one click away."""
        return Told(
            line=self.news(alert) if placed else self.line(alert),
            notes=wording.notes(alert, self.vocabulary, self.language.code),
            facts=() if brief else tuple(self._facts(alert)),
            quotes=() if brief else self._quotes(alert),
            links=tuple(self._links(alert)),
        )

    def line(self, alert: Alert) -> str:
        """``Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne``"""
        told = self.language.say("line", place=self.place(alert.prefecture), told=self._marked(alert))
        return clean(told, _LINE)

    def news(self, alert: Alert) -> str:
        """``À compter du 1er octobre 2025, rendez-vous en ligne``"""
        told = clean(self._marked(alert), _LINE)
        return told[:1].upper() + told[1:]

    def _marked(self, alert: Alert) -> str:
        return corrections.marked(alert, summary.news(alert, self.language), self.language)

    def place(self, code: str) -> str:
        return one_line(self.vocabulary.place(code), 80)

    def window(self, run: DigestRun, zone: str) -> str:
        """``Du 21 novembre 2026 à 7 h 00 au 22 novembre 2026 à 7 h 00 (heure de Paris)``"""
        city = zone.rpartition("/")[2].replace("_", " ")
        return self.texts["digest"]["window"].format(
            start=self._moment(run.starts_at, zone),
            end=self._moment(run.ends_at, zone),
            zone=self.texts["digest"]["zone"].format(city=city),
        )

    def _moment(self, moment: datetime, zone: str) -> str:
        local = moment.astimezone(ZoneInfo(zone))
        manners = english if self.language.code == "en" else french
        day = manners.day(local.date())
        return self.texts["digest"]["moment"].format(day=day, hour=local.hour, minute=local.minute)

    def _facts(self, alert: Alert) -> Iterator[str]:
        texts = self.texts["alert"]
        if alert.kind is ChangeKind.WITHDRAWN:
            yield texts["gone"]
        elif alert.state not in OVER:
            yield from self._what_holds(alert.verdict)
        if alert.published:
            manners = english if self.language.code == "en" else french
            yield texts["published"].format(day=manners.day(alert.published))

    def _what_holds(self, verdict: Verdict) -> Iterator[str]:
        texts = self.texts["alert"]
        when = summary.period(verdict.effective_from, verdict.effective_to, self.language)
        if when:
            yield texts["when"].format(when=when)
        if verdict.channel_before:
            yield texts["before"].format(channel=one_line(self.language.channel(verdict.channel_before), 120))
        if verdict.channel_after:
            yield texts["after"].format(channel=one_line(self.language.channel(verdict.channel_after), 120))

    def _quotes(self, alert: Alert) -> tuple[str, ...]:
        """The sentences that carry the facts; where there is none, the first words of the text."""
        found = [clean(sentence, QUOTE) for sentence in wording.sentences(alert)[:QUOTES]]
        found = found or [one_line(clean(alert.summary, 2 * wording.GIST), wording.GIST)]
        return tuple(quote for quote in found if quote)

    def _links(self, alert: Alert) -> Iterator[Link]:
        texts, ours = self.texts["alert"], alert_page(self.base_url, alert.id)
        link = web_link(alert.address)
        if link:
            yield Link(texts["official_on"].format(host=link.host), link.href)
        elif alert.address:
            yield Link(texts["unlinked"], "", clean(alert.address, SHOWN))
        yield Link(texts["ours"], ours)
        if alert.corrects:
            yield Link(texts["corrects_link"], alert_page(self.base_url, alert.corrects))


def groups(teller: Teller, alerts: Sequence[Alert], *, by_place: bool, brief: bool) -> tuple[Group, ...]:
    """A digest is in the order of the départements; what is told at once in that of the message.

    Of a single alert the line is left out: it is the heading.
    """
    if not by_place:
        told = tuple(teller.told(alert, placed=False, brief=brief) for alert in alerts)
        return (Group("", told if told[1:] else (replace(told[0], line=""),)),)
    found: dict[str, list[Told]] = {}
    for alert in sorted(alerts, key=lambda one: one.prefecture):
        found.setdefault(teller.place(alert.prefecture), []).append(
            teller.told(alert, placed=True, brief=brief)
        )
    return tuple(Group(name, tuple(told)) for name, told in found.items())

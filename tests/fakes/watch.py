"""A whole watch around a scripted web: real store, real layouts, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from storage.store import SqlStore
from tests.fakes.alerts import StillClock
from tests.fakes.web import GUIDE, HOST, LIST, Card, ScriptedWeb, article_page, list_page
from watcher import layouts
from watcher.core.alerts import Alert
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.changes import Change
from watcher.core.items import Extraction
from watcher.core.ports import Layout, Reader
from watcher.core.state import SourceState
from watcher.core.tempo import Tempo
from watcher.core.verdict import Notice, Reason, Route, Verdict
from watcher.layouts.article import read_article
from watcher.pacing import Pacer
from watcher.poll import Polled, poll
from watcher.tempi import Tempi
from watcher.visit import Tools

START = datetime(2025, 9, 8, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWS = Source("15-actualites", "15", SourceKind.NEWS, LIST, "dsfr", "ide", HOUR)
SEJOUR = Source("15-sejour", "15", SourceKind.PAGE, GUIDE, "content", "ide", 6 * HOUR)
OWNER = "here/1/1"


class PlainReader:
    """Understands three words: « préfecture » is for a human, « séjour » is told, anything else is muted.

    Its reasons repeat the text that it was given, so that a test sees what was read.
    """

    def read(self, notice: Notice) -> Verdict:
        text = f"{notice.title}\n{notice.body}".lower()
        doubtful, told = "préfecture" in text, "séjour" in text
        return Verdict(
            categories=("rdv_modality",) if told or doubtful else ("unrelated",),
            is_change=told,
            confidence=0.5 if doubtful else 0.9,
            route=Route.REVIEW if doubtful else Route.PUBLISH if told else Route.MUTE,
            motifs=("salarie",) if told else (),
            reasons=(
                Reason("body", notice.body),
                Reason("before", notice.before or ""),
                Reason("links", " ".join(link.ident for link in notice.links)),
                Reason("links_before", " ".join(link.ident for link in notice.links_before)),
            ),
        )


@dataclass
class StoppableClock(StillClock):
    """`stopping` cuts every wait short, as a process that is asked to end does."""

    stopping: bool = False

    def wait(self, span: timedelta) -> bool:
        if not self.stopping:
            self.time += span
        return self.stopping


@dataclass
class Retitling:
    """The next version of a layout: it reads every title in another way."""

    name: str
    version: int = 2

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        found = layouts.get(self.name).extract(html, address, options)
        items = tuple(replace(item, title=f"[2] {item.title}") for item in found.items)
        return replace(found, items=items, version=self.version)


@dataclass
class Watch:
    """`poll` reads a source now; `later` lets time pass first."""

    store: SqlStore
    sources: tuple[Source, ...] = (NEWS, SEJOUR)
    clock: StoppableClock = field(default_factory=lambda: StoppableClock(START))
    layout: Callable[[str], Layout] = layouts.get
    owner: str = OWNER
    brake: Brake = field(default_factory=Brake)
    reader: Reader = field(default_factory=PlainReader)
    learns: bool = False  # when to look; else each source is read in its interval

    def __post_init__(self) -> None:
        platforms = {
            name: Platform(name, timedelta(seconds=7), 0.3, self.brake)
            for name in {source.platform for source in self.sources}
        }
        codes = {source.prefecture for source in self.sources}
        self.catalogue = Catalogue(
            platforms=platforms,
            prefectures={code: Prefecture(code, code, HOST) for code in codes},
            sources={source.id: source for source in self.sources},
        )
        self.web = ScriptedWeb(self.clock)
        self.store.register(self.sources, self.clock.now())
        self.start()

    def start(self) -> None:
        """Begin with nothing remembered but what the store knows."""
        self.pacer = Pacer(self.catalogue, self.clock, lambda: 0.0)
        self.web.before_request = self.pacer.before_request
        self.tempi = Tempi(self.catalogue, self.store.states, self.pacer, self.clock)

    @property
    def tools(self) -> Tools:
        return Tools(
            store=self.store,
            fetcher=self.web,
            layout=lambda name: self.layout(name),
            read_article=read_article,
            reader=self.reader,
            clock=self.clock,
            pacer=self.pacer,
            random=lambda: 0.0,
            owner=self.owner,
            tempo=self._tempo,
        )

    def _tempo(self, source: Source) -> Tempo | None:
        return self.tempi.of(source) if self.learns else None

    def poll(self, source: Source = NEWS) -> Polled:
        return poll(self.tools, source, self.tools.store)

    def later(self, span: timedelta = HOUR, source: Source = NEWS) -> Polled:
        self.clock.time += span
        return self.poll(source)

    def show(self, shown: Iterable[Card], *, nonce: str = "n") -> None:
        """The news list, and a page for each of its items that has none yet."""
        shown = list(shown)
        self.web.show(LIST, list_page(shown, nonce=nonce))
        self.write(*shown)

    def write(self, *items: Card) -> None:
        for item in items:
            if item.address not in self.web.replies:
                self.web.show(item.address, article_page(item.title, f"Le texte de : {item.title}."))

    def state(self, source: Source = NEWS) -> SourceState:
        return self.store.states()[source.id]

    def known(self, source: Source = NEWS) -> list[str]:
        """Titles of the baseline, in its order."""
        snapshot = self.store.latest_snapshot(source.id)
        return [item.title for item in snapshot.items] if snapshot else []

    def alerts(self) -> list[Alert]:
        """Oldest first."""
        return list(self.store.alerts())[::-1]

    def problems(self) -> list[tuple[str, str]]:
        return [(problem.subject, str(problem.kind)) for problem in self.store.problems()]


def changes(polled: Polled) -> tuple[Change, ...]:
    """What a poll found."""
    return polled.plan.changes if polled.plan else ()


def told(polled: Polled) -> list[tuple[str, str]]:
    """What a poll found worth telling or muting: kind and title."""
    return [(str(change.kind), change.item.title) for change in changes(polled)]


def said(polled: Polled, rule: str = "body") -> list[str]:
    """The texts that the reader was given for the changes of a poll."""
    plan = polled.plan
    verdicts = [plan.verdicts[change.id] for change in plan.changes] if plan else []
    return [next(r.words for r in verdict.reasons if r.rule == rule) for verdict in verdicts]


def other(number: int, platform: str = "ide") -> Source:
    """A list of another préfecture's host."""
    address = f"https://www.site{number}.gouv.fr/Actualites"
    return replace(
        NEWS, id=f"{number:02}-actualites", prefecture=f"{number:02}", url=address, platform=platform
    )

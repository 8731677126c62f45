"""A small life of the whole program, in acts: sign-ups, news, a bad page, somebody who leaves, a morning's digest.

Everything in it is the program's own; only time is played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from prove.crash.outside import HOOK, Outside
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.web import GUIDE, HOST, LIST, MAINTENANCE, Card, article_page, cards, guide_page, list_page
from watcher.bootstrap import App, open_app, open_tools, ship_rules
from watcher.bootstrap_telling import open_deliverer, subscribing, web_hooks
from watcher.clock import SystemClock
from watcher.core.ports_outgoing import Purpose
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Cadence, Choices, EndReason
from watcher.deliver import Deliverer
from watcher.mail_settings import MailServer
from watcher.rounds import run_round
from watcher.settings import Settings
from watcher.visit import Tools

START = datetime(2025, 9, 8, 6, 0, tzinfo=UTC)


def address_of(name: str) -> str:
    return f"{name}@canari-{name}.example"


ANNE, BOB, CARL, DORA = map(address_of, ("anne", "bob", "carl", "dora"))

_FIRST = Card("Titres de séjour : prise de rendez-vous en ligne obligatoire", date(2025, 9, 8), path="A")
_LAST = Card("Étrangers malades : dépôt des demandes sur l'ANEF", date(2025, 9, 8), path="B")
_TEXTS = {
    "A": "À compter du 15 septembre 2025, les demandes de titre de séjour « salarié » se font uniquement sur "
    "rendez-vous, à prendre en ligne.",
    "B": "À compter du 1er octobre 2025, les demandes de titre de séjour « étranger malade » s'effectuent "
    "exclusivement en ligne sur le site de l'ANEF.",
}
_BEFORE = "Les demandes de titre de séjour « étudiant » se déposent au guichet de la préfecture."
_AFTER = (
    "À partir du 1er octobre 2025, les demandes de titre de séjour « étudiant » se déposent uniquement par "
    "courrier."
)
TRUTH = (("added", "/Actualites/A"), ("edited", "/Demarches/Etrangers"), ("added", "/Actualites/B"))
"""What readers must be told of, each once: what kind of change, and of which page."""


class TickingClock(SystemClock):
    """A millisecond passes at each look, so that nothing happens at the same moment; nobody ever waits."""

    def __init__(self, time: datetime) -> None:
        super().__init__()
        self._time = time
        self._lock = Lock()

    def now(self) -> datetime:
        return self.reach(self._time + timedelta(milliseconds=1))

    def wait(self, span: timedelta) -> bool:
        self.reach(self._time + max(span, timedelta(0)))
        return self.stop.is_set()

    def reach(self, time: datetime) -> datetime:
        with self._lock:
            self._time = max(self._time, time)
            return self._time


@dataclass(frozen=True, slots=True)
class Site:
    """The préfecture's pages as they are in one act."""

    base: str
    shown: Sequence[Card] = ()
    guide: str = _BEFORE
    down: bool = False

    def page(self, path: str) -> bytes | None:
        if path == "/robots.txt":
            return None
        return self._said(f"{HOST}{path}").replace(HOST, self.base).encode()

    def _said(self, address: str) -> str:
        if self.down:
            return MAINTENANCE
        if address == LIST:
            return list_page([*self.shown, *cards(9, 9)])
        if address == GUIDE:
            return guide_page(("Étudiant", [self.guide]), ("Adresse", ["2 cours Monthyon."]))
        name = address.rpartition("/")[2]
        return article_page(name, _TEXTS.get(name, f"Le texte de {name}."))


@dataclass
class Living:
    """One process."""

    app: App
    tools: Tools
    deliverer: Deliverer

    def poll(self) -> None:
        run_round(self.tools, self.app.catalogue.sources.values(), lambda _: None)

    def send(self) -> None:
        for way in self.deliverer.ways:
            self.deliverer.tick(way)

    def watch(self) -> None:
        self.poll()
        self.send()

    def carl_confirms(self) -> None:
        """By the link in his letter; whoever got no answer clicks again."""
        for signup in self.app.subscriptions.signups(self.app.vault.seal(CARL, "").index):
            token = self.app.vault.token(Purpose.CONFIRM, signup.id, self.app.clock.now() + CONFIRM_FOR)
            subscribing(self.app).confirm(token)

    def bob_leaves(self) -> None:
        token = self.app.vault.token(Purpose.UNSUBSCRIBE, "bob")
        subscribing(self.app).leave(Purpose.UNSUBSCRIBE, token, EndReason.ONE_CLICK)


@dataclass(frozen=True, slots=True)
class Act:
    name: str
    after: timedelta  # the beginning
    play: Callable[[Living], None]
    changes: dict[str, Any] = field(default_factory=dict)  # of the site


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


ACTS = (
    Act("letters", _minutes(1), Living.send),
    Act("a confirmation", _minutes(2), Living.carl_confirms),
    Act("news", _minutes(60), Living.watch, {"shown": (_FIRST,)}),
    Act("an edited guide", _minutes(120), Living.watch, {"guide": _AFTER}),
    Act("somebody leaves", _minutes(150), Living.bob_leaves),
    Act("a bad page", _minutes(180), Living.watch, {"down": True}),
    Act("more news", _minutes(240), Living.watch, {"shown": (_LAST, _FIRST), "down": False}),
    Act("the next morning", timedelta(days=1), Living.watch),
    Act("nothing new", timedelta(days=1, minutes=50), Living.watch),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where lives are lived: a directory, and what is outside."""

    folder: Path
    outside: Outside
    every: str = "15m"  # each page is read

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.outside.web_port}"

    def site(self, act: int) -> Site:
        """As it is from the beginning of an act; -1: before the first."""
        site = Site(self.base)
        for one in ACTS[: act + 1]:
            site = replace(site, **one.changes)
        return site

    def settings(self, database: str) -> Settings:
        sources = self.folder / "sources.yaml"
        if not sources.exists():
            sources.write_text(
                _SOURCES.replace(HOST, self.base).replace("EVERY", self.every), encoding="utf-8"
            )
        return Settings(
            sources=sources,
            database=database,
            allow_private=True,
            public_url="https://vigie.example",
            smtp=MailServer("smtp", "127.0.0.1", self.outside.mail_port),
            mail_from="Vigie <vigie@vigie.example>",
            key_file=self.folder / "vigie.key",
        )


_SOURCES = f"""\
platforms:
  ide: {{gap: 0s, jitter: 0.0, brake: {{after: 99, for: 1m}}}}
defaults: {{platform: ide, every: EVERY, layout: dsfr}}
prefectures:
  "15":
    name: Cantal
    home: {HOST}/
    pages:
      - {{id: 15-actualites, kind: news, url: '{LIST}'}}
      - {{id: 15-sejour, kind: page, url: '{GUIDE}', layout: content}}
"""


@contextmanager
def one_process(stage: Stage, database: str, clock: SystemClock) -> Iterator[Living]:
    """One that works on this database from now on."""
    with (
        open_app(stage.settings(database), clock) as app,
        open_tools(app) as tools,
        open_deliverer(app) as deliverer,
    ):
        yield Living(app, tools, deliverer)


def live(stage: Stage, database: str, acts: Sequence[int], begun: Callable[[int], None]) -> None:
    """These acts, in one process; `begun` is told of each before it begins."""
    clock = TickingClock(START + ACTS[acts[0]].after)
    with one_process(stage, database, clock) as living:
        for number in acts:
            begun(number)
            clock.reach(START + ACTS[number].after)
            ACTS[number].play(living)


def prepare(stage: Stage, database: str, readers: Sequence[str] = ()) -> None:
    """What there is before the first act: baselines, subscribers, and two who signed up. `readers` are names of more
    people, who want everything at once.
    """
    stage.outside.answer = stage.site(-1).page
    clock = TickingClock(START)
    with one_process(stage, database, clock) as living:
        app = living.app
        ship_rules(app)
        living.poll()
        for name, address, cadence in (
            ("anne", ANNE, Cadence.NOW),
            ("bob", BOB, Cadence.NOW),
            ("dora", DORA, Cadence.DAILY),
            *((name, address_of(name), Cadence.NOW) for name in readers),
        ):
            known = subscriber(name, recipient=app.vault.seal(address, name), at=START, cadence=cadence)
            subscribe(app.store, known)
        subscribing(app).ask(CARL, Choices(), "1-fr")
        web_hooks(app).register(f"{stage.base}{HOOK}", Choices(), "1-fr")

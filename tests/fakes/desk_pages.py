"""The desk's pages over a real database, and people in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from storage.decision_store import SqlDesk
from storage.discovery_store import SqlDiscovery
from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.rule_store import SqlRules
from storage.store import SqlStore
from storage.user_store import SqlUsers
from tests.fakes.alerts import BASE, SEEN, SENTENCE, VOCABULARY, StillClock, alert, catalogue, verdict
from tests.fakes.passwords import QuickPasswords
from tests.fakes.web import article_page
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import Change
from watcher.core.filing import Rule
from watcher.core.filing_store import Origin
from watcher.core.items import Item, ItemKind
from watcher.core.page import Outcome, Page, Validators
from watcher.core.site_proposals import SiteProposal
from watcher.core.state import PollPlan, Problem, SourceState
from watcher.core.users import Role, User
from watcher.core.verdict import Fact, Notice, PartialDate, Reason, Route
from watcher.entrance import Entrance, Welcome
from watcher.review import Review
from watcher.rulebook import CachedRules, Proposing
from watcher.site_review import SiteReview
from watcher.web.app import create_app
from watcher.web.desk_site import DeskPages

TITLE = "Prise de rendez-vous en ligne pour les salariés"
OFFER = "À compter du 1er octobre 2025, les salariés prennent rendez-vous en ligne."
PASSWORD = "une phrase assez longue"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


def flagged(number: int = 0, **changes: object) -> Alert:
    """The Cantal's announcement as it waits for a person, with a fact that suggests a rule."""
    values: dict[str, object] = {
        "state": AlertState.UNVERIFIED,
        "title": TITLE,
        "summary": f"{OFFER} {SENTENCE}",
        "verdict": verdict(
            route=Route.REVIEW,
            confidence=0.62,
            motifs=("salarie",),
            facts=(
                Fact(
                    OFFER,
                    motifs=("salarie",),
                    channel_after="rdv_en_ligne",
                    effective_from=PartialDate("2025-10-01"),
                ),
                Fact(SENTENCE),
            ),
            reasons=(Reason("rdv_modality", "rendez-vous en ligne"), Reason("salarie", "salariés")),
        ),
        **changes,
    }
    return alert(number, **values)


class Bureau:
    """A desk over a new database."""

    def __init__(self, folder: Path, base: str = BASE) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'vigie.db'}")
        upgrade(self.engine)
        self.clock = StillClock(SEEN + timedelta(hours=5))
        self.store, self.rules = SqlStore(self.engine), SqlRules(self.engine)
        self.desk, self.users = SqlDesk(self.engine), SqlUsers(self.engine)
        self.entrance = Entrance(self.users, QuickPasswords(), self.clock)
        self.propose = Proposing(self.rules, lambda: None, self.clock)
        self.review = Review(self.desk, self.store.alerts, self.propose, self.clock, VOCABULARY)
        self.discovery = SqlDiscovery(self.engine)
        self.written: list[SiteProposal] = []
        self.sites = SiteReview(self.discovery, self.written.append, self.clock)
        self.base = base
        self.store.register(catalogue().sources.values(), SEEN)
        self._readings: dict[str, int] = {}

    def app(self) -> FastAPI:
        return create_app(
            self.store,
            catalogue(),
            vocabulary=VOCABULARY,
            base_url=self.base,
            clock=self.clock,
            health=list,
            rules=CachedRules(self.rules),
            entrance=self.entrance,
            desk=DeskPages(self.review, self.store.evidence, self.sites),
            read_only=read_only,
        )

    def tell(self, *alerts: Alert, body: str = "") -> None:
        """As polls that found each of them, on a page with this `body`."""
        for one in alerts:
            self._poll(one, body or article_page(one.title, *one.summary.split("\n")))

    def _poll(self, one: Alert, html: str) -> None:
        card = Item(ItemKind.CARD, one.address, one.title, one.address, one.summary, one.published)
        page = Page(
            one.address, one.address, 200, html.encode(), "text/html", "utf-8", Validators(), one.detected_at
        )
        saved = self.store.save(
            PollPlan(
                one.source,
                Outcome.OK,
                SourceState(one.source, self.clock.now(), Outcome.OK, one.detected_at, one.detected_at),
                self._readings.get(one.source, 0),
                page=page,
                changes=(Change(one.id, one.source, one.kind, None, card, one.detected_at),),
                notices={one.id: Notice(one.title, one.summary, one.prefecture, one.published)},
                verdicts={one.id: one.verdict},
                alerts=(one,),
                proposals=self.propose([one]),
            )
        )
        assert saved

    def bring(self, *rules: Rule) -> None:
        self.rules.bring(rules, self.clock.now(), Origin.IMPORTED)

    def open_problem(self, *problems: Problem) -> None:
        self.store.note_problems(problems, (), self.clock.now())

    def group(self, codes: Iterable[str] = ("15", "2A", "69"), start: int = 10) -> list[Alert]:
        """The same text in several préfectures."""
        made = [
            flagged(
                start + place,
                prefecture=code,
                source=f"{code}-actualites",
                group="g1",
                title=f"{TITLE} (groupe)",
            )
            for place, code in enumerate(codes)
        ]
        self.tell(*made)
        return made

    def welcome(self, name: str, role: Role = Role.REVIEWER) -> str:
        """Somebody new enters; the token of their session."""
        hashed = QuickPasswords().hash(PASSWORD)
        self.users.add_user(User(name, role, hashed, self.clock.now()), "admin")
        welcome = self.entrance.log_in(name, PASSWORD, "192.0.2.1")
        assert isinstance(welcome, Welcome)
        return welcome.token


@dataclass
class Person:
    """Somebody at the desk, whose browser says where forms come from."""

    portal: BlockingPortal
    app: FastAPI
    token: str

    def ask(self, path: str) -> httpx.Response:
        return self.portal.call(self._ask, path)

    def send(self, path: str, fields: Iterable[tuple[str, str]]) -> httpx.Response:
        return self.portal.call(self._send, path, [("token", self.form_token()), *fields])

    def form_token(self) -> str:
        token: str = _TOKEN.findall(self.ask("/desk").text)[0]
        return token

    async def _ask(self, path: str) -> httpx.Response:
        async with self._client() as client:
            return await client.get(path)

    async def _send(self, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            "origin": BASE,
        }
        async with self._client() as client:
            return await client.post(path, content=urlencode(fields).encode(), headers=headers)

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        cookie = {"cookie": f"__Host-vigie-desk={self.token}"}
        return httpx.AsyncClient(transport=transport, base_url=BASE, headers=cookie)


@dataclass
class Office:
    """A desk and whoever comes to it."""

    bureau: Bureau
    portal: BlockingPortal
    app: FastAPI

    def person(self, name: str = "ana", role: Role = Role.REVIEWER) -> Person:
        return Person(self.portal, self.app, self.bureau.welcome(name, role))


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    bureau = Bureau(folder)
    with start_blocking_portal() as portal:
        yield Office(bureau, portal, bureau.app())
    bureau.engine.dispose()

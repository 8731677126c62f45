"""The site with everything it can have, over one database that can be compared with itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fastapi.routing import iter_route_contexts

from storage.engine import read_only
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE, VOCABULARY, catalogue
from tests.fakes.desk_pages import PASSWORD, Bureau, flagged
from tests.fakes.discovery import FOUND
from tests.fakes.passwords import QuickPasswords
from tests.integration.web.maintainer import Maintainer
from tests.integration.web.visitor import Visitor, visiting
from watcher.core.decisions import Action, Carried, Order
from watcher.core.users import Role, User
from watcher.rulebook import CachedRules
from watcher.subscribe import Subscribing
from watcher.vault import open_vault
from watcher.web.api_door import Below, Door
from watcher.web.app import create_app
from watcher.web.bounce_routes import Bounces
from watcher.web.demo_view import DemoEvent
from watcher.web.desk_site import DeskPages
from watcher.webhooks import Webhooks

NEW_PASSWORD = "deux phares dans la brume"
READING = frozenset({"GET", "HEAD"})
STAFF = {
    "ana": Role.ADMIN,
    "remi": Role.REVIEWER,
    "lea": Role.READER,
    "gone": Role.ADMIN,
    "zoe": Role.READER,
}


@dataclass(frozen=True)
class Still:
    """A demonstration at its beginning."""

    time: datetime
    silent: bool = False
    step: int = 0
    steps: int = 10
    events: Sequence[DemoEvent] = ()


@dataclass
class WholeSite:
    bureau: Bureau
    visitor: Visitor
    routes: Mapping[str, frozenset[str]]  # the methods of each path
    database: Path
    decision: int = 0  # one that can be undone
    names: dict[str, str] = field(default_factory=dict)  # what stands for the variables of paths
    _browsers: int = 0
    _inside: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)

    def inside(self, name: str) -> tuple[Maintainer, str]:
        """A browser of somebody's only session, as long as nobody ends it, and the token of its forms."""
        if name not in self._inside:
            browser = self.browser(name)
            self._inside[name] = browser.cookies, browser.token()
        cookies, token = self._inside[name]
        return Maintainer(self.visitor, cookies=dict(cookies)), token

    def browser(self, name: str = "") -> Maintainer:
        """Of somebody inside, unless there is no name. Each has an address of its own."""
        self._browsers += 1
        browser = Maintainer(self.visitor, f"198.51.100.{self._browsers % 250}")
        if name:
            entered = browser.log_in(name, PASSWORD)
            assert entered.status_code == 303, entered.text
        return browser

    def content(self) -> list[str]:
        """All that the database holds."""
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.iterdump())

    def form(self, route: str) -> list[tuple[str, str]]:
        """What an action of the desk takes, but for the token."""
        case = self.bureau.review.case(flagged(0).id)
        assert case is not None
        own = [("old", PASSWORD), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)]
        newcomer = [("name", "max"), ("role", "admin"), ("password", PASSWORD)]
        decision = [("action", "verify"), ("alert", case.alert.id), ("seen", case.version), ("last", "0")]
        return {
            "/desk/password": own,
            "/desk/users": newcomer,
            "/desk/users/{name}/role": [("role", "admin")],
            "/desk/alerts/{alert}": decision,
            "/desk/undo": [("numbers", str(self.decision))],
            "/desk/problems": [("source", case.alert.source)],
            "/desk/sources": [("proposal", FOUND.id), ("action", "accept")],
        }.get(route, [])

    def path(self, route: str) -> str:
        return route.format(**self.names)


@contextmanager
def whole_site(folder: Path) -> Iterator[WholeSite]:
    bureau = Bureau(folder)
    bureau.tell(flagged(0), flagged(1))
    bureau.discovery.propose("", [FOUND], bureau.clock.now())
    for name, role in STAFF.items():
        hashed = QuickPasswords().hash(PASSWORD)
        bureau.users.add_user(User(name, role, hashed, bureau.clock.now()), "root")
    subscriptions, outbox = SqlSubscriptions(bureau.engine), SqlOutbox(bureau.engine)
    vault = open_vault(folder / "vigie.key")
    app = create_app(
        bureau.store,
        catalogue(),
        vocabulary=VOCABULARY,
        base_url=BASE,
        clock=bureau.clock,
        health=list,
        demo=Still(bureau.clock.now()),
        webhooks=Webhooks(subscriptions, vault, bureau.clock),
        subscribing=Subscribing(subscriptions, outbox, vault, bureau.clock),
        outbox=outbox,
        bounces=Bounces(lambda mail: None, b"a secret of theirs"),
        rules=CachedRules(bureau.rules),
        entrance=bureau.entrance,
        desk=DeskPages(bureau.review, bureau.store.evidence, bureau.sites),
        read_only=read_only,
        listing=bureau.store.listing,
    )
    routes: dict[str, frozenset[str]] = {}
    for context in iter_route_contexts([*app.routes, *_below(app.routes)]):
        if context.path is not None:
            told = routes.get(context.path, frozenset())
            routes[context.path] = told | frozenset(context.methods or ())
    with visiting(app) as visitor:
        names = dict(_NAMES, alert=flagged(0).id)
        yield WholeSite(bureau, visitor, routes, folder / "vigie.db", _verified(bureau), names)
    bureau.engine.dispose()


def _verified(bureau: Bureau) -> int:
    """The number of a decision about the second alert."""
    case = bureau.review.case(flagged(1).id)
    assert case is not None
    carried = bureau.review.decide(Order(Action.VERIFY, (case.alert.id,), case.version, "remi"))
    assert isinstance(carried, Carried)
    return carried.decisions[0].number


def _below(routes: Sequence[object]) -> Iterator[object]:
    """The routes of what answers for everything below a path."""
    for route in routes:
        if isinstance(route, Below):
            assert isinstance(route._app, Door)
            yield from route._app._app.routes  # type: ignore[attr-defined]


_NAMES = {
    "alert_id": flagged(0).id,
    "code": "15",
    "prefecture": "15",
    "motif": "salarie",
    "subject": "prefecture",
    "value": "15",
    "extension": "atom",
    "token": "no-token-of-ours",
    "name": "zoe",
}

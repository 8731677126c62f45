"""What every route needs to know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from fastapi import HTTPException, Request, Response

from watcher.core.alerts import AlertState
from watcher.core.catalogue import Catalogue
from watcher.core.coverage import Coverage, coverage
from watcher.core.discovered import Discovered
from watcher.core.french import PARIS
from watcher.core.labels import Vocabulary
from watcher.core.ports import Clock, Store
from watcher.core.ports_outgoing import OutboxStore
from watcher.core.ports_rules import RuleReader
from watcher.web.answers import answer
from watcher.web.covered import Covered
from watcher.web.demo_view import DemoView
from watcher.web.metrics_sent import Sent
from watcher.web.rules_board import Board, Boards
from watcher.web.templating import Templates
from watcher.web.tongues import Elsewhere, Tongue, in_full, language_of, place_in

Health = Callable[[], Sequence[str]]
"""Why the process is not ready to serve, one line each; empty when it is."""

HTML = "text/html; charset=utf-8"
ASK = "no-cache"  # a page that is somebody's, or that a decision just changed
SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=600, stale-if-error=86400"
"""A page that is the same for everybody: browsers ask each time, a cache in between once a minute for all of them."""
_ALONE_WHEN = frozenset({404, 405, 500, 503})  # such a page is in no other language: its reader is led home


def kept(request: Request) -> str:
    """How long a page is kept that can also be asked for by a form: what is asked has endless names."""
    return ASK if request.url.query else SHARED


@dataclass(frozen=True, slots=True)
class Site:
    store: Store
    catalogue: Catalogue
    vocabulary: Vocabulary
    base_url: str  # without a slash at the end
    clock: Clock
    health: Health
    tongues: Mapping[str, Tongue]  # by code
    templates: Mapping[str, Templates]  # by code
    demo: DemoView | None = None
    hub: str = ""  # of WebSub, told of what changes
    outbox: OutboxStore | None = None
    boards: Boards | None = None  # of the rules on filing, when there are any
    covered: Covered[Coverage] = field(default_factory=Covered)
    sent: Sent = field(default_factory=Sent)  # for /metrics, and so is this:
    told: Covered[Mapping[tuple[str, AlertState], int]] = field(default_factory=Covered)
    discovered: Callable[[str], Mapping[str, Discovered]] = (
        lambda _: {}  # what exploring the sites has shown, by préfecture; what waits, of one or ("") of all
    )

    def tongue(self, request: Request) -> Tongue:
        return self.tongues[language_of(request)]

    def board(self) -> Board:
        """Today's rules, as they are. Raises `LookupError` on a site without any."""
        if self.boards is None:
            raise LookupError("no rules here")
        return self.boards.of(self.today())

    def coverage(self) -> Coverage:
        """What is read and what is not, now or, where very much is watched, a moment ago."""
        return self.covered.of(
            lambda: coverage(self.catalogue, self.store.outlines(), self.store.problems(), self.clock.now())
        )

    def today(self) -> date:
        """The day in Paris."""
        return self.clock.now().astimezone(PARIS).date()

    @property
    def rules(self) -> RuleReader | None:
        return self.boards.rules if self.boards else None

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        cache: str = ASK,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """An HTML page in the request's language."""
        shown = {"demo": self.demo, "here": self._here(request, status), **values}
        body = self.templates[language_of(request)].render(template, **shown)
        return answer(request, body, HTML, cache=cache, status=status, headers=headers)

    def _here(self, request: Request, status: int) -> list[Elsewhere]:
        path = "/" if status in _ALONE_WHEN else in_full(request)
        mine = language_of(request)
        return [
            Elsewhere(
                code,
                f"{tongue.root}{path}",
                f"{self.base_url}{place_in(code)}{path}",
                current=code == mine,
            )
            for code, tongue in self.tongues.items()
        ]


def root_path(base_url: str) -> str:
    """``""``, or the path under which a proxy shows the site."""
    return urlsplit(base_url).path.rstrip("/")


def refusal(status: int, key: str) -> HTTPException:
    """An error page that says the phrase `key` of the pages' catalogue."""
    return HTTPException(status, key)

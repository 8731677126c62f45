"""A page of our own, whose news must reach a subscriber of our own, by the very parts that serve everybody.

It lives in a folder that is thrown away, with a database of its own, and is read over the loopback: no reader
ever sees it, and nothing leaves the machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TypeAlias

from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_telling import open_deliverer
from watcher.core.labels import OUTCOMES
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Choices, Subscription, Way
from watcher.poll import Polled
from watcher.rounds import run_round
from watcher.settings import Settings

SUBJECT = "canary"
OLD = "Permanence de la déléguée du Défenseur des droits"
NEWS = "Titres de séjour : la demande se dépose désormais en ligne"
TEXT = (
    "À compter du 1er octobre, les demandes de renouvellement de titre de séjour se déposent uniquement en ligne, "
    "sur le site de l'ANEF. Les dossiers papier ne sont plus acceptés au guichet de la préfecture."
)
Sow: TypeAlias = Callable[[Path], None]
_DATABASE, _LETTERS = "canari.db", "courriels"
_SOURCES = """
platforms:
  canari: {{gap: 1ms, jitter: 0.0, brake: {{after: 3, for: 15m}}}}
defaults: {{platform: canari, every: 1h, layout: dsfr}}
prefectures:
  "15":
    name: Canari
    home: {home}
    pages:
      - {{id: 15-canari, kind: news, url: {home}/Actualites}}
"""


@dataclass(slots=True)
class _Site:
    """What stands at each path."""

    home: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    def show(self, *titles: str) -> None:
        """A list of these, the newest first, each with a page of its own."""
        cards = "".join(self._card(title, number) for number, title in enumerate(titles))
        self.pages["/Actualites"] = _page("Actualités", cards)
        self.pages |= {self._path(title): _page(title, f"<p>{escape(TEXT)}</p>") for title in titles}

    def _card(self, title: str, number: int) -> str:
        return (
            '<div class="fr-card"><div class="fr-card__body"><div class="fr-card__content"><h2 class="fr-card__title">'
            f'<a class="fr-card__link" href="{self._path(title)}">{escape(title)}</a></h2><div class="fr-card__end">'
            f'<p class="fr-card__detail">Publié le {20 - number:02}/09/2025</p></div></div></div></div>'
        )

    @staticmethod
    def _path(title: str) -> str:
        return f"/Actualites/{''.join(sign if sign.isalnum() and sign.isascii() else '-' for sign in title)}"


def canary(settings: Settings, now: datetime, sow: Sow = lambda _: None) -> list[Problem]:
    """The problem that the way of news is broken, and where; none when they arrive.

    `sow` may put the database there that news pass through; else it is made as a new one is.
    """
    lost = try_out(settings, sow)
    return [Problem(SUBJECT, ProblemKind.CANARY, now, lost, needs_human=True)] if lost else []


def try_out(settings: Settings, sow: Sow = lambda _: None) -> str:
    """Send news all the way: "" when they arrived, or where they were lost, in words."""
    try:
        with TemporaryDirectory(prefix="vigie-canari-") as name, _served() as site:
            sow(Path(name, _DATABASE))
            return _go(_ours(settings, Path(name), site), site)
    except Exception as error:  # whatever it is, it would befall everybody
        return f"l'essai s'est arrêté en route : {type(error).__name__}"


def _ours(settings: Settings, folder: Path, site: _Site) -> Settings:
    """The settings of this installation, over what is thrown away."""
    sources = folder / "sources.yaml"
    sources.write_text(_SOURCES.format(home=site.home), encoding="utf-8")
    return replace(
        settings,
        sources=sources,
        database=f"sqlite:///{folder / _DATABASE}",
        key_file=folder / "canari.key",
        smtp=folder / _LETTERS,
        mail_from="canari@vigie.invalid",
        mail_reply_to="",
        mail_bounces="",
        websub_hub="",
        allow_private=True,
        now=None,
    )


def _go(settings: Settings, site: _Site) -> str:
    with open_app(settings) as app:
        _subscribe(app)
        site.show(OLD)
        if trouble := _poll(app):
            return f"la page d'essai n'a pas pu être lue : {trouble}"
        site.show(NEWS, OLD)
        if trouble := _poll(app):
            return f"la page d'essai n'a pas pu être relue : {trouble}"
        told = [alert.title for alert in app.store.alerts()]
        if told != [NEWS]:
            return f"la page d'essai annonce une nouvelle, {len(told)} alertes en sont sorties"
        with open_deliverer(app) as deliverer:
            deliverer.tick(Way.MAIL)
    return _judge(settings.sources.with_name(_LETTERS))


def _judge(folder: Path) -> str:
    letters = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    if len(letters) != 1:
        return f"l'alerte d'essai est partie {len(letters)} fois, au lieu d'une"
    body = letters[0].get_body(("plain",))
    if body is None or "se dépose désormais en ligne" not in body.get_content().replace("\xa0", " "):
        return "la lettre d'essai est partie sans ce qu'elle devait annoncer"
    return "" if letters[0]["List-Unsubscribe"] else "la lettre d'essai n'a pas de lien de désabonnement"


def _subscribe(app: App) -> None:
    id_, now = secrets.token_hex(16), app.clock.now()
    recipient = app.vault.seal("canari@vigie.invalid", id_)
    app.subscriptions.add(Subscription(id_, Way.MAIL, recipient, Choices(), now, now, "canari"))


def _poll(app: App) -> str:
    """Why the page could not be read; "" when it was."""
    found: list[Polled] = []
    with open_tools(app) as tools:
        run_round(tools, app.catalogue.sources.values(), found.append)
    return next((one.reason or OUTCOMES[one.outcome].french for one in found if not one.outcome.read), "")


def _page(title: str, inside: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)} - Canari</title></head>'
        f'<body><header class="fr-header"></header><main role="main"><div class="fr-container" id="main">'
        f'<h1>{escape(title)}</h1>{inside}</div></main><footer class="fr-footer"></footer></body></html>'
    )


@contextmanager
def _served() -> Iterator[_Site]:
    site = _Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path, "")
            self.send_response(HTTPStatus.OK if page else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page.encode())))
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002  # the name that it has
            """Nobody needs to know."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.home = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="canary", daemon=True
        )
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()

"""`vigie serve`: watches and serves until it is asked to end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, open_tools, ship_rules, vocabulary
from watcher.bootstrap_desk import open_entrance, open_review
from watcher.bootstrap_discovery import open_finder, open_site_review
from watcher.bootstrap_telling import bounce_desk, open_ping, open_post, subscribing, web_hooks
from watcher.commands.fleet import order_sending
from watcher.plain import go_plain
from watcher.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from watcher.care import Care
    from watcher.daemon import Watch
    from watcher.visit import Tools
    from watcher.web.bounce_routes import Bounces
    from watcher.web.demo_view import DemoView


FIRST_FEEDS = tuple(f"/feeds/all.{form}" for form in ("atom", "rss", "json", "ics"))
KEEP_FEEDS = timedelta(seconds=1)  # far less than readers' programs are told to keep them


def run(settings: Settings, options: argparse.Namespace) -> int:
    go_plain()
    from watcher import daemon
    from watcher.logs import configure

    configure()
    listener = daemon.listen(settings.host, settings.port)
    with (
        listener,
        open_app(settings) as app,
        open_tools(app) as tools,
        _watch(app, tools, web_only=options.web_only) as watch,
    ):
        order_sending(app)
        watched = "surveillées par d'autres" if options.web_only else "surveillées"
        print(
            f"vigie : {len(app.catalogue.sources)} pages de {len(app.catalogue.prefectures)} préfectures "
            f"{watched}, flux et pages sur {settings.base_url}, {_mail(settings)}, {_desk(app)} "
            "(arrêt : Ctrl-C)",
            file=sys.stderr,
        )
        web = daemon.Web(application(app, watch), listener, settings.proxies)
        watch.answers = web.answers
        daemon.run(watch, web)
    return 0


@contextmanager
def _watch(app: App, tools: Tools, *, web_only: bool) -> Iterator[Watch]:
    """All of it, or what a process needs that shows pages and leaves the rest to others."""
    from watcher.daemon import Watch

    if web_only:
        yield Watch(app, tools, web_only=True)
        return
    with open_post(app) as post, open_ping(app) as ping:
        yield Watch(app, tools, post=post, care=care(app, tools, ping))


def care(app: App, tools: Tools, ping: Callable[[], str] | None) -> Care:
    """What is looked for besides polls and messages, so that nothing falls silent unnoticed."""
    from watcher.canary import canary
    from watcher.care import Care
    from watcher.core.reconcile import NEWEST, OLDEST, untold
    from watcher.silence import Silence

    return Care(
        app.store,
        Silence(app.store, app.catalogue, lambda: app.renewal.faults),
        reconcile=lambda now: untold(app.outbox.gaps(now - OLDEST, now - NEWEST), now),
        canary=lambda now: canary(app.settings, now, app.store.sow),
        ping=ping,
        find_moved=open_finder(app, tools).find_due,
    )


def _mail(settings: Settings) -> str:
    return f"courriels par {settings.mail.shown}" if settings.mail else "pas de courriels (VIGIE_SMTP)"


def _desk(app: App) -> str:
    if any(user.active for user in app.users.users()):
        return f"relecture sur {app.settings.base_url}/desk"
    return "personne ne relit encore (vigie user add NOM --role admin)"


def application(app: App, watch: Watch, demo: DemoView | None = None) -> ASGIApp:
    """The web pages of a process that watches."""
    from storage.engine import read_only
    from watcher.rulebook import CachedRules
    from watcher.web.app import create_app
    from watcher.web.desk_site import DeskPages
    from watcher.web.front import Front

    ship_rules(app)
    words = vocabulary(app.settings, app.catalogue)
    pages = create_app(
        app.store,
        app.catalogue,
        vocabulary=words,
        base_url=app.settings.base_url,
        clock=app.clock,
        health=lambda: _unready(app, watch),
        contact=app.settings.contact,
        demo=demo,
        webhooks=web_hooks(app),
        hub=app.settings.websub_hub,
        subscribing=subscribing(app),
        outbox=app.outbox,
        bounces=_bounces(app),
        rules=CachedRules(app.rules),
        entrance=open_entrance(app),
        desk=DeskPages(open_review(app, words), app.store.evidence, open_site_review(app)),
        read_only=read_only,
        listing=app.store.listing,
    )
    if demo is not None:  # a week passes in a minute there, and every second of it should be seen
        return pages
    front = Front(pages, KEEP_FEEDS, first=FIRST_FEEDS)
    watch.told = front.forget
    app.renewal.watchlist.tell(lambda _: front.forget())
    return front


def _bounces(app: App) -> Bounces | None:
    from watcher.web.bounce_routes import Bounces

    secret = app.settings.bounce_secret
    if not secret:
        return None
    desk = bounce_desk(app)
    return Bounces(lambda mail: desk.take(mail, app.clock.now()), secret.encode("ascii"))


def _unready(app: App, watch: Watch) -> list[str]:
    """Why the process is not ready, one line each."""
    trouble = app.store.health().trouble
    reasons = [trouble] if trouble else []
    return [*reasons, *watch.hangs().values()]

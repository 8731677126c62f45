"""`vigie serve`: watches and serves until it is asked to end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, open_tools, ship_rules, vocabulary
from watcher.bootstrap_desk import open_entrance, open_review
from watcher.bootstrap_telling import bounce_desk, open_ping, open_post, subscribing, web_hooks
from watcher.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from watcher.care import Care
    from watcher.daemon import Watch
    from watcher.web.bounce_routes import Bounces
    from watcher.web.demo_view import DemoView


FIRST_FEEDS = tuple(f"/feeds/all.{form}" for form in ("atom", "rss", "json", "ics"))
KEEP_FEEDS = timedelta(seconds=2)  # far less than readers' programs are told to keep them


def run(settings: Settings, _options: argparse.Namespace) -> int:
    from watcher import daemon
    from watcher.logs import configure

    configure()
    listener = daemon.listen(settings.host, settings.port)
    with (
        listener,
        open_app(settings) as app,
        open_tools(app) as tools,
        open_post(app) as post,
        open_ping(app) as ping,
    ):
        watch = daemon.Watch(app, tools, post=post, care=_care(app, ping))
        print(
            f"vigie : {len(app.catalogue.sources)} pages de {len(app.catalogue.prefectures)} préfectures "
            f"surveillées, flux et pages sur {settings.base_url}, {_mail(settings)}, {_desk(app)} "
            "(arrêt : Ctrl-C)",
            file=sys.stderr,
        )
        web = daemon.Web(application(app, watch), listener)
        watch.answers = web.answers
        daemon.run(watch, web)
    return 0


def _care(app: App, ping: Callable[[], str] | None) -> Care:
    """What is looked for besides polls and messages, so that nothing falls silent unnoticed."""
    from watcher.canary import canary
    from watcher.care import Care
    from watcher.core.reconcile import NEWEST, OLDEST, untold
    from watcher.silence import Silence

    return Care(
        app.store,
        Silence(app.store, app.catalogue, app.faults),
        reconcile=lambda now: untold(app.outbox.gaps(now - OLDEST, now - NEWEST), now),
        canary=lambda now: canary(app.settings, now),
        ping=ping,
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
        desk=DeskPages(open_review(app, words), app.store.evidence),
        read_only=read_only,
    )
    if demo is not None:  # a week passes in a minute there, and every second of it should be seen
        return pages
    return Front(pages, KEEP_FEEDS, first=FIRST_FEEDS)


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

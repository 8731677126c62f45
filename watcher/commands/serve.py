"""`vigie serve`: watches and serves until it is asked to end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, open_tools, vocabulary
from watcher.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from watcher.daemon import Watch
    from watcher.web.demo_view import DemoView


def run(settings: Settings, _options: argparse.Namespace) -> int:
    from watcher import daemon
    from watcher.logs import configure

    configure()
    listener = daemon.listen(settings.host, settings.port)
    with listener, open_app(settings) as app, open_tools(app) as tools:
        watch = daemon.Watch(app, tools)
        print(
            f"vigie : {len(app.catalogue.sources)} pages de {len(app.catalogue.prefectures)} préfectures "
            f"surveillées, flux et pages sur {settings.base_url} (arrêt : Ctrl-C)",
            file=sys.stderr,
        )
        daemon.run(watch, daemon.Web(application(app, watch), listener))
    return 0


def application(app: App, watch: Watch, demo: DemoView | None = None) -> FastAPI:
    """The web pages of a process that watches."""
    from watcher.web.app import create_app

    return create_app(
        app.store,
        app.catalogue,
        vocabulary=vocabulary(app.settings, app.catalogue),
        base_url=app.settings.base_url,
        clock=app.clock,
        health=lambda: _unready(app, watch),
        contact=app.settings.contact,
        demo=demo,
    )


def _unready(app: App, watch: Watch) -> list[str]:
    """Why the process is not ready, one line each."""
    trouble = app.store.health().trouble
    reasons = [trouble] if trouble else []
    if watch.late():
        reasons.append("les relevés ne démarrent plus : le planificateur est en retard")
    return reasons

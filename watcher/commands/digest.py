"""`vigie digest`: sends the digests that are due, or shows what those of a day would tell."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from watcher.bootstrap import App, open_app
from watcher.bootstrap_telling import mail_renderer
from watcher.commands.deliver import send_due
from watcher.core.errors import UserError
from watcher.core.subscriptions import Cadence, Way
from watcher.digest import Preview, Runs, preview
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    cadence, day = Cadence(options.cadence), _day(options.date)
    with open_app(settings) as app:
        day = day or app.clock.now().date()
        if day > app.clock.now().date():
            raise UserError(f"--date : le {day} n'est pas encore venu")
        if options.dry_run:
            return _show(app, cadence, day)
        return send_due(app, (Way.MAIL,))


def _show(app: App, cadence: Cadence, day: date) -> int:
    runs = Runs(app.outbox, app.store, app.catalogue, app.clock)
    shown = 0
    for one in preview(
        cadence,
        day,
        store=app.store,
        people=app.subscriptions,
        render=mail_renderer(app),
        runs=runs.planned,
    ):
        shown += 1
        _print(one)
    if not shown:
        print(f"rien à dire le {day} à qui a choisi {cadence}", file=sys.stderr)
    return 0


def _print(one: Preview) -> None:
    """The mail itself, without the lines that each reader's copy has of its own."""
    readers = f"{one.readers} destinataire{'s' if one.readers > 1 else ''}"
    print(f"--- {one.run} : {one.alerts} alertes pour {readers} ({one.choices.language})")
    print(one.body.decode("utf-8", errors="replace"))


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"--date : « {text[:60]} » n'est pas un jour (2026-11-22)") from None

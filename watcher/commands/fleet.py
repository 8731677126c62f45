"""`vigie fleet worker`: one process of many. `vigie fleet status`: how all of them fare."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, open_tools, ship_rules
from watcher.bootstrap_telling import open_ping, open_post
from watcher.core.errors import UserError
from watcher.core.pace import braked
from watcher.core.subscriptions import Way
from watcher.plain import go_plain
from watcher.sending import NAMES
from watcher.settings import Settings

if TYPE_CHECKING:
    from watcher.fleet.status import Status

_QUEUES = {"vigie.poll.1": "relevés", "vigie.send.1": "envois"}
_DUTIES = {"upkeep": "vérifications de chaque minute", "feed": "commande des travaux"}


def run(settings: Settings, options: argparse.Namespace) -> int:
    _refuse(settings)
    return _worker(settings, options) if options.action == "worker" else _status(settings, options)


def _refuse(settings: Settings) -> None:
    if not settings.database.startswith("postgresql"):
        raise UserError(
            "la flotte demande PostgreSQL : donnez --database postgresql+psycopg://compte@machine/base "
            "(« vigie move » y emmène une base SQLite), ou restez à un seul processus avec « vigie serve »"
        )
    if missing := _missing():
        raise UserError(
            f"la flotte demande {' et '.join(missing)} : installez, depuis le dépôt : pip install '.[fleet]'"
        )


def _missing() -> list[str]:
    return [name for name in ("procrastinate", "psycopg") if not importlib.util.find_spec(name)]


def order_sending(app: App) -> None:
    """What decisions and sign-ups bring about here is ordered of a fleet's workers, if there are any, in the
    transaction that brings it about; nobody waits for the next time that they look.
    """
    if not app.settings.database.startswith("postgresql") or _missing():
        return
    from watcher.fleet.orders import IfSomebodyWorks, Within

    paced = app.settings.mail_rate is not None
    every, mail = (Within(app.settings.database, ways, paced=paced) for ways in (list(Way), [Way.MAIL]))
    app.desk.on_told, app.subscriptions.on_asked = IfSomebodyWorks(every), IfSomebodyWorks(mail)


def _worker(settings: Settings, options: argparse.Namespace) -> int:
    go_plain()
    from watcher.commands.serve import care
    from watcher.fleet.worker import FleetWorker, Shape
    from watcher.logs import configure

    shape = Shape(polls=options.polls, sends=options.sends)
    if min(shape.polls, shape.sends) < 0 or not shape.polls + shape.sends:
        raise UserError("--polls et --sends : des nombres, dont un au moins n'est pas 0")
    configure()
    with (
        open_app(settings) as app,
        open_tools(app) as tools,
        open_post(app) as post,
        open_ping(app) as ping,
    ):
        ship_rules(app)
        print(
            f"vigie : un ouvrier de la flotte, {shape.polls} relevés et {shape.sends} envois à la fois, "
            f"{len(app.catalogue.sources)} pages surveillées (arrêt : Ctrl-C)",
            file=sys.stderr,
        )
        return FleetWorker(app, tools, post, care(app, tools, ping), shape).run()


def _status(settings: Settings, options: argparse.Namespace) -> int:
    from watcher.fleet.status import status

    with open_app(settings) as app:
        found, now = status(app), app.clock.now()
    lines = [json.dumps(_plain(found, now), ensure_ascii=False)] if options.json else _told(found, now)
    for line in lines:
        print(line)
    return 0 if found.workers else 1


def _plain(found: Status, now: datetime) -> dict[str, object]:
    return {
        "workers": [_duty(one.holder, one.since, one.what) for one in found.workers],
        "duties": {one.name: one.holder for one in found.duties},
        "queues": {
            q.name: {"waiting": q.waiting, "doing": q.doing, "failed": q.failed} for q in found.queues
        },
        "stalled_jobs": found.stalled,
        "due_pages": found.due_pages,
        "oldest_due": {
            "page": found.oldest_page.isoformat() if found.oldest_page else None,
            **{str(way): at.isoformat() for way, at in found.oldest_messages.items()},
        },
        "platforms": [
            {
                "name": one.state.name,
                "holder": one.holder if _held(one.until, now) else None,
                "braked_until": one.state.braked_until.isoformat()
                if one.state.braked_until and braked(one.state, now)
                else None,
            }
            for one in found.platforms
        ],
    }


def _duty(holder: str, since: datetime, what: str) -> dict[str, object]:
    return {"worker": holder, "since": since.isoformat(), "what": what}


def _told(found: Status, now: datetime) -> Iterator[str]:
    if not found.workers:
        yield "aucun ouvrier n'est là (« vigie fleet worker » en lance un)"
    for one in found.workers:
        yield f"ouvrier {one.holder}, depuis {_span(one.since, now)} : {one.what}"
    for one in found.duties:
        yield f"{_DUTIES.get(one.name, one.name)} : {one.holder}"
    for queue in found.queues:
        name = _QUEUES.get(queue.name, queue.name)
        yield f"file {name} : {queue.waiting} en attente, {queue.doing} en cours, {queue.failed} en échec"
    if found.stalled:
        yield f"travaux d'ouvriers disparus, bientôt rendus : {found.stalled}"
    since = f", la plus ancienne depuis {_span(found.oldest_page, now)}" if found.oldest_page else ""
    yield f"pages à relever : {found.due_pages}{since}"
    for way, at in found.oldest_messages.items():
        yield f"messages à envoyer ({NAMES[way]}) : le plus ancien depuis {_span(at, now)}"
    for platform in found.platforms:
        if _held(platform.until, now):
            yield f"plateforme {platform.state.name} : interrogée par {platform.holder}"
        elif platform.state.braked_until and braked(platform.state, now):
            yield f"plateforme {platform.state.name} : freinée jusqu'à {platform.state.braked_until:%H:%M} UTC"


def _held(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _span(since: datetime, now: datetime) -> str:
    seconds = max((now - since).total_seconds(), 0)
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"

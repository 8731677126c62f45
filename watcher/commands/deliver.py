"""`vigie deliver`: one round of everything that is due; what waits; what was given up, once more."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from watcher.alarms import note_alarms
from watcher.bootstrap import App, open_app
from watcher.bootstrap_telling import open_deliverer, problem_news
from watcher.core.outbox import OPEN, DeliveryState, Fate
from watcher.core.subscriptions import Way
from watcher.settings import Settings

_WAYS = {Way.MAIL: "courriel", Way.WEBHOOK: "web-hooks", Way.CHAT: "messageries"}
_FATES = {
    Fate.ACCEPTED: "acceptés",
    Fate.RETRY: "remis à plus tard",
    Fate.AMBIGUOUS: "sans réponse",
    Fate.BOUNCED: "refusés pour de bon",
    Fate.REFUSED: "mis de côté",
    Fate.GONE: "destinataires partis",
    Fate.STOPPED: "arrêtés",
    Fate.POISONED: "en échec chez nous",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        if options.status:
            return _status(app, as_json=options.json)
        if options.replay:
            return _replay(app, options.replay)
        if options.suspend:
            app.outbox.suspend(
                "suspendus par un mainteneur, jusqu'à « vigie deliver --resume »", app.clock.now()
            )
            print("envois suspendus ; les relevés et les flux continuent (reprise : vigie deliver --resume)")
            return 0
        if options.resume:
            return _resume(app)
        return send_due(app)


def send_due(app: App, ways: Sequence[Way] | None = None) -> int:
    """One round, each way after the other. 1 when something could not be sent."""
    failed, now = False, app.clock.now()
    note_alarms(app.store, app.subscriptions, now)
    if tell := problem_news(app):
        tell(now)
    with open_deliverer(app) as deliverer:
        for way in deliverer.ways if ways is None else [way for way in deliverer.ways if way in ways]:
            done = deliverer.tick(way)
            told = ", ".join(f"{number} {_FATES[fate]}" for fate, number in done.fates.items())
            print(f"{_WAYS[way]} : {told or 'rien à envoyer'}")
            if done.down:
                print(f"vigie : {_WAYS[way]} : envois arrêtés ({done.down})", file=sys.stderr)
            failed = failed or bool(done.down) or set(done.fates) - {Fate.ACCEPTED} != set()
    if app.settings.mail is None:
        print("vigie : pas de courriel (VIGIE_SMTP n'est pas donné)", file=sys.stderr)
    return 1 if failed else 0


def _resume(app: App) -> int:
    """Nothing is sent here: what waits leaves with the next round, of the daemon or of `vigie deliver`."""
    why = app.outbox.held()
    if not app.outbox.resume(app.clock.now()):
        print("rien n'était suspendu")
        return 0
    counted = app.outbox.counted()
    waiting = sum(counted.get((way, state), 0) for way in Way for state in OPEN)
    print(f"envois repris ({why}) ; messages en attente : {waiting}")
    return 0


def _replay(app: App, messages: Sequence[str]) -> int:
    """Queue messages again that were given up or put aside."""
    missing = [message for message in messages if not app.outbox.replay(message, app.clock.now())]
    for message in missing:
        print(f"vigie : {message} n'est pas un message abandonné ou mis de côté", file=sys.stderr)
    print(f"{len(messages) - len(missing)} messages remis en file")
    return 1 if missing else 0


def _status(app: App, *, as_json: bool) -> int:
    now, rows = app.clock.now(), list(_rows(app))
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    print("".join(f"{name:<12}" for name in ("", *DeliveryState)) + "plus ancien dû")
    for row in rows:
        counts = "".join(f"{row[state]:<12}" for state in DeliveryState)
        print(f"{row['way']:<12}{counts}{_age(row['oldest_due'], now)}")
        if row["down"]:
            print(f"{'':<12}{row['down']}")
    return 0


def _rows(app: App) -> Iterator[dict[str, object]]:
    counted = Counter(dict(app.outbox.counted()))
    troubles = {problem.subject: problem for problem in app.store.problems()}
    for way in Way:
        due = app.outbox.oldest_due(way)
        trouble = troubles.get(f"sender:{way}")
        yield {
            "way": str(way),
            **{str(state): counted[way, state] for state in DeliveryState},
            "oldest_due": due.isoformat() if due else None,
            "down": trouble.evidence if trouble else None,
            "down_since": trouble.since.isoformat() if trouble else None,
        }


def _age(due: object, now: datetime) -> str:
    if not isinstance(due, str):
        return "rien"
    seconds = (now - datetime.fromisoformat(due)).total_seconds()
    return f"depuis {seconds / 60:.0f} min" if seconds > 0 else f"dans {-seconds / 60:.0f} min"

"""`vigie history status`: what is kept of the past."""

from __future__ import annotations

import argparse
import sys

from watcher.bootstrap import open_app
from watcher.core.captures import PastStatus
from watcher.core.french import count, day
from watcher.listing import status
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        kept = app.store.past.status()
        moved = app.store.past.moved()
        listed = status(app.store.listing.known())
    for one in kept:
        print(_line(one))
    for _, address, source in moved:
        print(f"{source} : était à l'adresse {address}")
    for line in listed:
        print(line)
    if not kept:
        print("aucune capture (voir « vigie history import » et « vigie history fetch »)", file=sys.stderr)
    return 0


def _line(one: PastStatus) -> str:
    spread = f", du {day(one.first.date())} au {day(one.last.date())}" if one.first and one.last else ""
    waiting = "" if one.replayed else " ; pas encore dépouillées, refaites l'import"
    return (
        f"{one.source} : {count(one.captures, 'capture', 'captures')}{spread} ; "
        f"{count(one.changes, 'changement', 'changements')}, "
        f"{count(one.alerts, 'alerte historique', 'alertes historiques')}{waiting}"
    )

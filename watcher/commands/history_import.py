"""`vigie history import`: captures of archives, as history."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from watcher.bootstrap import App, open_app
from watcher.bootstrap_history import open_history
from watcher.core.address import absolute
from watcher.core.captures import page_key
from watcher.core.errors import UserError
from watcher.core.french import count, moment
from watcher.core.printable import one_line
from watcher.history import History, Sorted, TakenIn
from watcher.settings import Settings
from watcher.warc import Passed, records


def run(settings: Settings, options: argparse.Namespace) -> int:
    """1 where a file could not be read to its end."""
    paths = [_file(name) for name in options.files]
    with open_app(settings) as app:
        known_source(app, options.only)
        remember(app, options.address)
        with open_history(app) as history:
            whole = [_sort_in(app, history, path) for path in paths]
            history.revisited()
            history.take_in(tell, options.only or "")
        sorted_ = history.sorted
    _tell_others(sorted_)
    if not sorted_.ours:
        print("aucune capture d'une page surveillée", file=sys.stderr)
    return 0 if all(whole) else 1


def known_source(app: App, name: str | None) -> None:
    if name and name not in app.catalogue.sources:
        raise UserError(f"source inconnue : {name[:60]} (voir « vigie sources list »)")


def remember(app: App, addresses: Sequence[str]) -> None:
    """Where pages were once; nothing is written when one of them is wrong."""
    found = [_moved(app, told) for told in addresses]
    for key, address, source in found:
        app.store.past.move(key, address, source)


def tell(done: TakenIn) -> None:
    """One line of one source."""
    line = f"{done.source} : {count(done.captures, 'capture', 'captures')}, dont {done.new} de plus"
    past = done.past
    if past is None:
        print(f"{line} ; rien de nouveau")
        return
    changes = count(len(past.changes), "changement", "changements")
    alerts = count(len(past.alerts), "alerte historique", "alertes historiques")
    print(f"{line} ; {changes}, {alerts}")
    for at, reason in past.stumbled:
        said = f"la vigie a trébuché sur la capture du {moment(at)} : {one_line(reason, 200)}"
        print(f"{done.source} : {said}", file=sys.stderr)


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise UserError(f"{name} : fichier introuvable")
    return path


def _sort_in(app: App, history: History, path: Path) -> bool:
    passed = Passed()
    try:
        with path.open("rb") as file:
            history.sort_in(records(file, path.name, app.clock.now(), passed))
    except OSError as error:
        raise UserError(f"{path} : impossible à lire ({error.strerror})") from error
    for why, number in sorted(passed.why.items()):
        print(f"{path} : pages {why}, laissées de côté : {number}", file=sys.stderr)
    if passed.failure:
        print(f"{path} : {passed.failure} ; ce qui précède est pris", file=sys.stderr)
    return not passed.failure


def _tell_others(found: Sorted) -> None:
    for why, number in sorted(found.why.items()):
        print(f"{count(number, 'capture', 'captures')} {why}, laissée(s) de côté", file=sys.stderr)
    others = sum(found.others.values())
    if found.items:
        print(
            f"{count(found.items, 'autre page', 'autres pages')} des mêmes sites, gardées si besoin",
            file=sys.stderr,
        )
    if others:
        named = ", ".join(one_line(address, 100) for address in found.examples)
        print(f"{count(others, 'page', 'pages')} d'ailleurs, laissée(s) de côté : {named}", file=sys.stderr)


def _moved(app: App, told: str) -> tuple[str, str, str]:
    address, _, source = told.rpartition("=")
    there = absolute(address, "")
    key = page_key(there) if there else None
    if there is None or key is None:
        raise UserError(f"--address : « {told[:80]} » n'est pas de la forme URL=ID")
    known_source(app, source or "?")
    return key, there, source

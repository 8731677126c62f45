"""`vigie history list`: the dated versions of the official list, as history."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from watcher.bootstrap import App, LazyReader, open_app
from watcher.core.errors import UserError
from watcher.core.french import PARIS, count, day
from watcher.core.official_events import Happening
from watcher.core.official_file import LARGEST, NoListError, Read, Remark, read_list
from watcher.core.official_list import procedures
from watcher.listing import Imported, by_version, imported
from watcher.settings import Settings

_HAPPENED = {
    Happening.APPEARED: ("venue", "venues"),
    Happening.LEFT: ("sortie", "sorties"),
    Happening.REPLACED: ("remplacée", "remplacées"),
    Happening.RENAMED: ("renommée", "renommées"),
    Happening.ALSO: ("sous un second titre", "sous un second titre"),
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    """1 where lines were passed over."""
    content = _content(options.file)
    with open_app(settings) as app:
        read = _read(app, options.file, content)
        done = imported(read, app.store.listing, LazyReader(settings.rules), write=not options.check)
    _report(options.file, read, done, written=not options.check)
    return 1 if read.refused else 0


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{path} : impossible à lire ({error.strerror})") from error


def _read(app: App, path: str, content: bytes) -> Read:
    today = app.clock.now().astimezone(PARIS).date()
    try:
        return read_list(content, app.catalogue.prefectures, today)
    except NoListError as error:
        raise UserError(f"{path} : {error}") from error


def _report(path: str, read: Read, done: Imported, *, written: bool) -> None:
    """What was passed over goes to standard error, as what is wrong always does."""
    for remark in _ordered((*read.refused, *read.remarks)):
        passed = " (laissée de côté)" if remark in read.refused else ""
        print(f"{path}:{remark.line} : {remark.said}{passed}", file=sys.stderr)
    others = (
        f", {count(read.others, 'autre ligne', 'autres lignes')} d'une autre sorte" if read.others else ""
    )
    print(
        f"{path} : {count(len(read.listings), 'ligne lue', 'lignes lues')}, "
        f"{count(len(read.refused), 'laissée', 'laissées')} de côté{others}"
    )
    versions = next((shelf.versions for shelf in done.shelves.values()), ())
    found = [one for shelf in done.shelves.values() for one in procedures(shelf)]
    print(
        f"la liste connue : {count(len(found), 'démarche', 'démarches')} de "
        f"{count(len(done.shelves), 'préfecture', 'préfectures')}, {count(len(versions), 'version', 'versions')}"
    )
    for version, number in by_version(done.events, versions):
        shown = count(number, "événement", "événements") if version != versions[0] else "la première connue"
        print(f"  {day(version)} : {shown}")
    counted = Counter(event.kind for event in done.events)
    told = [count(counted[kind], *_HAPPENED[kind]) for kind in Happening if counted[kind]]
    print(f"événements datés : {len(done.events)}" + (f" ({', '.join(told)})" if told else ""))
    new = count(len(done.new), "alerte historique nouvelle", "alertes historiques nouvelles")
    print(new + (", rien n'est envoyé" if written else " ; rien n'est écrit (--check)"))


def _ordered(remarks: Iterable[Remark]) -> list[Remark]:
    return sorted(remarks, key=lambda remark: remark.line)

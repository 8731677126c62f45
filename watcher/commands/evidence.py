"""`vigie evidence`: what an alert rests on, in one file."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.bootstrap import App, open_app, user_agent, vocabulary
from watcher.bootstrap_telling import open_authority
from watcher.core.errors import UserError
from watcher.core.french import moment
from watcher.core.printable import one_line
from watcher.evidence import Found, bundle
from watcher.settings import Settings

if TYPE_CHECKING:
    from watcher.timestamps import Stamp


def run(settings: Settings, options: argparse.Namespace) -> int:
    """1 where the authority did not stamp it: then nothing is written."""
    if options.authority and not options.timestamp:
        raise UserError("--authority demande --timestamp : l'adresse de l'autorité d'horodatage")
    from watcher.timestamps import StampError

    try:
        return _written(settings, options)
    except StampError as error:
        print(
            f"vigie : pas d'horodatage par {one_line(options.timestamp, 200)} : {error} ; rien n'est écrit, "
            "réessayez plus tard ou sans --timestamp",
            file=sys.stderr,
        )
        return 1


def _written(settings: Settings, options: argparse.Namespace) -> int:
    stamps: list[Stamp] = []
    with open_app(settings) as app, _stamping(app, options, stamps.append) as stamp:
        case = app.desk.case(options.alert)
        if case is None:
            raise UserError(f"alerte inconnue : {options.alert[:40]} (voir « vigie alerts --json »)")
        change = case.change.id if case.change else case.alert.id
        files = app.store.documents(change)
        found = Found(case, app.store.page_before(change), app.store.evidence(change), tuple(files))
        words = vocabulary(settings, app.catalogue)
        now, software = app.clock.now(), user_agent(settings.contact)
        content = bundle(found, words, settings.base_url, software, now, stamp)
    path = Path(options.out or f"alerte-{case.alert.id}.zip")
    _write(path, content)
    if len(found.pages) < 2:
        missing = "d'avant" if found.after else "d'après" if found.before else "d'avant ni celle d'après"
        print(f"{path} : la page {missing} n'est pas conservée", file=sys.stderr)
    for made in stamps:
        known = "signature vérifiée" if made.trusted else "signature non vérifiée : donnez --authority"
        print(f"{path} : horodaté le {moment(made.at)}, {known}", file=sys.stderr)
    print(f"{path} : {len(content)} octets", file=sys.stderr)
    return 0


@contextmanager
def _stamping(
    app: App, options: argparse.Namespace, keep: Callable[[Stamp], None]
) -> Iterator[Callable[[bytes], Stamp] | None]:
    if not options.timestamp:
        yield None
        return
    roots = Path(options.authority) if options.authority else None
    with open_authority(app, options.timestamp, roots) as authority:

        def stamp(content: bytes) -> Stamp:
            made = authority.stamp(content)
            keep(made)
            return made

        yield stamp


def _write(path: Path, content: bytes) -> None:
    """The whole file or none; in the place of no device."""
    if path.exists() and not path.is_file():
        raise UserError(f"{path} : ce n'est pas un fichier ordinaire, choisissez un autre --out")
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UserError(
            f"{path} : impossible d'écrire ({error.strerror}), choisissez un autre --out"
        ) from error

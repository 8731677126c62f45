"""`vigie evidence`: what an alert rests on, in one file."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from watcher.bootstrap import open_app, user_agent, vocabulary
from watcher.core.errors import UserError
from watcher.evidence import Found, bundle
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        case = app.desk.case(options.alert)
        if case is None:
            raise UserError(f"alerte inconnue : {options.alert[:40]} (voir « vigie alerts --json »)")
        change = case.change.id if case.change else case.alert.id
        found = Found(case, app.store.page_before(change), app.store.evidence(change))
        words = vocabulary(settings, app.catalogue)
        content = bundle(found, words, settings.base_url, user_agent(settings.contact), app.clock.now())
    path = Path(options.out or f"alerte-{case.alert.id}.zip")
    _write(path, content)
    if len(found.pages) < 2:
        missing = "d'avant" if found.after else "d'après" if found.before else "d'avant ni celle d'après"
        print(f"{path} : la page {missing} n'est pas conservée", file=sys.stderr)
    print(f"{path} : {len(content)} octets", file=sys.stderr)
    return 0


def _write(path: Path, content: bytes) -> None:
    """The whole file or none."""
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

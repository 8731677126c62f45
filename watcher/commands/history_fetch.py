"""`vigie history fetch`: what an archive of the Web kept of the pages that are watched."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime

from watcher.archive import ArchiveError, Asker
from watcher.bootstrap import open_app
from watcher.bootstrap_history import open_archive
from watcher.commands.history_import import known_source, tell
from watcher.core.address import absolute
from watcher.core.captures import Capture
from watcher.core.catalogue import Source
from watcher.core.errors import UserError
from watcher.history import History, TakenIn
from watcher.pacing import StopRequestedError
from watcher.settings import Settings, parse_time


def run(settings: Settings, options: argparse.Namespace) -> int:
    """1 where the archive could not be asked to the end; what was taken in until then stays."""
    home = absolute(options.archive, "")
    if home is None:
        raise UserError(f"--archive : « {options.archive[:80]} » n'est pas une adresse http ou https")
    first = parse_time(options.first, "--from") if options.first else None
    last = parse_time(options.last, "--to") if options.last else None
    with open_app(settings) as app:
        for name in options.names:
            known_source(app, name)
        wanted = options.names or list(app.catalogue.sources)
        with open_archive(app, home) as (history, asker):
            return _all(history, asker, [app.catalogue.sources[name] for name in wanted], first, last)


def _all(
    history: History, asker: Asker, sources: list[Source], first: datetime | None, last: datetime | None
) -> int:
    for source in sources:
        try:
            tell(_one(history, asker, source, first, last))
        except ArchiveError as error:
            print(f"{source.id} : {error} ; relancez la commande pour continuer", file=sys.stderr)
            return 1
        except StopRequestedError:
            return 1
    if not asker.answered:
        print(
            f"{asker.archive.home} n'a donné aucune liste de captures : est-ce une archive ?", file=sys.stderr
        )
        return 1
    return 0


def _one(
    history: History, asker: Asker, source: Source, first: datetime | None, last: datetime | None
) -> TakenIn:
    def captures() -> Iterator[Capture]:
        for address in history.addresses_of(source):
            yield from asker.captures(source.id, address, history.kept, first, last)

    shelf = asker.shelf(source.id, history.shelf(source.id))
    return history.one(source, captures(), shelf=shelf, at_once=1)

"""The composition root of the past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta

from watcher.archive import GAP, NAME, Asker
from watcher.bootstrap import App, open_fetcher, open_tools
from watcher.core.catalogue import Brake, Catalogue, Platform, Source, SourceKind
from watcher.core.mementos import archive
from watcher.history import History
from watcher.spool import Spool


@contextmanager
def open_history(app: App) -> Iterator[History]:
    """What takes captures in; what it puts aside meanwhile is gone at the end."""
    with open_tools(app) as tools, closing(Spool()) as spool:
        yield History(tools, app.catalogue, app.store.past, _looks_old, spool)


@contextmanager
def open_archive(app: App, home: str) -> Iterator[tuple[History, Asker]]:
    """What takes captures in, and who asks an archive for them; its pace is that of the platform ``archive``."""
    from watcher.pacing import Pacer

    platform = app.catalogue.platforms.get(NAME) or Platform(NAME, GAP, 0.3, Brake(1, timedelta(minutes=1)))
    source = Source(NAME, "", SourceKind.PAGE, home, "content", NAME, timedelta(days=1))
    with open_history(app) as history:
        pacer = Pacer(Catalogue({NAME: platform}, {}, {NAME: source}), app.clock, history.tools.random)
        with closing(open_fetcher(app, pacer)) as fetcher:
            tools = replace(history.tools, fetcher=fetcher, pacer=pacer)
            yield history, Asker(archive(home), tools, pacer, source)


def _looks_old(html: str, address: str) -> bool:
    from watcher import layouts

    return layouts.detect(html, address) == "legacy"

"""A process that polls what is due of one platform, again and again, until it is ended: one of many speakers.

Its leases are short, and so is a fetch: as in the product, no fetch lasts half as long as a lease.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from watcher.bootstrap import open_app, open_tools
from watcher.fetch import DEFAULT_LIMITS, HttpFetcher
from watcher.rounds import run_platform
from watcher.settings import Settings

PAUSE = timedelta(milliseconds=50)


def main(database: str, sources: str, platform: str, lease: float) -> None:
    settings = Settings(database=database, sources=Path(sources), allow_private=True)
    with open_app(settings) as app, open_tools(app) as tools:
        fetcher = tools.fetcher
        assert isinstance(fetcher, HttpFetcher)
        fetcher._limits = replace(DEFAULT_LIMITS, total=lease / 3)
        speaking = replace(tools, lease=timedelta(seconds=lease))
        known = app.catalogue.sources
        while True:
            app.store.free_lapsed(app.clock.now())
            due = [known[name] for name in app.store.due(app.clock.now()) if known[name].platform == platform]
            run_platform(speaking, platform, due[:7], lambda _: None)
            app.clock.wait(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))

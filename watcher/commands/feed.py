"""`vigie feed`: the same documents as the web serves."""

from __future__ import annotations

import argparse
import sys

from watcher.bootstrap import open_catalogue, open_store, vocabulary
from watcher.core.errors import UserError
from watcher.core.feed import FeedQuery, FeedQueryError
from watcher.feeds import read_feed
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    from notifiers.render.feeds import Format, render

    catalogue = open_catalogue(settings)
    try:
        query = FeedQuery.parse(options.query)
        with open_store(settings) as store:
            feed = read_feed(
                store,
                query,
                vocabulary(settings, catalogue),
                settings.base_url,
                verified_only=options.stream == "verified",
            )
    except FeedQueryError as error:
        raise UserError(str(error)) from error
    sys.stdout.buffer.write(render(feed, Format(options.format)))
    sys.stdout.buffer.flush()
    return 0

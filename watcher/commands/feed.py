"""`vigie feed`: the same documents as the web serves."""

from __future__ import annotations

import argparse
import sys

from watcher.bootstrap import open_catalogue, open_store, vocabulary
from watcher.core.errors import UserError
from watcher.core.feed import FeedQuery, FeedQueryError
from watcher.feeds import read_calendar, read_feed
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    from notifiers.render.calendar import render_calendar
    from notifiers.render.feeds import Format, render

    catalogue = open_catalogue(settings)
    try:
        query = FeedQuery.parse(options.query)
        with open_store(settings) as store:
            where = (store, query, vocabulary(settings, catalogue), settings.base_url)
            verified_only = options.stream == "verified"
            if options.format == "ics":
                document = render_calendar(read_calendar(*where, verified_only=verified_only))
            else:
                document = render(read_feed(*where, verified_only=verified_only), Format(options.format))
    except FeedQueryError as error:
        raise UserError(str(error)) from error
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()
    return 0

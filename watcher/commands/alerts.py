"""`vigie alerts`: what was told, newest first."""

from __future__ import annotations

import argparse
import json
import sys

from watcher.bootstrap import open_catalogue, open_store, vocabulary
from watcher.core.errors import UserError
from watcher.core.feed import FeedQuery, FeedQueryError
from watcher.core.labels import Vocabulary
from watcher.report import alert_json, alert_line
from watcher.settings import Settings, parse_time


def run(settings: Settings, options: argparse.Namespace) -> int:
    words = vocabulary(settings, open_catalogue(settings))
    _known(words, options)
    since = parse_time(options.since, "--since") if options.since else None
    with open_store(settings) as store:
        alerts = store.alerts(
            since=since,
            prefecture=options.prefecture,
            category=options.category,
            historical=None if options.historical else False,
        )
    for alert in alerts:
        if options.json:
            print(json.dumps(alert_json(alert, words), ensure_ascii=False))
        else:
            print(alert_line(alert, words))
    if not alerts:
        print("aucune alerte", file=sys.stderr)
    return 0


def _known(words: Vocabulary, options: argparse.Namespace) -> None:
    """A préfecture or category that does not exist is a slip of the pen, not an empty answer."""
    asked = {"category": options.category, "prefecture": options.prefecture}
    for subject, value in asked.items():
        if value:
            try:
                FeedQuery.parse(f"{subject}:{value}").label(words)
            except FeedQueryError as error:
                raise UserError(f"--{subject} : « {value} » n'est rien de connu") from error

"""`vigie alerts`: what was told, newest first."""

from __future__ import annotations

import argparse
import json
import sys

from watcher.bootstrap import open_store
from watcher.report import alert_json, alert_line
from watcher.settings import Settings, parse_time


def run(settings: Settings, options: argparse.Namespace) -> int:
    since = parse_time(options.since, "--since") if options.since else None
    with open_store(settings) as store:
        alerts = store.alerts(since=since, prefecture=options.prefecture, category=options.category)
    for alert in alerts:
        print(json.dumps(alert_json(alert), ensure_ascii=False) if options.json else alert_line(alert))
    if not alerts:
        print("aucune alerte", file=sys.stderr)
    return 0

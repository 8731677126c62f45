"""`vigie classify`: announcements in, facts and categories out, a JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys

from watcher.bootstrap import french_reader
from watcher.labelled import announcement, lines
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    from watcher.reading.present import verdict_json

    reader = french_reader(settings.rules)
    failed = False
    for number, line in lines(options.jsonl):
        try:
            id_, notice = announcement(line)
        except ValueError as error:
            print(f"vigie : {options.jsonl}:{number} : {error}", file=sys.stderr)
            failed = True
            continue
        print(json.dumps(verdict_json(id_, reader.read(notice)), ensure_ascii=False))
    return 1 if failed else 0

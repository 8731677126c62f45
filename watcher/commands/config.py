"""`vigie config check|schema`: whether the configuration files can be used, and what they may say."""

from __future__ import annotations

import argparse
import json
import sys

from watcher.bootstrap import french_reader, make_clock
from watcher.core.errors import UserError
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    if options.action == "schema":
        from watcher import sources

        print(json.dumps(sources.schema(), ensure_ascii=False, indent=2))
        return 0
    wrong = False
    files = ((settings.sources, _sources), (settings.rules, _rules), (settings.filing, _filing))
    for file, load in files:
        try:
            print(f"{file} : {load(settings)}")
        except UserError as error:
            wrong = True
            for line in str(error).splitlines():
                print(f"vigie : {line}", file=sys.stderr)
    return 2 if wrong else 0


def _sources(settings: Settings) -> str:
    from watcher import sources

    catalogue = sources.load(settings.sources)
    return (
        f"{len(catalogue.sources)} pages de {len(catalogue.prefectures)} préfectures "
        f"sur {len(catalogue.platforms)} plateformes"
    )


def _filing(settings: Settings) -> str:
    from watcher import filing_file
    from watcher import rules as rule_file

    rules = filing_file.load(settings.filing, rule_file.load(settings.rules), make_clock(settings).now())
    return f"{len(rules)} règles de dépôt"


def _rules(settings: Settings) -> str:
    french_reader(settings.rules)
    return "vocabulaire lisible"

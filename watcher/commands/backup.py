"""`vigie backup`: a copy of the database, made while it is used."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from watcher.bootstrap import make_clock
from watcher.core.errors import UserError
from watcher.settings import Settings

_NAMES = {
    "sources": "sources",
    "alerts": "alertes",
    "subscriptions": "abonnements, finis compris",
    "decisions": "décisions",
    "rules": "règles",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    from storage.backup import save
    from storage.errors import StorageError

    target = Path(options.file)
    try:
        made = save(settings.database, target, make_clock(settings).now())
    except StorageError as error:
        raise UserError(str(error)) from error
    print(f"{target} : schéma {made.schema}, {told(made.counts)} ; relue, intacte")
    print(f"la clé des adresses n'y est pas : sauvegardez {settings.key}, ailleurs")
    return 0


def told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[name]} {words}" for name, words in _NAMES.items() if name in counts)

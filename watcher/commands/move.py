"""`vigie move`: everything goes to another database, and the old one falls silent."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from watcher.bootstrap import make_clock
from watcher.core.errors import UserError
from watcher.settings import Settings

if TYPE_CHECKING:
    from storage.transfer import Moved

_SHOWN = 16  # of a digest


def run(settings: Settings, options: argparse.Namespace) -> int:
    from storage.errors import StorageError
    from storage.moving import move

    if "://" not in options.target:
        raise UserError("l'adresse d'une base est attendue : postgresql+psycopg://compte@machine/base")
    try:
        done = move(settings.database, options.target, make_clock(settings).now())
    except StorageError as error:
        raise UserError(str(error)) from error
    _show(done.tables)
    print(
        f"{done.target} : tout y est ({sum(table.rows for table in done.tables)} lignes), relu et identique"
    )
    print(
        f"{done.origin} : laissée telle quelle, mais rien n'en part plus ; effacez-la quand elle ne sert plus"
    )
    if done.silent:
        print("les envois étaient suspendus, et le sont dans la nouvelle aussi : vigie deliver --resume")
    print("ensuite, avant de relancer la vigie :")
    print(f"  VIGIE_DATABASE={done.target}  (avec le mot de passe, ou celui-ci dans ~/.pgpass)")
    print(f"  VIGIE_KEY_FILE={settings.key.resolve()}  (la même clé : sans elle les adresses sont perdues)")
    print("puis : vigie doctor")
    return 0


def _show(tables: Sequence[Moved]) -> None:
    width = max(len(table.table) for table in tables)
    print(f"{'table':<{width}}  {'lignes':>9}  empreinte, des deux côtés")
    for table in tables:
        print(f"{table.table:<{width}}  {table.rows:>9}  {table.digest[:_SHOWN]}")

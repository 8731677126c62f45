"""`vigie restore`: a copy takes the database's place, and waits for somebody to let it send."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from watcher.bootstrap import make_clock
from watcher.commands.backup import told
from watcher.core.errors import UserError
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    from storage.backup import put_back
    from storage.errors import StorageError

    path = Path(options.file)
    try:
        done = put_back(path, settings.database, make_clock(settings).now(), replace=options.replace)
    except StorageError as error:
        raise UserError(str(error)) from error
    copy = done.copy
    made = f"copie du {copy.made_at:%Y-%m-%d %H:%M} UTC" if copy.made_at else "copie d'une date inconnue"
    print(f"{made}, schéma {copy.schema}, {told(copy.counts)}")
    if not copy.sealed:
        print(
            f"vigie : {path} ne porte pas de sceau : qu'elle soit intacte ne se vérifie qu'en partie",
            file=sys.stderr,
        )
    if done.aside:
        print(f"la base d'avant est gardée : {done.aside} ; effacez-la quand elle ne sert plus")
    print(_departed(done.left))
    print(
        f"envois suspendus : {copy.waiting} messages attendent. La copie ignore ce qui est parti depuis qu'elle "
        "a été faite : cela partira une seconde fois. Pour envoyer : vigie deliver --resume"
    )
    return 0


def _departed(left: int | None) -> str:
    if left is None:
        return "qui s'est désabonné depuis la copie est de nouveau abonné : rien ici ne dit qui"
    return f"désabonnements depuis la copie, repris de la base d'avant : {left}"

"""Who decides, when it is decided on the command line."""

from __future__ import annotations

import argparse
import getpass

from watcher.core.errors import UserError
from watcher.core.printable import one_line

NAME = 64  # characters


def signature(options: argparse.Namespace) -> str:
    """What ``--by`` says, or the account of this machine. Raises `UserError` when there is neither."""
    try:
        name = options.by if options.by is not None else getpass.getuser()
    except (OSError, KeyError):
        name = ""
    name = one_line(name, NAME).strip()
    if not name:
        raise UserError("qui décide ? (--by NOM)")
    return name

"""`vigie bounces`: takes in what came back of our mails, from a mailbox file, one mail, or a pipe."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from watcher.bootstrap import open_app
from watcher.bootstrap_telling import bounce_desk
from watcher.core.errors import UserError
from watcher.core.french import count
from watcher.core.mailbox import mails
from watcher.settings import Settings

MOST = 1_000_000  # bytes of one mail

_SAID = {
    "noted": "notés",
    "ended": "abonnements terminés",
    "passing": "passagers",
    "stranger": "inconnus ou falsifiés",
    "other": "sans rapport",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    counts: Counter[str] = Counter()
    with open_app(settings) as app, _opened(options.file) as stream:
        desk = bounce_desk(app)
        for mail in mails(stream, MOST):
            taken = desk.take(mail, app.clock.now())
            counts[taken.outcome] += 1
            if options.json:
                told = {"kind": taken.kind, "outcome": taken.outcome, "status": taken.status}
                print(json.dumps(told))
    read = count(counts.total(), "message lu", "messages lus")
    said = ", ".join(f"{_SAID[outcome]} : {number}" for outcome, number in sorted(counts.items()))
    print(f"{read} ({said})" if said else read, file=sys.stderr)
    return 0


def _opened(file: str) -> AbstractContextManager[BinaryIO]:
    if file == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise UserError(f"{file} : lecture impossible ({error.strerror})") from error

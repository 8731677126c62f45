"""`vigie subscribers add`: a chat of ours, which nobody else has to agree to."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Iterator

from watcher.bootstrap import App, open_app, vocabulary
from watcher.core.chats import ChatError, chat_address
from watcher.core.choices_form import FormError, parse, sent
from watcher.core.errors import UserError
from watcher.core.mail_address import masked
from watcher.core.subscriptions import Choices, Subscription, Way
from watcher.settings import Settings

CONSENT = "maintainer"


def run(settings: Settings, options: argparse.Namespace) -> int:
    from notifiers.chat import check

    # A line of a shell's history, or of a list of processes, is no place for a secret.
    text = sys.stdin.readline() if options.address == "-" else options.address
    try:
        address = chat_address(text, allow_private=settings.allow_private)
        check(address)
    except ChatError as error:
        raise UserError(str(error)) from error
    with open_app(settings) as app:
        known, id_ = _keep(app, address, _choices(app, options))
    print(f"{masked(address)} : {'choix changés' if known else 'messagerie ajoutée'} ({id_})")
    return 0


def _choices(app: App, options: argparse.Namespace) -> Choices:
    try:
        return parse(sent(_fields(options)), vocabulary(app.settings, app.catalogue))
    except FormError as error:
        raise UserError(f"--{error.field} : « {error.value} » n'est pas connu ici") from error


def _fields(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for name in ("prefecture", "category", "motif"):
        yield from ((name, value) for value in getattr(options, name))
    yield "severity", options.severity
    yield "language", options.language
    yield "verified", "1" if options.verified else "0"


def _keep(app: App, address: str, choices: Choices) -> tuple[bool, str]:
    """Whether it was known already, and its id; who is known gets the new choices."""
    id_, now = secrets.token_hex(16), app.clock.now()
    recipient = app.vault.seal(address, id_)
    held = app.subscriptions.find_subscription(recipient.index)
    if held is not None and app.subscriptions.choose(held.id, choices, now):
        return True, held.id
    app.subscriptions.add(Subscription(id_, Way.CHAT, recipient, choices, now, now, CONSENT))
    return False, id_

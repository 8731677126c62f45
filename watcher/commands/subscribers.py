"""`vigie subscribers list|export|erase`: who is subscribed, and what the law lets them ask of a maintainer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

from watcher.bootstrap import App, open_app
from watcher.core.errors import UserError
from watcher.core.mail_address import AddressError, mail_address, masked
from watcher.core.ports_outgoing import VaultError
from watcher.core.printable import one_line
from watcher.core.subscriptions import Subscription
from watcher.settings import Settings
from watcher.subscribe import Records, told

_UNREADABLE = "(illisible : scellée avec une clé perdue)"


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        if options.action == "list":
            return _list(app, as_json=options.json, reveal=options.reveal)
        who, records = _who(options.person), Records(app.subscriptions, app.outbox, app.vault)
        return _export(app, records, who) if options.action == "export" else _erase(app, records, who)


def _list(app: App, *, as_json: bool, reveal: bool) -> int:
    for subscription in app.subscriptions.subscriptions():
        address = _address(app, subscription)
        row = told(subscription, address if reveal or address == _UNREADABLE else masked(address))
        print(json.dumps(row, ensure_ascii=False) if as_json else _line(subscription, row))
    return 0


def _line(subscription: Subscription, row: Mapping[str, object]) -> str:
    choices, address = subscription.choices, one_line(str(row["address"]))
    since = subscription.confirmed_at.date().isoformat()
    return f"{subscription.id}  {subscription.way:<7}  {choices.cadence:<6}  {choices.language}  {since}  {address}"


def _export(app: App, records: Records, who: str) -> int:
    try:
        known = records.told(who, app.clock.now())
    except VaultError:
        raise UserError("l'adresse de cet abonnement est illisible : sa clé est perdue") from None
    if known is None:
        raise _nobody()
    print(json.dumps(known, ensure_ascii=False, indent=1))
    return 0


def _erase(app: App, records: Records, who: str) -> int:
    if not records.erase(who, app.clock.now()):
        raise _nobody()
    print("effacé : plus rien n'est envoyé, et l'adresse n'est plus connue")
    return 0


def _who(person: str) -> str:
    """An id as it is, an address in the form in which it was kept. Raises `UserError` for neither."""
    if "@" not in person:
        return person
    try:
        return mail_address(person)
    except AddressError:
        raise UserError("ce n'est pas une adresse électronique") from None


def _nobody() -> UserError:
    """The address is not repeated: errors end up in logs."""
    return UserError("rien n'est conservé de cette personne (voir « vigie subscribers list »)")


def _address(app: App, subscription: Subscription) -> str:
    try:
        return app.vault.open(subscription.recipient, subscription.id).partition("\n")[0]
    except VaultError:
        return _UNREADABLE

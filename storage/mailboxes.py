"""What is remembered of mailboxes, by an index that only the key can compute."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from storage.codec import dump, load
from storage.dialect import insert_new, insert_or_replace
from storage.tables import address_histories, suppressions
from watcher.core.subscriptions import AddressHistory, EndReason

_DAY = timedelta(days=1)

_HISTORY = select(address_histories.c.document).where(address_histories.c.mailbox == bindparam("mailbox"))
_SUPPRESSED = select(suppressions.c.mailbox).where(suppressions.c.mailbox == bindparam("mailbox"))
_OVER = delete(address_histories).where(address_histories.c.counts_until <= bindparam("now"))


def history(connection: Connection, mailbox: str, now: datetime) -> AddressHistory:
    """As much as still counts; a silence that is over does not."""
    document = connection.scalar(_HISTORY, {"mailbox": mailbox})
    kept = AddressHistory() if document is None else load(document, AddressHistory)
    silent = kept.silent_until if kept.silent_until and kept.silent_until > now else None
    return AddressHistory(
        mailed_at=tuple(at for at in kept.mailed_at if at > now - _DAY),
        silent_until=silent,
        suppressed=connection.scalar(_SUPPRESSED, {"mailbox": mailbox}) is not None,
    )


def remember(connection: Connection, mailbox: str, history: AddressHistory) -> None:
    """Put this in the place of what was remembered; suppressions are kept elsewhere, and for ever."""
    ends = [at + _DAY for at in history.mailed_at]
    if history.silent_until:
        ends.append(history.silent_until)
    if ends:
        kept = AddressHistory(history.mailed_at, history.silent_until)
        connection.execute(
            insert_or_replace(connection, address_histories),
            {"mailbox": mailbox, "document": dump(kept, AddressHistory), "counts_until": max(ends)},
        )


def suppress(connection: Connection, mailbox: str, reason: EndReason, now: datetime) -> None:
    """The first reason stays."""
    connection.execute(
        insert_new(connection, suppressions), {"mailbox": mailbox, "reason": reason.value, "since": now}
    )


def erase_expired(connection: Connection, now: datetime) -> None:
    connection.execute(_OVER, {"now": now})

"""Addresses that somebody typed, until their owners answer or the time for it has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage import messages, recipients
from storage.columns import AnyRow
from storage.tables import signups
from watcher.core.outbox import Message, MessageKind
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Recipient, Signup, SignupState, Way

_HOUR = timedelta(hours=1)
_LONGEST = timedelta(days=30)  # that a confirmation may wait until it can be sent

_this = signups.c.id == bindparam("signup")
_is_mailed = signups.c.state == SignupState.MAILED.value
_is_pending = signups.c.state.in_([SignupState.ASKED.value, SignupState.MAILED.value])
_has_index = signups.c.address_index == bindparam("address")

_WAITING = (
    select(signups)
    .where(signups.c.state == SignupState.ASKED.value)
    .order_by(signups.c.asked_at, signups.c.id)
    .limit(bindparam("limit"))
)
_ASKED = select(func.count()).where(signups.c.asked_at > bindparam("since"))
_BOOKED = select(func.count()).where(signups.c.due_at > bindparam("since"))
_MAIL = update(signups).where(_this).values(state=SignupState.MAILED.value, due_at=bindparam("due"))
_CLOSE = update(signups).where(_this).values(state=bindparam("to"), **recipients.NOTHING)
_PENDING_OF = select(signups.c.id).where(signups.c.mailbox == bindparam("box"), _is_pending)
_RESEAL = (
    update(signups)
    .where(_this, _is_mailed)
    .values(sealed=bindparam("seal"), address_index=bindparam("address"), mailbox=bindparam("box"))
)
_MAILED = select(signups).where(_this, _is_mailed)
_THESE = select(signups).where(signups.c.id.in_(bindparam("ids", expanding=True)), _is_mailed)
_OF_ADDRESS = select(signups).where(_has_index).order_by(signups.c.asked_at, signups.c.id)
_OLD = select(signups.c.id, signups.c.state, signups.c.asked_at).where(
    signups.c.asked_at <= bindparam("before")
)
_DELETE = delete(signups).where(_this)


def add(connection: Connection, signup: Signup) -> None:
    row = {
        "id": signup.id,
        "way": signup.way.value,
        **recipients.written(signup.recipient, signup.choices),
        "asked_at": signup.asked_at,
        "consent": signup.consent,
        "state": SignupState.ASKED.value,
    }
    connection.execute(insert(signups), row)


def waiting(connection: Connection, limit: int) -> Sequence[Signup]:
    """Those that are still to be decided on, oldest first."""
    return [_signup(row) for row in connection.execute(_WAITING, {"limit": limit})]


def asked(connection: Connection, now: datetime) -> int:
    """How many came within the last hour."""
    return connection.scalar(_ASKED, {"since": now - _HOUR}) or 0


def booked(connection: Connection, now: datetime) -> int:
    """How many confirmations were due within the last hour, or will be."""
    return connection.scalar(_BOOKED, {"since": now - _HOUR}) or 0


def mail(connection: Connection, signup: Signup, now: datetime, due_at: datetime) -> None:
    """Queue what asks the owner."""
    kind = MessageKind.CHALLENGE if signup.way is Way.WEBHOOK else MessageKind.CONFIRMATION
    letter = Message(
        id=confirmation_id(signup.id),
        kind=kind,
        way=signup.way,
        about=signup.id,
        alerts=(),
        run=None,
        created_at=now,
        due_at=due_at,
    )
    messages.add(connection, [letter])
    connection.execute(_MAIL, {"signup": signup.id, "due": due_at})


def confirmation_id(signup: str) -> str:
    return messages.message_id(MessageKind.CONFIRMATION, signup)


def close(connection: Connection, signup: str, state: SignupState, now: datetime) -> None:
    """It is decided: forget whose it was, and ask no more."""
    connection.execute(_CLOSE, {"signup": signup, "to": state.value})
    messages.cancel(connection, signup, now)


def silence(connection: Connection, mailbox: str, now: datetime) -> None:
    """Close all that wait for the owner of this mailbox."""
    for signup in connection.scalars(_PENDING_OF, {"box": mailbox}).all():
        close(connection, signup, SignupState.SILENCED, now)


def reseal(connection: Connection, signup: str, recipient: Recipient) -> None:
    asked = {"signup": signup, "seal": recipient.sealed, "address": recipient.index, "box": recipient.mailbox}
    connection.execute(_RESEAL, asked)


def mailed(connection: Connection, signup: str, *, lock: bool = False) -> Signup | None:
    """One that waits for its owner; with a lock, nobody else can confirm it before this transaction ends."""
    row = connection.execute(_MAILED.with_for_update() if lock else _MAILED, {"signup": signup}).first()
    return _signup(row) if row else None


def mailed_these(connection: Connection, ids: Sequence[str]) -> Mapping[str, Signup]:
    return {row.id: _signup(row) for row in connection.execute(_THESE, {"ids": ids})}


def of_address(connection: Connection, index: str) -> Sequence[Signup]:
    """Oldest first."""
    return [_signup(row) for row in connection.execute(_OF_ADDRESS, {"address": index})]


def forget(connection: Connection, index: str) -> None:
    """Erase all of this address, and ask no more."""
    for signup in of_address(connection, index):
        messages.cancel(connection, signup.id, None)
        connection.execute(_DELETE, {"signup": signup.id})


def erase_expired(connection: Connection, now: datetime) -> None:
    """Those whose link opens nothing any more. Time counts from when the letter could be sent."""
    for row in connection.execute(_OLD, {"before": now - CONFIRM_FOR}).all():
        if row.asked_at <= now - _LONGEST or not _is_awaited(connection, row, now):
            messages.cancel(connection, row.id, now)
            connection.execute(_DELETE, {"signup": row.id})


def _is_awaited(connection: Connection, row: AnyRow, now: datetime) -> bool:
    if row.state == SignupState.MAILED.value:
        return messages.is_recent(connection, confirmation_id(row.id), now - CONFIRM_FOR)
    return bool(row.state == SignupState.ASKED.value)


def _signup(row: AnyRow) -> Signup:
    return Signup(
        id=row.id,
        way=Way(row.way),
        recipient=recipients.recipient_of(row),
        choices=recipients.choices_of(row),
        asked_at=row.asked_at,
        consent=row.consent,
    )

"""Which problems maintainers were written to about, and the letters that do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, text, update

from storage import contents, messages
from storage.columns import AnyRow
from storage.dialect import alone
from storage.tables import IS_END_UNTOLD, problems
from storage.tables import messages as sent
from watcher.core.outbox import Message, MessageKind
from watcher.core.problem_news import APART, Noted, Written, staff
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way

_LOCK = 0x56494744  # of PostgreSQL's advisory locks: two processes would write twice about the same

_end_untold: ColumnElement[bool] = text(IS_END_UNTOLD)  # type: ignore[assignment]
_NOTED = (
    select(problems)
    .where(or_(problems.c.open.is_(True), _end_untold))
    .order_by(problems.c.since, problems.c.id)
)
_LAST = [select(func.max(column)) for column in (problems.c.told_at, problems.c.end_told_at)]
_this = problems.c.id == bindparam("which")
_WAITS = select(sent.c.id).where(sent.c.about == bindparam("who"), messages.is_open).limit(1)
_TELL = update(problems).where(_this).values(told_at=bindparam("now"))
_TELL_END = update(problems).where(_this).values(end_told_at=bindparam("now"))


def tell(
    connection: Connection,
    now: datetime,
    write: Callable[[Sequence[Noted]], Written | None],
    maintainers: int,
) -> bool:
    """Put a letter about what `write` chooses into the queue, once for each maintainer, unless it is too soon.

    False when nothing was written.
    """
    alone(connection, _LOCK)
    if _is_too_soon(connection, now, maintainers):
        return False
    written = write([_noted(row) for row in connection.execute(_NOTED)])
    if written is None:
        return False
    for statement, told in ((_TELL, written.news.opened), (_TELL_END, written.news.ended)):
        if told:
            connection.execute(statement, [{"which": one.id, "now": now} for one in told])
    letters = [_letter(number, now) for number in range(1, maintainers + 1)]
    messages.add(connection, letters)
    contents.keep(connection, written.content, written.body, [one.id for one in letters])
    return True


def _is_too_soon(connection: Connection, now: datetime, maintainers: int) -> bool:
    """Whether the last letter is young, or still waits: what happens meanwhile is gathered."""
    last = max((at for at in map(connection.scalar, _LAST) if at is not None), default=None)
    if last is not None and now - APART < last <= now:
        return True
    whom = [staff(number) for number in range(1, maintainers + 1)]
    return any(connection.scalar(_WAITS, {"who": who}) is not None for who in whom)


def _letter(number: int, now: datetime) -> Message:
    about = staff(number)
    return Message(
        id=messages.message_id(MessageKind.PROBLEMS, about, now.isoformat()),
        kind=MessageKind.PROBLEMS,
        way=Way.MAIL,
        about=about,
        alerts=(),
        run=None,
        created_at=now,
        due_at=now,
    )


def _noted(row: AnyRow) -> Noted:
    problem = Problem(
        row.subject, ProblemKind(row.kind), row.since, row.evidence, row.needs_human, row.closed_at
    )
    return Noted(row.id, problem, row.told_at is not None)

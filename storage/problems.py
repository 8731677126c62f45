"""Troubles, from their first sign to their end; at most one of a kind is open per subject."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from storage.dialect import insert_new
from storage.tables import problems
from watcher.core.state import Problem, ProblemKind

_is_open = problems.c.open.is_(True)
_OPEN = select(problems).where(_is_open).order_by(problems.c.since, problems.c.id)
_GO_ON = (
    update(problems)
    .where(_is_open, problems.c.subject == bindparam("who"), problems.c.kind == bindparam("what"))
    .values(evidence=bindparam("seen"), needs_human=bindparam("human"))
)
_at = bindparam("at", type_=problems.c.since.type)
_CLOSE = (
    update(problems)
    .where(
        _is_open,
        problems.c.subject == bindparam("who"),
        problems.c.kind.not_in(bindparam("but", expanding=True)),
    )
    .values(open=None, closed_at=case((problems.c.since < _at, _at), else_=problems.c.since))
)


def write(
    connection: Connection,
    opens: Sequence[Problem],
    closes: Sequence[str],
    at: datetime | None,
    kinds: Collection[ProblemKind] = tuple(ProblemKind),
) -> None:
    """Open or go on with `opens`, and close at `at` what else is open, of these `kinds`, of the subjects in
    `closes`.

    A problem that goes on keeps its beginning and takes the new evidence. A closing time before the
    beginning, or unknown, becomes the beginning.
    """
    going_on = [one for one in _in_order(opens) if _goes_on(connection, one)]
    for problem in opens:
        if problem not in going_on:
            _open(connection, problem)
    others = [kind.value for kind in ProblemKind if kind not in kinds]
    for subject in sorted(closes):
        but = [problem.kind.value for problem in opens if problem.subject == subject]
        connection.execute(_CLOSE, {"who": subject, "but": [*others, *but], "at": at})


def _in_order(opens: Sequence[Problem]) -> Sequence[Problem]:
    """The same for all who write: then the second waits for the first, and never the first for the second."""
    return sorted(opens, key=lambda one: (one.subject, one.kind))


def _goes_on(connection: Connection, problem: Problem) -> bool:
    """False when none of its kind is open."""
    told = {
        "who": problem.subject,
        "what": problem.kind.value,
        "seen": problem.evidence,
        "human": problem.needs_human,
    }
    return connection.execute(_GO_ON, told).rowcount == 1


def _open(connection: Connection, problem: Problem) -> None:
    new = {
        "subject": problem.subject,
        "kind": problem.kind.value,
        "since": problem.since,
        "evidence": problem.evidence,
        "needs_human": problem.needs_human,
        "open": True,
    }
    if not connection.execute(insert_new(connection, problems), new).rowcount:
        _goes_on(connection, problem)  # what somebody else has opened meanwhile


def read_open(connection: Connection) -> Sequence[Problem]:
    """Oldest first."""
    return [
        Problem(
            subject=row.subject,
            kind=ProblemKind(row.kind),
            since=row.since,
            evidence=row.evidence,
            needs_human=row.needs_human,
        )
        for row in connection.execute(_OPEN)
    ]

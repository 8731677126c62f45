"""Troubles, from their first sign to their end; at most one of a kind is open per subject."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, insert, select, update

from storage.tables import problems
from watcher.core.state import Problem, ProblemKind

_open = problems.c.open.is_(True)
_OPEN = select(problems).where(_open).order_by(problems.c.since, problems.c.id)
_GO_ON = (
    update(problems)
    .where(_open, problems.c.subject == bindparam("who"), problems.c.kind == bindparam("what"))
    .values(evidence=bindparam("seen"), needs_human=bindparam("human"))
)
_ADD = insert(problems)
_at = bindparam("at", type_=problems.c.since.type)
_CLOSE = (
    update(problems)
    .where(
        _open,
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
    for problem in opens:
        _open_or_go_on(connection, problem)
    others = [kind.value for kind in ProblemKind if kind not in kinds]
    for subject in closes:
        going_on = [problem.kind.value for problem in opens if problem.subject == subject]
        connection.execute(_CLOSE, {"who": subject, "but": [*others, *going_on], "at": at})


def _open_or_go_on(connection: Connection, problem: Problem) -> None:
    going_on = connection.execute(
        _GO_ON,
        {
            "who": problem.subject,
            "what": problem.kind.value,
            "seen": problem.evidence,
            "human": problem.needs_human,
        },
    )
    if going_on.rowcount == 0:
        connection.execute(
            _ADD,
            {
                "subject": problem.subject,
                "kind": problem.kind.value,
                "since": problem.since,
                "evidence": problem.evidence,
                "needs_human": problem.needs_human,
                "open": True,
            },
        )


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

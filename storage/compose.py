"""Makes messages of deliveries whose time has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, bindparam, select, text, update

from storage import messages as stored
from storage import outbox, recipients
from storage.columns import AnyRow, moment
from storage.dialect import alone, ask, marks, repeat
from storage.errors import DamagedError, place
from storage.tables import IS_OPEN, IS_UNSENT, deliveries, messages
from watcher.core.digests import Period, next_due, run_of
from watcher.core.outbox import GIVE_UP, DeliveryState, Message, MessageKind
from watcher.core.subscriptions import Cadence, Choices, Way

_LOCK = 0x56494743  # of PostgreSQL's advisory locks: two composers would write to one subscriber twice
_BATCH = 100  # subscribers at once
_ENOUGH = 5000  # deliveries in one transaction: pollers wait for its end
_BEGINNING, _END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_FARTHEST = timedelta(days=8)  # a time beyond is of a clock that has since been set back
_MERGED_FOR = GIVE_UP / 2  # what joins a message that waits has as long again to be sent

_is_unsent = text(IS_UNSENT)
_FIRST = (
    select(deliveries.c.subscription)
    .where(_is_unsent, deliveries.c.way == bindparam("by"))
    .where(deliveries.c.due_at.between(bindparam("since"), bindparam("until")))
    .order_by(deliveries.c.due_at)
    .limit(bindparam("limit"))
)
_DUE = f"""
    SELECT deliveries.id, deliveries.subscription, deliveries.alert, deliveries.due_at
    FROM deliveries JOIN alerts ON alerts.id = deliveries.alert
    WHERE {IS_UNSENT} AND deliveries.subscription IN (%s)
    ORDER BY deliveries.subscription, alerts.detected_at, alerts.id
"""  # noqa: S608  # of constants
# Locked before their messages are, as whoever ends them does.
_WHO = "SELECT id, choices, sequence, ended_at FROM subscriptions WHERE id IN (%s) ORDER BY id"
_LOCKED = " FOR NO KEY UPDATE"
_WAITING = f"""
    SELECT about FROM messages WHERE about IN (%s) AND {IS_OPEN} AND state IN ('queued', 'deferred')
"""  # noqa: S608
_JOINABLE = (
    select(messages)
    .where(messages.c.about.in_(bindparam("ids", expanding=True)), stored.is_open)
    .where(messages.c.state.in_([DeliveryState.QUEUED.value, DeliveryState.DEFERRED.value]))
    .where(messages.c.ambiguous == 0, messages.c.poisoned == 0)
    .where(messages.c.created_at > bindparam("since"))
    .order_by(messages.c.created_at)
    .with_for_update(skip_locked=True)
)
_OF_RUNS = select(messages.c.about, messages.c.run, messages.c.id).where(
    messages.c.about.in_(bindparam("ids", expanding=True)),
    messages.c.run.in_(bindparam("runs", expanding=True)),
)
_GROW = (
    update(messages)
    .where(messages.c.id == bindparam("message"))
    .values(alerts=bindparam("told"), run=bindparam("of_run"), content=None)
)
_COUNT = "UPDATE subscriptions SET sequence = ? WHERE id = ?"


@dataclass(slots=True)
class _Outcome:
    """What is to be written."""

    made: list[stored.Fresh] = field(default_factory=list)
    grown: list[Message] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)  # delivery, message
    postponed: list[tuple[str, datetime]] = field(default_factory=list)  # delivery, until when
    sequences: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A subscriber with what is due, and what is there already."""

    name: str
    choices: Choices
    due: Sequence[AnyRow]  # oldest alert first
    joinable: Sequence[Message]  # oldest first


def compose(connection: Connection, now: datetime, way: Way, limit: int) -> int:
    """How many messages were made or grew; 0 only when nothing is due any more."""
    pause(connection)
    changed = carried = 0
    stuck: list[str] = []
    while not changed or (changed < limit and carried < _ENOUGH):
        names = _first(connection, now, way, min(limit - changed, _BATCH))
        if not names:
            break
        if names == stuck:  # an index that tells of rows that are not there would keep the lock for ever
            raise DamagedError(place(connection.engine.url))
        outcome = _compose_for(connection, now, way, names)
        stuck = [] if outcome.carried or outcome.postponed else names
        changed += len(outcome.made) + len(outcome.grown)
        carried += len(outcome.carried)
    return changed


def pause(connection: Connection) -> None:
    """Let no message be made of what is due until the transaction ends."""
    alone(connection, _LOCK)


def _first(connection: Connection, now: datetime, way: Way, limit: int) -> list[str]:
    """The subscribers who have waited longest; each once."""
    asked = {"by": way.value, "limit": limit}
    for since, until in ((_BEGINNING, now), (now + _FARTHEST, _END)):
        found = connection.scalars(_FIRST, asked | {"since": since, "until": until})
        if names := list(dict.fromkeys(found)):
            return names
    return []


def bury(connection: Connection, subscription: str, way: Way, now: datetime) -> None:
    """What was promised to a subscription that ended is kept, in a message that nobody sends."""
    due = _due(connection, [subscription])
    if due:
        message = _message(subscription, way, due, moment(now), None, 0)
        lost = message._replace(state=DeliveryState.EXPIRED.value, detail=stored.UNWANTED)
        stored.add_fresh(connection, [lost])
        outbox.carry(connection, [(row.id, message.id) for row in due])


def _due(connection: Connection, names: Sequence[str]) -> Sequence[AnyRow]:
    return ask(connection, _DUE % marks(len(names)), names)


def _compose_for(connection: Connection, now: datetime, way: Way, names: Sequence[str]) -> _Outcome:
    ready, sequences = _gather(connection, now, way, names)
    outcome = _Outcome(sequences=sequences)
    runs = {who.name: _run(who, way, now) for who in ready}
    closed = _of_runs(connection, runs)
    for who in ready:
        if way is not Way.MAIL:
            _make_each(outcome, who, way, now)
        elif run := runs[who.name]:
            _digest(outcome, who, run, now, closed.get((who.name, run.id)))
        else:
            _tell(outcome, who, now)
    _write(connection, outcome)
    return outcome


def _gather(
    connection: Connection, now: datetime, way: Way, names: Sequence[str]
) -> tuple[list[_Ready], dict[str, int]]:
    known = {row.id: row for row in _who(connection, names)}
    joinable = _joinable(connection, now, names) if way is Way.MAIL else {}
    ready = []
    at, beyond = moment(now), moment(now + _FARTHEST)
    for name, group in groupby(_due(connection, names), key=itemgetter(1)):
        who = known[name]
        if who.ended_at is not None:  # between the poll that queued this and its end
            bury(connection, name, way, now)
            continue
        due = [row for row in group if not at < row.due_at < beyond]
        ready.append(_Ready(name, recipients.choices_of(who), due, joinable.get(name, ())))
    return ready, {name: row.sequence for name, row in known.items()}


def _who(connection: Connection, names: Sequence[str]) -> Sequence[AnyRow]:
    sql = _WHO % marks(len(names))
    return ask(connection, sql if connection.dialect.name == "sqlite" else sql + _LOCKED, names)


def _joinable(connection: Connection, now: datetime, names: Sequence[str]) -> Mapping[str, Sequence[Message]]:
    waiting = {row.about for row in ask(connection, _WAITING % marks(len(names)), names)}
    found: dict[str, list[Message]] = {}
    if waiting:
        for row in connection.execute(_JOINABLE, {"ids": sorted(waiting), "since": now - _MERGED_FOR}):
            found.setdefault(row.about, []).append(stored.from_row(row))
    return found


def _run(who: _Ready, way: Way, now: datetime) -> Period | None:
    cadence = outbox.cadence_of(way, who.choices)
    return None if cadence is Cadence.NOW else run_of(cadence, who.choices.zone, now)


def _of_runs(connection: Connection, runs: Mapping[str, Period | None]) -> Mapping[tuple[str, str], str]:
    """By subscription and run: the message that was made already."""
    digests = {name: run.id for name, run in runs.items() if run}
    if not digests:
        return {}
    rows = connection.execute(_OF_RUNS, {"ids": list(digests), "runs": sorted(set(digests.values()))})
    return {(row.about, row.run): row.id for row in rows}


def _make_each(outcome: _Outcome, who: _Ready, way: Way, now: datetime) -> None:
    for row in who.due:
        _make(outcome, who.name, way, [row], now, None)


def _tell(outcome: _Outcome, who: _Ready, now: datetime) -> None:
    waiting = next((m for m in who.joinable if m.kind is MessageKind.ALERTS), None)
    if waiting:
        _grow(outcome, waiting, who.due, None)
    else:
        _make(outcome, who.name, Way.MAIL, who.due, now, None)


def _digest(outcome: _Outcome, who: _Ready, run: Period, now: datetime, closed: str | None) -> None:
    """One message for each run. What comes after it has left belongs to the next one."""
    digests = [m for m in who.joinable if m.kind is MessageKind.DIGEST]
    waiting = next((m for m in digests if closed in {None, m.id}), None)
    if waiting:
        _grow(outcome, waiting, who.due, run.id)
    elif closed is None:
        _make(outcome, who.name, Way.MAIL, who.due, now, run.id)
    else:
        due_at = next_due(who.choices.cadence, who.choices.zone, now)
        outcome.postponed += [(row.id, due_at) for row in who.due]


def _message(
    who: str, way: Way, due: Sequence[AnyRow], now: int, run: str | None, sequence: int
) -> stored.Fresh:
    kind = MessageKind.DIGEST if run else MessageKind.ALERTS
    return stored.Fresh(
        id=stored.message_id(kind, who, min(f"{row.id}\x1f{row.due_at}" for row in due)),
        kind=kind.value,
        way=way.value,
        about=who,
        alerts=stored.told(tuple(row.alert for row in due)),
        run=run,
        created_at=now,
        due_at=min(row.due_at for row in due),
        sequence=sequence,
    )


def _make(
    outcome: _Outcome, who: str, way: Way, due: Sequence[AnyRow], now: datetime, run: str | None
) -> None:
    sequence = outcome.sequences[who] = outcome.sequences[who] + 1
    message = _message(who, way, due, moment(now), run, sequence)
    outcome.made.append(message)
    outcome.carried += [(row.id, message.id) for row in due]


def _grow(outcome: _Outcome, message: Message, due: Sequence[AnyRow], run: str | None) -> None:
    told = (*message.alerts, *(row.alert for row in due))
    outcome.grown.append(replace(message, alerts=told, run=run))
    outcome.carried += [(row.id, message.id) for row in due]


def _write(connection: Connection, outcome: _Outcome) -> None:
    stored.add_fresh(connection, outcome.made)
    if outcome.grown:
        rows = [{"message": m.id, "told": stored.told(m.alerts), "of_run": m.run} for m in outcome.grown]
        connection.execute(_GROW, rows)
    outbox.carry(connection, outcome.carried)
    outbox.postpone(connection, outcome.postponed)
    # The last of several for one subscriber comes last.
    repeat(connection, _COUNT, [(message.sequence, message.about) for message in outcome.made])

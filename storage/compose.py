"""Makes messages of deliveries whose time has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, bindparam, select, text, update

from storage import messages as stored
from storage import outbox, recipients
from storage.codec import dump
from storage.columns import AnyRow
from storage.dialect import alone
from storage.tables import IS_UNSENT, alerts, deliveries, messages, subscriptions
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
_DUE = (
    select(deliveries.c.id, deliveries.c.subscription, deliveries.c.alert, deliveries.c.due_at)
    .join_from(deliveries, alerts, alerts.c.id == deliveries.c.alert)
    .where(_is_unsent, deliveries.c.subscription.in_(bindparam("ids", expanding=True)))
    .order_by(deliveries.c.subscription, alerts.c.detected_at, alerts.c.id)
)
_WHO = (  # locked before their messages are, as whoever ends them does
    select(subscriptions.c.id, subscriptions.c.choices, subscriptions.c.sequence, subscriptions.c.ended_at)
    .where(subscriptions.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(subscriptions.c.id)
    .with_for_update(key_share=True)
)
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
_COUNT = (
    update(subscriptions).where(subscriptions.c.id == bindparam("who")).values(sequence=bindparam("last"))
)


@dataclass(slots=True)
class _Outcome:
    """What is to be written."""

    made: list[Message] = field(default_factory=list)
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
    alone(connection, _LOCK)
    changed = carried = 0
    while not changed or (changed < limit and carried < _ENOUGH):
        names = _first(connection, now, way, min(limit - changed, _BATCH))
        if not names:
            break
        outcome = _compose_for(connection, now, way, names)
        changed += len(outcome.made) + len(outcome.grown)
        carried += len(outcome.carried)
    return changed


def _first(connection: Connection, now: datetime, way: Way, limit: int) -> list[str]:
    """The subscribers who have waited longest; each once."""
    asked = {"by": way.value, "limit": limit}
    for since, until in ((_BEGINNING, now), (now + _FARTHEST, _END)):
        found = connection.scalars(_FIRST, asked | {"since": since, "until": until})
        if names := list(dict.fromkeys(found)):
            return names
    return []


def _is_due(due_at: datetime, now: datetime) -> bool:
    return due_at <= now or due_at >= now + _FARTHEST


def bury(connection: Connection, subscription: str, way: Way, now: datetime) -> None:
    """What was promised to a subscription that ended is kept, in a message that nobody sends."""
    due = connection.execute(_DUE, {"ids": [subscription]}).all()
    if due:
        message = _message(subscription, way, due, now, None)
        stored.add(connection, [replace(message, state=DeliveryState.EXPIRED)], detail=stored.UNWANTED)
        outbox.carry(connection, [(row.id, message.id) for row in due])


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
    known = {row.id: row for row in connection.execute(_WHO, {"ids": names})}
    joinable: dict[str, list[Message]] = {}
    if way is Way.MAIL:
        for row in connection.execute(_JOINABLE, {"ids": names, "since": now - _MERGED_FOR}):
            joinable.setdefault(row.about, []).append(stored.from_row(row))
    rows = connection.execute(_DUE, {"ids": names}).all()
    ready = []
    choices: dict[str, Choices] = {}
    for name, group in groupby(rows, key=lambda row: row.subscription):
        who = known[name]
        if who.ended_at is not None:  # between the poll that queued this and its end
            bury(connection, name, way, now)
            continue
        if who.choices not in choices:
            choices[who.choices] = recipients.choices_of(who)
        due = [row for row in group if _is_due(row.due_at, now)]
        ready.append(_Ready(name, choices[who.choices], due, joinable.get(name, ())))
    return ready, {name: row.sequence for name, row in known.items()}


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
        _make(outcome, _message(who.name, way, [row], now, None), [row])


def _tell(outcome: _Outcome, who: _Ready, now: datetime) -> None:
    waiting = next((m for m in who.joinable if m.kind is MessageKind.ALERTS), None)
    if waiting:
        _grow(outcome, waiting, who.due, None)
    else:
        _make(outcome, _message(who.name, Way.MAIL, who.due, now, None), who.due)


def _digest(outcome: _Outcome, who: _Ready, run: Period, now: datetime, closed: str | None) -> None:
    """One message for each run. What comes after it has left belongs to the next one."""
    digests = [m for m in who.joinable if m.kind is MessageKind.DIGEST]
    waiting = next((m for m in digests if closed in {None, m.id}), None)
    if waiting:
        _grow(outcome, waiting, who.due, run.id)
    elif closed is None:
        _make(outcome, _message(who.name, Way.MAIL, who.due, now, run.id), who.due)
    else:
        due_at = next_due(who.choices.cadence, who.choices.zone, now)
        outcome.postponed += [(row.id, due_at) for row in who.due]


def _message(who: str, way: Way, due: Sequence[AnyRow], now: datetime, run: str | None) -> Message:
    kind = MessageKind.DIGEST if run else MessageKind.ALERTS
    return Message(
        id=stored.message_id(kind, who, min(f"{row.id}\x1f{row.due_at.isoformat()}" for row in due)),
        kind=kind,
        way=way,
        about=who,
        alerts=tuple(row.alert for row in due),
        run=run,
        created_at=now,
        due_at=min(row.due_at for row in due),
    )


def _make(outcome: _Outcome, message: Message, due: Iterable[AnyRow]) -> None:
    outcome.sequences[message.about] += 1
    outcome.made.append(replace(message, sequence=outcome.sequences[message.about]))
    outcome.carried += [(row.id, message.id) for row in due]


def _grow(outcome: _Outcome, message: Message, due: Sequence[AnyRow], run: str | None) -> None:
    told = (*message.alerts, *(row.alert for row in due))
    outcome.grown.append(replace(message, alerts=told, run=run))
    outcome.carried += [(row.id, message.id) for row in due]


def _write(connection: Connection, outcome: _Outcome) -> None:
    stored.add(connection, outcome.made)
    if outcome.grown:
        rows = [
            {"message": m.id, "told": dump(m.alerts, tuple[str, ...]), "of_run": m.run} for m in outcome.grown
        ]
        connection.execute(_GROW, rows)
    outbox.carry(connection, outcome.carried)
    outbox.postpone(connection, outcome.postponed)
    if outcome.made:
        changed = {message.about for message in outcome.made}
        connection.execute(
            _COUNT, [{"who": name, "last": outcome.sequences[name]} for name in sorted(changed)]
        )

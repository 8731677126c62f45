"""What was told. An alert once written is not touched by later polls; people decide how far it holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from sys import intern
from threading import Lock

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from storage import alert_words
from storage.codec import dump, load
from storage.desk_tables import decisions
from storage.dialect import insert_new, within
from storage.tables import alert_categories, alert_motifs, alerts
from watcher.core.alerts import Alert, AlertState
from watcher.core.ports import NEAR
from watcher.core.verdict import Verdict

_ONE = select(alerts.c.document).where(alerts.c.id == bindparam("alert"))
_THESE = select(alerts.c.id, alerts.c.document).where(alerts.c.id.in_(bindparam("ids", expanding=True)))
_OVER = (AlertState.CORRECTED.value, AlertState.RETRACTED.value)  # another alert has their place, or none
_MOST = 200  # préfectures are about a hundred
_WANTED = select(alerts.c.document, alerts.c.detected_at, alerts.c.id)
_LIVE = alerts.c.historical.is_(False)
_REMEMBERED = 4096  # alerts: more than the longest feed has, which is made anew for each one that is new
_FEW = 100  # that are read are of a page, which may be an old one: they are not remembered


def add(connection: Connection, told: Sequence[Alert]) -> Sequence[Alert]:
    """Write those that are not there yet, and return them."""
    new = [alert for alert in told if _is_new(connection, alert)]
    _index(connection, alert_categories, "category", {(a.id, c) for a in new for c in a.verdict.categories})
    _index(connection, alert_motifs, "motif", {(a.id, m) for a in new for m in a.verdict.motifs})
    alert_words.add(connection, new)
    return new


def change(connection: Connection, alert: Alert) -> bool:
    """Write how far an alert may now be relied upon; false when there is none with its id.

    Nothing else about it may differ: what was told is found by the same words for ever.
    """
    former = read(connection, alert.id)
    if former is None:
        return False
    same = replace(
        alert,
        state=former.state,
        updated_at=former.updated_at,
        reviewed=former.reviewed,
        was_verified=former.was_verified,
    )
    if same != former:
        raise ValueError(f"alert {alert.id} would tell something else")
    values = {"state": alert.state.value, "document": dump(alert, Alert)}
    connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
    if alert.state is not former.state:
        alert_words.change(connection, alert)
    return True


def remove_historical(connection: Connection, names: Sequence[str]) -> None:
    """Nobody was told of them, so that what takes their place may be all there is."""
    wanted = select(alerts.c.id, alerts.c.detected_at).where(alerts.c.id.in_(names), alerts.c.historical)
    found = [(row.id, row.detected_at) for row in connection.execute(wanted)]
    alert_words.remove(connection, found)
    ids = [name for name, _ in found]
    for table in (alert_categories, alert_motifs):
        connection.execute(delete(table).where(table.c.alert.in_(ids)))
    connection.execute(delete(alerts).where(alerts.c.id.in_(ids)))


def _is_new(connection: Connection, alert: Alert) -> bool:
    added = connection.execute(
        insert_new(connection, alerts).returning(alerts.c.id),
        {
            "id": alert.id,
            "prefecture": alert.prefecture,
            "state": alert.state.value,
            "detected_at": alert.detected_at,
            "document": dump(alert, Alert),
            "root": None if alert.root == alert.id else alert.root,
            "alike": alert.group or None,
            "historical": alert.historical,
        },
    )
    return added.first() is not None


def _index(connection: Connection, table: Table, word: str, pairs: set[tuple[str, str]]) -> None:
    if pairs:
        connection.execute(insert(table), [{"alert": alert, word: value} for alert, value in sorted(pairs)])


def read(connection: Connection, alert: str) -> Alert | None:
    document = connection.scalar(_ONE, {"alert": alert})
    return None if document is None else load(document, Alert)


def read_these(connection: Connection, ids: Sequence[str]) -> Mapping[str, Alert]:
    """Those of them that there are."""
    found = connection.execute(_THESE, {"ids": list(ids)})
    return {row.id: load(row.document, Alert) for row in found}


def related(connection: Connection, alert: Alert) -> Sequence[Alert]:
    """Of the first of a chain, all that came after it."""
    corrections = _WANTED.where(alerts.c.root == alert.root)
    group = _WANTED.where(
        alerts.c.alike == alert.group,
        alerts.c.detected_at.between(alert.detected_at - NEAR, alert.detected_at + NEAR),
        alerts.c.historical.is_(alert.historical),  # neither is what the other was told with
    )
    wanted = [corrections, group] if alert.group else [corrections]
    found = {row.id: row for query in wanted for row in connection.execute(query.limit(_MOST))}
    newest = sorted(found.values(), key=lambda row: (row.detected_at, row.id), reverse=True)
    others = (load(row.document, Alert) for row in newest)
    return [
        one
        for one in others
        if one.id != alert.id
        and (alert.id in {one.corrects, one.first} or (alert.group and one.group == alert.group))
    ]


def decided(connection: Connection, since: datetime, before: datetime) -> Sequence[Alert]:
    lately = select(decisions.c.alert).where(decisions.c.at >= since)
    wanted = _WANTED.where(alerts.c.id.in_(lately), alerts.c.detected_at < before, _LIVE)
    return [load(row.document, Alert) for row in connection.execute(wanted)]


def find(
    connection: Connection,
    *,
    since: datetime | None,
    prefecture: str | None,
    category: str | None,
    motif: str | None,
    state: AlertState | None,
    words: str | None,
    after: tuple[datetime, str] | None,
    limit: int | None,
    historical: bool | None,
) -> Sequence[Alert]:
    """Newest first. `since` belongs to what is wanted, `after` does not; `None` asks nothing."""
    wanted = _WANTED if state is None else _WANTED.where(alerts.c.state == state.value)
    asked = alert_words.asked("", {})
    if words is not None or category is not None or motif is not None:
        filters = {"prefecture": prefecture, "category": category, "motif": motif, "state": state}
        asked = alert_words.asked(words or "", filters, historical=historical)
    if historical is not None:
        wanted = wanted.where(alerts.c.historical.is_(historical))
    if asked and connection.dialect.name == "sqlite":
        found = alert_words.walk(connection, wanted, asked, since=since, after=after, limit=limit)
        return _loaded(found, limit)
    if asked:
        wanted = wanted.where(alert_words.among(asked))
    elif prefecture is not None:
        wanted = wanted.where(alerts.c.prefecture == prefecture)
    if since is not None:
        wanted = wanted.where(alerts.c.detected_at >= since)
    if after is not None:
        wanted = wanted.where(_follows(*after))
    found = connection.scalars(wanted.order_by(alerts.c.detected_at.desc(), alerts.c.id).limit(limit)).all()
    return _loaded(found, limit)


def count(connection: Connection, since: datetime) -> Mapping[str, int]:
    """Those that still stand, `since` included, by préfecture; one index has all that is asked.

    By préfecture as an expression: grouped by the column, SQLite walks all that there ever was in its order.
    """
    place = alerts.c.prefecture.concat(literal_column("''"))  # a parameter would be another one for each use
    wanted = (
        select(place.label("prefecture"), func.count().label("number"))
        .where(alerts.c.detected_at >= since, alerts.c.state.not_in(_OVER), _LIVE)
        .group_by(place)
    )
    return {row.prefecture: row.number for row in connection.execute(wanted)}


def count_kinds(connection: Connection, since: datetime) -> Mapping[tuple[str, AlertState], int]:
    """`since` included, by first category (``""``: none) and state. The database looks into the documents: as
    alerts they would take all the memory that a busy month fills.
    """
    first = within(connection, alerts.c.document, "verdict", "categories", 0).label("first")
    wanted = (
        select(first, alerts.c.state, func.count().label("number"))
        .where(alerts.c.detected_at >= since, _LIVE)
        .group_by(first, alerts.c.state)
    )
    return {(row.first or "", AlertState(row.state)): row.number for row in connection.execute(wanted)}


def _follows(detected_at: datetime, alert: str) -> ColumnElement[bool]:
    """Later in the order, said so that the index finds the first of them."""
    same = alerts.c.detected_at == detected_at
    return (alerts.c.detected_at <= detected_at) & (~same | (alerts.c.id > alert))


def _loaded(documents: Sequence[str], limit: int | None) -> Sequence[Alert]:
    if limit is not None and limit <= _FEW:
        return [load(document, Alert) for document in documents]
    return list(map(_TOLD.of, documents))


class _Told:
    """Alerts as they were read lately: to read a document costs ten times what it costs to fetch it.

    Known by its hash alone: the document would take as much again. That two of them have one is less likely than
    1 in 10^11, and nobody can choose it. When a thousand are told in an hour, a hundred préfectures tell the same
    text: what it says and how it is understood is held once.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[int, Alert] = OrderedDict()
        self._lock = Lock()

    def of(self, document: str) -> Alert:
        key = hash(document)
        with self._lock:
            known = self._known.pop(key, None)
        alert = known or _shared(load(document, Alert))
        with self._lock:
            self._known[key] = alert
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return alert


def _shared(alert: Alert) -> Alert:
    return replace(alert, summary=intern(alert.summary), verdict=_one(alert.verdict))


@lru_cache(maxsize=_REMEMBERED)
def _one(verdict: Verdict) -> Verdict:
    """The first of equal ones."""
    return verdict


_TOLD = _Told()

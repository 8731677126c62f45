"""Alerts by their words: SQLite's FTS5 or PostgreSQL's tsvector over words that Python has made.

Neither database cuts or changes text: a word is letters and digits, so that its own rules find nothing to
do and both find the same. What alerts are filtered by stands among the words as marks, which no reader can
type: on SQLite one walk over the index, newest first, then answers any mixture without a sort.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, literal_column, select, text

from storage.dialect import insert_new
from storage.tables import alert_words, alerts
from watcher.core.alerts import Alert
from watcher.core.full_text import findable, terms

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ROOM = 1 << 20  # row numbers of one second

_row: ColumnElement[int] = literal_column("alert_words.rowid", Integer)
# The next number is asked of FTS5's own table of rows: to ask the index would make it write out, each time,
# all that this transaction has added.
_ADD = text(
    "INSERT INTO alert_words (rowid, alert, words) SELECT coalesce(max(id) + 1, :first), :alert, :words "
    "FROM alert_words_content WHERE id BETWEEN :first AND :last"
)


def add(connection: Connection, told: Iterable[Alert]) -> None:
    """Index alerts that are not yet."""
    for alert in told:
        row: dict[str, object] = {"alert": alert.id, "words": " ".join((*_marks_of(alert), *findable(alert)))}
        if connection.dialect.name == "sqlite":
            first = _number(alert.detected_at)
            connection.execute(_ADD, row | {"first": first, "last": first + _ROOM - 1})
        else:
            connection.execute(insert_new(connection, alert_words), row)


def expression(connection: Connection, words: str, filters: Mapping[str, str | None]) -> str:
    """What the database is asked; "" when nothing is wanted. `filters` are by kind: category, motif …"""
    marks = [_mark(kind, value) for kind, value in filters.items() if value is not None]
    if connection.dialect.name == "sqlite":
        return " AND ".join([f'"{mark}"' for mark in marks] + [f'"{term}"*' for term in terms(words)])
    return " & ".join([f"'{mark}'" for mark in marks] + [f"'{term}':*" for term in terms(words)])


def among(asked: str) -> ColumnElement[bool]:
    """PostgreSQL: whether an alert has the words."""
    vector = text("array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:asked AS tsquery)")
    return alerts.c.id.in_(select(alert_words.c.alert).where(vector.bindparams(asked=asked)))


def walk(
    connection: Connection,
    wanted: Select[Any],
    asked: str,
    *,
    since: datetime | None,
    after: tuple[datetime, str] | None,
    limit: int | None,
) -> Sequence[str]:
    """SQLite: the documents of `wanted` alerts (document, detected_at, id) that have the words, newest first."""
    query = (
        wanted.join(alert_words, alert_words.c.alert == alerts.c.id)
        .where(text("alert_words MATCH :asked").bindparams(asked=asked))
        .order_by(_row.desc())
    )
    if since is not None:
        query = query.where(_row >= _number(since))
    if after is not None:
        query = query.where(_row < _number(after[0]) + _ROOM)
    with connection.execute(query) as rows:
        found: list[tuple[datetime, str, str]] = []
        # Within a second the index knows no order: that second is read to its end.
        for document, detected_at, alert in rows:
            if limit is not None and len(found) >= limit and _is_before(detected_at, found):
                break
            if (since is None or detected_at >= since) and (
                after is None or _follows(detected_at, alert, after)
            ):
                found.append((detected_at, alert, document))
    found.sort(key=lambda one: (_EPOCH - one[0], one[1]))
    return [document for _, _, document in found[:limit]]


def _marks_of(alert: Alert) -> list[str]:
    pairs = [("prefecture", alert.prefecture)]
    pairs += [("category", name) for name in dict.fromkeys(alert.verdict.categories)]
    pairs += [("motif", name) for name in dict.fromkeys(alert.verdict.motifs)]
    return [_mark(kind, value) for kind, value in pairs]


def _mark(kind: str, value: str) -> str:
    """Hashed, so that no value is too long or can be read as syntax; with a sign that words cannot have."""
    return f"¶{kind}{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _number(moment: datetime) -> int:
    """The first row number of a second: the order of rows is that of time."""
    return (moment - _EPOCH) // _SECOND * _ROOM


def _is_before(detected_at: datetime, found: list[tuple[datetime, str, str]]) -> bool:
    return not found or _number(detected_at) < _number(found[-1][0])


def _follows(detected_at: datetime, alert: str, after: tuple[datetime, str]) -> bool:
    return detected_at < after[0] or (detected_at == after[0] and alert > after[1])

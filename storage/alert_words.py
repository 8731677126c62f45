"""Alerts by their words: SQLite's FTS5 or PostgreSQL's tsvector over words that Python has made.

Neither database cuts or changes text: a word is letters and digits, so that its own rules find nothing to
do and both find the same. What alerts are filtered by stands among the words as marks, which no reader can
type: on SQLite one walk over the index, newest first, then answers any mixture without a sort.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, literal_column, select, text

from storage.dialect import insert_new
from storage.tables import alert_words, alerts
from watcher.core.alerts import Alert, AlertState
from watcher.core.full_text import findable, terms

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ROOM = 1 << 20  # row numbers of one second
_SHORT = 3  # letters of the longest beginnings that have an index of their own
_TRIED = 500  # rows after which a page that is not full is asked for more exactly
# Few among many: every feed shows the last of them, and finds them by marks of both, not by walking over the many.
_OVER = frozenset({AlertState.CORRECTED, AlertState.RETRACTED})
_EXACT = 2  # words that are asked for as they are then

_row: ColumnElement[int] = literal_column("alert_words.rowid", Integer)
# The next number is asked of FTS5's own table of rows: to ask the index would make it write out, each time,
# all that this transaction has added.
_ADD = text(
    "INSERT INTO alert_words (rowid, alert, words) SELECT coalesce(max(id) + 1, :first), :alert, :words "
    "FROM alert_words_content WHERE id BETWEEN :first AND :last"
)


_CHANGE = text("UPDATE alert_words SET words = :words WHERE alert = :alert")
_CHANGE_ONE = text(f"{_CHANGE.text} AND rowid BETWEEN :first AND :last")
_REMOVE = text("DELETE FROM alert_words WHERE alert = :alert")
_REMOVE_ONE = text(f"{_REMOVE.text} AND rowid BETWEEN :first AND :last")


def add(connection: Connection, told: Iterable[Alert]) -> None:
    """Index alerts that are not yet."""
    for alert in told:
        if connection.dialect.name == "sqlite":
            connection.execute(_ADD, _written(alert) | _second(alert.detected_at))
        else:
            connection.execute(insert_new(connection, alert_words), _written(alert))


def change(connection: Connection, alert: Alert) -> None:
    """Index anew one whose state is another."""
    if connection.dialect.name == "sqlite":
        connection.execute(_CHANGE_ONE, _written(alert) | _second(alert.detected_at))
    else:
        connection.execute(_CHANGE, _written(alert))


def remove(connection: Connection, found: Iterable[tuple[str, datetime]]) -> None:
    """Find alerts no more: their ids, and when they were detected."""
    for alert, detected_at in found:
        if connection.dialect.name == "sqlite":
            connection.execute(_REMOVE_ONE, {"alert": alert} | _second(detected_at))
        else:
            connection.execute(_REMOVE, {"alert": alert})


def _written(alert: Alert) -> dict[str, object]:
    return {"alert": alert.id, "words": words_of(alert)}


def words_of(alert: Alert) -> str:
    """What it is found by."""
    return " ".join((*_marks_of(alert), *findable(alert)))


def _second(detected_at: datetime) -> dict[str, object]:
    """The row numbers of its second."""
    first = place(detected_at)
    return {"first": first, "last": first + _ROOM - 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """What alerts must have: marks of what they are filtered by, and words that begin so."""

    marks: tuple[str, ...]
    terms: tuple[str, ...]
    lacking: str = ""  # the mark that they must not have

    def __bool__(self) -> bool:
        return bool(self.marks or self.terms)


def asked(words: str, filters: Mapping[str, str | None], *, historical: bool | None = None) -> Asked:
    """Falsy when nothing is. `filters` are by kind: category, motif …; `historical` as `Store.alerts` says."""
    wanted = {kind: value for kind, value in filters.items() if value is not None}
    state = wanted.get("state")
    if state in _OVER and len(wanted) > 1:
        del wanted["state"]
        wanted = {f"{state}{kind}": value for kind, value in wanted.items()}
    marks = [_mark(kind, value) for kind, value in wanted.items()]
    if historical and (marks or terms(words)):
        marks.append(_HISTORICAL)
    return Asked(tuple(marks), terms(words), _HISTORICAL if historical is False else "")


def among(wanted: Asked) -> ColumnElement[bool]:
    """PostgreSQL: whether an alert has the words."""
    query = " & ".join([f"'{mark}'" for mark in wanted.marks] + [f"'{term}':*" for term in wanted.terms])
    query += f" & !'{wanted.lacking}'" if wanted.lacking else ""
    vector = text("array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:asked AS tsquery)")
    return alerts.c.id.in_(select(alert_words.c.alert).where(vector.bindparams(asked=query)))


def walk(
    connection: Connection,
    wanted: Select[Any],
    what: Asked,
    *,
    since: datetime | None,
    after: tuple[datetime, str] | None,
    limit: int | None,
) -> Sequence[str]:
    """SQLite: the documents of `wanted` alerts (document, detected_at, id) that have the words, newest first.

    To find all words that begin like a long one, FTS5 reads the places of all of them before it gives the
    first; it has an index of beginnings of three letters alone. So these are asked for, and the rest is
    looked at here: most of what people look for is common, and the page soon full. When it is not, those
    words that were missing most often are asked for as they are: they are the rare ones.
    """
    query = _newest(wanted, since, after)
    long = tuple(term for term in what.terms if len(term) > _SHORT)
    lacking = Counter(long)
    page = _Page(since, after, limit)
    with connection.execute(query, {"asked": _match(what, long)}) as rows:
        if page.fill(rows, long, lacking, _TRIED if long else None):
            return page.documents()
    rare = {term for term, _ in lacking.most_common(_EXACT)}
    page = _Page(since, after, limit)
    with connection.execute(query, {"asked": _match(what, [t for t in long if t not in rare])}) as rows:
        page.fill(rows, long, lacking, None)
    return page.documents()


def _newest(wanted: Select[Any], since: datetime | None, after: tuple[datetime, str] | None) -> Select[Any]:
    query = (
        wanted.add_columns(alert_words.c.words)
        .join(alert_words, alert_words.c.alert == alerts.c.id)
        .where(text("alert_words MATCH :asked"))
        .order_by(_row.desc())
    )
    if since is not None:
        query = query.where(_row >= place(since))
    if after is not None:
        query = query.where(_row < place(after[0]) + _ROOM)
    return query


def _match(what: Asked, loosely: Collection[str]) -> str:
    """As FTS5 is asked; of `loosely` wanted words by their beginnings."""
    starts = [term[:_SHORT] if term in loosely else term for term in what.terms]
    found = " AND ".join([f'"{mark}"' for mark in what.marks] + [f'"{start}"*' for start in starts])
    return f'({found}) NOT "{what.lacking}"' if what.lacking else found


@dataclass(slots=True)
class _Page:
    """What was found, up to `limit`. Within a second the index knows no order: a second is read to its end."""

    since: datetime | None
    after: tuple[datetime, str] | None
    limit: int | None
    found: list[tuple[datetime, str, str]] = field(default_factory=list)

    def fill(
        self, rows: Iterable[Any], wanted: Sequence[str], lacking: Counter[str], most: int | None
    ) -> bool:
        """False when it is not full after so many rows; `lacking` counts which words they did not have."""
        for number, (document, detected_at, alert, words) in enumerate(rows):
            if self._full(detected_at):
                return True
            if number == most:
                return False
            missing = [term for term in wanted if f" {term}" not in words]  # a mark stands before the first
            lacking.update(missing)
            if not missing and self._covers(detected_at, alert):
                self.found.append((detected_at, alert, document))
        return True

    def documents(self) -> Sequence[str]:
        self.found.sort(key=lambda one: (_EPOCH - one[0], one[1]))
        return [document for _, _, document in self.found[: self.limit]]

    def _full(self, detected_at: datetime) -> bool:
        if self.limit is None or len(self.found) < self.limit:
            return False
        return not self.found or place(detected_at) < place(self.found[-1][0])

    def _covers(self, detected_at: datetime, alert: str) -> bool:
        if self.since is not None and detected_at < self.since:
            return False
        return self.after is None or _follows(detected_at, alert, self.after)


def _marks_of(alert: Alert) -> list[str]:
    pairs = [("prefecture", alert.prefecture), ("state", alert.state.value)]
    pairs += [("category", name) for name in dict.fromkeys(alert.verdict.categories)]
    pairs += [("motif", name) for name in dict.fromkeys(alert.verdict.motifs)]
    if alert.state in _OVER:
        pairs += [(f"{alert.state}{kind}", value) for kind, value in pairs]
    marks = [_mark(kind, value) for kind, value in pairs]
    return [*marks, _HISTORICAL] if alert.historical else marks


def _mark(kind: str, value: str) -> str:
    """Hashed, so that no value is too long or can be read as syntax; with a sign that words cannot have."""
    return f"¶{kind}{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


_HISTORICAL = _mark("historical", "")


def place(moment: datetime) -> int:
    """The first row number of a second: the order of rows is that of time."""
    return (moment - _EPOCH) // _SECOND * _ROOM


def _follows(detected_at: datetime, alert: str, after: tuple[datetime, str]) -> bool:
    return detected_at < after[0] or (detected_at == after[0] and alert > after[1])

"""A database with a past: what is recent stays the same, and years are put behind it in bulk."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from bench.growth import letters
from storage import alert_words
from storage.changes import Kept
from storage.codec import dump
from storage.columns import moment
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.packing import pack, pack_document
from storage.store import SqlStore
from tests.fakes.alerts import MOTIFS, PREFECTURES, SEEN, alert, verdict
from tests.fakes.plans import change, notice, page, snapshot, source
from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Source
from watcher.core.items import Article
from watcher.core.labels import CATEGORIES
from watcher.core.page import Outcome
from watcher.core.state import PollPlan, SourceState

SOURCES = 500
RECENT = 1000  # alerts of the last month; the past behind them is denser
_EVERY, _DENSE = timedelta(minutes=45), timedelta(seconds=90)
_SHARES = {"alerts": 0.3, "changes": 0.25, "pages": 0.2, "articles": 0.15}  # of all items, and
_LETTERS = 0.05  # each of which is a message and a delivery
_BATCH = 20_000
_ROOM = 256_000  # kB of memory in which rows are put in
_OLDEST_PAGE = 1_000_000_000  # numbers below are left to the past
_CODES, _KINDS, _MOTIFS = tuple(PREFECTURES), tuple(CATEGORIES), tuple(MOTIFS)
_SAID = "préfecture titre séjour demande rendez-vous en ligne dossier carte résident renouvellement étudiant guichet"


class History:
    """`grow` makes it hold so many items; nobody may use the database meanwhile."""

    def __init__(self, folder: Path, items: int) -> None:
        self.path = folder / "vigie.db"
        self.engine: Engine = open_engine(f"sqlite:///{self.path}")
        upgrade(self.engine)
        self.store = SqlStore(self.engine)
        self.sources: tuple[Source, ...] = tuple(
            replace(source(f"{_CODES[n % len(_CODES)]}-{n}"), prefecture=_CODES[n % len(_CODES)])
            for n in range(SOURCES)
        )
        self.store.register(self.sources, SEEN)
        for one in self.sources:
            self.store.save(_first(one))
        letters.welcome(self.engine)
        self._made = dict.fromkeys((*_SHARES, "letters"), 0)
        self.grow(items)

    def grow(self, items: int) -> None:
        """Without a journal: of each row one copy is written, and a crash would cost a measurement."""
        self.engine.dispose()
        with closing(sqlite3.connect(self.path, isolation_level=None)) as raw:
            for name, value in (("journal_mode", "OFF"), ("synchronous", 0), ("cache_size", -_ROOM)):
                raw.execute(f"PRAGMA {name}={value}")
            raw.execute("BEGIN")
            for table, share in (_SHARES | {"letters": _LETTERS}).items():
                self._fill(raw, table, int(items * share))
            raw.execute("COMMIT")

    def _fill(self, raw: sqlite3.Connection, table: str, number: int) -> None:
        writers = {"alerts": _alerts, "changes": _changes, "pages": _pages, "articles": _articles}
        writers["letters"] = lambda raw, numbers, _sources: letters.put_in(raw, numbers)
        while self._made[table] < number:
            until = min(number, self._made[table] + _BATCH)
            writers[table](raw, range(self._made[table], until), self.sources)
            self._made[table] = until


def ago(number: int) -> timedelta:
    """How long before the newest."""
    return _EVERY * number if number < RECENT else _EVERY * RECENT + _DENSE * (number - RECENT)


def told(number: int) -> Alert:
    """The alert of that number, 0 being the newest; some were taken back, of the past a hundredth."""
    state = AlertState.RETRACTED if _is_over(number) else AlertState.VERIFIED
    return alert(
        id=hashlib.sha256(str(number).encode()).hexdigest()[:24],
        detected_at=SEEN - ago(number),
        updated_at=SEEN - ago(number),
        prefecture=_CODES[number % len(_CODES)],
        title=f"Avis {number % 7}",
        summary=_SAID,
        state=AlertState.UNVERIFIED if number < 100 else state,
        group=hashlib.sha256(f"text {number // 3}".encode()).hexdigest()[:16],
        verdict=verdict(categories=(_KINDS[number % len(_KINDS)],), motifs=(_MOTIFS[number % len(_MOTIFS)],)),
    )


def _is_over(number: int) -> bool:
    """Enough of the first past that every feed has as many of them as it ever will."""
    if number < RECENT:
        return number % 10 == 9
    return number % 2 == 1 if number < 3 * RECENT else number % 100 == 99


def _first(one: Source) -> PollPlan:
    """With a baseline of a list of thirty."""
    base = snapshot(1, *(f"n{n}" for n in range(30)), source=one.id)
    body = b"".join(b"<li>une annonce de la pr\xc3\xa9fecture, la %d</li>" % n for n in range(1000))
    state = SourceState(one.id, SEEN, Outcome.OK, SEEN, SEEN, SEEN, SEEN - timedelta(days=2), snapshot=1)
    return PollPlan(one.id, Outcome.OK, state, 0, page=page(body, at=SEEN), snapshot=base)


def _alerts(raw: sqlite3.Connection, numbers: Sequence[int], _sources: Sequence[Source]) -> None:
    put_in(raw, numbers, ago)


def put_in(raw: sqlite3.Connection, numbers: Sequence[int], ago: Callable[[int], timedelta]) -> None:
    """Alerts as `storage.alerts` writes them, a batch at once."""
    rows, words, kinds, motifs = [], [], [], []
    for number, document, known, one in _documents(numbers, ago):
        at = SEEN - ago(number)
        name = hashlib.sha256(str(number).encode()).hexdigest()[:24]
        rows.append((name, one.prefecture, one.state.value, moment(at), document, one.group))
        words.append((alert_words.place(at) + number % 1000, name, known))
        kinds.append((one.verdict.categories[0], name))
        motifs.append((one.verdict.motifs[0], name))
    raw.executemany(
        "INSERT INTO alerts (id, prefecture, state, detected_at, document, alike) VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    words.sort()  # or the index would be written out for each of them
    raw.executemany("INSERT INTO alert_words (rowid, alert, words) VALUES (?, ?, ?)", words)
    raw.executemany("INSERT INTO alert_categories (category, alert) VALUES (?, ?)", kinds)
    raw.executemany("INSERT INTO alert_motifs (motif, alert) VALUES (?, ?)", motifs)


def _documents(
    numbers: Sequence[int], ago: Callable[[int], timedelta]
) -> Iterator[tuple[int, str, str, Alert]]:
    """Documents and words out of one of each kind: to make each anew would take hours."""
    moulds: dict[tuple[int, bool, bool], tuple[Alert, str, str]] = {}
    for number in numbers:
        kind = (number % (len(_CODES) * len(_KINDS) * len(_MOTIFS)), _is_over(number), number < 100)
        if kind not in moulds:
            one = told(number)
            moulds[kind] = (one, dump(one, Alert), alert_words.words_of(one))
        one, document, known = moulds[kind]
        real = hashlib.sha256(str(number).encode()).hexdigest()[:24]
        group = hashlib.sha256(f"text {number // 3}".encode()).hexdigest()[:16]
        at = (SEEN - ago(number)).isoformat()
        document = document.replace(one.id, real).replace(one.group, group)
        document = document.replace(one.detected_at.isoformat(), at)
        yield number, document, known, replace(one, group=group)


def _changes(raw: sqlite3.Connection, numbers: Sequence[int], sources: Sequence[Source]) -> None:
    body = pack_document(dump(Kept(change(), notice(), verdict()), Kept))
    raw.executemany(
        "INSERT INTO changes (id, source, detected_at, understood, body) VALUES (?, ?, ?, 1, ?)",
        [
            (f"{n:024x}", sources[n % SOURCES].id, moment(SEEN - timedelta(days=2) - _DENSE * n), body)
            for n in numbers
        ],
    )


def _pages(raw: sqlite3.Connection, numbers: Sequence[int], sources: Sequence[Source]) -> None:
    body, at = pack(bytes(range(200)) * 2), moment(SEEN)
    if numbers[0] == 0:  # the newest of each comes after all of its past
        raw.execute("UPDATE pages SET id = id + ?", (_OLDEST_PAGE,))
    raw.executemany(
        "INSERT INTO pages (id, source, evidence, address, final_address, status, content_type, fetched_at, body,"
        " depth) VALUES (?, ?, 1, 'https://a.example', 'https://a.example', 200, 'text/html', ?, ?, 0)",
        [(_OLDEST_PAGE - n, sources[n % SOURCES].id, at, body) for n in numbers],
    )


def _articles(raw: sqlite3.Connection, numbers: Sequence[int], sources: Sequence[Source]) -> None:
    body = pack_document(dump(Article("Titre", _SAID * 3), Article))
    raw.executemany(
        "INSERT INTO articles (source, item, body) VALUES (?, ?, ?)",
        [(sources[n % SOURCES].id, f"https://a.example/{n:08d}", body) for n in numbers],
    )

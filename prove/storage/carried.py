"""Migrations of PostgreSQL, and moves to it, that are killed on the way."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, inspect, text

from prove.crash.points import Points, arm
from prove.crash.process import forked
from prove.report import Figure
from prove.storage.halted import counted, halts, kill_at
from prove.storage.lines import files, until_line
from prove.storage.schemas import downgrade, go_back, migrate
from prove.storage.served import Bases
from prove.storage.small import address, make, opened
from prove.storage.years import lived
from storage.home import installation
from storage.migrations import VERSIONS
from storage.moving import move
from storage.tables import metadata
from storage.transfer import read_again
from tests.fakes.plans import NOW
from tests.fakes.telling import World

_EVERY = 500  # statements of a long migration
_ROWS = 'SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM "{}" AS t'
_TRACED = files("moving", "transfer", "holding", "home")


def killed_migrations(bases: Bases, versions: Sequence[str], every: int) -> list[Figure]:
    kills, torn, changed = 0, 0, 0
    template = bases.filled(5, "a", "b")
    for version in versions:
        old = bases.like(template)
        go_back(old, version)
        before = _content(old)
        whole = bases.like(old)
        migrate(whole)
        after, point = _content(whole), 1
        while True:
            url = bases.like(old)
            if _survives(url, point):
                bases.drop(url)
                break
            kills += 1
            torn += _content(url) not in (before, after)
            migrate(url)
            changed += _content(url) != after
            bases.drop(url)
            point += every
        bases.drop(whole)
        bases.drop(old)
    return [
        Figure(
            "PostgreSQL: migrations killed", f"at {kills} points, from {', '.join(versions)}", "", kills > 0
        ),
        Figure("neither the old schema with its rows nor the new one", str(torn), "0", not torn),
        Figure("rows that differ once it was done again", str(changed), "0", not changed),
    ]


def killed_with_many(bases: Bases, announcements: int, each: int) -> list[Figure]:
    """The same with what years leave, from each schema at so many places of the way."""
    torn, changed, url = 0, 0, bases.empty()
    lived(url, announcements)
    for version in reversed(VERSIONS[:-1]):
        downgrade(url, version)
        whole, killed = bases.like(url), bases.like(url)
        number = sum(1 for _ in halts(whole, _EVERY))
        before, after = _content(url), _content(whole)
        for turn in range(each):
            kill_at(killed, _EVERY, 1 + turn * number // each)
            torn += _content(killed) != before
        migrate(killed)
        changed += _content(killed) != after
        bases.drop(whole)
        bases.drop(killed)
    rows = sum(counted(before).values())
    return [
        Figure(
            f"PostgreSQL: migrations of {rows} rows killed",
            f"at {each * (len(VERSIONS) - 1)} places, from {', '.join(VERSIONS[:-1])}",
            "",
        ),
        Figure("not the old schema with its rows", str(torn), "0", not torn),
        Figure("rows that differ once it was done again", str(changed), "0", not changed),
    ]


def _survives(url: str, point: int) -> bool:
    def doomed() -> None:
        arm(Points(point, lambda _number, _name: None))
        migrate(url)

    return os.waitpid(forked(doomed), 0)[1] == 0


def _content(url: str) -> Mapping[str, str]:
    """Columns and indexes of each table, and what its rows come to."""
    engine = create_engine(url)
    found: dict[str, str] = {}
    with engine.connect() as connection:
        look = inspect(connection)
        for name in look.get_table_names():
            columns = [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)]
            found[f"columns of {name}"] = str(columns)
            if name != installation.name:
                number, total = connection.execute(text(_ROWS.format(name))).one()
                found[f"rows of {name}"] = f"{number}: {total}"
        indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"
        found["indexes"] = str(connection.scalars(text(indexes)).all())
    engine.dispose()
    return found


def killed_moves(bases: Bases, folder: Path, every: int) -> list[Figure]:
    """From SQLite, by a process that is killed before each of its lines: then the new one is empty or complete."""
    path = make(folder / "vigie.db", 3, "a")
    expected = _digests(address(path))
    kills, torn, both, point = 0, 0, 0, 1
    empty = bases.empty()  # but for its tables, whose making is killed elsewhere
    migrate(empty)
    while True:
        old, new = folder / f"{point}.db", bases.like(empty)
        old.write_bytes(path.read_bytes())
        carry = partial(move, address(old), new, NOW + timedelta(hours=1))
        if os.waitpid(forked(partial(until_line, point, _TRACED, carry)), 0)[1] == 0:
            break
        kills += 1
        if _is_empty(new):
            torn += bool(_held(address(old)))
            move(address(old), new, NOW)
        else:
            both += not (_held(address(old)) or _held(new))
        torn += _digests(new) != expected
        bases.drop(new)
        old.unlink()
        point += every
    silent = bool(_held(address(old))) and not _held(new)
    return [
        Figure(
            f"moves to PostgreSQL killed at {kills} lines: neither empty nor complete",
            str(torn),
            "0",
            not torn,
        ),
        Figure("moments at which both would send", str(both), "0", not both),
        Figure("done: the old one is silent, the new one is not", "yes" if silent else "no", "yes", silent),
    ]


def _digests(url: str) -> Mapping[str, str]:
    """Of what does not tell of the move itself."""
    with opened(url) as engine, engine.connect() as connection:
        tables = [table for table in metadata.sorted_tables if table.name not in {"problems", "installation"}]
        return {table.name: read_again(connection, table).digest for table in tables}


def _is_empty(url: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM sources"))
    engine.dispose()
    return not found


def _held(url: str) -> str:
    with opened(url) as engine:
        return World(engine).outbox.held()

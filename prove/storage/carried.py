"""Migrations of PostgreSQL, and moves to it, that are killed on the way."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect, text

from prove.crash.points import Points, arm
from prove.crash.process import forked
from prove.report import Figure
from prove.storage.lines import files, until_line
from prove.storage.schemas import go_back
from prove.storage.served import Bases
from prove.storage.small import address, make, opened
from storage.home import installation
from storage.migrations import upgrade
from storage.moving import move
from storage.tables import metadata
from storage.transfer import read_again
from tests.fakes.plans import NOW
from tests.fakes.telling import World

_TRACED = files("moving", "transfer", "holding", "home")


def killed_migrations(bases: Bases, versions: Sequence[str], every: int) -> list[Figure]:
    kills, torn, changed = 0, 0, 0
    template = bases.filled(5, "a", "b")
    for version in versions:
        old = bases.like(template)
        go_back(old, version)
        before = _rows(old)
        whole = bases.like(old)
        _upgrade(whole)
        after, point = _rows(whole), 1
        while True:
            url = bases.like(old)
            if _survives(url, point):
                bases.drop(url)
                break
            kills += 1
            torn += _rows(url) not in (before, after)
            _upgrade(url)
            changed += _rows(url) != after
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


def _upgrade(url: str) -> None:
    with opened(url) as engine:
        upgrade(engine)


def _survives(url: str, point: int) -> bool:
    def migrate() -> None:
        arm(Points(point, lambda _number, _name: None))
        _upgrade(url)

    return os.waitpid(forked(migrate), 0)[1] == 0


def _rows(url: str) -> Mapping[str, Any]:
    """Columns, indexes and rows of each table, in an order of their own."""
    engine = create_engine(url)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        look = inspect(connection)
        for name in look.get_table_names():
            found[f"columns of {name}"] = [
                (c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(name)
            ]
            if name != installation.name:
                rows = connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
                found[f"rows of {name}"] = sorted(map(repr, rows))
        indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"
        found["indexes"] = connection.scalars(text(indexes)).all()
    engine.dispose()
    return found


def killed_moves(bases: Bases, folder: Path, every: int) -> list[Figure]:
    """From SQLite, by a process that is killed before each of its lines: then the new one is empty or complete."""
    path = make(folder / "vigie.db", 3, "a")
    expected = _digests(address(path))
    kills, torn, both, point = 0, 0, 0, 1
    empty = bases.empty()  # but for its tables, whose making is killed elsewhere
    _upgrade(empty)
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

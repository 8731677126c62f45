"""The checker behind `prove crash` sees each kind of damage; a life that nobody disturbed has none."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGKILL

import pytest

from prove.crash.databases import Sqlite
from prove.crash.invariants import Found, torn, whole
from prove.crash.life import ACTS, ANNE, BOB, CARL, DORA, TRUTH, Stage, live, prepare
from prove.crash.outside import HOOK, Copy, Outside
from prove.crash.points import told

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Lived:
    """What a life left behind: its database, and what receivers got."""

    database: Sqlite
    copies: list[Copy]

    def change(self, sql: str) -> None:
        with closing(sqlite3.connect(self.database.folder / "vigie.db")) as connection:
            connection.execute(sql)
            connection.commit()

    def ask(self) -> Found:
        ways = {way: name for name, way in self.database.rows(_NEWCOMERS)}
        names = {ANNE: "anne", BOB: "bob", DORA: "dora", CARL: ways["mail"], HOOK: ways["webhook"]}
        return whole(self.database, self.copies, TRUTH, names)


_NEWCOMERS = "SELECT id, way FROM subscriptions WHERE id NOT IN ('anne', 'bob', 'dora')"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    database = Sqlite(tmp_path_factory.mktemp("life"))
    with Outside().running() as outside:
        stage = Stage(database.folder, outside)
        prepare(stage, database.url)

        def begun(act: int) -> None:
            outside.answer = stage.site(act).page

        live(stage, database.url, range(len(ACTS)), begun)
        outside.settle()
        yield Lived(database, outside.copies)


@pytest.fixture
def lived(undisturbed: Lived, tmp_path: Path) -> Lived:
    shutil.copy(undisturbed.database.folder / "vigie.db", tmp_path)
    return Lived(Sqlite(tmp_path), list(undisturbed.copies))


def test_a_life_that_nobody_disturbed_keeps_every_promise(lived: Lived) -> None:
    found = lived.ask()

    assert found == Found()
    assert {copy.to for copy in lived.copies} == {ANNE, BOB, CARL, DORA, HOOK}
    assert sum(len(copy.alerts) for copy in lived.copies) == 14  # Bob left before the last of three


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        ("DELETE FROM deliveries WHERE subscription = 'anne'", "I1"),
        ("DELETE FROM changes", "I2"),
        ("UPDATE sources SET snapshot = snapshot + 1", "I2"),
        ("DELETE FROM alerts WHERE id = (SELECT min(id) FROM alerts)", "I9"),
    ],
)
def test_a_torn_database_is_seen(lived: Lived, damage: str, seen: str) -> None:
    assert torn(lived.database) == []
    lived.change(damage)

    assert any(line.startswith(seen) for line in torn(lived.database))


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        ("UPDATE messages SET state = 'queued' WHERE about = 'anne'", "I10"),
        ("UPDATE messages SET state = 'claimed' WHERE about = 'anne'", "I10"),
        ("UPDATE messages SET detail = '550 <anne@canari-anne.example> unknown'", "I8"),
        ("UPDATE sources SET state = replace(state, 'last_read_at', 'never')", "I6"),
        ("UPDATE alerts SET document = replace(document, '/Actualites/A', '/Actualites/B')", "F04"),
    ],
)
def test_what_was_not_finished_is_seen(lived: Lived, damage: str, seen: str) -> None:
    lived.change(damage)

    assert any(line.startswith(seen) for line in lived.ask().broken)


def _lost(copies: list[Copy]) -> None:
    del copies[next(number for number, copy in enumerate(copies) if copy.to == ANNE)]


def _twice(copies: list[Copy]) -> None:
    copies.append(replace(copies[-1], id="another"))


def _grown(copies: list[Copy]) -> None:
    """Sent again under its id with more in it: whoever knows the id never reads the rest."""
    first, second = (number for number, copy in enumerate(copies) if copy.to == BOB and copy.alerts)
    more = copies[first].alerts | copies[second].alerts
    copies[second] = replace(copies[first], alerts=more)


def _after_the_end(copies: list[Copy]) -> None:
    copies.append(replace(copies[-1], late=True))


@pytest.mark.parametrize(
    ("happened", "lost", "doubled", "again"),
    [(_lost, 1, 0, 0), (_twice, 0, 3, 0), (_grown, 1, 0, 1), (_after_the_end, 0, 0, 1)],
)
def test_what_receivers_got_is_compared_with_what_was_promised(
    lived: Lived, happened: Callable[[list[Copy]], None], lost: int, doubled: int, again: int
) -> None:
    happened(lived.copies)

    found = lived.ask()

    assert found.broken
    assert (found.lost, found.doubled, found.copies) == (lost, doubled, again)


_COUNTING = """
from prove.crash.points import Points
points = Points(3, lambda number, name: print(number, name, flush=True))
for _ in range(9):
    points.reach("here")
"""


def test_a_process_ends_at_its_point_and_not_before() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _COUNTING], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == -SIGKILL
    assert ended.stdout.splitlines() == ["1 here", "2 here", "3 here"]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("SELECT sources.id FROM sources", "SELECT sources"),
        ("INSERT INTO deliveries (id) VALUES (?)", "INSERT deliveries"),
        ("\n    UPDATE messages\n    SET state = 'claimed'", "UPDATE messages"),
        ("BEGIN IMMEDIATE", "BEGIN"),
        ("PRAGMA query_only=1", "PRAGMA"),
    ],
)
def test_points_are_called_by_what_is_done_there(sql: str, name: str) -> None:
    assert told(sql) == name

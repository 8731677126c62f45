"""What the proofs look for they would notice if it were there."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest

from prove.crash.process import forked
from prove.pages.again import NEWS, polled
from prove.pages.markup import inside
from prove.pages.scene import Stage
from prove.storage.halted import halts, kill_at, left_by
from prove.storage.schemas import downgrade, held, migrate
from prove.storage.small import digest, fresh
from prove.storage.years import lived

_ROWS = [(1, "a"), (2, "b"), (2, "b")]


@pytest.mark.parametrize("other", [_ROWS[:2], [*_ROWS, (1, "a")], [(1, "a"), (2, "b"), (2, "c")]])
def test_a_row_lost_doubled_or_changed_is_another_table(other: list[tuple[int, str]]) -> None:
    assert digest(_ROWS) == digest(_ROWS[::-1]) != digest(other)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("old") / "vigie.db"
    lived(path, 100)
    downgrade(path, "0007")
    return path


def test_until_its_end_a_migration_that_is_halted_has_left_the_old_database(
    old: Path, tmp_path: Path
) -> None:
    path = fresh(old, tmp_path / "walk")
    found = [left_by(path, old, tmp_path / "left") for _ in halts(path, 1000)]

    assert len(found) > 30
    assert found[:-1] == [None] * (len(found) - 1)
    assert found[-1] == held(path) != held(old)


def test_a_migration_killed_on_the_way_is_done_again(old: Path, tmp_path: Path) -> None:
    path, whole = fresh(old, tmp_path / "killed"), fresh(old, tmp_path / "whole")
    kill_at(path, 1000, 20)

    assert held(path) == held(old)
    migrate(path)
    migrate(whole)
    assert held(path) == held(whole)


def test_what_a_killed_process_had_committed_is_noticed(old: Path, tmp_path: Path) -> None:
    path = fresh(old, tmp_path / "killed")

    def lose_a_row() -> None:
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("DELETE FROM problems WHERE id = 1")
        os.kill(os.getpid(), signal.SIGKILL)

    os.waitpid(forked(lose_a_row), 0)
    assert path.with_name("vigie.db-wal").stat().st_size
    assert left_by(path, old, tmp_path / "left") not in (None, held(old))


def test_another_title_is_found_besides() -> None:
    renamed = inside(lambda main: main.replace("mesure n° 0", "mesure n° 3"))
    with Stage(("15",), 2025) as stage, stage.primed() as scene:
        figure = polled(scene, NEWS, "another title", renamed, 6)

    assert not figure.kept

"""The first start, when there is neither database nor key: killed anywhere, the next one begins as if nothing were."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from prove.crash.life import Stage
from prove.crash.points import Points, arm
from prove.crash.process import forked
from watcher.bootstrap import open_app, ship_rules


@dataclass
class FirstStart:
    """Each in a folder of its own under that of `stage`."""

    stage: Stage
    kills: int = 0
    points: int = 0
    broken: list[str] = field(default_factory=list)

    def sweep(self, first: int, every: int) -> None:
        """Kill at each `every`th point, from the `first` on, until a start meets none."""
        whole = self._folder("whole")
        os.waitpid(forked(lambda: self._start(whole, 0)), 0)
        wanted = _look(whole)
        self.points = _reached(whole)
        point = first
        while self._killed(point, wanted):
            point += every

    def _killed(self, point: int, wanted: str) -> bool:
        folder = self._folder("begun")
        status = os.waitpid(forked(lambda: self._start(folder, point)), 0)[1]
        if status == 0:
            return False
        if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != signal.SIGKILL:
            raise RuntimeError(f"a start failed with status {status}")
        self.kills += 1
        after = os.waitpid(forked(lambda: self._start(folder, 0)), 0)[1]
        if after or _look(folder) != wanted:
            self.broken.append(f"first start, point {point}: status {after}, {_look(folder)}")
        return True

    def _folder(self, name: str) -> Path:
        folder = self.stage.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def _start(self, folder: Path, last: int) -> None:
        stage = Stage(folder, self.stage.outside)
        arm(Points(last, lambda number, _: _note(folder, number)))
        with open_app(stage.settings(f"sqlite:///{folder}/vigie.db")) as app:
            ship_rules(app)
            assert app.vault


def _note(folder: Path, number: int) -> None:
    (folder / "points").write_text(str(number), encoding="ascii")


def _reached(folder: Path) -> int:
    return int((folder / "points").read_text(encoding="ascii"))


def _look(folder: Path) -> str:
    """What is there: tables, rules, sources, soundness, and under how many names the key; no times, no secrets."""
    with closing(sqlite3.connect(folder / "vigie.db")) as connection:
        told = [connection.execute(sql).fetchall() for sql in _QUESTIONS]
    key = (folder / "vigie.key").read_bytes()
    names = sum(path.read_bytes() == key for path in folder.glob("vigie.key*"))
    return json.dumps([told, len(key), names])


_QUESTIONS = (
    "PRAGMA integrity_check",
    "PRAGMA foreign_key_check",
    "SELECT type, name FROM sqlite_master ORDER BY type, name",
    "SELECT version_num FROM alembic_version",
    "SELECT count(*) FROM rules",
    "SELECT id FROM sources",
)

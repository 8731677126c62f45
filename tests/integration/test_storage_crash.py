"""A process that is killed anywhere inside `save` leaves all of a poll or nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from storage.engine import open_engine, reading
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.plans import CANTAL, HOUR, NOW, first_reading, news, source
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from watcher.core.state import PollPlan, Problem, ProblemKind

ROOT = Path(__file__).resolve().parents[2]

# In each copy of the database, a child saves the plan and is killed at its n-th step: before or after a
# statement, or at the commit. The last child meets no such step and ends by itself.
_SWEEP = """
import os, shutil, signal, sys
from itertools import count
from sqlalchemy import event
from storage.engine import open_engine
from storage.store import SqlStore
from tests.integration.test_storage_crash import the_plan

origin, directory = sys.argv[1:]

def save(path, last):
    engine, steps = open_engine("sqlite:///" + path), count(1)
    def step(*_, **__):
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    for name in ("before_cursor_execute", "after_cursor_execute", "begin", "commit"):
        event.listen(engine, name, step)
    assert SqlStore(engine).save(the_plan())

for n in count(1):
    path = shutil.copy(origin, f"{directory}/{n:03}.db")
    child = os.fork()
    if not child:
        save(path, n)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def the_plan() -> PollPlan:
    trouble = Problem(CANTAL, ProblemKind.MOVED, NOW, "301")
    return news("b", opens=(trouble,), closes=(CANTAL,))


def test_a_poll_killed_at_any_statement_is_whole_or_absent(tmp_path: Path) -> None:
    origin, swept = tmp_path / "origin.db", tmp_path / "swept"
    swept.mkdir()
    before = _prepare(origin)
    after = _finish(Path(shutil.copy(origin, tmp_path / "whole.db")))

    subprocess.run([sys.executable, "-c", _SWEEP, str(origin), str(swept)], cwd=ROOT, check=True)

    *killed, last = [_look(path) for path in sorted(swept.glob("*.db"))]
    assert len(killed) > 30
    assert set(killed) == {before}, "what was not committed is not there"
    assert last == after
    assert {_finish(path) for path in sorted(swept.glob("*.db"))} == {after}


def _prepare(path: Path) -> str:
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading("a"))
    subscribe(store, subscriber())
    store.claim(CANTAL, "me", NOW, NOW + HOUR)
    engine.dispose()
    return _look(path)


def _finish(path: Path) -> str:
    """What there is once the same plan was saved again, by whoever comes after the crash."""
    engine = open_engine(f"sqlite:///{path}")
    SqlStore(engine).save(the_plan())
    engine.dispose()
    return _look(path)


def _look(path: Path) -> str:
    """Everything that readers, watchers and the outbox would find."""
    engine = open_engine(f"sqlite:///{path}")
    store = SqlStore(engine)
    with reading(engine) as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    everything = repr(
        (
            store.states(),
            store.latest_snapshot(CANTAL),
            store.latest_page(CANTAL),
            store.history(CANTAL),
            store.alerts(category="rdv_modality", motif="salarie"),
            deliveries(store),
            store.problems(),
            store.sizes(),
            store.due(NOW + 48 * HOUR),
        )
    )
    engine.dispose()
    return everything

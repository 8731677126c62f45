"""A worker that is killed anywhere between an alert and its mails loses none and makes none twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from storage.engine import open_engine, reading
from storage.migrations import upgrade
from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.plans import NOW, first_reading, news, source
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.outbox import DeliveryState, Settlement
from watcher.core.subscriptions import Cadence, EndReason, Way

ROOT = Path(__file__).resolve().parents[2]
MORNING = NOW + timedelta(days=1)
ACCEPTED = Settlement(DeliveryState.ACCEPTED, MORNING, 1, 0, 0, "250")

# In each copy of the database, a child does a morning's work and is killed before its n-th statement,
# COMMIT included. The last child meets no such statement and ends by itself.
_SWEEP = """
import os, shutil, signal, sys
from itertools import count
from sqlalchemy import event
from storage.engine import open_engine
from tests.integration.test_outbox_crash import work

origin, directory = sys.argv[1:]

def do(path, last):
    engine, steps = open_engine("sqlite:///" + path), count(1)
    engine.dispose()
    def step(statement):
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(engine, "connect", lambda raw, _: raw.set_trace_callback(step))
    work(engine, "killed")

for n in count(1):
    path = shutil.copy(origin, f"{directory}/{n:03}.db")
    child = os.fork()
    if not child:
        do(path, n)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def work(engine: Engine, owner: str) -> None:
    """Make messages, let somebody leave, send what is due."""
    outbox = SqlOutbox(engine)
    outbox.compose(MORNING, Way.MAIL, 500)
    SqlSubscriptions(engine).end("leaves", EndReason.UNSUBSCRIBED, MORNING)
    claimed = outbox.claim_messages(Way.MAIL, owner, MORNING, MORNING + timedelta(hours=1), 500)
    for one in claimed:
        outbox.keep_content(f"said to {one.subscription.id}", b"Bonjour", [one.message.id])
        outbox.settle(one.message.id, ACCEPTED, MORNING)


def test_a_worker_killed_at_any_statement_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    origin, swept = tmp_path / "origin.db", tmp_path / "swept"
    swept.mkdir()
    _prepare(origin)
    whole = _recover(Path(shutil.copy(origin, tmp_path / "whole.db")))

    subprocess.run([sys.executable, "-c", _SWEEP, str(origin), str(swept)], cwd=ROOT, check=True)

    paths = sorted(swept.glob("*.db"))
    assert len(paths) > 40
    assert {_recover(path) for path in paths} == {whole}


def _prepare(path: Path) -> None:
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    store = SqlStore(engine)
    store.register([source()], NOW)
    store.save(first_reading())
    subscribe(store, subscriber("now"), subscriber("daily", cadence=Cadence.DAILY), subscriber("leaves"))
    store.save(news("x"))
    engine.dispose()


def _recover(path: Path) -> str:
    """Who was told of what in the end, and by which message."""
    engine = open_engine(f"sqlite:///{path}")
    outbox = SqlOutbox(engine)
    outbox.release_messages("killed")
    work(engine, "next")
    with reading(engine) as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    states = {d.subscription: d.state for d in outbox.deliveries()}
    assert states == {
        "now": DeliveryState.ACCEPTED,
        "daily": DeliveryState.ACCEPTED,
        "leaves": DeliveryState.EXPIRED,
    }
    told = repr((sorted(outbox.deliveries(), key=lambda d: d.id), len(outbox.messages())))
    engine.dispose()
    return told

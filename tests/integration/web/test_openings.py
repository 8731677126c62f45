"""Only what is named may write; everything else runs where the database refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Response

from storage.engine import open_engine, read_only
from storage.migrations import upgrade
from storage.user_store import SqlUsers
from tests.fakes.alerts import SEEN
from tests.integration.web.visitor import Visitor, visiting
from watcher.core.users import Role, User
from watcher.web.openings import Openings


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """A careless site: every route adds a user, whatever it is asked by."""
    engine = open_engine(f"sqlite:///{tmp_path / 'vigie.db'}")
    upgrade(engine)
    users, app = SqlUsers(engine), FastAPI()

    def add(name: str) -> Response:
        users.add_user(User(name, Role.READER, "", SEEN), "root")
        return Response(str(len(users.users())))

    async def at_once(name: str) -> Response:
        return add(name)

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE"]
    app.add_api_route("/named/{name}", add, methods=methods)
    app.add_api_route("/named/{name}/more", add, methods=methods)
    app.add_api_route("/forgotten/{name}", add, methods=methods)
    app.add_api_route("/at-once/{name}", at_once, methods=methods)
    app.add_middleware(Openings, actions=["/named/{name}"], read_only=read_only)
    with visiting(app) as visitor:
        yield visitor
    engine.dispose()


def test_a_named_action_writes(visitor: Visitor) -> None:
    assert visitor.ask("/named/ana", "POST").text == "1"


@pytest.mark.parametrize("path", ["/forgotten/ana", "/at-once/ana", "/named/ana/more", "/named/ana/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_what_is_not_named_cannot_write(visitor: Visitor, path: str, method: str) -> None:
    assert visitor.ask(path, method).status_code in {307, 500}
    assert visitor.ask("/named/remi", "POST").text == "1"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_a_named_action_writes_by_post_alone(visitor: Visitor, method: str) -> None:
    assert visitor.ask("/named/ana", method).status_code == 500
    assert visitor.ask("/named/remi", "POST").text == "1"

"""Whoever is no worker brings about what is to be sent, too: it is ordered in the same transaction, of workers that
are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.fakes.command_line import Vigie
from tests.fakes.desk_scene import mute, retract, verify
from tests.fakes.plans import NOW, alert, plan, source
from watcher.bootstrap import App, open_app
from watcher.commands.fleet import order_sending
from watcher.core.decisions import Carried, Effects, Outcome
from watcher.core.subscriptions import Choices, Recipient, Signup, Way
from watcher.fleet import orders, schema
from watcher.settings import Settings

EVERY_WAY = [f'{{"way": "{way}"}}' for way in Way]


@pytest.fixture
def web(database: str) -> Iterator[App]:
    """A process that shows pages, where an alert waits for a person."""
    with open_app(Settings(database=database)) as app:
        order_sending(app)
        app.store.register([source()], NOW)
        app.store.save(plan(alerts=(alert("x"),)))
        yield app


def a_worker_is_there(web: App) -> None:
    schema.upgrade(orders.address_of(web.settings.database))
    rows(web, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")


def rows(web: App, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(orders.address_of(web.settings.database)) as connection:
        return connection.execute(sql.encode()).fetchall()


def ordered(web: App) -> list[object]:
    return [args for (args,) in rows(web, "SELECT args::text FROM procrastinate_jobs ORDER BY id")]


def decide(web: App, effects: Effects) -> Outcome:
    return web.desk.carry_out(web.store.alerts()[0].id, version(web), effects, ())


def version(web: App) -> str:
    """What somebody who decides has seen."""
    case = web.desk.case(web.store.alerts()[0].id)
    assert case is not None
    return case.version


def sign_up(web: App, name: str = "jeanne") -> None:
    web.subscriptions.ask(Signup(name, Way.MAIL, Recipient(b"x", name, name), Choices(), NOW, "x"))


def test_a_decision_that_people_are_told_of_orders_its_sending(web: App) -> None:
    a_worker_is_there(web)
    found = web.store.alerts()[0]

    assert isinstance(decide(web, verify(found)), Carried)
    assert ordered(web) == EVERY_WAY
    assert isinstance(decide(web, retract(web.store.alerts()[0])), Carried)
    assert ordered(web) == EVERY_WAY * 2


def test_a_decision_that_was_overtaken_orders_nothing(web: App) -> None:
    a_worker_is_there(web)
    found = web.store.alerts()[0]
    before = version(web)
    decide(web, verify(found))

    assert not isinstance(web.desk.carry_out(found.id, before, retract(found), ()), Carried)
    assert ordered(web) == EVERY_WAY


def test_a_decision_that_nobody_is_told_of_orders_nothing(web: App) -> None:
    a_worker_is_there(web)
    found = web.store.alerts()[0]

    assert isinstance(decide(web, Effects(verify(found).decisions, mutes=(mute("m", found),))), Carried)
    assert ordered(web) == []


def test_a_sign_up_orders_the_answer_by_mail(web: App) -> None:
    a_worker_is_there(web)
    sign_up(web)

    assert ordered(web) == ['{"way": "mail"}']


def test_an_order_is_undone_with_the_sign_up(web: App) -> None:
    a_worker_is_there(web)
    order = web.subscriptions.on_asked
    assert order is not None

    def fail(connection: object) -> None:
        order(connection)
        raise RuntimeError("after the order")

    web.subscriptions.on_asked = fail
    with pytest.raises(RuntimeError):
        sign_up(web)

    assert ordered(web) == []
    assert rows(web, "SELECT count(*) FROM signups") == [(0,)]


def test_where_no_worker_ever_was_people_sign_up_all_the_same(web: App) -> None:
    sign_up(web)

    assert rows(web, "SELECT count(*) FROM signups") == [(1,)]


def test_no_orders_heap_up_where_all_workers_are_gone(web: App) -> None:
    a_worker_is_there(web)
    rows(web, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING id")
    sign_up(web)
    decide(web, verify(web.store.alerts()[0]))

    assert ordered(web) == []


def test_the_command_of_the_desk_orders_as_its_pages_do(
    web: App, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_worker_is_there(web)
    vigie = Vigie(tmp_path, capsys)
    vigie._everywhere[1] = vigie.database = web.settings.database
    name = web.store.alerts()[0].id

    assert vigie("review", "verify", name, "--by", "ada").status == 0
    assert ordered(web) == EVERY_WAY

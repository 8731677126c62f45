"""From the alert that a poll finds to the letter on a mail server: what readers' mail programs see of it."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from tests.fakes.alerts import BASE, VOCABULARY, StillClock
from tests.fakes.letters import PlainLinks
from tests.fakes.plans import alert, news
from tests.fakes.smtp import ScriptedServer
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.subscriptions import Way
from watcher.deliver import Deliverer

ANA, BEN = f"{1:032x}", f"{2:032x}"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(lambda _stage, _number: None).running() as server:
        yield server


@pytest.fixture
def worker(world: World, server: ScriptedServer) -> Deliverer:
    mail_server = MailServer(
        host="127.0.0.1",
        sender="Vigie <veille@vigie.example>",
        port=server.port,
        security=Security.NONE,
        timeout=10.0,
    )
    sender = SmtpSender(mail_server, PlainLinks(), StillClock())
    return world.deliverer(sender=sender, render=MailRenderer(VOCABULARY, BASE))


def publish(world: World, number: int, name: str, **told: Any) -> None:
    told_now = alert(name, detected_at=world.now, **told)
    assert world.store.save(news(name, number, alerts=(told_now,)))


def test_a_correction_answers_the_letter_that_told_the_mistake(
    world: World, worker: Deliverer, server: ScriptedServer
) -> None:
    """In each reader's own thread; whoever was not told of the mistake gets a letter that answers none."""
    subscribe(world.engine, subscriber(ANA))
    publish(world, 1, "a")
    worker.tick(Way.MAIL)
    subscribe(world.engine, subscriber(BEN))
    world.pass_time(hours=1)
    publish(world, 2, "b", corrects=alert("a").id)
    publish(world, 3, "c")
    worker.tick(Way.MAIL)

    letters = [message_from_bytes(got.data) for got in server.got]
    assert [letter["To"].partition("@")[0] for letter in letters[:2]] == ["reader1", "reader1"]
    first, correction, to_ben = letters
    assert correction["In-Reply-To"] == correction["References"] == first["Message-ID"]
    assert correction["Message-ID"] != first["Message-ID"]
    assert (first["In-Reply-To"], to_ben["In-Reply-To"], to_ben["References"]) == (None, None, None)


def test_a_mistake_and_its_correction_in_one_letter_answer_nothing(
    world: World, worker: Deliverer, server: ScriptedServer
) -> None:
    subscribe(world.engine, subscriber(ANA))
    publish(world, 1, "b", corrects=alert("a").id)
    publish(world, 2, "a")
    worker.tick(Way.MAIL)

    (got,) = server.got
    assert message_from_bytes(got.data)["In-Reply-To"] is None


def test_english_letters_lead_to_english_pages(
    world: World, worker: Deliverer, server: ScriptedServer
) -> None:
    subscribe(world.engine, subscriber(ANA, language="en"), subscriber(BEN))
    publish(world, 1, "a")
    worker.tick(Way.MAIL)

    links = {got.recipient.partition("@")[0]: message_from_bytes(got.data) for got in server.got}
    english, french = links["reader1"], links["reader2"]
    assert english["List-Unsubscribe"].startswith("<https://vigie.example/en/unsubscribe/")
    assert french["List-Unsubscribe"].startswith("<https://vigie.example/unsubscribe/")
    for letter, page in ((english, "/en/unsubscribe/"), (french, "example/unsubscribe/")):
        parts = [part.get_payload(decode=True) for part in letter.walk() if not part.is_multipart()]
        assert all(isinstance(part, bytes) and page.encode() in part for part in parts)

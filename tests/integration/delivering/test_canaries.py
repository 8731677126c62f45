"""A thousand addresses nobody else has: after a life with us, none of them is anywhere but in the letters."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, text

from notifiers.bounces import BounceReader
from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from tests.fakes.alerts import BASE, VOCABULARY
from tests.fakes.returned import MAILBOX, report
from tests.fakes.smtp import Act, ScriptedServer
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.bounces import BounceDesk, Outcome
from watcher.core.ports_outgoing import Purpose
from watcher.core.smtp_replies import Stage
from watcher.core.subscriptions import Cadence, Choices, EndReason, Way
from watcher.links import SignedLinks
from watcher.logs import configure
from watcher.subscribe import Subscribing, judge
from watcher.vault import KeyVault, open_vault

MANY, BY_FORM, LEAVING = 1000, 40, 100
CANARIES = [f"canari{number:04}@oiseaux{number:04}.example" for number in range(MANY)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = open_engine(f"sqlite:///{tmp_path}/vigie.db")
    upgrade(engine)
    yield World(engine)
    engine.dispose()


@pytest.fixture
def vault(tmp_path: Path) -> KeyVault:
    return open_vault(tmp_path / "vigie.key")


def names(vault: KeyVault, world: World) -> list[str]:
    """All of them subscribe; some by the form."""
    place = Subscribing(world.people, world.outbox, vault, world.clock)
    for address in CANARIES[:BY_FORM]:
        place.ask(address, Choices(), "1-fr")
    judge(world.people, world.now)
    for address in CANARIES[: BY_FORM // 2]:
        (signup,) = world.people.signups(vault.seal(address, "").index)
        assert place.confirm(vault.token(Purpose.CONFIRM, signup.id, world.now + timedelta(hours=1)))
    confirmed = []
    for number, address in enumerate(CANARIES[BY_FORM:]):
        name = f"{number:032x}"
        cadence = (Cadence.NOW, Cadence.DAILY)[number % 2]
        confirmed.append(subscriber(name, recipient=vault.seal(address, name), cadence=cadence))
    subscribe(world.engine, *confirmed)
    return [one.id for one in world.people.subscriptions()]


def rude(stage: Stage, number: int) -> Act | None:
    """A server that says in its refusals whom it refuses, as many do."""
    if stage is Stage.RCPT and number % 5 == 0:
        told = " ".join(CANARIES[number - 2 : number + 2])
        code = (b"550 5.1.1", b"451 4.7.1")[number % 2]
        return Act(code + f" <{told}> is unknown here\r\n".encode())
    return None


def live(world: World, vault: KeyVault) -> set[str]:
    """Sign up, be told, bounce; who was written to."""
    links = SignedLinks(vault, BASE, world.clock)
    with ScriptedServer(rude).running() as server:
        mail = MailServer(
            host="127.0.0.1", sender="Vigie <veille@vigie.example>", port=server.port, security=Security.NONE
        )
        worker = world.deliverer(
            sender=SmtpSender(mail, links, world.clock), render=MailRenderer(VOCABULARY, BASE)
        )
        subscribed = names(vault, world)
        world.publish("a")
        for hours in (0, 1, 23, 24):
            world.pass_time(hours=hours)
            worker.tick(Way.MAIL)
    desk = BounceDesk(BounceReader(MAILBOX), world.people, vault.subject)
    for name, address in zip(subscribed[:50], CANARIES, strict=False):
        path = f"retours+{vault.token(Purpose.BOUNCE, name)}@vigie.example"
        assert desk.take(report(path) + address.encode(), world.now).outcome is Outcome.NOTED
    return {got.recipient for got in server.got}


def found(folder: Path, said: str, needles: list[bytes]) -> list[str]:
    """Where any of them is: files of the database, logs, contents as they are read."""
    kept = {path.name: path.read_bytes() for path in folder.iterdir()} | {"output": said.encode()}
    return sorted({name for name, body in kept.items() for needle in needles if needle in body})


def contents(engine: Engine) -> bytes:
    with reading(engine) as connection:
        return b"".join(map(zlib.decompress, connection.scalars(text("SELECT body FROM contents"))))


def test_addresses_are_neither_in_the_database_nor_in_logs(
    world: World, vault: KeyVault, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not while people are subscribed; and a day after they left, what sealed them is gone as well."""
    configure()
    written_to = live(world, vault)
    log = structlog.get_logger("vigie")
    for line in world.logged:
        log.warning(**line)
    assert len(written_to) > MANY * 0.7
    assert any("5.1.1" in str(line["detail"]) for line in world.logged)

    plain = [b"canari", b"oiseaux"]
    said = "".join(capfd.readouterr())
    assert "not_accepted" in said
    assert found(tmp_path, said, plain) == []
    assert not any(needle in contents(world.engine) for needle in plain)

    leaving = world.people.subscriptions()[:LEAVING]
    for one in leaving:
        assert world.people.end(one.id, EndReason.ONE_CLICK, world.now)
    world.pass_time(days=1)
    world.people.erase_expired(world.now)
    kept = [one.recipient for one in leaving]
    traces = plain + [trace for one in kept for trace in (one.sealed, one.index.encode())]
    assert found(tmp_path, said, traces) == []

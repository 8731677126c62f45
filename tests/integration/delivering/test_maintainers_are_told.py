"""Maintainers are written to about problems that last: once each, gathered, through the queue that serves readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from notifiers.letterhead import Identity
from notifiers.mail import MailServer, SmtpSender
from notifiers.maildir import FolderSender
from notifiers.render.mail import MailRenderer
from notifiers.render.problems import ProblemLetter
from notifiers.smtp import Security
from tests.fakes.alerts import BASE, VOCABULARY, catalogue
from tests.fakes.clocks import LeapingClock
from tests.fakes.plans import source
from tests.fakes.smtp import Act, Got, Script, ScriptedServer, Then
from tests.fakes.telling import Crash, World
from watcher.core.catalogue import Catalogue
from watcher.core.outbox import Fate
from watcher.core.ports_outgoing import Sender
from watcher.core.smtp_replies import Stage
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way
from watcher.links import SignedLinks
from watcher.problem_news import ProblemNews
from watcher.vault import open_vault

STAFF = ("anne@vigie.example", "omar@vigie.example")
WATCHED = replace(catalogue(), sources={f"p{n}": source(f"p{n}") for n in range(101)})
TAKES: Script = lambda _stage, _number: None  # noqa: E731


@dataclass
class Office:
    """A watch that tells its maintainers, through a mail server or into a folder."""

    world: World
    news: ProblemNews
    sender: Sender

    def open(self, *subjects: str, kind: ProblemKind = ProblemKind.BLOCKED, human: bool = False) -> None:
        now = self.world.now
        problems = [Problem(one, kind, now, f"raison de {one}", human) for one in subjects]
        self.world.store.note_problems(problems, (), now)

    def close(self, *subjects: str) -> None:
        self.world.store.note_problems((), subjects, self.world.now)

    def look(self, **span: float) -> None:
        """After so long, what the daemon does each minute, and a round of sending."""
        self.world.pass_time(**span)
        self.news.tell(self.world.now)
        worker = self.world.deliverer(sender=self.sender, render=MailRenderer(VOCABULARY, BASE))
        worker.tick(Way.MAIL)


@dataclass
class Mailed:
    office: Office
    server: ScriptedServer

    @property
    def got(self) -> list[Got]:
        return self.server.got

    def subjects(self) -> list[str]:
        return [str(message_from_bytes(one.data, policy=policy.default)["Subject"]) for one in self.got]

    def texts(self) -> list[str]:
        return [_text(one.data) for one in self.got]


def _text(letter: bytes) -> str:
    said = message_from_bytes(letter, policy=policy.default).get_content()  # type: ignore[attr-defined]
    return str(said).replace("\r\n", "\n")


def office(
    world: World, folder: Path, sender: Callable[[SignedLinks], Sender], staff: tuple[str, ...] = STAFF[:1]
) -> Office:
    links = SignedLinks(open_vault(folder / "vigie.key"), BASE, world.clock, staff)
    news = ProblemNews(world.outbox, WATCHED, ProblemLetter(WATCHED, BASE), len(staff))
    return Office(world, news, sender(links))


@contextmanager
def mailed(
    world: World, folder: Path, script: Script = TAKES, staff: tuple[str, ...] = STAFF[:1]
) -> Iterator[Mailed]:
    with ScriptedServer(script).running() as server:
        mail_server = MailServer(
            "127.0.0.1",
            "Vigie <veille@vigie.example>",
            server.port,
            Security.NONE,
            timeout=10.0,
            patience=10.0,
            bounces="retours@vigie.example",
        )
        yield Mailed(
            office(world, folder, lambda links: SmtpSender(mail_server, links, world.clock), staff), server
        )


@pytest.fixture
def mail(world: World, tmp_path: Path) -> Iterator[Mailed]:
    with mailed(world, tmp_path) as mail:
        yield mail


def test_a_page_in_trouble_is_told_after_ten_minutes_and_its_end_once(mail: Mailed) -> None:
    desk = mail.office
    desk.open("p1")
    desk.look(minutes=9)
    assert mail.got == []

    desk.look(minutes=1)
    for _ in range(5):
        desk.look(hours=1)
    assert mail.subjects() == ["[Vigie] 1 nouveau problème (1 ouvert)"]

    desk.close("p1")
    for _ in range(5):
        desk.look(hours=1)
    assert mail.subjects()[1:] == ["[Vigie] 1 terminé (0 ouvert)"]
    assert "raison de p1" in mail.texts()[0]
    assert "terminé le 10 septembre 2026 à 15" in mail.texts()[1]


def test_what_ends_by_itself_within_ten_minutes_is_never_told(mail: Mailed) -> None:
    mail.office.open("p1")
    mail.office.look(minutes=5)
    mail.office.close("p1")
    mail.office.look(hours=2)

    assert mail.got == []


def test_a_trouble_of_the_watch_itself_is_told_at_once(mail: Mailed) -> None:
    mail.office.open("watch:tick", kind=ProblemKind.STUCK, human=True)
    mail.office.look()

    assert mail.subjects() == ["[Vigie] 1 nouveau problème (1 ouvert)"]
    assert "watch:tick : Vigie bloquée [À TRAITER]" in mail.texts()[0]


def test_a_flood_of_101_problems_is_one_letter(mail: Mailed) -> None:
    mail.office.open(*WATCHED.sources)
    mail.office.look(minutes=10)

    assert mail.subjects() == ["[Vigie] 101 nouveaux problèmes (101 ouverts)"]
    assert all(f"raison de {name}" in mail.texts()[0] for name in WATCHED.sources)


def test_there_is_never_more_than_one_letter_in_an_hour(mail: Mailed) -> None:
    for n in range(24):
        mail.office.open(f"p{n}", human=True)
        mail.office.look(minutes=10)

    assert len(mail.got) == 4  # in 240 minutes, ten of them before the first
    told = "".join(mail.texts())
    assert [n for n in range(19) if told.count(f"raison de p{n}\n") != 1] == []


def test_each_maintainer_gets_a_letter_of_their_own_and_no_subscriber_does(
    world: World, tmp_path: Path
) -> None:
    world.subscribe(5)
    with mailed(world, tmp_path, staff=STAFF) as mail:
        mail.office.open("p1")
        mail.office.look(minutes=10)

    assert sorted(one.recipient for one in mail.got) == sorted(STAFF)
    for one in mail.got:
        letter = message_from_bytes(one.data, policy=policy.default)
        assert letter["To"] == one.recipient
        assert "List-Unsubscribe" not in letter
        assert letter["Auto-Submitted"] == "auto-generated"


def test_neither_addresses_nor_headers_hide_in_what_a_problem_says(mail: Mailed) -> None:
    evidence = "refusé pour jeanne@exemple.org\r\nBcc: x@evil.example\x02never\x02 =?utf-8?q?x=0D=0A?="
    problem = Problem("p1", ProblemKind.BLOCKED, mail.office.world.now, evidence)
    mail.office.world.store.note_problems([problem], (), mail.office.world.now)
    mail.office.look(minutes=10)

    (got,) = mail.got
    assert b"jeanne" not in got.data
    assert "Bcc" not in message_from_bytes(got.data)
    assert "refusé pour …@…" in mail.texts()[0]


def test_pages_of_one_incident_are_told_with_it_and_by_themselves_when_they_outlast_it(mail: Mailed) -> None:
    pages = [f"p{n}" for n in range(40)]
    mail.office.open(*pages, kind=ProblemKind.UNREADABLE, human=True)
    mail.office.open("template:ide", kind=ProblemKind.PLATFORM)
    mail.office.look(minutes=10)
    assert mail.subjects() == ["[Vigie] 1 nouveau problème (41 ouverts)"]

    mail.office.close("template:ide", *pages[2:])
    mail.office.look(hours=1)
    assert mail.subjects()[1:] == ["[Vigie] 2 nouveaux problèmes, 1 terminé (2 ouverts)"]


def test_a_server_that_is_down_gets_one_letter_afterwards_with_all_that_happened(
    world: World, tmp_path: Path
) -> None:
    down = True
    script: Script = lambda stage, _: Act(b"421 no\r\n", Then.CLOSE) if down else None  # noqa: E731
    with mailed(world, tmp_path, script) as mail:
        mail.office.open("p1")
        mail.office.look(minutes=10)
        mail.office.open("p2", "p3")
        for _ in range(12):
            mail.office.look(hours=1)
        down = False
        for _ in range(3):
            mail.office.look(hours=1)

    assert "raison de p1" in mail.texts()[0]
    assert "raison de p2" in mail.texts()[1]
    assert len(mail.got) <= 3, "the trouble of the server itself may be one more"


def test_a_process_that_dies_after_the_dot_sends_at_most_a_copy_with_the_same_id(
    world: World, tmp_path: Path
) -> None:
    def die() -> None:
        raise Crash

    with mailed(world, tmp_path) as mail:
        mail.office.open("p1")
        world.outbox.before_settling = die
        with pytest.raises(Crash):
            mail.office.look(minutes=10)
        world.outbox.before_settling = lambda: None
        for _ in range(4):
            mail.office.look(minutes=20)

    ids = [message_from_bytes(one.data)["Message-ID"] for one in mail.got]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_an_answer_that_is_lost_after_the_dot_leaves_one_id(world: World, tmp_path: Path) -> None:
    script: Script = lambda stage, _: Act(b"", Then.CLOSE) if stage is Stage.DOT else None  # noqa: E731
    with mailed(world, tmp_path, script) as mail:
        mail.office.open("p1")
        for _ in range(6):
            mail.office.look(minutes=20)

    assert len(mail.got) == 2
    assert len({message_from_bytes(one.data)["Message-ID"] for one in mail.got}) == 1


def test_maintainers_are_told_while_readers_are_not(mail: Mailed) -> None:
    """A copy that was put in place sends nothing to readers, and says so to those who can change it."""
    world = mail.office.world
    world.subscribe(3)
    world.publish("a")
    world.outbox.suspend("copie restaurée", world.now)
    mail.office.look()

    assert [one.recipient for one in mail.got] == [STAFF[0]]
    assert "copie restaurée" in mail.texts()[0]
    assert world.outbox.resume(world.now)
    assert world.tick().fates == {Fate.ACCEPTED: 3}


def test_whoever_is_no_maintainer_any_more_gets_nothing(world: World, tmp_path: Path) -> None:
    with mailed(world, tmp_path, staff=STAFF) as mail:
        mail.office.open("p1")
        world.pass_time(minutes=10)
        mail.office.news.tell(world.now)
    with mailed(world, tmp_path) as later:
        later.office.look(minutes=1)

    assert [one.recipient for one in later.got] == [STAFF[0]]


def test_a_rehearsal_puts_the_letters_into_its_folder(world: World, tmp_path: Path) -> None:
    identity = Identity("Vigie <veille@vigie.example>")
    desk = office(world, tmp_path, lambda links: FolderSender(tmp_path / "mail", identity, links))
    desk.open("p1")
    desk.look(minutes=10)

    (letter,) = (tmp_path / "mail").glob("*.eml")
    assert "raison de p1" in _text(letter.read_bytes())


def test_a_clock_set_back_neither_doubles_nor_silences(world: World, tmp_path: Path) -> None:
    with mailed(world, tmp_path) as mail:
        mail.office.open("p1")
        mail.office.look(minutes=10)
        world.clock = LeapingClock(time=world.now - timedelta(days=1))
        mail.office.open("p2")
        mail.office.look(minutes=10)
        mail.office.look(hours=2)

    told = "".join(mail.texts())
    assert told.count("raison de p1\n") == 1
    assert told.count("raison de p2\n") == 1


def _empty() -> Catalogue:
    return replace(catalogue(), sources={})


def test_what_is_about_no_page_at_all_has_its_words_too(world: World, tmp_path: Path) -> None:
    news = ProblemNews(world.outbox, _empty(), ProblemLetter(_empty(), BASE), 1)
    world.store.note_problems(
        [Problem("signups", ProblemKind.MISUSE, world.now, "301 inscriptions", needs_human=True)],
        (),
        world.now,
    )

    assert news.tell(world.now)
    assert not news.tell(world.now)

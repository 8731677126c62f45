"""The sender against a server that answers, and fails to answer, in every way."""

from __future__ import annotations

import itertools
from datetime import timedelta
from time import monotonic

import pytest

from notifiers.mail import MailServer, Pace, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from tests.fakes.alerts import BASE, SEEN, VOCABULARY, StillClock, alert
from tests.fakes.letters import PlainLinks, claimed
from tests.fakes.smtp import Act, Script, ScriptedServer, Then
from watcher.core.outbox import Attempt, Fate
from watcher.core.ports_outgoing import SenderDown
from watcher.core.smtp_replies import Stage

CONTENT = MailRenderer(VOCABULARY, BASE)(claimed(), [alert()], None)
CODES = (421, 450, 451, 452, 530, 535, 550, 552, 554)
STAGES = (Stage.GREETING, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT)
WAYS = ((b"PIPELINING",), ())
# What bare codes mean, by stage; a server that does not even listen stops the sender whatever it says.
MEANING = {
    Stage.MAIL: dict.fromkeys(CODES[4:], Fate.STOPPED),
    Stage.RCPT: {530: Fate.STOPPED, 535: Fate.STOPPED} | dict.fromkeys(CODES[6:], Fate.BOUNCED),
    Stage.DATA: dict.fromkeys(CODES[4:], Fate.STOPPED),
    Stage.DOT: {530: Fate.STOPPED, 535: Fate.STOPPED} | dict.fromkeys(CODES[6:], Fate.REFUSED),
}


def sender_to(server: ScriptedServer, clock: StillClock | None = None, **told: object) -> SmtpSender:
    values: dict[str, object] = {"security": Security.NONE, "timeout": 10.0, "patience": 10.0}
    mail_server = MailServer(
        host="127.0.0.1", sender="Vigie <veille@vigie.example>", port=server.port, **{**values, **told}
    )  # type: ignore[arg-type]
    return SmtpSender(mail_server, PlainLinks(), clock or StillClock())


def once(stage: Stage, act: Act) -> Script:
    """The first message, or connection, meets `act` at `stage`."""
    return lambda at, number: act if at is stage and number == 1 else None


def send(sender: SmtpSender, *numbers: int) -> list[Attempt]:
    with sender.open() as send_one:
        return [send_one(claimed(number), CONTENT) for number in numbers]


@pytest.mark.parametrize("features", WAYS, ids=("pipelining", "plain"))
@pytest.mark.parametrize("then", [Then.CLOSE, Then.GO_ON])
@pytest.mark.parametrize(("code", "stage"), list(itertools.product(CODES, STAGES)))
def test_every_refusal_has_its_meaning_and_the_next_message_goes_on(
    code: int, stage: Stage, then: Then, features: tuple[bytes, ...]
) -> None:
    script = once(stage, Act(b"%d said so\r\n" % code, then))
    with ScriptedServer(script, features).running() as server:
        sender = sender_to(server)
        if stage in {Stage.GREETING, Stage.EHLO}:
            with pytest.raises(SenderDown, match=f"{stage} {code}"):
                send(sender, 1)
            fates = [attempt.fate for attempt in send(sender, 2)]
        else:
            first, *others = send(sender, 1, 2)
            assert first == Attempt(MEANING[stage].get(code, Fate.RETRY), f"{stage} {code}")
            fates = [attempt.fate for attempt in others]

    assert fates == [Fate.ACCEPTED]
    assert [got.recipient for got in server.got][-1] == "reader2@lecteurs.example"


@pytest.mark.parametrize("features", WAYS, ids=("pipelining", "plain"))
@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Act(b"", Then.CLOSE), "closed"),
        (Act(b"", Then.RESET), "ConnectionResetError"),
        (Act(b"25", Then.CLOSE), "closed"),
        (Act(b"", Then.HANG), "timeout"),
        (Act(b"", Then.DRIP), "timeout"),
        (Act(b"HTTP/1.1 400 Bad Request\r\n"), "nonsense"),
        (Act(b"250-a\r\n550 b\r\n"), "nonsense"),
        (Act(b"2" * 9000), "nonsense"),
        (Act(b"", Then.ENDLESS), "nonsense"),
    ],
)
def test_no_answer_is_ambiguous_after_the_end_of_the_message_alone(
    stage: Stage, act: Act, told: str, features: tuple[bytes, ...]
) -> None:
    seconds = 1.0 if told == "timeout" else 10.0
    with ScriptedServer(once(stage, act), features).running() as server:
        start = monotonic()
        first, second = send(sender_to(server, timeout=seconds, patience=seconds), 1, 2)

    assert first.fate is (Fate.AMBIGUOUS if stage is Stage.DOT else Fate.RETRY)
    # A reset may overtake answers that were on their way.
    assert first.detail.split()[-1] in {told, "BrokenPipeError", "ConnectionResetError"}
    assert second.fate is Fate.ACCEPTED
    assert monotonic() - start < 2


def test_many_messages_go_over_one_connection_each_to_one_recipient() -> None:
    with ScriptedServer(lambda _stage, _number: None).running() as server:
        attempts = send(sender_to(server, bounces="retours@vigie.example"), *range(50))

    assert {attempt.fate for attempt in attempts} == {Fate.ACCEPTED}
    assert server.connections == 1
    for number, got in enumerate(server.got):
        assert got.recipient == f"reader{number}@lecteurs.example"
        assert got.sender == f"retours+{number:032x}.b0b0b0b0b0b0b0b0@vigie.example"
        assert got.data.count(b"\r\nTo: ") == 1
        assert f"\r\nTo: {got.recipient}\r\n".encode() in got.data


def test_a_server_that_ends_a_long_conversation_costs_nobody_an_attempt() -> None:
    ended = {3: Act(b"", Then.CLOSE), 5: Act(b"421 enough for now\r\n", Then.CLOSE)}

    def script(stage: Stage, number: int) -> Act | None:
        return ended.get(number) if stage is Stage.MAIL else None

    with ScriptedServer(script).running() as server:
        attempts = send(sender_to(server), *range(5))

    assert [attempt.fate for attempt in attempts] == [Fate.ACCEPTED] * 5
    assert server.connections == 3


def test_a_server_that_is_gone_in_between_stops_the_sender() -> None:
    server = ScriptedServer(once(Stage.DOT, Act(b"250 taken\r\n", Then.CLOSE)))
    with server.running():
        session = sender_to(server).open()
        send_one = session.__enter__()
        assert send_one(claimed(1), CONTENT).fate is Fate.ACCEPTED

    attempt = send_one(claimed(2), CONTENT)
    session.__exit__(None, None, None)

    assert attempt == Attempt(Fate.STOPPED, "greeting ConnectionRefusedError")


def test_a_server_that_says_550_to_all_is_not_believed() -> None:
    refusing = Act(b"550 no such user\r\n")
    with ScriptedServer(lambda stage, _: refusing if stage is Stage.RCPT else None).running() as server:
        sender = sender_to(server)
        fates = [attempt.fate for attempt in send(sender, 1, 2, 3, 4)]
        again = [attempt.fate for attempt in send(sender, 5)]

    assert fates == [Fate.BOUNCED, Fate.BOUNCED, Fate.STOPPED, Fate.STOPPED]
    assert again == [Fate.STOPPED]


def test_a_policy_against_all_of_us_bounces_nobody() -> None:
    refusing = Act(b"550 5.7.1 your kind is not welcome\r\n")
    with ScriptedServer(lambda stage, _: refusing if stage is Stage.RCPT else None).running() as server:
        fates = {attempt.fate for attempt in send(sender_to(server), *range(10))}

    assert fates == {Fate.STOPPED}
    assert server.got == []


def test_a_server_that_wants_the_text_of_a_refused_message_gets_none() -> None:
    """RFC 2920 lets it answer 354 to DATA although it knows no recipient."""
    with ScriptedServer(once(Stage.RCPT, Act(b"550 5.1.1 unknown\r\n"))).running() as server:
        first, second = send(sender_to(server), 1, 2)

    assert (first.fate, second.fate) == (Fate.BOUNCED, Fate.ACCEPTED)
    assert [got.recipient for got in server.got if got.data] == ["reader2@lecteurs.example"]


def test_lines_that_begin_with_a_dot_arrive_as_they_are() -> None:
    content = b"Subject: dots\r\n\r\n.\r\n..x\r\n.end\r\n"
    with (
        ScriptedServer(lambda _stage, _number: None).running() as server,
        sender_to(server).open() as send_one,
    ):
        send_one(claimed(), content)

    assert server.got[0].data.endswith(b"\r\n\r\n..\r\n...x\r\n..end\r\n")


def test_an_address_that_would_end_the_command_is_never_sent() -> None:
    class Injecting(PlainLinks):
        def address(self, claimed: object) -> str:
            return "b@y.example>\r\nRCPT TO:<evil@z.example"

    with ScriptedServer(lambda _stage, _number: None).running() as server:
        sender = SmtpSender(
            MailServer("127.0.0.1", "veille@vigie.example", port=server.port, security=Security.NONE),
            Injecting(),
            StillClock(),
        )
        assert send(sender, 1) == [Attempt(Fate.REFUSED, "address")]

    assert server.tried == 0


def test_no_more_than_the_agreed_rate_leaves() -> None:
    clock = StillClock()
    with ScriptedServer(lambda _stage, _number: None).running() as server:
        send(sender_to(server, clock, rate=30), *range(4))

    assert clock.time - SEEN == timedelta(seconds=6)


def test_a_clock_that_was_set_back_costs_one_gap() -> None:
    pace = Pace(timedelta(seconds=2))
    pace.turn(SEEN)

    assert pace.turn(SEEN - timedelta(days=1)) == timedelta(seconds=2)


def test_who_comes_late_makes_up_for_nothing() -> None:
    pace = Pace(timedelta(seconds=2))
    pace.turn(SEEN)
    late = SEEN + timedelta(minutes=5)

    assert [pace.turn(late), pace.turn(late)] == [timedelta(0), timedelta(seconds=2)]


def test_nobody_at_home_is_a_sender_that_is_down() -> None:
    server = ScriptedServer(lambda _stage, _number: None)
    with server.running():
        sender = sender_to(server)
    with pytest.raises(SenderDown, match="greeting ConnectionRefusedError"):
        send(sender, 1)


@pytest.mark.parametrize(
    ("feature", "challenge", "password"),
    [
        (b"AUTH CRAM-MD5", b"334 abc\r\n", "secret"),
        (b"AUTH CRAM-MD5", b"334 YWJj\r\n", "secr\u00e8te"),
        (b"AUTH PLAIN", b"334 \r\n", "secr\u00e8te"),
        (b"AUTH LOGIN", b"334 \r\n", "secr\u00e8te"),
    ],
)
def test_a_login_that_cannot_be_said_is_a_sender_that_is_down(
    feature: bytes, challenge: bytes, password: str
) -> None:
    """Anything else would be tried again at once and for ever, and no maintainer told."""
    script = once(Stage.AUTH, Act(challenge))
    with ScriptedServer(script, (feature,)).running() as server:
        sender = sender_to(server, user="vigie", password=password)
        with pytest.raises(SenderDown, match="AUTH") as down:
            send(sender, 1)

    assert password not in str(down.value)


def test_who_drips_an_answer_gets_hardly_more_time_than_another() -> None:
    script = once(Stage.DOT, Act(b"250-a\r\n", Then.DRIP))
    with ScriptedServer(script).running() as server:
        start = monotonic()
        (attempt,) = send(sender_to(server, timeout=1.0, patience=1.0), 1)

    assert attempt == Attempt(Fate.AMBIGUOUS, "dot timeout")
    assert monotonic() - start < 1.5

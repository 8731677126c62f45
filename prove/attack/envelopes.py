"""Who a letter goes to: one person, in its envelope and in its head, whatever stands in it."""

from __future__ import annotations

from email import message_from_bytes, policy
from itertools import cycle, islice

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.mail import MailRenderer
from notifiers.smtp import Security
from prove.attack.battery import LINES
from prove.report import Figure
from tests.fakes.alerts import BASE, VOCABULARY, StillClock, alert
from tests.fakes.letters import PlainLinks, claimed
from tests.fakes.smtp import ScriptedServer
from watcher.core.outbox import Fate

_COPIES = {"cc", "bcc", "resent-to", "resent-cc", "apparently-to"}


def attack(*, long: bool) -> list[Figure]:
    sent = 10_000 if long else 300
    render = MailRenderer(VOCABULARY, BASE)
    contents = [
        render(claimed(), [alert(title=f"a{text}", summary=text, before=text)], None) for text in LINES
    ]
    with ScriptedServer(lambda _stage, _number: None).running() as server:
        at = MailServer(
            host="127.0.0.1", port=server.port, sender="Vigie <veille@vigie.example>", security=Security.NONE
        )
        with SmtpSender(at, PlainLinks(), StillClock()).open() as send:
            fates = {
                send(claimed(number), content).fate
                for number, content in enumerate(islice(cycle(contents), sent))
            }
    envelopes = _envelopes(server)
    heads = [message_from_bytes(got.data, policy=policy.default) for got in server.got]
    right = [[f"reader{number}@{PlainLinks().domain}"] for number in range(sent)]
    shared = envelopes != right or [[str(head["To"])] for head in heads] != right
    copied = sum(bool(_COPIES & {name.lower() for name in head}) for head in heads)
    return [
        Figure(
            f"{len(heads)} letters: other than one recipient, who stands alone in the head; copies",
            f"{int(shared)}, {copied}",
            "0, 0",
            kept=fates == {Fate.ACCEPTED} and not shared and not copied,
        )
    ]


def _envelopes(server: ScriptedServer) -> list[list[str]]:
    """All recipients of each."""
    found: list[list[str]] = []
    for command in server.commands:
        verb, _, told = command.partition(b":")
        if verb.upper() == b"MAIL FROM":
            found.append([])
        if verb.upper() == b"RCPT TO":
            found[-1].append(told.strip().strip(b"<>").decode())
    return found

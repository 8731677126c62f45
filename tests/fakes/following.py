"""What follows a decision: everything that readers get, from the database to the wire."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from standardwebhooks import Webhook

from notifiers.mail import MailServer, SmtpSender
from notifiers.render.feeds import Format, render
from notifiers.render.mail import MailRenderer
from notifiers.render.webhook import WebhookRenderer
from notifiers.smtp import Security
from notifiers.webhook import WebhookSender
from storage.decision_store import SqlDesk
from storage.rule_store import SqlRules
from tests.fakes.alerts import BASE, SENTENCE, VOCABULARY, StillClock, alert, verdict
from tests.fakes.clocks import LeapingClock
from tests.fakes.letters import PlainLinks
from tests.fakes.plans import news
from tests.fakes.receiver import Receiver
from tests.fakes.smtp import ScriptedServer
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.clock import SystemClock
from watcher.core.alerts import Alert, AlertState
from watcher.core.calendar import Calendar
from watcher.core.decisions import Action, Carried, Decision, Edits, Order
from watcher.core.edits import edits_of
from watcher.core.feed import Feed, FeedQuery
from watcher.core.subscriptions import Choices, Interest, Way
from watcher.core.verdict import Fact, PartialDate
from watcher.deliver import Deliverer
from watcher.digest import Runs
from watcher.feeds import read_calendar, read_feed
from watcher.post import HttpPoster
from watcher.review import Review
from watcher.rulebook import Proposing
from watcher.sending import Office, WayOut
from watcher.subscribe import judge
from watcher.vault import open_vault
from watcher.webhooks import Webhooks

REVIEWER = "wilhelmine"
"""A name that no other word has in it."""


class Following:
    """A database, a reviewer, a mail server and a web-hook; time passes when something is done."""

    def __init__(
        self, engine: Engine, folder: Path, server: ScriptedServer, receiver: Receiver, poster: HttpPoster
    ) -> None:
        # The reference library of web-hooks goes by the real time.
        self.world = World(engine, clock=LeapingClock(time=SystemClock().now()))
        self.desk, rules = SqlDesk(engine), SqlRules(engine)
        propose = Proposing(rules, lambda: None, self.world.clock)
        self.review = Review(self.desk, self.world.store.alerts, propose, self.world.clock, VOCABULARY)
        self._engine, self._server, self._receiver, self._polls = engine, server, receiver, 0
        vault = open_vault(folder / "vigie.key")
        self._hooks = Webhooks(self.world.people, vault, self.world.clock, allow_private=True)
        self._worker = self._deliverer(WebhookSender(poster, vault, self.world.clock, self._hooks.confirm))
        self._secret: Webhook | None = None

    def _deliverer(self, webhook: WebhookSender) -> Deliverer:
        world = self.world
        office = Office(
            outbox=world.outbox,
            subscriptions=world.people,
            note_problems=world.store.note_problems,
            runs=Runs(world.outbox, world.store, None, world.clock),  # type: ignore[arg-type]  # no digests
            clock=world.clock,
            chance=lambda: 0.5,
            owner="host/1/1",
            tell=lambda word, **values: world.logged.append({"event": word, **values}),
        )
        server = MailServer(
            host="127.0.0.1",
            sender="Vigie <veille@vigie.example>",
            port=self._server.port,
            security=Security.NONE,
            timeout=10.0,
        )
        mail = WayOut(SmtpSender(server, PlainLinks(), StillClock()), MailRenderer(VOCABULARY, BASE))
        ways = {
            Way.MAIL: mail,
            Way.WEBHOOK: WayOut(webhook, WebhookRenderer(VOCABULARY, BASE), webhook.concurrency),
        }
        return Deliverer(office, ways, lambda now: judge(world.people, now))

    def reader(self, number: int, *, verified_only: bool = False, **choices: Any) -> str:
        """Somebody subscribes by mail; their address."""
        interest = Interest(verified_only=verified_only)
        subscribe(self._engine, subscriber(f"{number:032x}", interest, **choices))
        return f"reader{number}@lecteurs.example"

    def program(self) -> None:
        """A web-hook is registered."""
        address = self._hooks.address(self._receiver.url("/hook"))
        registered = self._hooks.register(address, Choices(), "webhook-1")
        self._secret = Webhook(registered.endpoint.secret)
        self.tell()

    def find(self, number: int = 0, **changes: Any) -> Alert:
        """A poll finds the Cantal's announcement, not understood with confidence unless told otherwise."""
        self._polls += 1
        now = self.world.now
        fact = Fact(
            SENTENCE,
            motifs=("salarie",),
            channel_after="rdv_en_ligne",
            effective_from=PartialDate("2026-10-01"),
        )
        values: dict[str, Any] = {
            "state": AlertState.UNVERIFIED,
            "detected_at": now,
            "updated_at": now,
            "verdict": verdict(facts=(fact,), motifs=("salarie",), effective_from=fact.effective_from),
            **changes,
        }
        found = alert(number, **values)
        assert self.world.store.save(news(f"n{self._polls}", self._polls, alerts=(found,)))
        self.tell()
        return found

    def decide(self, action: Action, about: Alert, **more: Any) -> Decision:
        """The reviewer decides a moment later, and readers are told."""
        self.world.pass_time(seconds=20)
        case = self.review.case(about.id)
        assert case is not None
        return self._carried(self.review.decide(Order(action, (about.id,), case.version, REVIEWER, **more)))

    def correct(self, about: Alert, note: str = "", **values: Any) -> Decision:
        """A form as it is shown, with some fields changed."""
        edits: Edits = replace(edits_of(about.verdict), **values)
        return self.decide(Action.CORRECT, about, edits=edits, note=note)

    def undo(self, decision: Decision) -> Decision:
        self.world.pass_time(seconds=20)
        return self._carried(self.review.undo(decision.number, REVIEWER))

    def _carried(self, outcome: object) -> Decision:
        assert isinstance(outcome, Carried), outcome
        self.tell()
        (decision,) = outcome.decisions
        return decision

    def tell(self) -> None:
        for way in (Way.MAIL, Way.WEBHOOK):
            self._worker.tick(way)
        assert self.world.logged == []

    def alert(self, name: str) -> Alert:
        found = self.world.store.alert(name)
        assert found is not None
        return found

    def letters(self, address: str) -> list[EmailMessage]:
        """In the order of their arrival."""
        got = [one.data for one in self._server.got if one.recipient == address]
        found = [message_from_bytes(data, policy=policy.default) for data in got]
        return [one for one in found if isinstance(one, EmailMessage)]

    def events(self) -> list[dict[str, Any]]:
        """What the web-hook got, signatures checked, but for the challenge."""
        assert self._secret is not None
        told = [self._secret.verify(got.body, got.headers) for got in self._receiver.got]
        return [one for one in told if one["type"] != "endpoint.challenge"]

    def feed(self, query: str = "all", *, verified_only: bool = False) -> Feed:
        where = (self.world.store, FeedQuery.parse(query), VOCABULARY, BASE)
        return read_feed(*where, verified_only=verified_only)

    def written(self, form: Format, query: str = "all") -> bytes:
        return render(self.feed(query), form)

    def calendar(self, query: str = "all", *, verified_only: bool = False) -> Calendar:
        where = (self.world.store, FeedQuery.parse(query), VOCABULARY, BASE)
        return read_calendar(*where, verified_only=verified_only)

"""The whole program over one database, lived at random, beside a model of what it owes its readers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from storage.decision_store import SqlDesk
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.rule_store import SqlRules
from storage.store import SqlStore
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import VOCABULARY, catalogue
from tests.fakes.telling import Crash, FrailOutbox, PlainRenderer, PlayedSender
from tests.fakes.watch import NEWS, Watch
from tests.fakes.web import LIST, MAINTENANCE, Card, article_page, card, list_page
from watcher.core.decisions import Action, Carried, Order
from watcher.core.outbox import Claimed, MessageKind
from watcher.core.page import FailureKind
from watcher.core.ports_outgoing import Purpose
from watcher.core.signups import CONFIRM_FOR
from watcher.core.subscriptions import Choices, EndReason, Way
from watcher.deliver import Deliverer
from watcher.digest import Runs
from watcher.review import Review
from watcher.rulebook import Proposing
from watcher.sending import Office, WayOut
from watcher.subscribe import Subscribing, judge
from watcher.vault import open_vault

HOUR = timedelta(hours=1)
BAD_PAGES = {
    "maintenance": MAINTENANCE,
    "cut": list_page([card(number) for number in range(9)])[:900],
    "empty list": list_page([]),
    "another page": article_page("Mentions légales", "Le directeur de la publication est le préfet."),
    "nothing": "",
}


@dataclass
class Model:
    """What was published on the page, who is subscribed, and which alert is owed to whom."""

    published: set[str] = field(default_factory=set)
    edited: set[str] = field(default_factory=set)
    people: dict[str, str] = field(default_factory=dict)  # name → subscription, of those who are subscribed
    left: set[str] = field(default_factory=set)  # subscriptions
    known: set[str] = field(default_factory=set)  # alerts
    owed: set[tuple[str, str]] = field(default_factory=set)  # alert, subscription
    withdrawn: set[str] = field(default_factory=set)  # alerts
    crashes: int = 0


class Life:
    def __init__(self, folder: Path, database: str = "") -> None:
        self.engine = open_engine(database or f"sqlite:///{folder}/vigie.db")
        upgrade(self.engine)
        self.store, self.outbox = SqlStore(self.engine), FrailOutbox(self.engine)
        self.watch = Watch(self.store, sources=(NEWS,))
        self.clock = self.watch.clock
        self.people = SqlSubscriptions(self.engine)
        self.subscribing = Subscribing(self.people, self.outbox, open_vault(folder / "vigie.key"), self.clock)
        proposing = Proposing(SqlRules(self.engine), lambda: None, self.clock)
        self.review = Review(SqlDesk(self.engine), self.store.alerts, proposing, self.clock, VOCABULARY)
        self.sender, self.model = PlayedSender(), Model()
        self.cards = [card(number) for number in range(12, 0, -1)]
        self._processes = 0
        self.restart()
        self.poll()
        self.poll()

    def restart(self) -> None:
        """A new process; what the last one held is freed, as when its file lock is found open."""
        self.outbox.disown_messages(f"life/{self._processes}")
        self._processes += 1
        self.outbox.before_settling = lambda: None  # type: ignore[method-assign]
        self.watch.owner = f"life/{self._processes}"
        self.watch.start()
        office = Office(
            outbox=self.outbox,
            subscriptions=self.people,
            note_problems=self.store.note_problems,
            runs=Runs(self.outbox, self.store, catalogue(), self.clock),
            clock=self.clock,
            chance=lambda: 0.5,
            owner=self.watch.owner,
            tell=lambda _word, **_values: None,
        )
        self.deliverer = Deliverer(office, {Way.MAIL: WayOut(self.sender, PlainRenderer(), 1)}, lambda _: 0)

    def publish(self, title: str) -> None:
        path = f"Annonce-{len(self.cards)}"
        self.cards.insert(0, Card(f"Titre de séjour : {title}", self.clock.now().date(), path=path))
        self.model.published.add(self.cards[0].title)

    def edit(self, title: str) -> None:
        """The newest entry is said otherwise, under the address that it has. Nobody ever read what it said if it was
        not told by now.
        """
        old = self.cards[0]
        self.cards[0] = Card(f"Titre de séjour : {title}", old.day, path=old.path)
        unread = old.title in self.model.published - {one.title for one in self.watch.alerts()}
        self.model.published -= {old.title} if unread else set()
        (self.model.published if unread else self.model.edited).add(self.cards[0].title)

    def poll(self) -> None:
        self.watch.show(self.cards)
        self.watch.later(HOUR)
        self._owe()

    def poll_badly(self, how: str) -> None:
        """Whatever stands there instead says nothing of what is published."""
        if how in BAD_PAGES:
            self.watch.web.show(LIST, BAD_PAGES[how])
        else:
            self.watch.web.break_(FailureKind(how), LIST)
        self.watch.later(HOUR)
        assert not self._new(), f"a bad page ({how}) was told"

    def _new(self) -> list[str]:
        return [one.id for one in self.watch.alerts() if one.id not in self.model.known]

    def _owe(self) -> None:
        for alert in self._new():
            self.model.known.add(alert)
            self.model.owed |= {(alert, one) for one in self.model.people.values()}

    def subscribe(self, name: str) -> None:
        vault, address = self.subscribing.vault, f"{name}@exemple.fr"
        self.subscribing.ask(address, Choices(), "1-fr")
        judge(self.people, self.clock.now())
        (signup,) = self.people.signups(vault.seal(address, "").index)
        token = vault.token(Purpose.CONFIRM, signup.id, self.clock.now() + CONFIRM_FOR)
        confirmed = self.subscribing.confirm(token)
        assert confirmed, "a confirmation that was asked for led to nothing"
        self.model.people[name] = confirmed.id

    def unsubscribe(self, name: str) -> None:
        subscription = self.model.people.pop(name)
        token = self.subscribing.vault.token(Purpose.UNSUBSCRIBE, subscription)
        assert self.subscribing.leave(Purpose.UNSUBSCRIBE, token, EndReason.ONE_CLICK)
        self.model.left.add(subscription)

    def decide(self, action: Action, which: int) -> None:
        alerts = [one for one in self.watch.alerts() if not one.corrects]
        if not alerts:
            return
        case = self.review.case(alerts[which % len(alerts)].id)
        assert case
        told = self.review.decide(Order(action, (case.alert.id,), case.version, "remi"), about=case.alert.id)
        if isinstance(told, Carried) and action is Action.RETRACT:
            self.model.withdrawn.add(case.alert.id)
            self._owe()

    def send(self) -> None:
        gone = len(self.sender.sent)
        self.clock.time += timedelta(minutes=1)
        self.deliverer.tick(Way.MAIL)
        late = {one.message.about for one in self.sender.sent[gone:]} & self.model.left
        assert not late, "somebody who had left was written to"

    def crash_while_sending(self) -> None:
        def crash() -> None:
            raise Crash

        self.outbox.before_settling = crash  # type: ignore[method-assign]
        try:
            self.send()
        except Crash:
            self.model.crashes += 1
        self.restart()

    def end_well(self) -> None:
        """Everything works again for two days."""
        self.sender.up = True
        self.restart()
        for _ in range(6):
            self.poll()
        for _ in range(12):
            self.clock.time += 4 * HOUR
            self.send()

    def check(self) -> None:
        """At any time: nothing is told that was not published, nothing twice."""
        told = Counter(one.title for one in self.watch.alerts() if not one.corrects)
        assert set(told) <= self.model.published | self.model.edited, "told, and never published"
        assert not [title for title, number in told.items() if number > 1], "told twice"
        assert not [pair for pair, ids in self._got().items() if len(ids) > 1], (
            "told by two different messages"
        )
        copies = Counter(one.message.id for one in self.sender.sent)
        assert sum(copies.values()) - len(copies) <= self.model.crashes, "sent again without need"

    def check_in_the_end(self) -> None:
        """What is owed has come, and nobody else got anything."""
        self.check()
        alerts = self.watch.alerts()
        assert self.model.published <= {one.title for one in alerts}, "published, and never told"
        got, here = set(self._got()), set(self.model.people.values())
        assert got <= self.model.owed, f"sent to somebody to whom it was not owed: {got - self.model.owed}"
        notices = {one.id: one.corrects for one in alerts if one.corrects}
        owed = {pair for pair in self.model.owed if pair[0] not in self.model.withdrawn | notices.keys()}
        # Whoever was told what is withdrawn is told that it is; whoever was not need not hear of either.
        owed |= {(notice, who) for notice, first in notices.items() for alert, who in got if alert == first}
        missing = {pair for pair in owed if pair[1] in here} - got
        assert not missing, f"owed, and never sent: {missing}"

    def _got(self) -> dict[tuple[str, str], set[str]]:
        """The messages by which each subscription was told of each alert."""
        got: dict[tuple[str, str], set[str]] = {}
        for one in self.sender.sent:
            for alert in _alerts(one):
                got.setdefault((alert, one.message.about), set()).add(one.message.id)
        return got

    def close(self) -> None:
        self.engine.dispose()


def _alerts(one: Claimed) -> tuple[str, ...]:
    return one.message.alerts if one.message.kind in {MessageKind.ALERTS, MessageKind.DIGEST} else ()

"""Whatever happens in whatever order: what was published is told to whom it is owed, once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.fakes.whole_life import BAD_PAGES, HOUR, Life
from watcher.core.decisions import Action
from watcher.core.page import FailureKind

BROKEN = (FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.TRUNCATED, FailureKind.TLS)
JUMPS = (-HOUR, HOUR, timedelta(days=-1), timedelta(days=1), timedelta(days=8))
SOON = settings(
    max_examples=6,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)


class WholeLife(RuleBasedStateMachine):
    database: Callable[[], str] = staticmethod(lambda: "")
    """Another one, empty, for each life; "" for a file of its own."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.life = Life(Path(self.folder.name), self.database())
        self.number = 0

    def _word(self) -> str:
        self.number += 1
        return f"mesure {self.number}"

    @rule()
    def publish_and_poll(self) -> None:
        self.life.publish(self._word())
        self.life.poll()

    @rule()
    def publish(self) -> None:
        self.life.publish(self._word())

    @rule()
    def edit(self) -> None:
        self.life.edit(self._word())

    @rule()
    def poll(self) -> None:
        self.life.poll()

    @rule(how=st.sampled_from([*BAD_PAGES, *BROKEN]))
    def poll_badly(self, how: str) -> None:
        self.life.poll_badly(how)

    @rule()
    def subscribe(self) -> None:
        self.number += 1
        self.life.subscribe(f"lecteur{self.number}")

    @precondition(lambda self: self.life.model.people)
    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject) -> None:
        self.life.unsubscribe(data.draw(st.sampled_from(sorted(self.life.model.people))))

    @rule()
    def send(self) -> None:
        self.life.send()

    @rule()
    def crash_while_sending(self) -> None:
        self.life.crash_while_sending()

    @rule()
    def restart(self) -> None:
        self.life.restart()

    @rule(up=st.booleans())
    def mail_server(self, up: bool) -> None:
        self.life.sender.up = up

    @rule(jump=st.sampled_from(JUMPS))
    def clock_jumps(self, jump: timedelta) -> None:
        self.life.clock.time += jump

    @rule(action=st.sampled_from([Action.VERIFY, Action.RETRACT, Action.ASK]), which=st.integers(0, 9))
    def decide(self, action: Action, which: int) -> None:
        self.life.decide(action, which)

    @invariant()
    def nothing_is_told_twice(self) -> None:
        if hasattr(self, "life"):
            self.life.check()

    def teardown(self) -> None:
        if not hasattr(self, "life"):
            return
        try:
            self.life.end_well()
            self.life.check_in_the_end()
        finally:
            self.life.close()
            self.folder.cleanup()


TestWholeLife = WholeLife.TestCase
TestWholeLife.settings = SOON

"""The rules at hand: kept while nobody changes them, and asked what an alert suggests about them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from watcher.core.alerts import Alert
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import Rules
from watcher.core.french import PARIS
from watcher.core.ports import Clock


class CachedRules:
    """The books of a store; the very same ones until a rule changes. Threads may share it."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._lock = threading.Lock()
        self._book: tuple[int, RuleBook] | None = None
        self._versions: tuple[int, RuleBook] | None = None

    def book(self) -> RuleBook:
        """What we believe now."""
        with self._lock:
            self._book = self._fresh(self._book, self._rules.load)
            return self._book[1]

    def versions(self) -> RuleBook:
        """What we ever believed too."""
        with self._lock:
            self._versions = self._fresh(self._versions, self._rules.load_all)
            return self._versions[1]

    def _fresh(self, kept: tuple[int, RuleBook] | None, load: Callable[[], RuleBook]) -> tuple[int, RuleBook]:
        version = self._rules.version()
        return kept if kept and kept[0] == version else (version, load())


class Proposing:
    """What alerts suggest. `ship` makes sure, once, that the store has the rules to compare with."""

    def __init__(self, rules: Rules, ship: Callable[[], object], clock: Clock) -> None:
        self._rules = CachedRules(rules)
        self._ship = ship
        self._shipped = False
        self._clock = clock

    def __call__(self, alerts: Sequence[Alert]) -> tuple[Proposal, ...]:
        if not any(fact.channel_after for alert in alerts for fact in alert.verdict.facts):
            return ()
        if not self._shipped:
            self._ship()
            self._shipped = True
        today = self._clock.now().astimezone(PARIS).date()
        return tuple(made for alert in alerts for made in proposal(alert, self._rules.book(), today))

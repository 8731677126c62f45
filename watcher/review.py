"""Maintainers look at what was read and decide: the queue, one case, orders and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from watcher.core import mutes
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case, Entry, undone
from watcher.core.decisions import (
    Action,
    Decision,
    Effects,
    Mute,
    MuteWish,
    Order,
    Outcome,
    Refusal,
    Refused,
)
from watcher.core.edits import fault
from watcher.core.filing_proposals import Proposal
from watcher.core.labels import Vocabulary
from watcher.core.ports import Clock
from watcher.core.ports_desk import DeskStore
from watcher.core.review import effects
from watcher.core.verdict import Notice
from watcher.precedents import Precedents

YEAR = timedelta(days=365)
SHOWN = 50  # alerts that a mute would have hidden


class AlertFinder(Protocol):
    """`Store.alerts`, as far as the desk asks."""

    def __call__(
        self, *, since: datetime | None, state: AlertState | None, words: str
    ) -> Sequence[Alert]: ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What a mute would have hidden in the last year: how many alerts, the newest of them, and what stands
    against it (too few words, or somebody had vouched for one of them).
    """

    hidden: int
    shown: tuple[Alert, ...]
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Vouched:
    """A text whose labels a person vouched for: those of its alert, or that it is noise."""

    alert: Alert
    notice: Notice | None  # the text as it was read, where it is kept
    on: date
    noise: bool = False


class Review:
    """What the desk and the command line do. Threads may share it.

    `propose` says what alerts suggest about the rules as they are when it is called.
    """

    def __init__(
        self,
        desk: DeskStore,
        find: AlertFinder,
        propose: Callable[[Sequence[Alert]], Sequence[Proposal]],
        clock: Clock,
        words: Vocabulary,
    ) -> None:
        self._desk = desk
        self._find = find
        self._propose = propose
        self._clock = clock
        self._words = words
        self._precedents = Precedents(desk)

    def queue(self) -> Sequence[Entry]:
        return self._desk.queue()

    def case(self, alert: str) -> Case | None:
        return self._desk.case(alert)

    def decide(self, order: Order, about: str = "") -> Outcome:
        """Carry an order out, all of it or nothing.

        `about` is the alert whose case was shown, the first of the order's own unless it is told.
        """
        case = self._desk.case(about or order.alerts[0]) if order.alerts else None
        if case is None:
            return Refused(Refusal.UNKNOWN)
        found = self._effects(order, case)
        if isinstance(found, Refused):
            return found
        # What takes rules back suggests others only once they are back.
        told = [one for one in found.notices if not one.historical]  # rules are those of today
        later = told if found.reopened else ()
        proposals = () if later else self._propose(told)
        outcome = self._desk.carry_out(case.alert.id, order.seen, found, proposals)
        if not isinstance(outcome, Refused):
            for notice in later:
                self._suggest(notice)
        return outcome

    def undo(self, number: int, by: str, note: str = "") -> Outcome:
        """Take one decision back."""
        past = self._desk.decision(number)
        case = self._desk.case(past.alert) if past and past.alert else None
        if past is None or case is None:
            return Refused(Refusal.UNKNOWN)
        order = Order(Action.UNDO, (past.alert,), case.version, by, note=note, undoes=number)
        return self.decide(order)

    def preview_mute(self, wish: MuteWish, besides: Collection[str] = ()) -> Preview:
        """What a mute would have hidden, the alerts `besides` not counted: they are the noise."""
        words = " ".join(mutes.words(wish))
        if not words:
            return Preview(0, (), Refused(Refusal.EMPTY))
        since = self._clock.now() - YEAR
        found = self._find(since=since, state=None, words=words)
        hidden = [one for one in found if mutes.hides(wish, one.title, one.prefecture)]
        told = [one for one in hidden if one.id not in besides and not one.corrects]
        return Preview(len(told), tuple(told[:SHOWN]), self._hides_truth(wish, besides))

    def similar(self, case: Case) -> Sequence[Decision]:
        """At most five past decisions about texts like this one, the likest first."""
        return self._precedents.like(case.alerts)

    def decisions(
        self,
        *,
        alert: str | None = None,
        action: Action | None = None,
        by: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Decision]:
        """Newest first; `before` is the number of the last one that was read already."""
        return self._desk.decisions(alert=alert, action=action, by=by, before=before, limit=limit)

    def decision(self, number: int) -> Decision | None:
        return self._desk.decision(number)

    def mutes(self, *, ended: bool = False) -> Sequence[Mute]:
        return self._desk.mutes(ended=ended)

    def muted(self) -> Mapping[str, int]:
        return self._desk.muted()

    def told(self, alerts: Sequence[str]) -> int:
        """How many subscribers know of one of these alerts."""
        return self._desk.told(alerts)

    def look_again(self, source: str, by: str) -> bool:
        return self._desk.look_again(source, by, self._clock.now())

    def labels(self) -> Iterator[Vouched]:
        """What was verified or corrected, then what was called noise; nothing that was taken back since."""
        for one in self._desk.confirmed():
            yield Vouched(one.alert, self._text(one.alert.id), one.on)
        gone = undone(self._desk.decisions(action=Action.UNDO))
        for made in reversed(self._desk.decisions(action=Action.MUTE)):
            if made.before and made.number not in gone:
                yield Vouched(made.before, self._text(made.alert), made.at.date(), noise=True)

    def _text(self, alert: str) -> Notice | None:
        case = self._desk.case(alert)
        return case.notice if case else None

    def _effects(self, order: Order, case: Case) -> Effects | Refused:
        if order.edits and (wrong := fault(order.edits, self._words)):
            return Refused(Refusal.WRONG, wrong)
        told = None
        if order.action is Action.UNDO and order.undoes is not None:
            past = self._desk.decision(order.undoes)
            told = self._desk.case(past.notice) if past and past.notice else None
        found = effects(order, case, self._clock.now(), told)
        if order.action is not Action.MUTE or order.mute is None or isinstance(found, Refused):
            return found
        return self._hides_truth(order.mute, order.alerts) or found

    def _hides_truth(self, wish: MuteWish, besides: Collection[str]) -> Refused | None:
        words = " ".join(mutes.words(wish))
        found = self._find(since=None, state=AlertState.VERIFIED, words=words)
        true = [alert for alert in mutes.truths(wish, found) if alert.id not in besides]
        return Refused(Refusal.HIDES_TRUTH, true[0].title) if true else None

    def _suggest(self, notice: Alert) -> None:
        case = self._desk.case(notice.id)
        proposals = self._propose([notice])
        if case and proposals:
            self._desk.carry_out(notice.id, case.version, Effects(()), proposals)

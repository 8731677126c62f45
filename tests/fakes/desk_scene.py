"""A desk with something on it, in memory or in a database, and what people do there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Engine

from storage.decision_store import SqlDesk
from storage.rule_store import SqlRules
from storage.store import SqlStore
from tests.fakes.desk import MemoryDesk
from tests.fakes.plans import CANTAL, NOW, VERDICT, alert, plan, source
from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case
from watcher.core.decisions import Action, Carried, Decision, Effects, Mute, Outcome
from watcher.core.filing import Rule
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import Origin, Recorded
from watcher.core.ports_desk import DeskStore
from watcher.core.verdict import Fact, PartialDate

LATER = NOW + timedelta(days=1)


class Scene(Protocol):
    @property
    def desk(self) -> DeskStore: ...

    def give(self, *alerts: Alert, proposals: Sequence[Proposal] = ()) -> None:
        """As a poll that found them."""

    def bring(self, *rules: Rule, at: datetime = NOW) -> None: ...

    def believed(self) -> list[Rule]: ...

    def proposals(self) -> Sequence[Recorded]: ...


@dataclass
class MemoryScene:
    desk: MemoryDesk = field(default_factory=lambda: MemoryDesk(sources={CANTAL}))

    def give(self, *alerts: Alert, proposals: Sequence[Proposal] = ()) -> None:
        self.desk.give(*alerts)
        self.desk.suggest(*proposals)

    def bring(self, *rules: Rule, at: datetime = NOW) -> None:
        self.desk.bring(rules, at)

    def believed(self) -> list[Rule]:
        return self.desk.believed()

    def proposals(self) -> Sequence[Recorded]:
        return list(self.desk.kept.proposals.values())


class SqlScene:
    def __init__(self, engine: Engine) -> None:
        self.desk = SqlDesk(engine)
        self.store = SqlStore(engine)
        self.rules = SqlRules(engine)
        self.store.register([source()], NOW)

    def give(self, *alerts: Alert, proposals: Sequence[Proposal] = ()) -> None:
        assert self.store.save(plan(alerts=alerts, proposals=tuple(proposals)))

    def bring(self, *rules: Rule, at: datetime = NOW) -> None:
        self.rules.bring(rules, at, Origin.IMPORTED)

    def believed(self) -> list[Rule]:
        return self.rules.load().believed()

    def proposals(self) -> Sequence[Recorded]:
        return self.rules.proposals()


def suggesting(
    name: str, scene: Scene, *, prefecture: str = "15", channel: str = "rdv_en_ligne", **other: Any
) -> tuple[Alert, Proposal]:
    """An alert that suggests how employees file in a préfecture, told to the desk with its proposal."""
    fact = Fact(
        "Sur rendez-vous.",
        motifs=("salarie",),
        channel_after=channel,
        effective_from=PartialDate("2026-10-01") if channel != "anef" else None,
    )
    one = alert(name, verdict=replace(VERDICT, facts=(fact,)), **{"prefecture": prefecture, **other})
    (made,) = proposal(one, RuleBook(scene.believed()), NOW.date())
    scene.give(one, proposals=(made,))
    return one, made


def verify(one: Alert, by: str = "ada", at: datetime = LATER, **other: Any) -> Effects:
    after = replace(one, state=AlertState.VERIFIED, reviewed=True, updated_at=at)
    made = Decision(Action.VERIFY, by, at, alert=one.id, before=one, after=after)
    return Effects((made,), changed=(after,), verified=(one.id,), **other)


def correct(one: Alert, by: str = "ada", at: datetime = LATER, **other: Any) -> Effects:
    """Told again with another category."""
    after = replace(one, state=AlertState.CORRECTED, reviewed=True, updated_at=at)
    said = replace(one.verdict, categories=("fee",), confidence=1.0)
    notice = _notice(one, AlertState.VERIFIED, at, verdict=said)
    made = Decision(Action.CORRECT, by, at, alert=one.id, before=one, after=after, notice=notice.id)
    return Effects((made,), changed=(after,), notices=(notice,), withheld=(one.id,), **other)


def retract(one: Alert, by: str = "ada", at: datetime = LATER, **other: Any) -> Effects:
    after = replace(one, state=AlertState.RETRACTED, reviewed=True, updated_at=at)
    notice = _notice(one, AlertState.RETRACTED, at)
    made = Decision(Action.RETRACT, by, at, alert=one.id, before=one, after=after, notice=notice.id)
    return Effects((made,), changed=(after,), notices=(notice,), withheld=(one.id,), **other)


def ask(one: Alert, by: str = "ada", at: datetime = LATER) -> Effects:
    return Effects((Decision(Action.ASK, by, at, alert=one.id, before=one, after=one),))


def undo(decision: Decision, one: Alert, by: str = "ada", at: datetime = LATER, **other: Any) -> Effects:
    """What was decided of `one` alone is taken back: it is as it was before."""
    before = decision.before or one
    after = replace(before, updated_at=at)
    made = Decision(Action.UNDO, by, at, alert=one.id, before=one, after=after, undoes=decision.number)
    return Effects((made,), changed=(after,), unverified=(one.id,), **other)


def mute(name: str, one: Alert, at: datetime = LATER) -> Mute:
    return Mute(name, "journees patrimoine", "15", "ada", at, one.id)


def done(scene: Scene, effects: Effects, proposals: Sequence[Proposal] = ()) -> Carried:
    """Carry out what must be possible, as somebody who sees the case as it is."""
    told = decide(scene, effects, proposals)
    assert isinstance(told, Carried), told
    return told


def decide(scene: Scene, effects: Effects, proposals: Sequence[Proposal] = ()) -> Outcome:
    name = effects.decisions[0].alert
    return scene.desk.carry_out(name, seen(scene, name).version, effects, proposals)


def seen(scene: Scene, name: str) -> Case:
    case = scene.desk.case(name)
    assert case
    return case


def _notice(one: Alert, state: AlertState, at: datetime, **other: Any) -> Alert:
    return replace(
        one,
        id=f"notice-{one.id}",
        state=state,
        reviewed=True,
        corrects=one.id,
        detected_at=at,
        updated_at=at,
        group="",
        **other,
    )

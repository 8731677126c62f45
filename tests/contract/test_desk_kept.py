"""What was decided is for ever, and written whole or not at all, however many decide at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text

from storage import cases
from storage.engine import reading, writing
from storage.errors import StorageError
from storage.outbox_store import SqlOutbox
from storage.tables import metadata
from tests.fakes.desk_scene import (
    LATER,
    SqlScene,
    ask,
    correct,
    decide,
    done,
    mute,
    retract,
    seen,
    suggesting,
    verify,
)
from tests.fakes.filing import rule
from tests.fakes.plans import NOW, VERDICT, alert, change, first_reading, news
from tests.fakes.subscribers import subscribe, subscriber
from watcher.core.decisions import Carried, Decision, Effects, Refusal, Refused
from watcher.core.filing_store import Accepted, ProposalState
from watcher.core.subscriptions import Cadence, Interest, Way
from watcher.core.verdict import Reason, Route

FORMER = rule(known_from=NOW)


@pytest.fixture
def scene(engine: Engine) -> SqlScene:
    return SqlScene(engine)


class PowerCutError(Exception):
    """Something goes wrong in the middle."""


@contextmanager
def failing_at(engine: Engine, number: int) -> Iterator[None]:
    """The statement with this number fails."""
    numbers = count(1)

    def step(*_: Any) -> None:
        if next(numbers) == number:
            raise PowerCutError

    event.listen(engine, "before_cursor_execute", step)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", step)


def everything(engine: Engine) -> dict[str, list[Any]]:
    with reading(engine) as connection:
        tables = [table for table in metadata.sorted_tables if table.name != "alert_words"]
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET number = 2",
        "UPDATE decisions SET document = replace(document, 'ada', 'eve')",
        "DELETE FROM decisions",
        "DELETE FROM decisions WHERE number = 1",
    ],
)
def test_a_decision_can_be_neither_changed_nor_removed(
    scene: SqlScene, engine: Engine, statement: str
) -> None:
    _decided(scene)

    with pytest.raises(StorageError, match="decisions are for ever"), writing(engine) as connection:
        connection.execute(text(statement))

    assert [one.by for one in scene.desk.decisions()] == ["ada"]


def test_a_decision_is_not_replaced_by_another(scene: SqlScene, engine: Engine) -> None:
    _decided(scene)
    how, error = ("INSERT OR REPLACE", "for ever") if _is_sqlite(engine) else ("INSERT", "uplicate key")
    forged = f"""{how} INTO decisions (number, action, "by", at, document) VALUES (1, 'ask', 'eve', 0, '')"""

    with pytest.raises(StorageError, match=error), writing(engine) as connection:
        connection.execute(text(forged))

    assert [one.by for one in scene.desk.decisions()] == ["ada"]


def test_the_whole_trail_cannot_be_emptied_at_once(scene: SqlScene, engine: Engine) -> None:
    if _is_sqlite(engine):
        pytest.skip("it knows no TRUNCATE")
    _decided(scene)

    with pytest.raises(StorageError, match="decisions are for ever"), writing(engine) as connection:
        connection.execute(text("TRUNCATE decisions"))


def test_an_order_that_fails_anywhere_leaves_everything_as_it_was(scene: SqlScene, engine: Engine) -> None:
    one, effects = _much(scene)
    version, before = seen(scene, one.id).version, everything(engine)
    own = replace(scene.proposals()[0].proposal, id="own", alert=effects.notices[0].id)

    for number in count(1):
        with failing_at(engine, number):
            try:
                told = scene.desk.carry_out(one.id, version, effects, [own])
                break
            except PowerCutError:
                assert everything(engine) == before, number

    assert isinstance(told, Carried)
    assert number > 25
    after = everything(engine)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        *("alerts", "alert_categories", "alert_motifs", "deliveries", "decisions", "mutes"),
        *("proposals", "rules"),
    }


def test_of_many_who_decide_at_once_one_does(scene: SqlScene) -> None:
    one = alert("a")
    scene.give(one)
    version = seen(scene, one.id).version

    with ThreadPoolExecutor(4) as people:
        told = list(
            people.map(
                lambda name: scene.desk.carry_out(one.id, version, verify(one, by=name), ()), "abcdefgh"
            )
        )

    (carried,) = [one for one in told if isinstance(one, Carried)]
    (decision,) = carried.decisions
    assert [one for one in told if one != carried] == [Refused(Refusal.OVERTAKEN, decision.by)] * 7
    assert scene.desk.decisions() == [decision]


def test_decisions_of_many_have_numbers_without_gaps(scene: SqlScene) -> None:
    alerts = [alert(str(n)) for n in range(24)]
    scene.give(*alerts)

    with ThreadPoolExecutor(4) as people:
        told = list(people.map(lambda one: decide(scene, ask(one)), alerts))

    assert all(isinstance(one, Carried) for one in told)
    assert [one.number for one in scene.desk.decisions()] == list(range(24, 0, -1))


def test_a_proposal_is_settled_at_the_desk_or_on_the_command_line_not_twice(scene: SqlScene) -> None:
    one, suggested = suggesting("a", scene)
    version = seen(scene, one.id).version
    effects = verify(one, accepted=(suggested.id,))

    with ThreadPoolExecutor(2) as people:
        at_desk = people.submit(scene.desk.carry_out, one.id, version, effects, ())
        elsewhere = people.submit(scene.rules.accept, suggested.id, "grace", LATER)

    won = [isinstance(at_desk.result(), Carried), isinstance(elsewhere.result(), Accepted)]
    assert sorted(won) == [False, True]
    assert len(scene.believed()) == 1


def test_a_message_that_is_made_meanwhile_and_a_retraction_agree_on_who_was_told(scene: SqlScene) -> None:
    """Whoever gets the alert gets its retraction; whoever does not, does not."""
    subscribe(scene.store, *(subscriber(f"s{n}") for n in range(30)))
    one = alert("a")
    scene.give(one)
    outbox = SqlOutbox(scene.store._engine)
    effects = retract(one)

    with ThreadPoolExecutor(2) as workers:
        composed = workers.submit(outbox.compose, LATER, Way.MAIL, 10)
        done(scene, effects)
        composed.result()

    sent = {d.subscription for d in outbox.deliveries(one.id) if d.message}
    assert {d.subscription for d in outbox.deliveries(effects.notices[0].id)} == sent
    assert sent == {d.subscription for d in outbox.deliveries(one.id)}


def test_the_version_of_the_rules_grows_when_one_is_taken_back(scene: SqlScene) -> None:
    """So that nobody keeps answering by a rule that is no more."""
    one, suggested = suggesting("a", scene)
    versions = [scene.rules.version()]
    done(scene, verify(one, accepted=(suggested.id,)))
    versions.append(scene.rules.version())
    done(scene, retract(seen(scene, one.id).alert, reopened=(suggested.id,)))
    versions.append(scene.rules.version())

    assert versions == sorted(set(versions))
    assert scene.rules.load_all().history(suggested.after.id)[0].known_to is not None
    assert scene.rules.load(LATER).believed(LATER) != []


def test_a_case_shows_the_text_as_it_was_read_and_so_does_its_correction(scene: SqlScene) -> None:
    scene.store.save(first_reading())
    scene.store.save(news("b"))
    one = seen(scene, alert("b").id)
    effects = correct(one.alert)
    done(scene, effects)

    corrected = seen(scene, effects.notices[0].id)

    assert one.change == change("b")
    assert one.notice is not None
    assert (corrected.change, corrected.notice) == (one.change, one.notice)


def test_a_mute_counts_the_texts_that_it_hid(scene: SqlScene) -> None:
    hidden = replace(VERDICT, route=Route.MUTE, reasons=(Reason("mute:m", "patrimoine"),))
    scene.store.save(first_reading())
    for number, name in enumerate("bcd", 1):
        told = replace(hidden, route=Route.REVIEW) if name == "d" else hidden
        verdicts = {change(name).id: told}
        scene.store.save(news(name, number, alerts=(), verdicts=verdicts))

    assert scene.desk.muted() == {"m": 2}


def test_the_queue_is_found_without_reading_what_was_settled(scene: SqlScene, engine: Engine) -> None:
    if not _is_sqlite(engine):
        pytest.skip("its planner goes by the number of rows")
    with reading(engine) as connection:
        (step,) = connection.execute(text(f"EXPLAIN QUERY PLAN {cases._WAITING}")).all()

    assert "USING INDEX ix_alerts_state_detected_at" in step.detail


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _decided(scene: SqlScene) -> Decision:
    one = alert("a")
    scene.give(one)
    return done(scene, verify(one)).decisions[0]


def _much(scene: SqlScene) -> tuple[Any, Effects]:
    """A correction that does everything that an order can do."""
    scene.bring(FORMER)
    subscribe(
        scene.store,
        subscriber("now"),
        subscriber("weekly", cadence=Cadence.WEEKLY),
        subscriber("careful", Interest(verified_only=True)),
    )
    first, accepted = suggesting("first", scene)
    old = alert("old")
    scene.give(old)
    done(scene, verify(first, accepted=(accepted.id,)))
    done(scene, retract(old, mutes=(mute("former", old),)))
    second, refused = suggesting("second", scene, prefecture="69")
    third, wanted = suggesting("third", scene, prefecture="75")
    SqlOutbox(scene.store._engine).compose(NOW, Way.MAIL, 10)
    assert {one.state for one in scene.proposals()} == {ProposalState.OPEN, ProposalState.ACCEPTED}
    effects = correct(
        second,
        refused=(refused.id,),
        accepted=(wanted.id,),
        reopened=(accepted.id,),
        verified=(third.id,),
        unverified=(first.id,),
        mutes=(mute("new", second),),
        unmuted=("former",),
    )
    return second, effects

"""Rules in the database: every version is kept, and what was known at a moment stays so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from storage.rule_store import SqlRules
from storage.store import SqlStore
from tests.fakes.filing import KNOWN, rule
from tests.fakes.plans import HOUR, NOW, alert, first_reading, news, source
from watcher.core.filing import Rule
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import Accepted, NotOpen, Origin, Overtaken, ProposalState
from watcher.core.verdict import Fact, PartialDate

LATER = NOW + timedelta(days=1)
FORMER = rule(known_from=NOW)


@pytest.fixture
def rules(engine: Engine) -> SqlRules:
    return SqlRules(engine)


@pytest.fixture
def told(store: SqlStore, rules: SqlRules) -> Callable[..., Proposal]:
    """A poll whose alert suggests that the Cantal's employees book online."""
    store.register([source()], NOW)
    rules.bring([FORMER], NOW, Origin.SHIPPED)
    assert store.save(first_reading("a"))

    def tell(name: str = "b", baseline: int = 1, **changes: Any) -> Proposal:
        values = {"channel_after": "rdv_en_ligne", "effective_from": PartialDate("2026-10-01"), **changes}
        fact = Fact("Sur rendez-vous.", motifs=("salarie",), **values)
        one = alert(name)
        one = replace(one, verdict=replace(one.verdict, facts=(fact,)), detected_at=NOW + HOUR)
        made = proposal(one, rules.load(), date(2026, 9, 10))
        assert store.save(news(name, baseline, alerts=(one,), proposals=made))
        return made[0]

    return tell


def test_a_brought_rule_is_given_back(rules: SqlRules) -> None:
    brought = rule(seen_on=date(2025, 1, 2), note_fr="À confirmer", valid_to="2026-01")

    done = rules.bring([brought], NOW, Origin.SHIPPED)

    assert [difference.before for difference in done.differences] == [None]
    assert rules.load().believed() == [replace(brought, known_from=NOW)]


def test_to_bring_the_same_again_changes_nothing(rules: SqlRules) -> None:
    rules.bring([FORMER], NOW, Origin.SHIPPED)
    version = rules.version()

    done = rules.bring([FORMER], LATER, Origin.SHIPPED)

    assert (done.differences, done.same, rules.version()) == ((), 1, version)


def test_a_change_adds_a_version_and_ends_the_belief_in_the_former(rules: SqlRules) -> None:
    rules.bring([FORMER], NOW, Origin.SHIPPED)
    rules.bring([replace(FORMER, channel="email")], LATER, Origin.SHIPPED)

    first, second = rules.load_all().history(FORMER.id)

    assert (first.channel, first.known_from, first.known_to) == ("courrier", NOW, LATER)
    assert (second.channel, second.known_from, second.known_to) == ("email", LATER, None)
    assert rules.load(NOW).believed(NOW) == [first]
    assert rules.load(LATER).believed(LATER) == [second]


def test_a_clock_that_was_set_back_does_not_change_what_was_known(rules: SqlRules) -> None:
    rules.bring([FORMER], LATER, Origin.SHIPPED)
    rules.bring([replace(FORMER, channel="email")], NOW, Origin.IMPORTED)

    first, second = rules.load_all().history(FORMER.id)

    assert first.known_to == second.known_from
    assert second.known_from > LATER
    assert rules.load(LATER).believed(LATER) == [first]


def test_the_shipped_file_leaves_alone_what_a_maintainer_changed(rules: SqlRules) -> None:
    rules.bring([FORMER], NOW, Origin.SHIPPED)
    rules.bring([replace(FORMER, channel="email")], LATER, Origin.IMPORTED)

    done = rules.bring([FORMER], LATER + HOUR, Origin.SHIPPED)

    assert (done.differences, [one.channel for one in done.kept]) == ((), ["email"])
    assert [one.channel for one in rules.load().believed()] == ["email"]


def test_a_dry_import_writes_nothing(rules: SqlRules) -> None:
    done = rules.bring([FORMER], NOW, Origin.IMPORTED, dry=True)

    assert len(done.differences) == 1
    assert len(rules.load_all()) == 0


def test_proposals_are_written_with_the_alert_that_made_them(
    told: Callable[..., Proposal], rules: SqlRules
) -> None:
    made = told()

    (recorded,) = rules.proposals(state=ProposalState.OPEN)
    assert recorded.proposal == made
    assert made.before == FORMER
    assert rules.load().believed() == [FORMER]


def test_a_poll_that_came_too_late_leaves_no_proposal(
    told: Callable[..., Proposal], store: SqlStore, rules: SqlRules
) -> None:
    made = told()
    late = news("c", 1, alerts=(alert("c"),), proposals=(replace(made, id="late", alert=alert("c").id),))

    assert not store.save(late)
    assert len(rules.proposals()) == 1


def test_an_accepted_proposal_changes_the_rules_at_once(
    told: Callable[..., Proposal], rules: SqlRules
) -> None:
    made = told()

    done = rules.accept(made.id, "Ada", LATER)

    assert isinstance(done, Accepted)
    book = rules.load()
    assert [(one.channel, one.valid_to) for one in book.of_slot(FORMER.slot)] == [
        ("courrier", "2026-10-01"),
        ("rdv_en_ligne", None),
    ]
    answer = book.answers(("15", ""), "salarie", on=date(2026, 10, 1))
    assert (answer.channels, [one.channel for one in answer.previous]) == (("rdv_en_ligne",), ["courrier"])
    (recorded,) = rules.proposals()
    assert (recorded.state, recorded.settled_by, recorded.settled_at) == (
        ProposalState.ACCEPTED,
        "Ada",
        LATER,
    )
    assert rules.load(NOW).believed(NOW) == [replace(FORMER, known_to=LATER)]


def test_a_proposal_is_accepted_once(told: Callable[..., Proposal], rules: SqlRules) -> None:
    made = told()
    rules.accept(made.id, "Ada", LATER)
    version = rules.version()

    again = rules.accept(made.id, "Grace", LATER + HOUR)

    assert isinstance(again, NotOpen)
    assert again.recorded is not None
    assert again.recorded.settled_by == "Ada"
    assert rules.version() == version
    assert rules.accept("unknown", "Ada", LATER) == NotOpen(None)


def test_a_proposal_that_a_newer_rule_overtook_is_refused(
    told: Callable[..., Proposal], rules: SqlRules
) -> None:
    made = told()
    rules.bring([replace(FORMER, channel="email")], LATER, Origin.IMPORTED)

    done = rules.accept(made.id, "Ada", LATER + HOUR)

    assert isinstance(done, Overtaken)
    assert done.rule.channel == "email"
    assert [one.channel for one in rules.load().believed()] == ["email"]
    assert [one.state for one in rules.proposals()] == [ProposalState.OPEN]


def test_a_refused_proposal_changes_no_rule(told: Callable[..., Proposal], rules: SqlRules) -> None:
    made = told()

    assert rules.refuse(made.id, "Ada", LATER) is None
    assert isinstance(rules.refuse(made.id, "Ada", LATER), NotOpen)
    assert isinstance(rules.accept(made.id, "Ada", LATER), NotOpen)
    assert rules.load().believed() == [FORMER]


def test_of_two_who_accept_at_once_one_does(told: Callable[..., Proposal], rules: SqlRules) -> None:
    made = told()

    with ThreadPoolExecutor(4) as people:
        done = list(people.map(lambda name: rules.accept(made.id, name, LATER), "abcd"))

    assert sum(isinstance(one, Accepted) for one in done) == 1
    assert len(rules.load_all().history(made.after.id)) == 1


def test_proposals_are_found_by_alert_and_by_id(told: Callable[..., Proposal], rules: SqlRules) -> None:
    first = told("b")
    second = told("c", 2, channel_after="email")

    assert [one.proposal.id for one in rules.proposals(alert=second.alert)] == [second.id]
    assert [one.proposal.id for one in rules.proposals(ids=[first.id])] == [first.id]
    assert len(rules.proposals()) == 2


def test_versions_of_many_rules_do_not_mix(rules: SqlRules) -> None:
    many = [rule("etudiant", territory=code) for code in ("01", "02", "2A", "974")]
    rules.bring(many, KNOWN, Origin.SHIPPED)
    changed: Rule = replace(many[2], channel="email")
    rules.bring([changed], LATER, Origin.IMPORTED)

    believed = {one.territory: one.channel for one in rules.load().believed()}

    assert believed == {"01": "courrier", "02": "courrier", "2A": "email", "974": "courrier"}

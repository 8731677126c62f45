"""What one poll comes to: the plan that is written in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.readings import HOUR, LIST, NEWS, NOW, card, cards, page, reading, snapshot, state
from tests.fakes.watch import PlainReader
from watcher.core import budget
from watcher.core.budget import Budget, Purse
from watcher.core.changes import ChangeKind
from watcher.core.conclude import Answers, conclude, doubted, failed, failure_outcome, quiet
from watcher.core.decide import Reading, assess
from watcher.core.items import Article, Item
from watcher.core.page import FailureKind, FetchFailure, Outcome, Validators
from watcher.core.rhythm import Rhythm
from watcher.core.state import Missing, PollPlan, ProblemKind, SourceState, Suspicion
from watcher.core.tempo import Tempo, shape_of

BEFORE = cards(20)
SEJOUR = card(21, "Titres de séjour")
TEXT = Article("Titres de séjour", "Prenez rendez-vous.")


PARIS = ZoneInfo("Europe/Paris")


def local(_zone: str, at: datetime) -> datetime:
    return at.astimezone(PARIS)


def concluded(this: Reading, **answers: Any) -> PollPlan:
    """Assess and conclude; every item's page is there unless `answers` say otherwise."""
    assessment = assess(this)
    assert assessment.doubt is None
    return conclude(this, assessment, Answers(**answers), PlainReader(), 0.0)


def titles(plan: PollPlan) -> list[tuple[str, str]]:
    return [(str(change.kind), change.item.title) for change in plan.changes]


class TestQuiet:
    def test_a_page_that_is_the_same_is_fresh(self) -> None:
        plan = quiet(NEWS, state(), Outcome.UNCHANGED, NOW, 0.0)

        assert (plan.outcome, plan.baseline, plan.quiet) == (Outcome.UNCHANGED, 1, True)
        assert (plan.state.last_read_at, plan.state.last_full_at) == (NOW, NOW)
        assert plan.state.next_poll_at == NOW + HOUR

    def test_a_304_is_no_full_reading(self) -> None:
        before = state(last_full_at=NOW - HOUR)

        assert quiet(NEWS, before, Outcome.NOT_MODIFIED, NOW, 0.0).state.last_full_at == NOW - HOUR

    @pytest.mark.parametrize(
        ("before", "closes"),
        [
            (state(), ()),
            (state(failures=1), (NEWS.id,)),
            (state(outcome=Outcome.MOVED), (NEWS.id,)),
        ],
    )
    def test_it_ends_a_problem_where_there_may_be_one(
        self, before: SourceState, closes: tuple[str, ...]
    ) -> None:
        plan = quiet(NEWS, before, Outcome.UNCHANGED, NOW, 0.0)

        assert (plan.closes, plan.state.failures) == (closes, 0)


class TestFailed:
    def plan(self, outcome: Outcome = Outcome.BLOCKED, failures: int = 0, **how: Any) -> PollPlan:
        before = state(failures=failures, validators=Validators('"1"'), digest="d")
        return failed(NEWS, before, outcome, "why", NOW, 0.0, **how)

    def test_the_baseline_stays_and_validators_are_forgotten(self) -> None:
        plan = self.plan()

        assert (plan.snapshot, plan.page, plan.changes, plan.alerts) == (None, None, (), ())
        assert (plan.baseline, plan.state.snapshot, plan.state.digest) == (1, 1, "d")
        assert plan.state.validators == Validators()
        assert (plan.state.last_poll_at, plan.state.last_read_at) == (NOW, NOW - HOUR)

    def test_one_failure_is_weather(self) -> None:
        assert self.plan(failures=0).opens == ()
        assert self.plan(failures=1).opens[0].evidence == "why"

    def test_an_unreachable_page_is_a_problem_within_two_polls_as_any_other(self) -> None:
        assert [bool(self.plan(Outcome.UNREACHABLE, n).opens) for n in (0, 1, 2)] == [False, True, True]

    @pytest.mark.parametrize(
        ("outcome", "kind", "human"),
        [
            (Outcome.BLOCKED, ProblemKind.BLOCKED, False),
            (Outcome.REFUSED, ProblemKind.BLOCKED, False),
            (Outcome.UNREACHABLE, ProblemKind.UNREACHABLE, False),
            (Outcome.GONE, ProblemKind.GONE, True),
            (Outcome.DISALLOWED, ProblemKind.DISALLOWED, True),
            (Outcome.IMPLAUSIBLE, ProblemKind.UNREADABLE, True),
            (Outcome.SOFT_404, ProblemKind.UNREADABLE, True),
        ],
    )
    def test_the_problem_says_what_is_wrong_and_whether_a_human_is_needed(
        self, outcome: Outcome, kind: ProblemKind, human: bool
    ) -> None:
        (problem,) = self.plan(outcome, 5).opens

        assert (problem.subject, problem.kind, problem.needs_human) == (NEWS.id, kind, human)

    def test_a_trouble_of_the_whole_platform_is_not_held_against_a_source(self) -> None:
        plan = self.plan(Outcome.UNREACHABLE, 0, platform_down=True)

        assert (plan.state.failures, plan.opens) == (0, ())
        assert plan.state.next_poll_at == NOW + HOUR

    def test_a_servers_wish_is_obeyed(self) -> None:
        assert self.plan(retry_after=3 * HOUR).state.next_poll_at == NOW + 3 * HOUR

    @pytest.mark.parametrize("kind", FailureKind)
    def test_every_fetch_failure_is_an_outcome_that_reads_nothing(self, kind: FailureKind) -> None:
        outcome = failure_outcome(FetchFailure(LIST, kind, "", NOW))

        assert not outcome.read
        assert (outcome is Outcome.UNREACHABLE) is (kind.of_the_platform or kind is FailureKind.PROTOCOL)

    def test_the_longer_it_fails_the_later_it_is_asked_again(self) -> None:
        later = [self.plan(Outcome.UNREACHABLE, failures).state.next_poll_at for failures in (0, 1, 2, 3)]

        assert later == sorted(set(later))
        assert self.plan(Outcome.UNREACHABLE, 0).state.failures == 1
        assert self.plan(Outcome.UNREACHABLE, 3).state.failures == 4


def test_only_what_was_published_teaches_when_an_office_publishes() -> None:
    shape = shape_of([], NOW)
    looks = budget.plan({"Europe/Paris": [1.0]}, shape, Budget(2400.0, 7 / 3600), NOW, local)
    tempo = Tempo(shape, looks, Purse(), PARIS)
    known = state(rhythm=Rhythm(NOW - 9 * HOUR, NOW - 9 * HOUR))

    def learnt(after: list[Item]) -> Rhythm | None:
        this = reading(BEFORE, after, state=known)
        return conclude(this, assess(this), Answers(), PlainReader(), 0.0, tempo).state.rhythm

    assert quiet(NEWS, known, Outcome.UNCHANGED, NOW, 0.0, tempo).state.rhythm == known.rhythm
    assert learnt(BEFORE) == known.rhythm
    assert learnt([SEJOUR, *BEFORE]) != known.rhythm


class TestDoubted:
    def test_a_doubt_is_remembered_with_what_a_second_look_must_say(self) -> None:
        this = reading(BEFORE, cards(60))
        doubt = assess(this).doubt
        assert doubt
        plan = doubted(this, doubt, 0.0)

        assert plan.outcome is Outcome.IMPLAUSIBLE
        assert plan.state.suspicion == Suspicion(doubt.digest, NOW)
        assert plan.state.next_poll_at == NOW + timedelta(minutes=12)

    def test_a_doubtful_page_without_items_is_empty(self) -> None:
        this = reading(BEFORE, [])
        doubt = assess(this).doubt
        assert doubt

        assert doubted(this, doubt, 0.0).outcome is Outcome.EMPTY


class TestConclude:
    def test_a_first_reading_is_a_snapshot_and_nothing_else(self) -> None:
        plan = concluded(reading(None, BEFORE))

        assert plan.snapshot
        assert (plan.snapshot.number, plan.baseline, plan.state.snapshot) == (1, 0, 1)
        assert (plan.changes, plan.alerts, plan.opens) == ((), (), ())
        assert plan.page == page()
        assert plan.state.last_changed_at is None

    def test_the_same_items_make_no_new_snapshot(self) -> None:
        plan = concluded(reading(BEFORE, BEFORE))

        assert (plan.snapshot, plan.page, plan.state.snapshot) == (None, None, 1)
        assert (plan.outcome, plan.closes) == (Outcome.OK, (NEWS.id,))
        assert (plan.state.digest, plan.state.validators) == ("d", page().validators)

    def test_a_good_reading_ends_failures_and_doubts_and_what_was_waited_for(self) -> None:
        gone = Missing(BEFORE[3].key, NOW - HOUR)
        troubled = state(failures=3, suspicion=Suspicion("d", NOW - HOUR), missing=(gone,), unread=(gone,))
        plan = concluded(reading(BEFORE, BEFORE, state=troubled, glimpse="g"))

        assert (plan.state.failures, plan.state.suspicion) == (0, None)
        assert (plan.state.missing, plan.state.unread) == ((), ())
        assert (plan.state.last_poll_at, plan.state.last_read_at, plan.state.last_full_at) == (NOW,) * 3
        assert (plan.state.digest, plan.state.glimpse) == ("d", "g")
        assert plan.state.next_poll_at == NOW + HOUR

    def test_what_further_pages_show_makes_no_new_snapshot(self) -> None:
        plan = concluded(reading(BEFORE, BEFORE, items=(*BEFORE, *cards(10, 5))))

        assert (plan.snapshot, plan.changes) == (None, ())

    def test_a_newcomer_is_a_change_an_alert_and_an_article(self) -> None:
        plan = concluded(reading(BEFORE, [SEJOUR, *BEFORE]), read={SEJOUR.key: TEXT})

        assert titles(plan) == [("added", "Titres de séjour")]
        assert [alert.id for alert in plan.alerts] == [change.id for change in plan.changes]
        assert plan.articles == {SEJOUR.key: TEXT}
        assert plan.page == page()
        assert plan.state.last_changed_at == NOW
        assert set(plan.verdicts) == set(plan.notices) == {change.id for change in plan.changes}
        assert [text.title for text in plan.notices.values()] == ["Titres de séjour"]

    def test_a_muted_one_is_a_change_without_alert(self) -> None:
        plan = concluded(reading(BEFORE, [card(21), *BEFORE]))

        assert (titles(plan), plan.alerts) == ([("added", "Article 21")], ())

    def test_one_whose_page_failed_waits_outside_the_baseline(self) -> None:
        plan = concluded(reading(BEFORE, [SEJOUR, *BEFORE]), unread=frozenset({SEJOUR.key}))

        assert (plan.changes, plan.state.unread) == ((), (Missing(SEJOUR.key, NOW),))
        assert plan.snapshot is None
        assert plan.state.next_poll_at == NOW + timedelta(minutes=12)

    def test_an_edited_one_whose_page_failed_keeps_its_old_version(self) -> None:
        edited = card(20, "Le séjour en ligne")
        plan = concluded(reading(BEFORE, [edited, *BEFORE[1:]]), unread=frozenset({edited.key}))

        assert (plan.changes, plan.snapshot) == ((), None)

    def test_after_three_tries_it_is_told_by_its_card(self) -> None:
        tried = state(unread=(Missing(SEJOUR.key, NOW - HOUR, 2),))
        plan = concluded(reading(BEFORE, [SEJOUR, *BEFORE], state=tried), unread=frozenset({SEJOUR.key}))

        assert titles(plan) == [("added", "Titres de séjour")]
        assert plan.state.unread == ()

    def test_a_rewritten_page_under_a_touched_date_is_an_edit(self) -> None:
        touched = replace(BEFORE[3], updated=NOW.date())
        this = reading(BEFORE, [*BEFORE[:3], touched, *BEFORE[4:]])
        pages: Mapping[str, Any] = {
            "read": {touched.key: TEXT},
            "stored": {touched.key: Article("", "Autre.")},
        }

        assert titles(concluded(this, **pages)) == [("edited", touched.title)]
        assert titles(concluded(this, read={touched.key: TEXT}, stored={touched.key: TEXT})) == []
        assert titles(concluded(this, read={touched.key: TEXT})) == []

    def test_what_ended_is_told_unless_it_merely_aged(self) -> None:
        gone = [BEFORE[4], BEFORE[9]]
        after = [item for item in BEFORE if item not in gone]
        waited = state(missing=tuple(Missing(item.key, NOW - HOUR) for item in gone))
        plan = concluded(reading(BEFORE, after, state=waited))

        assert titles(plan) == [("withdrawn", gone[0].title)]
        assert plan.snapshot
        assert plan.snapshot.items == tuple(after)

    def test_a_renamed_item_is_one_edit(self) -> None:
        after = [card(30) if item == BEFORE[4] else item for item in BEFORE]
        plan = concluded(reading(BEFORE, after), whereabouts={BEFORE[4].key: card(30).key})

        assert titles(plan) == [("edited", "Article 30")]
        assert plan.changes[0].before == BEFORE[4]

    def test_a_page_that_moved_is_a_problem_for_a_human(self) -> None:
        there = page(f"{LIST}-2025")
        plan = concluded(reading(BEFORE, BEFORE, moved=True, page=there, address=f"{LIST}-2025"))

        assert (plan.outcome, plan.state.outcome) == (Outcome.MOVED, Outcome.MOVED)
        (problem,) = plan.opens
        assert (problem.kind, problem.needs_human) == (ProblemKind.MOVED, True)
        assert f"{LIST}-2025" in problem.evidence

    def test_neither_digest_nor_validators_of_a_rising_list_are_kept(self) -> None:
        plan = concluded(reading(BEFORE[::-1], BEFORE[::-1], rising=True, glimpse="g"))

        assert (plan.state.digest, plan.state.glimpse, plan.state.validators) == ("", "", Validators())

    def test_a_template_alone_is_kept_without_a_change(self) -> None:
        plan = concluded(reading(BEFORE, BEFORE, baseline=snapshot(BEFORE, template="old")))

        assert plan.snapshot
        assert plan.snapshot.template == "t"
        assert plan.changes == ()


@given(st.sets(st.sampled_from(range(10)), max_size=3), st.integers(0, 4), st.randoms())
def test_planted_changes_are_found_each_once_and_no_others(
    edits: set[int], newcomers: int, chance: Any
) -> None:
    """Whatever the order of the page; and the same poll done twice says the same."""
    fresh = [card(21 + n, f"Titres de séjour {n}") for n in range(newcomers)]
    after = [
        *fresh,
        *(replace(i, title=f"{i.title} en ligne") if n in edits else i for n, i in enumerate(BEFORE)),
    ]
    planted = {("added", item.title) for item in fresh} | {
        ("edited", f"{BEFORE[n].title} en ligne") for n in edits
    }
    shuffled = list(after)
    chance.shuffle(shuffled)

    plans = [concluded(reading(BEFORE, shuffled)) for _ in range(2)]

    assert sorted(titles(plans[0])) == sorted(planted)
    assert [c.id for c in plans[0].changes] == [c.id for c in plans[1].changes]
    assert len({c.id for c in plans[0].changes}) == len(planted)


@given(st.permutations(BEFORE))
def test_a_list_in_any_order_concludes_nothing(items: list[Item]) -> None:
    assert concluded(reading(BEFORE, items)).changes == ()


def test_the_same_edit_from_another_baseline_is_another_change() -> None:
    after = [replace(BEFORE[0], title="En ligne"), *BEFORE[1:]]
    later = reading(BEFORE, after, state=state(snapshot=3), baseline=snapshot(BEFORE, number=3))

    (first,), (second,) = concluded(reading(BEFORE, after)).changes, concluded(later).changes

    assert (first.kind, second.kind) == (ChangeKind.EDITED, ChangeKind.EDITED)
    assert first.id != second.id

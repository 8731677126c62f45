"""What one decision may accept together, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.fakes.alerts import alert, verdict
from tests.fakes.filing import KNOWN, rule
from watcher.core.filing import Rule
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, newer, proposal
from watcher.core.filing_settling import Version, settled_together, taken_back
from watcher.core.filing_store import Origin, Overtaken, ProposalState, Recorded
from watcher.core.verdict import Fact, PartialDate

AT = KNOWN + timedelta(days=30)
FORMER = rule()


def told(number: int, start: str | None = "2025-10-01", channel: str = "email", **fact: Any) -> Proposal:
    """What an alert of the Cantal suggests while letters are the rule."""
    begins = PartialDate(start) if start else None
    facts = (Fact("Ainsi.", motifs=("salarie",), channel_after=channel, effective_from=begins, **fact),)
    one = alert(number, verdict=verdict(facts=facts))
    (made,) = proposal(one, RuleBook([FORMER]), date(2025, 9, 10))
    return made


def accepted(*made: Proposal) -> tuple[Rule, ...]:
    rules = settled_together(made, [FORMER], "ada", AT)
    assert isinstance(rules, tuple)
    return rules


def test_the_same_told_twice_is_one_rule_that_rests_on_both() -> None:
    rules = accepted(told(1), told(2))

    assert [(r.channel, r.valid_to, len(r.evidence)) for r in rules] == [
        ("courrier", "2025-10-01", 1),
        ("email", None, 2),
    ]


def test_what_contradicts_itself_is_not_accepted_together() -> None:
    assert isinstance(settled_together([told(1), told(2, "2025-11-01")], [FORMER], "ada", AT), Overtaken)
    assert isinstance(settled_together([told(1), told(2, channel="anef")], [FORMER], "ada", AT), Overtaken)


def test_a_rule_that_only_rests_on_more_by_now_has_not_changed() -> None:
    more = replace(FORMER, evidence=(), checked_by="grace", known_from=AT)

    assert newer(told(1), [more]) is None
    assert newer(told(1), [replace(more, channel="anef")]) is not None


def test_what_is_so_already_is_confirmed() -> None:
    rules = accepted(told(1))

    again = settled_together([told(2)], rules, "grace", AT + timedelta(days=1))

    assert isinstance(again, tuple)
    assert [len(r.evidence) for r in again] == [1, 2]


def test_evidence_of_another_channel_is_not_kept() -> None:
    known = rule(valid_from="2025-10-01")
    first = told(1)
    made = replace(first, before=known, after=replace(first.after, id=known.id))

    rules = settled_together([made], [known], "ada", AT)

    assert isinstance(rules, tuple)
    (after,) = rules
    assert after.channel == "email"
    assert {piece.alert for piece in after.evidence} == {made.alert}


def test_a_rule_that_was_removed_since_cannot_be_put_back() -> None:
    made = told(1)
    done = Recorded(made, ProposalState.ACCEPTED, AT, "ada")
    closed = [
        Version(replace(one, known_to=AT + timedelta(days=1)), Origin.ACCEPTED) for one in accepted(made)
    ]

    assert isinstance(taken_back([done], [], closed), Overtaken)


def test_a_file_that_says_the_same_vouches_for_it() -> None:
    """The rule goes on, without the alert that was taken back."""
    made = told(1)
    done = Recorded(made, ProposalState.ACCEPTED, AT, "ada")
    ended, new = accepted(made)
    later = AT + timedelta(days=1)
    versions = [
        Version(ended, Origin.ACCEPTED),
        Version(replace(new, known_to=later), Origin.ACCEPTED),
        Version(replace(new, known_from=later), Origin.IMPORTED),
    ]

    former = taken_back([done], [], versions)

    assert isinstance(former, dict)
    kept = former[new.id]
    assert kept
    assert (kept.origin, kept.rule.evidence) == (Origin.IMPORTED, ())

"""Past texts read again: what would appear, vanish or change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.fakes.alerts import verdict
from tests.fakes.plans import change, notice
from watcher.core.changes import ChangeKind
from watcher.core.verdict import Notice, PartialDate, Reason, Route, Verdict
from watcher.replay import Effect, again


@dataclass
class Fixed:
    """A reader of one opinion."""

    verdict: Verdict

    def read(self, notice: Notice) -> Verdict:
        return self.verdict


THEN = verdict()


def effect(then: Verdict, now: Verdict) -> tuple[Effect, tuple[str, ...]]:
    (one,) = again([(change(), notice(), then)], Fixed(now))
    return one.effect, one.fields


def test_a_muted_text_that_would_be_told_appears() -> None:
    assert effect(verdict(route=Route.MUTE), verdict())[0] is Effect.APPEARS


def test_an_alert_that_would_be_muted_vanishes() -> None:
    assert effect(verdict(), verdict(route=Route.MUTE, categories=("unrelated",)))[0] is Effect.VANISHES


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("categories", ("fee",)),
        ("route", Route.REVIEW),
        ("is_change", False),
        ("motifs", ("salarie", "hors_anef")),
        ("channel_before", "courrier"),
        ("channel_after", "anef"),
        ("effective_from", PartialDate("2025-10-15")),
        ("effective_to", PartialDate("2025-12")),
    ],
)
def test_an_alert_that_would_say_something_else_changes(field: str, value: Any) -> None:
    assert effect(THEN, verdict(**{field: value})) == (Effect.CHANGES, (field,))


def test_confidence_and_reasons_alone_change_nothing_for_readers() -> None:
    assert effect(THEN, verdict(confidence=0.5, reasons=(Reason("r", "w"),))) == (Effect.SAME, ())


def test_a_muted_text_that_stays_muted_is_the_same_whatever_it_says() -> None:
    muted = verdict(route=Route.MUTE)

    assert effect(muted, replace(muted, motifs=()))[0] is Effect.SAME


def test_what_was_withdrawn_is_still_never_published_by_itself() -> None:
    gone = replace(change(), kind=ChangeKind.WITHDRAWN, after=None)
    (one,) = again([(gone, notice(), verdict(route=Route.REVIEW))], Fixed(verdict(route=Route.PUBLISH)))

    assert (one.now.route, one.effect) == (Route.REVIEW, Effect.SAME)

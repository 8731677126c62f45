"""What other rules would have done to a text that was read before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.fakes.plans import change
from watcher.core.verdict import Notice, Route, Verdict
from watcher.replay import Effect, again

NOTICE = Notice("Rendez-vous", "La prise de rendez-vous change.", "15", date(2025, 9, 10))
TOLD = Verdict(("rdv_modality",), is_change=True, confidence=0.9, route=Route.PUBLISH)
MUTED = Verdict(("unrelated",), is_change=False, confidence=0.9, route=Route.MUTE)


class Always:
    """A reader of one verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def read(self, notice: Notice) -> Verdict:
        return self._verdict


@pytest.mark.parametrize(
    ("then", "now", "effect"),
    [
        (MUTED, TOLD, Effect.APPEARS),
        (TOLD, MUTED, Effect.VANISHES),
        (TOLD, replace(TOLD, route=Route.REVIEW), Effect.CHANGES),
        (TOLD, replace(TOLD, confidence=0.8), Effect.SAME),
        (MUTED, MUTED, Effect.SAME),
    ],
)
def test_what_readers_would_notice_is_named(then: Verdict, now: Verdict, effect: Effect) -> None:
    (replayed,) = again([(change(), NOTICE, then)], Always(now))

    assert replayed.effect is effect

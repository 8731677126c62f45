"""The rules at hand are those of the store, read again only when one changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from storage.rule_store import SqlRules
from tests.fakes.alerts import SEEN, SENTENCE, StillClock, alert, verdict
from tests.fakes.filing import rule
from watcher.core.filing_store import Origin
from watcher.core.verdict import Fact
from watcher.rulebook import CachedRules, Proposing


def test_a_book_is_the_same_until_a_rule_changes(engine: Engine) -> None:
    store = SqlRules(engine)
    kept = CachedRules(store)
    store.bring([rule()], SEEN, Origin.SHIPPED)

    book, versions = kept.book(), kept.versions()
    assert (kept.book(), kept.versions()) == (book, versions)

    store.bring([replace(rule(), channel="email")], SEEN + timedelta(days=1), Origin.IMPORTED)
    assert [one.channel for one in kept.book().believed()] == ["email"]
    assert len(kept.versions()) == 2


def test_the_shipped_rules_are_there_before_the_first_proposal(engine: Engine) -> None:
    store = SqlRules(engine)
    shipped = []

    def ship() -> None:
        shipped.append(store.bring([rule()], SEEN, Origin.SHIPPED))

    propose = Proposing(store, ship, StillClock())
    silent = alert(0, verdict=verdict(facts=(Fact(SENTENCE),)))
    telling = alert(1, verdict=verdict(facts=(Fact(SENTENCE, motifs=("salarie",), channel_after="email"),)))

    assert propose([silent]) == ()
    assert not shipped
    (made,) = propose([silent, telling])
    assert propose([telling]) == (made,)
    assert (made.before and made.before.channel, made.alert) == ("courrier", telling.id)
    assert len(shipped) == 1

"""How often pages change is learnt once from two years, and then from what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tests.fakes.alerts import catalogue
from tests.fakes.plans import NOW
from tests.fakes.store import MemoryStore
from watcher.core.silence import LEARNT_FROM
from watcher.silence import LEARN, Silence

DAY = timedelta(days=1)


class Changing(MemoryStore):
    """A page that changes each day; says since when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[datetime] = []
        self.until = NOW

    def rhythms(self, since: datetime) -> Mapping[str, Sequence[datetime]]:
        self.asked.append(since)
        days = range((self.until - since) // DAY, -1, -1)
        return {"15-actualites": [self.until - n * DAY for n in days]}


def test_two_years_are_read_once() -> None:
    store = Changing()
    silence = Silence(store, catalogue())
    for minutes in range(0, 600, 10):
        store.until = NOW + timedelta(minutes=minutes)
        silence.note(store.until, {})

    assert store.asked[0] == NOW - LEARNT_FROM
    assert len(store.asked) == 1 + 9 * (timedelta(hours=1) // LEARN)
    assert all(since > NOW - 2 * DAY for since in store.asked[1:])


def test_what_was_learnt_is_joined_without_a_gap() -> None:
    store = Changing()
    silence = Silence(store, catalogue())
    for hours in range(0, 100, 2):
        store.until = NOW + timedelta(hours=hours)
        silence.note(store.until, {})
    known = silence._rhythms["15-actualites"]

    assert list(known) == sorted(known)
    assert {moment.date() for moment in known} == {
        (NOW - LEARNT_FROM + n * DAY).date() for n in range(LEARNT_FROM.days + 5)
    }


def test_a_clock_set_back_is_no_reason_to_go_on_from_the_future() -> None:
    store = Changing()
    silence = Silence(store, catalogue())
    silence.note(NOW + 9 * DAY, {})
    silence.note(NOW, {})

    assert store.asked == [NOW + 9 * DAY - LEARNT_FROM, NOW - LEARNT_FROM]

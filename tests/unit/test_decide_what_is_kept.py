"""What became of what left a list, what is waited for, and what the next baseline is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.readings import (
    HOUR,
    LIST,
    NOW,
    card,
    cards,
    reading,
    state,
)
from watcher.core import decide
from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.decide import settle_vanished
from watcher.core.guard import Doubt
from watcher.core.items import Item
from watcher.core.next_baseline import next_snapshot, put_back
from watcher.core.state import Missing, Suspicion

BEFORE = cards(20)

GONE = card(17)
AFTER = tuple(item for item in BEFORE if item != GONE)


class TestVanished:
    def settled(
        self,
        there: dict[str, str | None],
        *missing: Missing,
        gone: Item = GONE,
        after: tuple[Item, ...] = AFTER,
    ) -> decide.Settled:
        return settle_vanished(reading(BEFORE, after, state=state(missing=missing)), [gone], there)

    def test_without_a_page_it_is_withdrawn(self) -> None:
        settled = self.settled({GONE.key: None})

        assert settled.ended == (Difference(ChangeKind.WITHDRAWN, GONE, None),)
        assert not settled.kept

    def test_with_a_page_it_is_waited_for(self) -> None:
        settled = self.settled({GONE.key: GONE.key})

        assert (settled.ended, settled.missing) == ((), (Missing(GONE.key, NOW),))
        assert settled.kept == (GONE,)

    def test_an_item_nobody_asked_about_is_waited_for_too(self) -> None:
        assert self.settled({}).kept == (GONE,)

    def test_missing_again_too_soon_it_is_still_waited_for(self) -> None:
        since = NOW - timedelta(minutes=9)

        assert self.settled({}, Missing("other", since), Missing(GONE.key, since)).missing == (
            Missing(GONE.key, since, 2),
        )

    def test_missing_twice_from_the_middle_it_is_withdrawn(self) -> None:
        settled = self.settled({}, Missing(GONE.key, NOW - timedelta(minutes=10)))

        assert settled.ended == (Difference(ChangeKind.WITHDRAWN, GONE, None),)

    def test_missing_twice_from_the_end_it_aged_out(self) -> None:
        last = BEFORE[-1]
        settled = self.settled({}, Missing(last.key, NOW - HOUR), gone=last, after=tuple(BEFORE[:-1]))

        assert settled.ended == (Difference(ChangeKind.AGED_OUT, last, None),)

    def test_without_a_baseline_nothing_stands_below(self) -> None:
        settled = settle_vanished(
            reading(None, AFTER, state=state(missing=(Missing(GONE.key, NOW - HOUR),))),
            [GONE],
            {},
        )

        assert settled.ended == (Difference(ChangeKind.AGED_OUT, GONE, None),)

    def test_one_that_leads_to_a_newcomer_was_renamed(self) -> None:
        newcomer = card(30)
        settled = self.settled({GONE.key: newcomer.key}, after=(*AFTER, newcomer))

        assert settled.renamed == (Difference(ChangeKind.EDITED, GONE, newcomer),)

    def test_one_that_leads_to_what_the_list_does_not_show_is_waited_for(self) -> None:
        assert self.settled({GONE.key: "https://www.cantal.gouv.fr/Ailleurs"}).kept == (GONE,)


class TestNextSnapshot:
    def test_it_is_the_first_page_with_the_next_number(self) -> None:
        following = next_snapshot(reading(BEFORE, [card(21), *BEFORE]), (), ())

        assert following.items == (card(21), *BEFORE)
        assert (following.number, following.taken_at, following.address) == (2, NOW, LIST)

    def test_it_knows_whether_the_list_goes_on(self) -> None:
        last = replace(reading(BEFORE, BEFORE).extraction, next_page=None)

        assert next_snapshot(reading(BEFORE, BEFORE), (), ()).more
        assert not next_snapshot(reading(BEFORE, BEFORE, extraction=last), (), ()).more

    def test_what_is_held_keeps_its_old_version_and_place(self) -> None:
        edited = replace(card(17), title="Autre")
        following = next_snapshot(
            reading(BEFORE, [edited if i == card(17) else i for i in BEFORE]), (card(17),), ()
        )

        assert following.items == tuple(BEFORE)

    def test_what_is_waited_for_stays_where_it_stood(self) -> None:
        missing = [card(20), card(17), card(16), card(11)]
        after = [card(21), *(item for item in BEFORE if item not in missing)]

        following = next_snapshot(reading(BEFORE, after), missing[::-1], ())

        assert [i for i in following.items if i in BEFORE] == BEFORE

    def test_what_could_not_be_read_yet_is_left_out(self) -> None:
        following = next_snapshot(reading(BEFORE, [card(21), *BEFORE]), (), {card(21).key})

        assert following.items == tuple(BEFORE)

    def test_items_of_further_pages_are_remembered_not_listed(self) -> None:
        further = cards(10, 5)
        following = next_snapshot(reading(BEFORE, BEFORE, items=(*BEFORE, *further)), (), ())

        assert following.items == tuple(BEFORE)
        assert {past.key for past in following.past} == {item.key for item in further}

    def test_a_first_snapshot_holds_what_is_there(self) -> None:
        first = next_snapshot(reading(None, BEFORE), (), ())

        assert (first.number, first.items, first.past) == (1, tuple(BEFORE), ())

    @given(st.sets(st.sampled_from(range(len(BEFORE)))))
    def test_whatever_is_put_back_the_old_order_is_whole_again(self, away: set[int]) -> None:
        left = [item for n, item in enumerate(BEFORE) if n not in away]
        missing = [item for n, item in enumerate(BEFORE) if n in away]

        assert put_back(left, missing, BEFORE) == tuple(BEFORE)


class TestWaiting:
    def test_a_doubt_keeps_the_time_of_the_first_reading_that_said_the_same(self) -> None:
        earlier = Suspicion("same", NOW - HOUR)

        assert decide.suspicion(state(suspicion=earlier), Doubt("", "same"), NOW) == earlier
        assert decide.suspicion(state(suspicion=earlier), Doubt("", "new"), NOW) == Suspicion("new", NOW)
        assert decide.suspicion(state(), Doubt("", "new"), NOW) == Suspicion("new", NOW)

    def test_an_unread_page_is_waited_for_twice(self) -> None:
        key = card(21).key
        tries = [
            decide.unread_yet(state(unread=(Missing(key, NOW, tried),) if tried else ()), key, NOW)
            for tried in (0, 1, 2)
        ]

        assert tries == [Missing(key, NOW, 1), Missing(key, NOW, 2), None]

    def test_anything_unsettled_asks_for_a_real_look(self) -> None:
        one = (Missing("k", NOW),)

        assert not decide.pending(state())
        assert decide.pending(state(missing=one))
        assert decide.pending(state(unread=one))
        assert decide.pending(state(suspicion=Suspicion("d", NOW)))

    @given(st.permutations(BEFORE))
    def test_the_digest_of_a_list_is_blind_to_its_order(self, shuffled: list[Item]) -> None:
        assert decide.content_digest(shuffled) == decide.content_digest(BEFORE)
        assert decide.content_digest(shuffled[1:]) != decide.content_digest(BEFORE)

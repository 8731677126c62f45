"""Which problems maintainers were written to about is noted with the letters, once, whoever else does the same."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from storage.outbox_store import SqlOutbox
from storage.store import SqlStore
from tests.fakes.plans import HOUR, NOW
from watcher.core.outbox import MessageKind
from watcher.core.problem_news import News, Noted, Written
from watcher.core.state import Problem, ProblemKind
from watcher.core.subscriptions import Way

LEASE = timedelta(minutes=10)


def everything(noted: Sequence[Noted]) -> Written | None:
    """A letter about all that is new."""
    opened = tuple(one for one in noted if not one.told)
    ended = tuple(one for one in noted if one.told and one.problem.closed_at)
    body = " ".join(one.problem.subject for one in (*opened, *ended)).encode()
    return Written(News(opened, ended, len(noted)), body.hex(), body) if opened or ended else None


def trouble(*subjects: str) -> list[Problem]:
    return [Problem(one, ProblemKind.GONE, NOW, "x", needs_human=True) for one in subjects]


def test_a_beginning_and_an_end_are_given_out_once_each(store: SqlStore, outbox: SqlOutbox) -> None:
    store.note_problems(trouble("a", "b"), (), NOW)
    assert outbox.tell_problems(NOW, everything, 2)
    store.note_problems((), ("a",), NOW + HOUR)

    claimed = outbox.claim_messages(Way.MAIL, "me", NOW, NOW + LEASE, 10, MessageKind.PROBLEMS)
    assert sorted(one.message.about for one in claimed) == ["maintainer1", "maintainer2"]
    assert {outbox.content(one.message.content or "") for one in claimed} == {b"a b"}
    assert not outbox.tell_problems(NOW + 2 * HOUR, everything, 2), "the last letter still waits"


def test_nothing_is_asked_within_the_hour_of_a_letter(store: SqlStore, outbox: SqlOutbox) -> None:
    store.note_problems(trouble("a"), (), NOW)
    assert outbox.tell_problems(NOW, everything, 0)
    store.note_problems((*trouble("b"),), ("a",), NOW)

    assert not outbox.tell_problems(NOW + timedelta(minutes=59), everything, 0)
    assert outbox.tell_problems(NOW + HOUR, everything, 0)
    assert not outbox.tell_problems(NOW + 3 * HOUR, everything, 0), "all was told"


def test_two_who_look_at_once_write_one_letter(store: SqlStore, outbox: SqlOutbox) -> None:
    store.note_problems(trouble("a", "b", "c"), (), NOW)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: outbox.tell_problems(NOW, everything, 1), range(8)))

    assert told.count(True) == 1
    assert len(outbox.messages()) == 1


def test_only_letters_to_maintainers_are_claimed_where_nothing_else_may_be(
    store: SqlStore, outbox: SqlOutbox
) -> None:
    store.note_problems(trouble("a"), (), NOW)
    outbox.tell_problems(NOW, everything, 1)

    assert not outbox.claim_messages(Way.MAIL, "me", NOW, NOW + LEASE, 10, MessageKind.DIGEST)
    (letter,) = outbox.claim_messages(Way.MAIL, "me", NOW, NOW + LEASE, 10, MessageKind.PROBLEMS)
    assert letter.subscription.id == "maintainer1"

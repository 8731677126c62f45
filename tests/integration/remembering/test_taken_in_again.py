"""However often, in whatever order and whatever falls in between: what is taken in is there once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from storage.decision_store import SqlDesk
from tests.fakes.archives import BEGAN, DAY, MONTH, Kept, Memory, looks_old, warc
from tests.fakes.desk_scene import verify
from tests.fakes.old_pages import card, cards
from tests.fakes.plans import NOW
from tests.fakes.watch import NEWS
from tests.fakes.web import GUIDE, LIST, guide_page, list_page
from watcher.core.alerts import AlertState
from watcher.core.captures import Capture
from watcher.history import History, TakenIn
from watcher.spool import Spool
from watcher.warc import Passed, records

REST = ("Pièces à fournir", ["Votre passeport et quatre photos.", "Un justificatif de domicile."])


def guide(at_month: int, words: str) -> Kept:
    return Kept(GUIDE, BEGAN + at_month * MONTH, guide_page(("Dépôt du séjour", [words]), REST))


def news(at_month: int, *days: int) -> Kept:
    return Kept(LIST, BEGAN + at_month * MONTH, list_page(cards(*days, -4, -3, -2)))


def test_a_capture_in_between_dates_a_change_better_under_the_same_id(memory: Memory) -> None:
    memory.take(warc(news(0), news(6, 20)))
    (first,) = memory.alerts()

    memory.take(warc(news(1, 20)))

    (then,) = memory.alerts()
    assert (then.id, then.detected_at) == (first.id, BEGAN + MONTH)
    assert then.title == first.title


def test_a_capture_in_between_tells_two_steps_for_one(memory: Memory) -> None:
    memory.take(warc(guide(0, "Au guichet, le lundi."), guide(6, "Par la poste, en deux exemplaires.")))
    assert len(memory.alerts()) == 1

    memory.take(warc(guide(3, "Sur rendez-vous, en ligne, chaque matin.")))

    assert [alert.detected_at for alert in memory.alerts()] == [BEGAN + 3 * MONTH, BEGAN + 6 * MONTH]
    assert "Sur rendez-vous" in memory.alerts()[1].before


def test_the_order_of_files_does_not_matter(memory: Memory) -> None:
    for kept in (news(6, 20, 160), news(0), news(3, 20)):
        memory.take(warc(kept))
    pieces = [(a.id, a.title, a.detected_at) for a in memory.alerts()]
    memory.take(warc(news(0), news(3, 20), news(6, 20, 160)))

    assert [(a.id, a.title, a.detected_at) for a in memory.alerts()] == pieces
    assert [at for _, _, at in pieces] == [BEGAN + 3 * MONTH, BEGAN + 6 * MONTH]


def test_what_comes_again_later_is_another_alert(memory: Memory) -> None:
    words = ["Au guichet, le lundi.", "Sur rendez-vous, en ligne."]
    memory.take(warc(*(guide(n, words[n % 2]) for n in range(5))))

    assert len({alert.id for alert in memory.alerts()}) == len(memory.alerts()) >= 3


def test_what_a_person_decided_about_stays(memory: Memory) -> None:
    memory.take(warc(guide(0, "Au guichet, le lundi."), guide(6, "Par la poste, en deux exemplaires.")))
    (first,) = memory.alerts()
    desk = SqlDesk(memory.store._engine)
    case = desk.case(first.id)
    assert case
    assert case.notice
    desk.carry_out(first.id, case.version, verify(first, at=NOW), ())

    memory.take(warc(guide(3, "Sur rendez-vous, en ligne, chaque matin.")))

    kept = memory.store.alert(first.id)
    assert kept
    assert (kept.state, kept.reviewed) == (AlertState.VERIFIED, True)
    assert len(memory.alerts()) == 3


class Killed(BaseException):
    """The process ends here."""


def interrupted(memory: Memory, content: bytes, at: Callable[[History], None]) -> None:
    spool = Spool()
    history = History(memory.watch.tools, memory.watch.catalogue, memory.store.past, looks_old, spool)
    history.sort_in(records(BytesIO(content), "x.warc", memory.watch.clock.now(), Passed()))
    with pytest.raises(Killed):
        at(history)
    spool.close()


def test_an_import_that_is_killed_between_two_sources_goes_on(memory: Memory) -> None:
    content = warc(
        news(0), news(1, 20), guide(0, "Au guichet, le lundi."), guide(1, "Sur rendez-vous, en ligne.")
    )

    def kill(done: TakenIn) -> None:
        raise Killed

    interrupted(memory, content, lambda history: history.take_in(kill))
    assert len(memory.alerts()) == 1

    done = memory.take(content)

    assert [(one.source, one.old) for one in done] == [("15-actualites", True), ("15-sejour", False)]
    assert len(memory.alerts()) == 2


def test_an_import_that_is_killed_before_it_looks_through_goes_on(memory: Memory) -> None:
    content = warc(news(0), news(1, 20))
    passed = Passed()
    found = records(BytesIO(content), "x.warc", memory.watch.clock.now(), passed)
    key = "https://www.cantal.gouv.fr/Actualites"
    memory.store.past.add(Capture(NEWS.id, key, one.page, one.payload) for one in found)
    (status,) = memory.store.past.status()
    assert not status.replayed

    (done,) = memory.take(content)

    assert (done.new, done.old, len(memory.alerts())) == (0, False, 1)
    assert memory.store.past.status()[0].replayed


def test_what_the_watch_itself_told_is_no_history(memory: Memory) -> None:
    watch = memory.watch
    watch.clock.time = BEGAN
    watch.show(cards(-4, -3, -2))
    watch.poll()
    watch.clock.time = BEGAN + DAY
    watch.show(cards(1, -4, -3, -2))
    watch.poll()
    (told,) = watch.alerts()

    memory.take(warc(news(0), Kept(LIST, BEGAN + DAY, list_page(cards(1, -4, -3, -2)))))

    assert memory.alerts() == []
    assert watch.alerts() == [told]


def test_what_was_taken_in_keeps_the_watch_from_telling_nothing(memory: Memory) -> None:
    """A first reading is a first reading, and the same change that it finds later is told."""
    watch = memory.watch
    memory.take(warc(news(0), Kept(LIST, BEGAN + DAY, list_page(cards(1, -4, -3, -2)))))
    assert len(memory.alerts()) == 1
    watch.clock.time = BEGAN
    watch.show(cards(-4, -3, -2))
    assert watch.poll().plan
    assert watch.alerts() == []

    watch.clock.time = BEGAN + DAY
    watch.show(cards(1, -4, -3, -2))
    watch.poll()

    assert [alert.title for alert in watch.alerts()] == [card(1).title]
    assert replace(watch.alerts()[0], historical=True).id != memory.alerts()[0].id

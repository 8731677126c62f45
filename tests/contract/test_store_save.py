"""What one poll concludes is written whole, once, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from storage.engine import reading
from storage.errors import StorageError
from storage.store import SqlStore
from storage.tables import problems
from tests.fakes.plans import (
    CANTAL,
    HOUR,
    NOW,
    VERDICT,
    alert,
    change,
    first_reading,
    item,
    news,
    page,
    plan,
    snapshot,
    source,
    state,
)
from tests.fakes.subscribers import deliveries, subscribe, subscriber
from watcher.core.items import Article
from watcher.core.page import Page
from watcher.core.ports import Store
from watcher.core.state import PlatformState, Problem, ProblemKind

UNREACHABLE = Problem(CANTAL, ProblemKind.UNREACHABLE, NOW, "délai dépassé")
BLOCKED = Problem(CANTAL, ProblemKind.BLOCKED, NOW + HOUR, "403", needs_human=True)


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    """A store that knows the Cantal's first reading and one subscriber to everything."""
    store.register([source()], NOW)
    subscribe(store, subscriber())
    assert store.save(first_reading("a"))
    return store


def test_a_first_reading_is_the_baseline_of_the_next(ready: Store) -> None:
    assert ready.latest_snapshot(CANTAL) == snapshot(1, "a")
    assert ready.latest_page(CANTAL) == page()
    assert ready.states()[CANTAL].snapshot == 1


def test_what_was_never_read_is_none(store: Store) -> None:
    assert store.latest_snapshot(CANTAL) is None
    assert store.latest_page(CANTAL) is None
    assert store.article(CANTAL, "k") is None
    assert store.alert("a") is None


def test_a_poll_with_news_writes_all_of_it(ready: SqlStore) -> None:
    assert ready.save(news("b"))

    assert ready.latest_snapshot(CANTAL) == snapshot(2, "b")
    assert ready.history(CANTAL) == [(change("b"), VERDICT)]
    assert ready.article(CANTAL, item("b").key) == Article("Titre b", "Le texte.")
    assert ready.alert(alert("b").id) == alert("b")
    assert [d.alert for d in deliveries(ready)] == [alert("b").id]


def test_the_same_plan_twice_changes_nothing(ready: SqlStore) -> None:
    ready.save(news("b"))
    before = _everything(ready)

    assert not ready.save(news("b"))
    assert _everything(ready) == before


def test_a_plan_from_an_old_baseline_only_ends_the_lease(ready: SqlStore) -> None:
    ready.save(news("b"))
    before = _everything(ready)
    ready.claim(CANTAL, "me", NOW, NOW + HOUR)

    late = news("c", baseline=1, opens=(UNREACHABLE,), closes=(CANTAL,))

    assert not ready.save(late)
    assert _everything(ready) == before
    assert ready.claim(CANTAL, "you", NOW, NOW + HOUR) is not None


def test_a_plan_from_a_baseline_that_is_not_there_yet_is_refused(ready: Store) -> None:
    assert not ready.save(news("c", baseline=2))


def test_a_first_reading_that_comes_second_is_refused(ready: Store) -> None:
    assert not ready.save(first_reading("z"))
    assert ready.latest_snapshot(CANTAL) == snapshot(1, "a")


def test_a_snapshot_must_follow_its_baseline(ready: Store) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        ready.save(replace(news("b"), snapshot=snapshot(1, "b")))


def test_the_number_of_the_latest_snapshot_is_the_stores_to_keep(ready: Store) -> None:
    """A state that says otherwise cannot detach a source from its baseline."""
    assert ready.save(plan(baseline=1, state=state(snapshot=7)))

    assert ready.states()[CANTAL].snapshot == 1
    assert ready.save(news("b", baseline=1))


def test_a_poll_of_a_source_that_nobody_registered_is_an_error(store: Store) -> None:
    with pytest.raises(StorageError, match="Source inconnue de la base : ailleurs"):
        store.save(plan("ailleurs"))


def test_a_quiet_poll_moves_the_state_alone(ready: SqlStore) -> None:
    quiet = state(snapshot=1, next_poll_at=NOW + 9 * HOUR)

    assert ready.save(plan(baseline=1, state=quiet))
    assert ready.states()[CANTAL] == quiet
    assert ready.latest_snapshot(CANTAL) == snapshot(1, "a")
    assert ready.latest_page(CANTAL) == page()


def test_a_newer_page_replaces_the_former_one(ready: Store) -> None:
    newer = page(b"\0\xff" * 40_000, at=NOW + HOUR)

    ready.save(plan(baseline=1, page=newer))

    assert ready.latest_page(CANTAL) == newer


def test_the_page_of_a_change_is_kept_as_evidence(ready: SqlStore) -> None:
    ready.save(news("b"))
    for hours in (2, 3):
        ready.save(plan(baseline=2, page=page(b"quiet", at=NOW + hours * HOUR)))

    proof = ready.evidence(change("b").id)

    assert isinstance(proof, Page)
    assert proof.body == b"b"
    assert ready.latest_page(CANTAL) == page(b"quiet", at=NOW + 3 * HOUR)
    assert ready.page_before(change("b").id) == page()
    assert ready.sizes()["pages"] == 3


def test_only_the_latest_baselines_are_kept(ready: SqlStore) -> None:
    for number in range(1, 7):
        assert ready.save(news(f"n{number}", baseline=number))

    assert ready.latest_snapshot(CANTAL) == snapshot(7, "n6")
    assert ready.sizes()["snapshots"] == 3
    assert len(ready.history(CANTAL)) == 6


def test_a_change_that_is_there_stays_as_it_is(ready: SqlStore) -> None:
    ready.save(news("b"))
    again = replace(change("b"), detected_at=NOW + 5 * HOUR)

    ready.save(news("c", baseline=2, changes=(again, change("c")), verdicts={}))

    assert ready.history(CANTAL) == [(change("b"), VERDICT), (change("c"), None)]


def test_an_alert_that_is_there_is_not_overwritten_nor_sent_again(ready: Store) -> None:
    ready.save(news("b"))
    sent = deliveries(ready)

    ready.save(news("c", baseline=2, alerts=(alert("b", title="autre titre"),)))

    assert ready.alert(alert("b").id) == alert("b")
    assert deliveries(ready) == sent


def test_a_text_read_again_replaces_the_former_one(ready: Store) -> None:
    key = item("b").key
    ready.save(news("b"))

    ready.save(plan(baseline=2, articles={key: Article("Titre", "Le nouveau texte.")}))

    assert ready.article(CANTAL, key) == Article("Titre", "Le nouveau texte.")
    assert ready.article(CANTAL, "autre") is None


def test_a_problem_that_goes_on_keeps_its_beginning(ready: Store) -> None:
    later = replace(UNREACHABLE, since=NOW + HOUR, evidence="connexion refusée", needs_human=True)

    ready.save(plan(baseline=1, opens=(UNREACHABLE,)))
    ready.save(plan(baseline=1, opens=(later,)))

    assert ready.problems() == [replace(later, since=NOW)]


def test_open_problems_come_oldest_first(ready: Store) -> None:
    ready.save(plan(baseline=1, opens=(BLOCKED, UNREACHABLE)))

    assert ready.problems() == [UNREACHABLE, BLOCKED]


def test_closing_a_subject_ends_its_problems_and_no_others(ready: Store) -> None:
    other = replace(UNREACHABLE, subject="platform:ide")
    ready.save(plan(baseline=1, opens=(UNREACHABLE, BLOCKED, other)))

    ready.save(plan(baseline=1, closes=(CANTAL,)))

    assert ready.problems() == [other]


def test_a_problem_may_come_back(ready: Store) -> None:
    again = replace(UNREACHABLE, since=NOW + 3 * HOUR)
    ready.save(plan(baseline=1, opens=(UNREACHABLE,)))
    ready.save(plan(baseline=1, closes=(CANTAL,)))

    ready.save(plan(baseline=1, opens=(again,)))

    assert ready.problems() == [again]


def test_a_poll_that_closes_a_subject_and_opens_one_of_its_kinds_goes_on_with_that_kind(
    ready: Store,
) -> None:
    ready.save(plan(baseline=1, opens=(UNREACHABLE, BLOCKED)))

    ready.save(plan(baseline=1, opens=(replace(BLOCKED, since=NOW + 2 * HOUR),), closes=(CANTAL,)))

    assert ready.problems() == [BLOCKED]


def test_a_platform_opens_and_closes_its_incident(store: Store) -> None:
    incident = Problem("platform:ide", ProblemKind.PLATFORM, NOW, "3 hôtes injoignables")

    store.save_platform(PlatformState("ide", failures=3), [incident], [])
    assert store.problems() == [incident]

    store.save_platform(PlatformState("ide", next_request_at=NOW + HOUR), [], ["platform:ide"])
    assert store.problems() == []


def test_hostile_text_is_kept_as_text(ready: SqlStore) -> None:
    """Quotes and SQL are text; what no database can hold does not stop the rest from being written."""
    hostile = "x'); DROP TABLE sources; -- \" \\ %s :id ? ${jndi} \ud800\0\x1b é😀"
    poll = news(
        "b", articles={hostile: Article(hostile, hostile)}, opens=(replace(BLOCKED, evidence=hostile),)
    )
    poll = replace(
        poll,
        page=replace(page(), address=hostile),
        changes=(replace(change("b"), before=replace(item("b"), title=hostile)),),
        alerts=(alert("b", title=hostile, summary=hostile),),
    )

    assert ready.save(poll)

    told = ready.alert(alert("b").id)
    assert told is not None
    assert (told.title, told.summary) == (hostile, hostile)
    assert ready.article(CANTAL, hostile) == Article(hostile, hostile)
    assert ready.problems()[0].evidence == hostile.replace("\ud800", "�").replace("\0", "�")


@pytest.mark.parametrize(
    "payload",
    [
        "' OR '1'='1",
        "1; DROP TABLE alerts; --",
        '" OR ""="',
        "x' UNION SELECT state FROM sources --",
        "%",
        "_",
        "\\'; --",
        "' AND 1=CAST((SELECT 1) AS INT) --",
        "\0",
        "'||(SELECT 1)||'",
    ],
)
def test_an_id_made_to_be_sql_is_an_id(ready: Store, payload: str) -> None:
    assert ready.claim(payload, payload, NOW, NOW + HOUR) is None
    assert ready.alert(payload) is None
    assert ready.alerts(prefecture=payload, category=payload, motif=payload) == []
    assert deliveries(ready, payload) == []
    assert ready.latest_page(payload) is None

    ready.register([source(payload)], NOW)
    assert ready.claim(payload, payload, NOW, NOW + HOUR) is not None
    assert ready.save(first_reading("a", source=payload))
    assert ready.latest_snapshot(payload) == snapshot(1, "a", source=payload)
    assert len(ready.states()) == 2


@pytest.mark.parametrize(
    ("closed_at", "told"),
    [(NOW + HOUR, NOW + HOUR), (NOW, NOW), (NOW - HOUR, NOW), (None, NOW)],
    ids=["later", "at once", "by a clock set back", "no one knows when"],
)
def test_a_problem_ends_when_it_is_closed_and_never_before_it_began(
    ready: SqlStore, engine: Engine, closed_at: datetime | None, told: datetime
) -> None:
    ready.save(plan(baseline=1, opens=(UNREACHABLE,)))

    ready.save(plan(baseline=1, state=state(last_poll_at=closed_at), closes=(CANTAL,)))

    with reading(engine) as connection:
        assert connection.scalars(select(problems.c.closed_at)).all() == [told]


def _everything(store: SqlStore) -> tuple[object, ...]:
    return (
        store.states(),
        store.latest_snapshot(CANTAL),
        store.latest_page(CANTAL),
        store.history(CANTAL),
        store.alerts(),
        deliveries(store),
        store.problems(),
        store.sizes(),
    )

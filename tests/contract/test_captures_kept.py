"""Captures, and what was concluded from them, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine

from storage.decision_store import SqlDesk
from storage.store import SqlStore
from tests.fakes.plans import (
    CANTAL,
    HOUR,
    NOW,
    VERDICT,
    alert,
    change,
    first_reading,
    news,
    notice,
    page,
    snapshot,
    source,
)
from watcher.core.captures import Capture, Past, PastChange

KEY = "https://www.cantal.gouv.fr/Actualites"


def capture(body: bytes, at: datetime = NOW, key: str = KEY, **other: object) -> Capture:
    fields = {"archive": "x.warc.gz", "headers": (("Content-Type", "text/html"), ("X-é", "ü"))} | other
    plain = replace(page(body, at=at), address=KEY, final_address=KEY, retry_after=None, **fields)  # type: ignore[arg-type]
    return Capture(CANTAL, key, replace(plain, validators=type(plain.validators)()), "sha1:" + body[:9].hex())


def past(*names: str, at: datetime = NOW) -> Past:
    before, after = capture(b"before"), capture(b"after", at + HOUR)
    found = tuple(
        PastChange(
            replace(change(name), id=f"past-{name}"),
            before,
            after,
            notice(name),
            VERDICT,
            replace(alert(name, historical=True), id=f"past-{name}"),
        )
        for name in names
    )
    return Past(CANTAL, 2, (snapshot(1, "a"),), found, (capture(b"item", key=f"{KEY}/a"),))


@pytest.fixture
def ready(store: SqlStore) -> SqlStore:
    store.register([source()], NOW)
    store.past.add([capture(b"before"), capture(b"after", NOW + HOUR)])
    return store


def test_a_capture_is_kept_once_and_read_back_as_it_was(store: SqlStore) -> None:
    body = bytes(range(256)) * 300
    kept = [capture(body + str(n).encode(), NOW + n * HOUR) for n in range(40)]

    assert store.past.add([*kept, kept[0]]) == 40
    assert store.past.add(kept) == 0
    assert list(store.past.captures(CANTAL, [KEY])) == kept
    assert list(store.past.moments(CANTAL, KEY)) == [one.at for one in kept]


def test_captures_of_one_second_keep_the_order_in_which_they_came(store: SqlStore) -> None:
    kept = [capture(name) for name in (b"z", b"a", b"m")]
    store.past.add(kept)

    assert list(store.past.captures(CANTAL, [KEY])) == kept


def test_a_page_is_found_by_the_name_that_its_archive_gave_it(ready: SqlStore) -> None:
    found = ready.past.by_payload("sha1:" + b"after".hex())
    assert found
    assert found.body == b"after"
    assert ready.past.by_payload("") is None
    assert ready.past.by_payload("sha1:other") is None


def test_what_is_concluded_is_found_with_its_evidence(ready: SqlStore, engine: Engine) -> None:
    ready.past.conclude(past("x"))

    assert [one.id for one in ready.alerts(historical=True)] == ["past-x"]
    assert ready.evidence("past-x") == capture(b"after", NOW + HOUR).page
    assert ready.page_before("past-x") == capture(b"before").page
    case = SqlDesk(engine).case("past-x")
    assert case
    assert (case.change and case.change.id, case.notice) == ("past-x", notice("x"))
    (status,) = ready.past.status()
    assert (status.captures, status.changes, status.alerts, status.replayed) == (3, 1, 1, True)


def test_a_newer_conclusion_takes_the_place_of_the_former(ready: SqlStore) -> None:
    ready.past.conclude(past("x", "y"))
    ready.past.conclude(past("y", "z"))

    assert sorted(one.id for one in ready.alerts(historical=True)) == ["past-y", "past-z"]
    found = ready.alerts(historical=True, words="annonce", motif="salarie")
    assert sorted(one.id for one in found) == ["past-y", "past-z"]
    assert ready.alerts(historical=None, words="annonce x") == []
    assert ready.evidence("past-x") is None


def test_the_watch_reads_as_if_there_were_no_past(ready: SqlStore) -> None:
    ready.past.conclude(past("x"))

    assert (ready.latest_page(CANTAL), ready.latest_snapshot(CANTAL)) == (None, None)
    assert ready.history(CANTAL) == []
    assert list(ready.readings()) == []
    assert ready.rhythms(NOW - 1000 * HOUR) == {}
    assert ready.save(first_reading())
    assert ready.save(news("x"))
    assert [one.id for one in ready.alerts()] == [alert("x").id]
    assert ready.page_before(change("x").id) == page()


def test_what_the_watch_found_is_left_out_of_the_past(ready: SqlStore) -> None:
    assert ready.save(first_reading())
    assert ready.save(news("x"))

    found = ready.past.conclude(past("x", "z"))

    assert [one.change.id for one in found.changes] == ["past-z"]
    assert [one.id for one in ready.alerts(historical=True)] == ["past-z"]


def test_nothing_is_concluded_of_captures_that_are_not_there(store: SqlStore) -> None:
    with pytest.raises(KeyError):
        store.past.conclude(past("x"))

    assert store.alerts(historical=None) == []
    assert store.past.status() == []


def test_former_addresses_are_remembered(store: SqlStore) -> None:
    store.past.move("k", "http://old", CANTAL)
    store.past.move("k", "http://old", "15-sejour")

    assert store.past.moved() == [("k", "http://old", "15-sejour")]

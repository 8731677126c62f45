"""The official list as databases keep it: with what it tells, all or nothing, each event once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from storage.listing_store import SqlListing
from storage.store import SqlStore
from tests.fakes.listing import Titles, line, listed, shelves
from watcher.core.official_events import events
from watcher.core.official_file import Read
from watcher.core.official_list import Shelf, merged
from watcher.core.official_news import alert_of, event_id
from watcher.listing import Imported, imported, status

LIST = listed(
    line("15", "Demande de titre salarié", "salarie", "2022-07-21"),
    line("15", "Demande de DCEM", "dcem", "2022-07-21", "2023-12-08"),
    line("69", "Naturalisation", "naturalisation", "2026-04-29"),
)
LATER = listed(
    line("15", "Demande de titre salarié", "salarie", "2022-07-21", "2026-04-29"),
    line("69", "Naturalisation", "naturalisation", "2026-04-29"),
    line("69", "Autre", "autre", "2026-10-01"),
)


@pytest.fixture
def listing(engine: Engine) -> SqlListing:
    return SqlListing(engine)


def take(listing: SqlListing, read: Read, *, write: bool = True) -> Imported:
    return imported(read, listing, Titles("salarié"), write=write)


def told(store: SqlStore, prefecture: str | None = None) -> list[str]:
    return [one.title for one in store.alerts(prefecture=prefecture, historical=True)]


def test_what_is_known_comes_back_as_it_was(listing: SqlListing) -> None:
    take(listing, LIST)

    assert listing.known() == shelves(LIST)
    assert listing.of("15") == shelves(LIST)["15"]
    assert listing.of("2A") == Shelf()


def test_the_list_becomes_alerts_of_the_past_and_of_nothing_else(
    listing: SqlListing, store: SqlStore
) -> None:
    take(listing, LIST)

    assert sorted(told(store)) == [
        "Nouvelle dans la liste officielle : Naturalisation",
        "Sortie de la liste officielle : Demande de DCEM",
    ]
    assert store.alerts() == []
    assert store.counts(min(one.detected_at for one in store.alerts(historical=None))) == {}


def test_an_import_again_tells_nothing_and_reads_nothing(listing: SqlListing, store: SqlStore) -> None:
    take(listing, LIST)
    reader = Titles()
    again = imported(LIST, listing, reader)

    assert (len(again.events), again.new, reader.asked) == (2, (), 0)
    assert len(told(store)) == 2


def test_a_later_list_goes_on_from_it(listing: SqlListing, store: SqlStore) -> None:
    take(listing, LIST)
    new = take(listing, LATER).new

    assert [(one.kind, one.ident) for one in new] == [
        ("left", "demarche:salarie"),
        ("appeared", "demarche:autre"),
    ]
    assert len(told(store)) == 4
    assert take(listing, LIST).new == ()
    assert listing.known() == shelves(LIST, LATER)


def test_a_check_writes_nothing(listing: SqlListing, store: SqlStore) -> None:
    assert len(take(listing, LIST, write=False).new) == 2
    assert listing.known() == {}
    assert told(store) == []


def test_an_alert_that_a_person_decided_about_stays_as_it_was_decided(
    listing: SqlListing, store: SqlStore
) -> None:
    before = shelves(LIST)
    (event,) = events(before["69"], Titles())
    decided = replace(alert_of(event, Titles()), reviewed=True)
    assert listing.keep({}, before, [decided])
    take(listing, LIST)

    kept = store.alert(event_id(event))
    assert kept is not None
    assert kept.reviewed
    assert len(told(store)) == 2  # and what the first try did not get to tell


def test_two_imports_at_once_lose_nothing_of_each_other(listing: SqlListing) -> None:
    """Whoever comes second finds another list than the one it began with, and begins again."""
    after = merged({}, LATER.listings, LATER.versions)
    take(listing, LIST)

    assert not listing.keep({}, after, [])
    assert listing.known() == shelves(LIST)


def test_the_list_tells_how_much_of_it_is_known(listing: SqlListing) -> None:
    assert "pas importée" in status(listing.known())[0]
    take(listing, LIST)

    assert status(listing.known()) == (
        "liste officielle : 3 démarches de 2 préfectures, dont 2 y figurent encore",
        "liste officielle : 3 versions connues, du 21 juillet 2022 au 29 avril 2026",
    )


def test_a_chronicle_is_read_ground_by_ground_and_page_by_page(listing: SqlListing, store: SqlStore) -> None:
    """Of one préfecture, the past included, as its page asks."""
    take(listing, LIST)
    take(listing, LATER)
    whole = store.alerts(prefecture="15", historical=None)
    (first,) = store.alerts(prefecture="15", historical=None, limit=1)
    rest = store.alerts(prefecture="15", historical=None, after=(first.detected_at, first.id))
    salaried = store.alerts(prefecture="15", motif="salarié", historical=None)

    assert [one.detected_at.date().isoformat() for one in whole] == ["2026-10-01", "2026-04-29"]
    assert [first, *rest] == whole
    assert salaried == [one for one in whole if "salarié" in one.title]

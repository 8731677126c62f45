"""Takes in the history of the official list: what is new of it becomes alerts of the past, each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from watcher.core.errors import UserError
from watcher.core.french import day
from watcher.core.official_events import Event, Grounds, events
from watcher.core.official_file import Read
from watcher.core.official_list import Shelves, merged, procedures
from watcher.core.official_news import alert_of, event_id, motifs_of
from watcher.core.ports import Reader
from watcher.core.ports_listing import ListingStore

TRIES = 5  # while others write the list


@dataclass(frozen=True, slots=True)
class Imported:
    """What is known now, what of it was told before, and what is told for the first time."""

    shelves: Shelves
    events: tuple[Event, ...]
    new: tuple[Event, ...]


def imported(read: Read, store: ListingStore, reader: Reader, *, write: bool = True) -> Imported:
    """Bring what was read together with what is known. Raises `UserError` while others go on writing."""
    for _ in range(TRIES):
        known = store.known()
        shelves = merged(known, read.listings, read.versions)
        found = _happened(shelves, reader)
        there = store.told([event_id(one) for one in found])
        new = tuple(one for one in found if event_id(one) not in there)
        if not write or (shelves == known and not new):
            return Imported(shelves, found, new)
        if store.keep(known, shelves, [alert_of(one, reader) for one in new]):
            return Imported(shelves, found, new)
    raise UserError("la liste est importée par un autre au même moment : réessayez")


def _happened(shelves: Shelves, reader: Reader) -> tuple[Event, ...]:
    return tuple(one for code, shelf in shelves.items() for one in events(shelf, _grounds(code, reader)))


def _grounds(prefecture: str, reader: Reader) -> Grounds:
    return lambda title: motifs_of(title, prefecture, reader)


def status(shelves: Shelves) -> Sequence[str]:
    """What is known of the list, for whoever asks: lines without their end."""
    versions = next((shelf.versions for shelf in shelves.values()), ())
    if not versions:
        return ("liste officielle : pas importée (« vigie history list official_list.csv »)",)
    found = [one for shelf in shelves.values() for one in procedures(shelf)]
    stand = sum(not one.spans[-1].gone for one in found)
    return (
        f"liste officielle : {len(found)} démarches de {len(shelves)} préfectures, dont {stand} y figurent encore",
        f"liste officielle : {len(versions)} versions connues, du {day(versions[0])} au {day(versions[-1])}",
    )


def by_version(happened: Sequence[Event], versions: Sequence[date]) -> Sequence[tuple[date, int]]:
    """How many events each version shows, oldest first."""
    return [(one, sum(event.by == one for event in happened)) for one in versions]

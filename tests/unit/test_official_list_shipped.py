"""The official list that is shipped, against what is watched and what was seen."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.listing import TODAY
from watcher.core.catalogue import Catalogue, Source, SourceKind
from watcher.core.links import official
from watcher.core.official_file import Read, read_list
from watcher.core.official_list import Procedure, merged, procedures
from watcher.sources import load

ROOT = Path(__file__).parents[2]
Key = tuple[str, str]

# Watched and in no known version: seen on pages of the préfectures.
SEEN_ON_PAGES = {
    (
        "14",
        "demarche:pre-demande-en-ligne-premiere-demande-ou-renouvellement-d-une-aps-protection-temporaire-ukraine",
    ),
    ("44", "demarche:formulaire-de-contact-des-services-de-l-etat-dans--2"),
    ("76", "demarche:rdv-rcs"),
}
# Listed and not watched there.
NOT_WATCHED = {
    ("67", "demarche:6e1385a6-32e2-4be2-b370-23242d80dcdb"),  # the address is that of a form on trial
    ("77", "demarche:membre-de-famille-de-refugie"),  # the same as that of the 65, where it is watched
}


def ident(url: str) -> str:
    found = official(url, "")
    assert found is not None, url
    return found.ident


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "sources.yaml")


@pytest.fixture(scope="module")
def read(catalogue: Catalogue) -> Read:
    return read_list((ROOT / "official_list.csv").read_bytes(), catalogue.prefectures, TODAY)


@pytest.fixture(scope="module")
def listed(read: Read) -> dict[Key, Procedure]:
    shelves = merged({}, read.listings, read.versions)
    found = [one for shelf in shelves.values() for one in procedures(shelf)]
    return {(one.prefecture, one.ident): one for one in found}


@pytest.fixture(scope="module")
def watched(catalogue: Catalogue) -> dict[Key, Source]:
    sources = [one for one in catalogue.sources.values() if one.kind is SourceKind.PROCEDURE]
    return {(one.prefecture, ident(one.url)): one for one in sources}


def test_every_line_is_good(read: Read) -> None:
    assert read.refused == ()
    assert len(read.listings) == 181


def test_it_says_what_was_taken_down_of_the_list(read: Read) -> None:
    with (ROOT / "tests" / "data" / "addresses.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "demarche" and row["first_listed"]]
    taken = {(row["code"], ident(row["url"].replace("\\_", "_")), row["first_listed"]) for row in rows}

    assert {(one.prefecture, one.ident, one.first.isoformat()) for one in read.listings} == taken


def test_all_that_is_listed_is_watched_and_the_differences_are_known(
    listed: dict[Key, Procedure], watched: dict[Key, Source]
) -> None:
    assert set(watched) - set(listed) == SEEN_ON_PAGES
    assert set(listed) - set(watched) == NOT_WATCHED


def test_what_left_the_list_is_read_once_a_week_and_what_stands_in_it_every_day(
    listed: dict[Key, Procedure], watched: dict[Key, Source]
) -> None:
    gone = {key for key, one in listed.items() if one.spans[-1].gone}
    weekly = {key for key, one in watched.items() if one.every == timedelta(days=7)}

    assert weekly == gone - NOT_WATCHED


def test_the_latest_known_name_of_the_host_is_the_one_that_is_watched(
    listed: dict[Key, Procedure], watched: dict[Key, Source]
) -> None:

    differ = {key for key in set(listed) & set(watched) if listed[key].address != watched[key].url}

    assert differ == set()

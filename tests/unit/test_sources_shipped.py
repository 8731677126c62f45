"""The `sources.yaml` that is shipped: complete, invented nowhere, and within what the servers bear."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from watcher.core import address
from watcher.core.catalogue import Catalogue, SourceKind
from watcher.sources import load

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"

DEPARTEMENTS = [f"{n:02}" for n in range(1, 96) if n != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]
COLLECTIVITIES = ["975", "978", "986", "987", "988"]
# Seen in 2026 below the page of the same site that the list has.
SEEN_ELSEWHERE = {
    "www.alpes-maritimes.gouv.fr/Demarches/Immigration-et-integration/Titres-de-sejour-et-documents-de-voyage/"
    "Demander-un-titre-de-sejour/Immigration-familiale/Renouvellement"
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "sources.yaml")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def canonical(url: str) -> str:
    """One key per page; the two names of démarche numérique are one host."""
    key = (address.canonical(url) or "").replace("www.demarches-simplifiees.fr", "demarche.numerique.gouv.fr")
    return key.removeprefix("https://")


def seen_addresses() -> set[str]:
    fields = ("base_url", "foreigners_page_seen", "booking_page_seen")
    hosts = {canonical(row[field]) for row in rows("hosts.csv") for field in fields if row[field]}
    # The official list is Markdown, in which an underscore is escaped.
    listed = {canonical(row["url"].replace("\\_", "_")) for row in rows("addresses.csv")}
    return hosts | listed | SEEN_ELSEWHERE


def test_all_departements_and_the_known_collectivities_are_there(catalogue: Catalogue) -> None:
    assert len(DEPARTEMENTS) == 101
    assert set(catalogue.prefectures) == {*DEPARTEMENTS, *COLLECTIVITIES}


def test_every_departement_has_a_page_that_is_watched(catalogue: Catalogue) -> None:
    watched = {source.prefecture for source in catalogue.sources.values()}
    assert watched >= set(DEPARTEMENTS)


def test_homes_are_those_that_were_seen(catalogue: Catalogue) -> None:
    homes = {row["code"].removeprefix("977/"): row["base_url"] for row in rows("hosts.csv")}
    assert {code: entry.home for code, entry in catalogue.prefectures.items()} == {
        code: home for code, home in homes.items() if code != "75-R"
    }


def test_no_address_is_invented(catalogue: Catalogue) -> None:
    """Besides pages that were seen, only the list of news that the shared platform always has."""
    seen = seen_addresses()
    hosts = {page.partition("/")[0] for page in seen}
    for source in catalogue.sources.values():
        page = canonical(source.url)
        is_list = source.kind is SourceKind.NEWS and source.url.endswith(".gouv.fr/Actualites")
        assert page in seen or (is_list and page.partition("/")[0] in hosts), source.url


def test_no_page_is_watched_twice(catalogue: Catalogue) -> None:
    pages = [canonical(source.url) for source in catalogue.sources.values()]
    assert sorted(pages) == sorted(set(pages))


def test_dead_generations_and_later_booking_steps_are_not_watched(catalogue: Catalogue) -> None:
    dead = re.compile(
        r"-[ar]\d+\.html|spip\.php|pprdv|accueil-etrangers\.gouv|/booking/create/\d+/\d|creneau"
    )
    assert [source.url for source in catalogue.sources.values() if dead.search(source.url)] == []


def test_foreigners_pages_that_were_seen_are_watched(catalogue: Catalogue) -> None:
    watched = {canonical(source.url) for source in catalogue.sources.values()}
    dead = re.compile(r"\.html$|spip\.php|accueil-etrangers\.gouv")
    seen = [row["foreigners_page_seen"] for row in rows("hosts.csv") if row["foreigners_page_seen"]]
    seen += [row["url"] for row in rows("addresses.csv") if row["kind"] == "foreigners"]
    assert {canonical(url) for url in seen if not dead.search(url)} - watched == set()


@pytest.mark.parametrize("code", ["15", "34", "69", "94"])
def test_the_prefectures_of_the_beginning_get_every_page_that_is_known(
    catalogue: Catalogue, code: str
) -> None:
    watched = {canonical(source.url) for source in catalogue.sources.values() if source.prefecture == code}
    step = re.compile(r"(/booking/create/\d+)/\d+$")
    known = {
        canonical(step.sub(r"\1", row["url"]))
        for row in rows("addresses.csv")
        if row["code"] == code and row["kind"] != "home"
    }
    assert known <= watched


def test_overseas_clocks_are_their_own(catalogue: Catalogue) -> None:
    for code, prefecture in catalogue.prefectures.items():
        assert (prefecture.timezone == "Europe/Paris") == (len(code) == 2), code


def test_an_hour_of_requests_fits_the_pace_of_every_platform(catalogue: Catalogue) -> None:
    """Half of the hour at most, so that articles, redirects and repeated readings have room."""
    asked: dict[str, float] = defaultdict(float)
    for source in catalogue.sources.values():
        asked[source.platform] += 3600 / source.every.total_seconds()
    for name, platform in catalogue.platforms.items():
        slowest = platform.gap.total_seconds() * (1 + platform.jitter)
        assert 0 < asked[name] <= 3600 / slowest / 2, name
    assert catalogue.platforms["ide"].gap.total_seconds() >= 7


def test_hosts_of_the_shared_server_share_one_pace(catalogue: Catalogue) -> None:
    shared = {
        urlsplit(row["base_url"]).hostname
        for row in rows("hosts.csv")
        if row["template"].startswith("IDE") and len(row["code"]) == 2
    }
    on = {source.platform for source in catalogue.sources.values() if urlsplit(source.url).hostname in shared}
    assert len(shared) == 95
    assert on == {"ide"}

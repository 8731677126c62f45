"""The replica's `sources.yaml`: whole, in the shipped format, and true to what is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from watcher.core.catalogue import Catalogue, SourceKind
from watcher.replica import STEPS, Replica
from watcher.sources import load


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(limiter=False) as running:
        yield running


def catalogue(text: str, folder: Path) -> Catalogue:
    file = folder / "sources.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def test_all_101_departements_are_watched_and_grouped_by_the_server_they_share(
    replica: Replica, tmp_path: Path
) -> None:
    known = catalogue(replica.sources_yaml(), tmp_path)
    metropolitan = {code for code in known.prefectures if not code.startswith("97")} - {"75"}

    assert len(known.prefectures) == 101
    assert {s.prefecture for s in known.sources.values() if s.platform == "ide"} == metropolitan
    assert known.sources["75-actualites"].platform == "police"
    assert known.sources["75-region"].platform == "regions"
    assert known.prefectures["974"].timezone == "Indian/Reunion"


def test_pace_and_brake_are_those_asked_for(replica: Replica, tmp_path: Path) -> None:
    text = replica.sources_yaml(gap="5s", every="30m", brake_after=2, brake_for="1m")
    known = catalogue(text, tmp_path)
    platform = known.platforms["ide"]

    assert platform.gap == timedelta(seconds=5)
    assert (platform.brake.after, platform.brake.pause) == (2, timedelta(minutes=1))
    assert known.sources["15-actualites"].every == timedelta(minutes=30)


def test_every_page_family_is_there(replica: Replica, tmp_path: Path) -> None:
    known = catalogue(replica.sources_yaml(), tmp_path)
    layouts = Counter(source.layout for source in known.sources.values())
    guides = {source.prefecture for source in known.sources.values() if source.kind is SourceKind.PAGE}

    assert layouts["dsfr"] == 98
    assert (layouts["legacy"], layouts["regional"], layouts["police"]) == (2, 1, 1)
    assert {"15", "34", "69", "94"} <= guides


def test_a_thousand_and_ten_lists_can_be_asked_for(replica: Replica, tmp_path: Path) -> None:
    known = catalogue(replica.sources_yaml(lists=10), tmp_path)
    lists = [s for s in known.sources.values() if s.kind is SourceKind.NEWS and s.id != "75-region"]

    assert len(lists) == 1010


def test_every_watched_address_answers_with_a_whole_page_of_its_own_site(
    replica: Replica, tmp_path: Path
) -> None:
    replica.go(STEPS)
    known = catalogue(replica.sources_yaml(lists=2), tmp_path)
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        for source in known.sources.values():
            page = client.get(source.url)

            assert page.status_code == 200, source.id
            assert page.text.rstrip().endswith("</html>")
            assert 60_000 <= len(page.content) <= 100_000, source.id
    replica.go(0)


def test_what_is_expected_names_sources_that_are_watched_and_addresses_of_their_sites(
    replica: Replica, tmp_path: Path
) -> None:
    known = catalogue(replica.sources_yaml(), tmp_path)
    expected = [change for step in range(STEPS + 1) for change in replica.expected(step)]

    assert replica.expected(0) == ()
    for change in expected:
        prefecture = known.sources[change.source].prefecture
        bases = {replica.base(prefecture), replica.base("75-R")}

        assert change.url.startswith(tuple(bases))

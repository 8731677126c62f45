"""What a correct `sources.yaml` means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher import marked_yaml
from watcher.core.catalogue import Brake, Platform, Prefecture, Source, SourceKind
from watcher.marked_yaml import UnreadableFileError
from watcher.sources import load, load_lenient, schema

FILE = """\
platforms:
  ide: {gap: 7s, jitter: 0.3, brake: {after: 4, for: 20m}}
  slow: {gap: 30}
defaults: {platform: ide, every: 2h, layout: dsfr}
prefectures:
  "2A":
    name: Corse-du-Sud
    home: https://www.corse-du-sud.gouv.fr
    platform: slow
    timezone: Europe/Paris
    pages:
      - {id: 2A-actualites, kind: news, url: https://www.corse-du-sud.gouv.fr/Actualites}
      - {id: 2A-sejour, kind: page, url: "http://127.0.0.1:8080/x", every: 50ms, platform: ide}
      - id: 2A-liste
        kind: news
        url: https://www.corse-du-sud.gouv.fr/Liste
        layout: selectors
        options: {item: "li.news", link: a, date: time, summary: p}
      - {id: 2A-rdv, kind: booking, url: "https://[::1]:8443/booking/create/1", every: 1.5d}
  "974":
    name: La Réunion
    home: https://www.reunion.gouv.fr
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_platforms_carry_their_pace_and_their_brake(path: Path) -> None:
    assert load(path).platforms == {
        "ide": Platform("ide", timedelta(seconds=7), 0.3, Brake(4, timedelta(minutes=20))),
        "slow": Platform("slow", timedelta(seconds=30), 0.0, Brake(3, timedelta(minutes=15))),
    }


def test_prefectures_keep_their_code_as_a_text_and_may_have_no_page(path: Path) -> None:
    assert load(path).prefectures == {
        "2A": Prefecture("2A", "Corse-du-Sud", "https://www.corse-du-sud.gouv.fr", platform="slow"),
        "974": Prefecture("974", "La Réunion", "https://www.reunion.gouv.fr", platform="ide"),
    }


def test_a_list_of_news_takes_what_its_prefecture_and_the_defaults_say(path: Path) -> None:
    assert load(path).sources["2A-actualites"] == Source(
        id="2A-actualites",
        prefecture="2A",
        kind=SourceKind.NEWS,
        url="https://www.corse-du-sud.gouv.fr/Actualites",
        layout="dsfr",
        platform="slow",
        every=timedelta(hours=2),
    )


def test_what_is_no_list_of_news_is_read_as_what_it_is(path: Path) -> None:
    sources = load(path).sources
    assert sources["2A-sejour"].layout == "content"
    assert sources["2A-rdv"].layout == "booking"


def test_a_page_may_have_its_own_platform_period_layout_and_options(path: Path) -> None:
    sources = load(path).sources
    assert (sources["2A-sejour"].platform, sources["2A-sejour"].every) == ("ide", timedelta(milliseconds=50))
    assert sources["2A-rdv"].every == timedelta(days=1.5)
    assert sources["2A-liste"].layout == "selectors"
    assert sources["2A-liste"].options == {"item": "li.news", "link": "a", "date": "time", "summary": "p"}


def test_sources_come_in_the_order_of_the_file(path: Path) -> None:
    assert list(load(path).sources) == ["2A-actualites", "2A-sejour", "2A-liste", "2A-rdv"]


def test_a_right_file_has_no_problems(path: Path) -> None:
    assert load_lenient(path) == (load(path), ())


def test_the_layouts_that_exist_are_the_callers_to_say(path: Path) -> None:
    _, problems = load_lenient(path, layouts={"dsfr", "content"})
    assert [problem.key for problem in problems] == ["prefectures.2A.pages[2].layout"]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7s", 7),
        ("0.5s", 0.5),
        ("50ms", 0.05),
        ("15m", 900),
        ("1h", 3600),
        ("2d", 172800),
        ("90", 90),
        ("0.25", 0.25),
    ],
)
def test_durations_have_a_unit_or_are_seconds(tmp_path: Path, written: str, seconds: float) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(FILE.replace("gap: 30", f"gap: {written}"), encoding="utf-8")
    assert load(path).platforms["slow"].gap == timedelta(seconds=seconds)


def test_words_that_yaml_once_took_for_truth_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(FILE.replace("name: La Réunion", "name: NO"), encoding="utf-8-sig")
    assert load(path).prefectures["974"].name == "NO"


def test_a_thousand_and_ten_pages_are_all_read(tmp_path: Path) -> None:
    head, _, _ = FILE.partition('  "2A":')
    stanzas = "".join(
        f'  "{code:03}":\n    name: N\n    home: https://n{code}.fr\n    pages:\n'
        + "".join(
            f"      - {{id: p{code}-{n}, kind: news, url: https://n{code}.fr/{n}}}\n" for n in range(10)
        )
        for code in range(101)
    )
    path = tmp_path / "sources.yaml"
    path.write_text(head + stanzas, encoding="utf-8")
    assert len(load(path).sources) == 1010


def test_the_schema_tells_editors_what_may_be_written() -> None:
    document = schema(layouts={"dsfr", "content"})
    page = document["$defs"]["PageEntry"]
    assert document["required"] == ["platforms", "prefectures"]
    assert page["required"] == ["id", "kind", "url"]
    assert page["additionalProperties"] is False
    assert page["properties"]["layout"]["enum"] == ["content", "dsfr"]
    assert set(document["$defs"]["BrakeEntry"]["properties"]) == {"after", "for"}
    assert list(document["properties"]["prefectures"]["patternProperties"]) == ["^([0-9]{2,3}|2[AB])$"]


@given(st.text(max_size=60) | st.text(alphabet="ab1:-,{}[]\"'&*!|>#%@? \n\t", max_size=60))
def test_any_text_is_either_read_or_refused_with_a_reason(text: str) -> None:
    """Hypothesis hunts for a text that makes the reader fail in a way nobody expects."""
    assert outcome(text)


def outcome(text: str) -> object:
    try:
        return marked_yaml.parse(text).root.place
    except UnreadableFileError as error:
        return error.message

"""`vigie sources discover|proposals|accept|refuse|find-moved`, as people and programs use them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.command_line import Vigie
from watcher import sources
from watcher.replica import Replica


@pytest.fixture(scope="module")
def renamed() -> Iterator[Replica]:
    with Replica(hosts="paths", limiter=False, prefectures=["15", "69"], renamed=5) as running:
        yield running


@pytest.fixture
def vigie(tmp_path: Path, capsys: pytest.CaptureFixture[str], renamed: Replica) -> Vigie:
    file = tmp_path / "sources.yaml"
    file.write_text(renamed.sources_yaml(gap="0s"), encoding="utf-8")
    return Vigie(tmp_path, capsys, file)


def test_a_site_is_explored_and_what_it_has_is_proposed(vigie: Vigie) -> None:
    told = vigie("sources", "discover", "15")

    assert told.status == 0
    assert "rubrique des étrangers trouvée" in told.out
    assert "Accueil > " in told.out
    assert "ne peut pas être suivie" in told.out


def test_programs_get_one_object_a_prefecture(vigie: Vigie) -> None:
    rows = vigie("sources", "discover", "--all", "--json").rows

    assert [row["prefecture"] for row in rows] == ["15", "69"]
    for row in rows:
        assert row["found"]
        assert row["finished"]
        assert row["requests"] <= 40
        section = next(one for one in row["proposals"] if one["role"] == "section")
        assert section["source"] == f"{row['prefecture']}-etrangers"
        assert 0 < section["confidence"] <= 1
        assert section["way"]
        assert section["evidence"]


def test_a_budget_is_kept_and_the_rest_is_done_the_next_time(vigie: Vigie) -> None:
    (first,) = vigie("sources", "discover", "15", "--budget", "5", "--json").rows
    (then,) = vigie("sources", "discover", "15", "--json").rows

    assert first["requests"] <= 5
    assert not first["finished"]
    assert then["finished"]
    assert then["requests"] > first["requests"]


def test_an_accepted_page_stands_in_the_file_and_is_watched(vigie: Vigie) -> None:
    (row,) = vigie("sources", "discover", "15", "--json").rows
    section = next(one for one in row["proposals"] if one["role"] == "section")
    told = vigie("sources", "accept", section["id"], "--by", "ana")

    assert told.status == 0
    assert "dans les secondes qui suivent" in told.out
    assert sources.load(vigie.folder / "sources.yaml").sources["15-etrangers"].url == section["url"]
    assert section["id"] not in {one["id"] for one in vigie("sources", "proposals", "15", "--json").rows}
    (polled,) = vigie("poll", "15-etrangers", "--json").rows
    assert polled["outcome"] == "ok"


def test_every_page_that_is_proposed_can_be_read(vigie: Vigie) -> None:
    """What is accepted must not be the next trouble."""
    rows = vigie("sources", "discover", "--all", "--json").rows
    pages = [one for row in rows for one in row["proposals"] if one["kind"] in ("page", "news")]
    assert vigie("sources", "accept", *(one["id"] for one in pages)).status == 0
    polled = vigie("poll", *(one["source"] for one in pages), "--json").rows

    assert {one["outcome"] for one in polled} == {"ok"}


def test_a_refused_page_is_not_proposed_again(vigie: Vigie) -> None:
    (row,) = vigie("sources", "discover", "15", "--json").rows
    refused = row["proposals"][0]["id"]

    assert vigie("sources", "refuse", refused).status == 0
    (again,) = vigie("sources", "discover", "15", "--again", "--json").rows
    assert refused not in {one["id"] for one in again["proposals"]}
    assert any(one["state"] == "refused" for one in vigie("sources", "proposals", "--all", "--json").rows)


def test_a_file_that_cannot_be_changed_is_told_in_a_line_with_what_to_copy(vigie: Vigie) -> None:
    (row,) = vigie("sources", "discover", "15", "--json").rows
    (vigie.folder / "sources.yaml").chmod(0o444)
    told = vigie("sources", "accept", row["proposals"][0]["id"])

    assert told.status == 2
    assert "lecture seule" in told.error
    assert row["proposals"][0]["source"] in told.out
    assert vigie("sources", "proposals", "15", "--json").rows[0]["id"] == row["proposals"][0]["id"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("discover",), "--all"),
        (("discover", "99"), "préfecture inconnue"),
        (("discover", "15", "--all"), "--all"),
        (("discover", "15", "--budget", "0"), "de 1 à 40"),
        (("discover", "15", "--budget", "41"), "de 1 à 40"),
        (("accept", "nothing"), "proposition inconnue"),
        (("refuse", "nothing"), "proposition inconnue"),
        (("find-moved", "nothing"), "source inconnue"),
    ],
)
def test_a_mistake_is_one_line(vigie: Vigie, line: tuple[str, ...], words: str) -> None:
    told = vigie("sources", *line)

    assert told.status == 2
    assert words in told.error


def test_where_nothing_is_broken_nothing_is_looked_for(vigie: Vigie, renamed: Replica) -> None:
    before = renamed.requests
    told = vigie("sources", "find-moved")

    assert (told.status, told.out) == (0, "")
    assert renamed.requests == before


def test_the_doctor_tells_what_was_found_and_what_cannot_be_watched(vigie: Vigie) -> None:
    vigie("sources", "discover", "15")
    (row,) = (one for one in vigie("doctor", "--json").rows if one["check"] == "exploration")

    assert row["ok"]
    assert "1 préfectures explorées sur 2" in row["detail"]
    assert "15 (" in row["detail"]
    assert "ne peut pas être suivie" in row["detail"]


def test_the_doctor_tells_of_a_prefecture_what_is_watched_and_what_is_not(vigie: Vigie) -> None:
    assert vigie("sources", "discover", "15").status == 0
    waiting = vigie("sources", "proposals", "--json").rows
    assert vigie("sources", "accept", waiting[0]["id"]).status == 0

    told = vigie("doctor", "--prefecture", "15")
    (row,) = vigie("doctor", "--prefecture", "15", "--json").rows
    both = vigie("doctor", "--prefecture", "all", "--json").rows
    unknown = vigie("doctor", "--prefecture", "999")

    assert (told.status, told.out.splitlines()[0].startswith("Cantal (15) : http")) == (0, True)
    assert "15-etrangers : jamais lue" in told.out
    assert "rendez-vous : rien de suivi" in told.out
    assert "trouvé, pas encore accepté : actualités" in told.out
    assert "ne peut pas être suivi : " in told.out
    assert [one["source"] for one in row["watched"]] == ["15-etrangers"]
    assert len(row["waiting"]) == len(waiting) - 1
    assert "booking" in row["gaps"]
    assert [one["prefecture"] for one in both] == ["15", "69"]
    assert "unexplored" in both[1]["gaps"]
    assert (unknown.status, unknown.error) == (
        2,
        "vigie : --prefecture 999 : préfecture inconnue (sources.yaml)",
    )

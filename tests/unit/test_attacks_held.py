"""What attacks once got through, or could have slowed down: each was tried out, and holds now."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.proportion import in_proportion
from watcher import layouts, logs, rules, weights
from watcher.core.address import absolute, canonical, presentable
from watcher.core.verdict import Notice
from watcher.reading import FrenchReader
from watcher.sources import SourcesError, load, load_lenient
from watcher.web.rules_sheet import COLUMNS, as_csv

PAGE = "https://www.cantal.gouv.fr/Actualites"
READER = FrenchReader(rules.load(Path(__file__).parents[2] / "rules.yaml"), weights.shipped())
BROKEN = """\
platforms: {ide: {gap: 7s}}
defaults: {platform: ide, every: 1h, layout: dsfr}
prefectures:
  "15":
    name: Cantal
    home: https://www.cantal.gouv.fr
    pages:
      - {id: 15-a, kind: news, url: https://www.cantal.gouv.fr/A, url: https://www.cantal.gouv.fr/B}
      - {id: 15-c, kind: news, url: https://www.cantal.gouv.fr/C}
      - {id: 15-d, kind: news}
"""


@pytest.mark.parametrize(
    "host",
    [
        *("cantal.gouv.fr\u0130", "\u212aantal.gouv.fr", "pari\u017f.gouv.fr"),
        *("127.1", "2130706433", "0x7f.1", "0177.0.0.1", "1.2.3", "256.1.1.1", "127.0.0.1.", "a.0x", "a.7"),
    ],
)
def test_a_host_that_browsers_would_read_as_another_is_none(host: str) -> None:
    """Letters that become ASCII without their case, and numbers that are spelt as nobody writes addresses."""
    assert absolute(f"https://{host}/x", PAGE) is None
    assert absolute(f"//{host}/x", PAGE) is None


@pytest.mark.parametrize("link", ["//", "//?a", "//#a", "///evil.example"])
def test_a_link_without_the_host_that_it_announces_leads_nowhere(link: str) -> None:
    assert absolute(link, PAGE) is None


def test_a_plain_numeric_address_stays_one() -> None:
    assert absolute("http://127.0.0.1:8080/x", PAGE) == "http://127.0.0.1:8080/x"


@pytest.mark.parametrize("path", ["%E9t%E9>x", "%99999}", "%80`a", "%C2%AD%E3%80%80%%3E,%80"])
def test_an_address_keeps_its_key_when_it_is_made_presentable(path: str) -> None:
    """Also where its escapes are no UTF-8."""
    address = absolute(f"/{path}", PAGE)

    assert address
    assert canonical(presentable(address)) == canonical(address)


@pytest.mark.parametrize(
    ("sign", "end", "parts"),
    [(".", "x", 1), ("…", "x", 6), ("?!", "x", 1), ("1, 2, ", "", 1)],
    ids=["leader", "leaders", "signs", "days"],
)
def test_dotted_leaders_and_lists_of_days_are_read_in_linear_time(sign: str, end: str, parts: int) -> None:
    def run(length: int) -> Notice:
        text = (sign * (length // len(sign) // parts) + end) * parts
        return Notice("Titre de séjour", text, before=text, foreigners_page=True)

    assert in_proportion(READER.read, run, 19_000)


@pytest.mark.parametrize("tag", ["<div role=main ", "<p ", "<li x ", "<h1 ", "fr-card__detail "])
def test_a_tag_full_of_beginnings_of_tags_is_told_in_linear_time(tag: str) -> None:
    def html(length: int) -> str:
        return f'<main><h1>Actualités</h1><div class="{tag * (length // len(tag))}"></div></main>'

    assert in_proportion(lambda given: layouts.detect(given, PAGE), html, 1_000_000)


def test_two_bad_pages_of_one_prefecture_are_both_told_where_they_stand(tmp_path: Path) -> None:
    """The second is counted among those that are left; taken for another one, the program ended with a traceback."""
    path = tmp_path / "sources.yaml"
    path.write_text(BROKEN, encoding="utf-8")

    with pytest.raises(SourcesError) as refused:
        load(path)
    catalogue, problems = load_lenient(path)

    assert [(one.line, one.key) for one in refused.value.problems] == [
        (8, "prefectures.15.pages[0].url"),
        (10, "prefectures.15.pages[2].url"),
    ]
    assert list(catalogue.sources) == ["15-c"]
    assert len(problems) == 2


@pytest.mark.parametrize(
    "text", ["a\x85b", "a\u2028b\u2029", "\x9b2J", "\u202eb", "\ud800", 'a"\r\nb', "\x00\x1b[2J"]
)
def test_an_event_is_one_line_of_the_log_whatever_it_says(text: str) -> None:
    line = logs.as_line({"event": text, text: text, "error": ValueError(text)})

    assert len(line.splitlines()) == 1
    assert all(char.isprintable() or char == "\ud800" for char in line)
    assert json.loads(line)["event"] == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1"]
)
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    document = as_csv([dict.fromkeys(COLUMNS, text)]).decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(document, newline=""))
    assert set(row.values()) == {f"'{text}"}

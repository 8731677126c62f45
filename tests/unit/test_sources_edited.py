# ruff: noqa: E501 - files keep their lines
"""`sources.yaml` written by us: a stanza more, an address instead of another, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from watcher import sources
from watcher.core.catalogue import SourceKind
from watcher.core.site_proposals import Stanza
from watcher.marked_yaml import _FORBIDDEN, parse
from watcher.sources_edit import EditError, add_page, change_address, quoted

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
NEW = Stanza("15-etrangers", SourceKind.PAGE, "https://www.cantal.gouv.fr/Etrangers", "content", "ide", "6h")
HEAD = """\
# What is watched.
platforms: {ide: {gap: 7s}, demarche: {gap: 10s}}
defaults: {every: 1h, platform: ide}  # for all

prefectures:
"""
FILES = {
    "flow": '  "15":\n    name: Cantal\n    home: https://www.cantal.gouv.fr\n    pages:\n'
    "      # the list\n      - {id: 15-actualites, kind: news, url: https://www.cantal.gouv.fr/Actualites}  # seen\n",
    "block": '  "15":\n    name: Cantal\n    home: https://www.cantal.gouv.fr\n    pages:\n      - id: 15-actualites  # seen\n'
    "        kind: news\n        url: 'https://www.cantal.gouv.fr/Actualites'\n\n  # The Loire comes after.\n",
    "dashes at the margin": '  "15":\n    name: Cantal\n    pages:\n    - {id: 15-actualites, kind: news,\n'
    '       url: "https://www.cantal.gouv.fr/Actualites"}\n    home: https://www.cantal.gouv.fr\n',
    "none": '  "15":\n    name: Cantal\n    pages: []  # none yet\n    home: https://www.cantal.gouv.fr\n',
    "missing": '  "15":\n    name: Cantal\n    home: https://www.cantal.gouv.fr  # no pages\n',
    "no line at the end": '  "15":\n    name: Cantal\n    home: https://www.cantal.gouv.fr\n    pages:\n'
    "      - {id: 15-actualites, kind: news, url: https://www.cantal.gouv.fr/Actualites}",
}
AFTER = '  "42":\n    name: Loire\n    home: https://www.loire.gouv.fr\n    pages: []\n'
LAST = {"no line at the end"}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(HEAD + FILES[request.param] + ("" if request.param in LAST else AFTER), encoding="utf-8")
    return path


def test_a_page_more_changes_nothing_else(file: Path) -> None:
    before, text = sources.load(file), file.read_text()
    add_page(file, "15", NEW, TODAY)
    after = sources.load(file)

    assert after.sources.keys() - before.sources.keys() == {"15-etrangers"}
    assert replace(after, sources={name: after.sources[name] for name in before.sources}) == before
    kept = [line for line in file.read_text().splitlines() if line in text.splitlines()]
    assert kept == [line for line in text.splitlines() if "pages: []  #" not in line]


def test_two_pages_more_stand_one_below_the_other(file: Path) -> None:
    add_page(file, "15", NEW, TODAY)
    add_page(file, "15", replace(NEW, id="15-neuf", url="https://www.cantal.gouv.fr/Neuf"), TODAY)

    mine = [one.id for one in sources.load(file).sources.values() if one.prefecture == "15"]
    assert mine[-2:] == ["15-etrangers", "15-neuf"]


def test_what_is_the_default_anyway_is_not_written(file: Path) -> None:
    add_page(file, "15", NEW, TODAY)

    (line,) = (line for line in file.read_text().splitlines() if "15-etrangers" in line)
    assert line.strip() == (
        "- {id: 15-etrangers, kind: page, url: https://www.cantal.gouv.fr/Etrangers, every: 6h}  # found 2026-11-22"
    )


@pytest.mark.parametrize("code", ["01", "2A", "75", "94", "974"])
def test_the_shipped_file_takes_a_page_anywhere(code: str, tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes((ROOT / "sources.yaml").read_bytes())
    before = file.read_text().splitlines()
    add_page(file, code, replace(NEW, id=f"{code}-tout-neuf"), TODAY)
    found = unified_diff(before, file.read_text().splitlines(), n=0, lineterm="")
    changed = [line for line in found if line[0] in "+-" and line[:3] not in ("+++", "---")]

    assert f"{code}-tout-neuf" in changed[0]
    assert {line[0] for line in changed} == {"+"}


def test_an_address_is_changed_where_it_stands(tmp_path: Path) -> None:
    for name in ("flow", "block", "no line at the end"):
        file = tmp_path / f"{name}.yaml"
        file.write_text(HEAD + FILES[name], encoding="utf-8")
        before = file.read_text()
        change_address(file, "15-actualites", "https://www.cantal.gouv.fr/Nouvelles")

        assert sources.load(file).sources["15-actualites"].url == "https://www.cantal.gouv.fr/Nouvelles"
        assert len(file.read_text().splitlines()) == len(before.splitlines())


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_bytes((HEAD + FILES["flow"]).replace("\n", "\r\n").encode())
    add_page(file, "15", NEW, TODAY)

    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")


REFUSED = {
    "an id that is taken": replace(NEW, id="15-actualites"),
    "an id that is none": replace(NEW, id="15 É"),
    "an address that is none": replace(NEW, url="ftp://x"),
    "an address with a space": replace(NEW, url="https://www.cantal.gouv.fr/a b"),
    "a layout that is none": replace(NEW, layout="nouvelle"),
    "a platform that is none": replace(NEW, platform="mars"),
}


@pytest.mark.parametrize("stanza", REFUSED.values(), ids=REFUSED)
def test_what_could_not_be_read_again_is_not_written(stanza: Stanza, tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(HEAD + FILES["flow"] + AFTER)
    before = file.read_bytes()

    with pytest.raises(EditError) as refused:
        add_page(file, "15", stanza, TODAY)

    assert len(str(refused.value).splitlines()) == 1
    assert stanza.id in refused.value.stanza
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["sources.yaml"]


def test_a_file_that_may_not_be_written_is_left_alone_and_says_what_to_copy(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(HEAD + FILES["flow"])
    file.chmod(0o444)

    with pytest.raises(EditError, match="lecture seule") as refused:
        add_page(file, "15", NEW, TODAY)

    assert "- id: 15-etrangers" in refused.value.stanza
    assert file.read_text() == HEAD + FILES["flow"]


@pytest.mark.parametrize(
    "text", ["", "x: [", HEAD, HEAD + '  "15": {name: Cantal, home: "https://a.fr", pages: []}\n']
)
def test_a_file_that_is_written_otherwise_is_left_alone(text: str, tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(text)

    with pytest.raises(EditError):
        add_page(file, "15", NEW, TODAY)
    with pytest.raises(EditError):
        change_address(file, "15-actualites", NEW.url)

    assert file.read_text() == text


@example("0E0")
@example(".inf")
@example("0x1F")
@settings(max_examples=200)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40
    )
)
def test_whatever_is_quoted_is_read_as_the_same_text(value: str) -> None:
    text = f"a: {{b: {quoted(value)}, c: d}}\n"
    assume(not _FORBIDDEN.search(text))  # characters that the file may not have at all

    assert parse(text).root.value == {"a": {"b": value, "c": "d"}}

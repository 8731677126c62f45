"""What an alert rests on, as a file that stands by itself."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.fakes.command_line import Vigie


@pytest.fixture
def alert(told: Vigie) -> str:
    listed = [json.loads(line) for line in told("alerts", "--json").out.splitlines()]
    return next(
        one["id"] for one in listed if "rdv_modality" in one["categories"] and one["source"] == "15-sejour"
    )


@pytest.fixture
def bag(told: Vigie, alert: str) -> dict[str, bytes]:
    """The files of the bundle, by name within its folder."""
    out = told.folder / "evidence.zip"
    ran = told("evidence", alert, "--out", str(out))
    assert ran.status == 0, ran.error
    with zipfile.ZipFile(out) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def records(content: bytes) -> list[tuple[str, str, str, bytes]]:
    return [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI") or "",
            record.rec_headers.get_header("WARC-Date"),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(BytesIO(content), check_digests="raise")
    ]


def test_the_pages_before_and_after_are_in_it_as_they_were_received(bag: dict[str, bytes]) -> None:
    kind, before, after = records(bag["data/pages.warc"])
    assert kind[0] == "warcinfo"
    assert before[0] == after[0] == "response"
    assert before[1] == after[1]
    assert before[2] < after[2]
    assert b"octobre 2025" not in before[3]
    assert b"1er octobre 2025" in after[3]
    headers = list(ArchiveIterator(BytesIO(bag["data/pages.warc"])))[2].http_headers
    assert headers.get_header("Content-Length") == str(len(after[3]))
    assert headers.get_header("Content-Type").startswith("text/html")


def test_it_says_what_they_say_what_differs_and_how_it_was_read(bag: dict[str, bytes], alert: str) -> None:
    assert "1er octobre 2025" in bag["data/apres.txt"].decode()
    added = [line for line in bag["data/difference.txt"].decode().splitlines() if line.startswith("+")]
    assert any("1er octobre 2025" in line for line in added)
    told = json.loads(bag["data/alerte.json"])
    assert (told["id"], told["effective_from"]) == (alert, "2025-10-01")
    assert "1er octobre 2025" in json.loads(bag["data/changement.json"])["text_read"]


def test_its_sums_can_be_checked_and_cover_everything(bag: dict[str, bytes]) -> None:
    assert bag["bagit.txt"].startswith(b"BagIt-Version: 1.0\n")
    for manifest, prefix in (("manifest-sha256.txt", "data/"), ("tagmanifest-sha256.txt", "")):
        sums = dict(reversed(line.split("  ", 1)) for line in bag[manifest].decode().splitlines())
        assert all(hashlib.sha256(bag[name]).hexdigest() == told for name, told in sums.items())
        assert {name for name in sums if name.startswith(prefix)} == set(sums)
    assert set(sums) | {"tagmanifest-sha256.txt"} == {name for name in bag if not name.startswith("data/")}


def test_what_people_decided_is_in_it_without_their_names(told: Vigie, alert: str) -> None:
    assert told("review", "verify", alert, "--by", "camille").status == 0
    out = told.folder / "evidence.zip"
    assert told("evidence", alert, "--out", str(out)).status == 0
    with zipfile.ZipFile(out) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        (decided,) = json.loads(archive.read(f"alerte-{alert}/data/decisions.json"))
    assert decided["action"] == "verify"
    assert b"camille" not in everything


def test_a_page_whose_headers_nobody_kept_is_a_resource(told: Vigie, alert: str) -> None:
    """Pages of before the headers were kept."""
    with sqlite3.connect(told.folder / "vigie.db") as database:
        database.execute("UPDATE pages SET headers = NULL")
    database.close()
    out = told.folder / "evidence.zip"
    assert told("evidence", alert, "--out", str(out)).status == 0
    with zipfile.ZipFile(out) as archive:
        found = records(archive.read(f"alerte-{alert}/data/pages.warc"))
    assert [kind for kind, *_ in found] == ["warcinfo", "resource", "resource"]


def test_what_cannot_be_done_is_said_in_a_line(told: Vigie, alert: str) -> None:
    unknown = told("evidence", "nothing")
    assert (unknown.status, unknown.error) == (
        2,
        "vigie : alerte inconnue : nothing (voir « vigie alerts --json »)",
    )
    nowhere = told("evidence", alert, "--out", "/proc/x.zip")
    assert nowhere.status == 2
    assert "choisissez un autre --out" in nowhere.error
    device = Path(told.folder) / "device"
    os.mkfifo(device)
    assert "pas un fichier ordinaire" in told("evidence", alert, "--out", str(device)).error
    assert device.is_fifo()
    assert not list(Path(told.folder).glob(".*.new"))

"""`vigie history`: years of captures from files and from archives, told to nobody."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.error
import urllib.request
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.fakes.archives import Kept, warc
from tests.fakes.command_line import CANTAL_STEP, Vigie, poll
from tests.fakes.web_archive import WebArchive, serving
from watcher.replica import Replica

DAY = timedelta(days=1)


def address(cantal: Vigie, source: str = "15-sejour") -> str:
    rows = cantal("sources", "list", "--json").rows
    return next(str(row["url"]) for row in rows if row["id"] == source)


def crawled(folder: Path, url: str, name: str) -> Path:
    """One page, as another program keeps it."""
    command = [
        "wget",
        "-q",
        "--no-warc-keep-log",
        f"--warc-file={folder / name}",
        "-O",
        str(folder / "page.html"),
        url,
    ]
    subprocess.run(command, check=True, cwd=folder, timeout=60)
    return folder / f"{name}.warc.gz"


def fill(archive: WebArchive, cantal: Vigie, replica: Replica, *sources: str) -> dict[str, bytes]:
    """The pages of the Cantal before and after its announcement, and those that its list leads to."""
    received = {}
    for step in (0, CANTAL_STEP):
        replica.go(step)
        for source in sources:
            url = address(cantal, source)
            with urllib.request.urlopen(url) as answer:
                body = answer.read()
            archive.kept.append(Kept(url, replica.time(step).replace(microsecond=0), raw=body))
            received[f"{source}/{step}"] = body
    return received


def historical(vigie: Vigie) -> list[dict[str, object]]:
    listed = [json.loads(line) for line in vigie("alerts", "--json", "--historical").out.splitlines()]
    return [one for one in listed if one["historical"]]


def test_what_another_program_kept_is_taken_in_byte_for_byte(cantal: Vigie, replica: Replica) -> None:
    url = address(cantal)
    files = []
    for number, step in enumerate((0, CANTAL_STEP)):
        replica.go(step)
        files.append(str(crawled(cantal.folder, url, f"crawl-{number}")))

    ran = cantal("history", "import", *files)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("15-sejour : 2 captures, dont 2 de plus ; ")
    (told,) = historical(cantal)
    out = cantal.folder / "bundle.zip"
    assert cantal("evidence", str(told["id"]), "--out", str(out)).status == 0
    with zipfile.ZipFile(out) as bundle:
        name = next(one for one in bundle.namelist() if one.endswith("pages.warc"))
        ours = [
            r.content_stream().read()
            for r in ArchiveIterator(BytesIO(bundle.read(name)))
            if r.rec_type == "response"
        ]
        readme = next(bundle.read(one).decode() for one in bundle.namelist() if one.endswith("LISEZMOI.txt"))
    theirs = []
    for file in files:
        with Path(file).open("rb") as kept:
            theirs += [r.content_stream().read() for r in ArchiveIterator(kept) if r.rec_type == "response"]
    assert ours == theirs
    assert "archive" in readme
    assert "crawl-1.warc.gz" in readme


@pytest.mark.parametrize(
    ("form", "collection"), [("wayback", "/web"), ("pywb", "/prefectures"), ("memento", "/web")]
)
def test_an_archive_is_asked_for_what_it_kept(
    cantal: Vigie, replica: Replica, form: str, collection: str
) -> None:
    with serving(WebArchive(form, collection)) as archive:
        fill(archive, cantal, replica, "15-sejour")
        sources = cantal.file("paced.yaml", paced(cantal))
        everywhere = ("--sources", sources, "history", "fetch", "15-sejour", "--archive", archive.home)
        ran = cantal(*everywhere)
        asked = [one for one in archive.asked if "id_/" in one]
        again = cantal(*everywhere)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("15-sejour : 2 captures, dont 2 de plus ; ")
    assert len(asked) == 2
    assert again.out == "15-sejour : 2 captures, dont 0 de plus ; rien de nouveau\n"
    assert [one for one in archive.asked if "id_/" in one] == asked
    (told,) = historical(cantal)
    assert told["effective_from"] == "2025-10-01"
    at = replica.time(CANTAL_STEP).replace(microsecond=0)
    assert datetime.fromisoformat(str(told["detected_at"])) == at


def paced(cantal: Vigie) -> str:
    text = (cantal.folder / "sources.yaml").read_text(encoding="utf-8")
    return text.replace("platforms:\n", "platforms:\n  archive: {gap: 1ms, brake: {after: 1, for: 1s}}\n", 1)


def test_what_is_kept_is_told_and_what_is_wrong_is_one_line(cantal: Vigie, replica: Replica) -> None:
    url = address(cantal)
    at = datetime(2025, 9, 1, tzinfo=UTC)
    file = cantal.folder / "x.warc.gz"
    file.write_bytes(warc(Kept(url, at, "<p>no page"), Kept("https://example.org/", at, "x")) + b"garbage")
    told = cantal("history", "import", str(file), "--address", f"https://old.example/page?a=b={'15-sejour'}")

    assert told.status == 1
    assert "ce qui précède est pris" in told.err
    assert "1 page d'ailleurs, laissée(s) de côté : https://example.org/" in told.err
    status = cantal("history", "status")
    assert status.out.splitlines()[:2] == [
        "15-sejour : 1 capture, du 1er septembre 2025 au 1er septembre 2025 ; 0 changement, 0 alerte historique",
        "15-sejour : était à l'adresse https://old.example/page?a=b",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "nowhere.warc"),
        ("import", ".", "--source", "15-sejour"),
        ("import", "sources.yaml", "--source", "99-nothing"),
        ("import", "sources.yaml", "--address", "no address"),
        ("import", "sources.yaml", "--address", "https://old.example/=99-nothing"),
        ("fetch", "--archive", "ftp://archive.example"),
        ("fetch", "99-nothing", "--archive", "https://archive.example"),
        ("fetch", "--archive", "https://archive.example", "--from", "hier"),
        ("fetch",),
        ("import",),
    ],
    ids=" ".join,
)
def test_a_slip_is_one_line(cantal: Vigie, arguments: tuple[str, ...]) -> None:
    named = [
        str(cantal.folder / one) if one in {"nowhere.warc", "sources.yaml"} else one for one in arguments
    ]
    ran = cantal("history", *named)

    assert ran.status == 2
    assert ran.error
    assert "Traceback" not in ran.err


def test_what_is_no_archive_is_said(cantal: Vigie, replica: Replica) -> None:
    sources = cantal.file("paced.yaml", paced(cantal))
    home = address(cantal).rpartition("/cantal/")[0] + "/cantal/Actualites"
    ran = cantal("--sources", sources, "history", "fetch", "15-sejour", "--archive", home)

    assert ran.status == 1
    assert "est-ce une archive ?" in ran.error


def test_a_week_of_captures_tells_what_the_watch_told_of_that_week(
    cantal: Vigie, replica: Replica, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As far as both looked at the same moments: one from an archive, one at the time."""
    kept = []
    sources = [str(row["url"]) for row in cantal("sources", "list", "--json").rows]
    for step in range(0, CANTAL_STEP + 1, 2):
        poll(cantal, replica, step)
        at = replica.time(step).replace(microsecond=0)
        pages = [one for url in sources if (one := captured(url, at))]
        items = {
            name for page in pages for name in re.findall(r'href="([^"#?]+/Actualites/[^"#?]+)"', page.html)
        }
        kept += [*pages, *(one for name in sorted(items) if (one := captured(urljoin(sources[0], name), at)))]
    (cantal.folder / "week.warc.gz").write_bytes(warc(*kept))
    later_on = Vigie(tmp_path / "later", capsys, cantal.folder / "sources.yaml")
    later_on.folder.mkdir()

    ran = later_on("history", "import", str(cantal.folder / "week.warc.gz"))

    assert ran.status == 0
    told = [json.loads(line) for line in cantal("alerts", "--json").out.splitlines()]
    assert len(told) > 0
    facts = (
        "source",
        "kind",
        "title",
        "url",
        "published",
        "categories",
        "motifs",
        "effective_from",
        "summary",
        "state",
    )
    assert [{f: one[f] for f in facts} for one in historical(later_on)] == [
        {f: one[f] for f in facts} for one in told
    ]


def captured(url: str, at: datetime) -> Kept | None:
    """As an archive would; where the site does not answer, it has nothing."""
    try:
        with urllib.request.urlopen(url) as answer:
            return Kept(url, at, answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Kept(url, at, error.read().decode(), status=f"{error.code} No")
    except OSError:
        return None

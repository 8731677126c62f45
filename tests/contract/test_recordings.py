"""Recorded pages: each must still be read as it was when a human looked at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watcher import layouts, sources
from watcher.core.page import Outcome
from watcher.report import extraction_json

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = sorted((ROOT / "tests" / "pages").iterdir())


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.name)
def test_a_recorded_page_is_read_as_it_was(recording: Path) -> None:
    about = json.loads((recording / "about.json").read_text(encoding="utf-8"))
    html = (recording / "page.html").read_text(encoding="utf-8")

    extraction = layouts.get(about["layout"]).extract(html, about["url"], about["options"])

    expected = json.loads((recording / "expected.json").read_text(encoding="utf-8"))
    assert expected == json.loads(json.dumps(extraction_json(Outcome.OK, extraction, "")))


def test_every_family_that_is_watched_has_a_recording() -> None:
    recorded = {json.loads((r / "about.json").read_text(encoding="utf-8"))["layout"] for r in RECORDINGS}
    watched = {source.layout for source in sources.load(ROOT / "sources.yaml").sources.values()}

    assert watched <= recorded

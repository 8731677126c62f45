"""The home page of a préfecture is asked for at the pace of its platform, even when no page of it is watched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.fakes.alerts import StillClock
from tests.fakes.discovery import NOW
from watcher import sources
from watcher.pacing import Pacer

FILE = """\
platforms: {ide: {gap: 7s}, police: {gap: 30s}, demarche: {gap: 10s}}
defaults: {platform: ide}
prefectures:
  "15": {name: Cantal, home: https://www.cantal.gouv.fr}
  "42":
    name: Loire
    home: https://www.loire.gouv.fr
    pages: [{id: 42-p, kind: procedure, url: https://demarche.numerique.gouv.fr/commencer/x, platform: demarche}]
  "75":
    name: Paris
    home: https://www.prefecturedepolice.interieur.gouv.fr
    pages: [{id: 75-a, kind: news, url: https://www.prefecturedepolice.interieur.gouv.fr/actus, platform: police}]
"""


def test_two_requests_to_a_home_that_nobody_watches_are_apart(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(FILE, encoding="utf-8")
    catalogue = sources.load(file)
    assert {code: one.platform for code, one in catalogue.prefectures.items()} == {
        "15": "ide",
        "42": "ide",
        "75": "police",
    }
    clock = StillClock(NOW)
    pacer = Pacer(catalogue, clock, lambda: 0.0)
    for address in ("https://www.cantal.gouv.fr/", "https://www.loire.gouv.fr/"):
        pacer.before_request(address)

    assert clock.now() - NOW >= timedelta(seconds=7)
